// Healing: a broken network goes on learning the picture that it was taught.

// The size of a step over the squared error, and the largest: of what is learnt again, and of another
// picture, which is learnt anew.
const AGAIN = { rate: 0.01, fastest: 0.004 }, ANEW = { rate: 0.1, fastest: 0.01 };
const HEAL = { warm: 100, milliseconds: 9 };

function makeHealBox(play) {
  const { root, network, frozen } = play;
  if (!play.data.target) return null;
  const line = make("canvas", { role: "img", "aria-label": "error while healing", hidden: true });
  [line.width, line.height] = [320, 72];
  const error = make("output", { "aria-live": "off" }), frozenText = make("span", { class: "pg-frozen" });
  const errors = [];
  let aim = null, pace = AGAIN;
  const { image, planes, replace } = makeTarget(play);
  const named = () => image.alt.slice(0, 1).toUpperCase() + image.alt.slice(1);
  const heading = make("h2", {}, named()); // what it learns

  const start = () => {
    play.stop();
    play.say("");
    const trainer = makeTrainer(play.data, aim);
    play.weights = play.weights.slice();
    const run = { steps: 0 };
    let misfit = rms(network.colours, aim, network.points);
    play.healing = run;
    const tick = () => {
      if (play.healing !== run || !play.here()) return;
      const begun = performance.now();
      do { // steps get shorter as the error falls, and the first ones are short
        const rate = Math.min(pace.fastest, pace.rate * misfit * misfit);
        trainer.step(play.weights, rate * Math.min(1, ++run.steps / HEAL.warm), frozen);
      } while (performance.now() - begun < HEAL.milliseconds);
      root.dataset.steps = run.steps;
      play.draw();
      misfit = rms(network.colours, aim, network.points);
      requestAnimationFrame(tick);
    };
    errors.length = 0;
    showTime();
    requestAnimationFrame(tick);
  };
  const heal = makeButton("heal", () => (play.healing ? play.stop() : start()),
    { class: "pg-play", disabled: true });
  const word = () => (pace === ANEW ? "learn" : "heal");
  const showTime = () => write(heal, play.healing ? "\u25a0 stop" : word());

  // Every weight by a random share of half its working range: the bird is torn, not gone.
  const breakIt = () => {
    play.stop();
    const some = () => Math.random() + Math.random() + Math.random() - 1.5;
    play.setAll(play.weights.map((weight, k) => (
      frozen[k] ? weight : weight + 0.5 * play.unit(k) * some())));
  };
  const draw = () => {
    if (!aim) return;
    const misfit = rms(network.colours, aim, network.points), count = frozen.reduce((a, b) => a + b, 0);
    write(error, showNumber(misfit));
    write(frozenText, count ? `${count} frozen` : "");
    if (play.healing) errors.push(misfit);
    if (errors.length > 640) for (let i = 1; i < errors.length; i++) errors.splice(i, 1); // every other
    line.hidden = errors.length < 2;
    if (line.hidden) return;
    const context = line.getContext("2d"), top = Math.max(...errors, 0.05) * 1.1;
    const y = (e) => line.height - 4 - ((line.height - 8) * e) / top;
    const stroke = (colour, thick, points) => {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.beginPath();
      points.forEach(([x, e]) => context.lineTo(x, y(e)));
      context.stroke();
    };
    context.clearRect(0, 0, line.width, line.height);
    stroke(play.colours.quiet, 1, [[0, 0], [line.width, 0]]);
    stroke(play.colours.accent, 2,
      errors.map((e, i) => [(i / Math.max(160, errors.length)) * line.width, e]));
  };
  play.parts.push({ follow: draw, time: showTime });
  const file = make("input", { type: "file", accept: "image/*", hidden: true,
    "aria-label": "a picture of your own", change: () => takeOwn() });
  const takeOwn = async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      const found = await replace(chosen);
      play.stop();
      aim = found;
      pace = ANEW;
      errors.length = 0;
      write(heading, named());
      play.say("Your picture is taught now: press learn. It stays in this page.");
      showTime();
      play.ask();
    } catch (error) {
      play.say(`\u201c${chosen.name}\u201d is no picture that this browser can read: PNG, JPEG and WebP are.`);
    }
  };
  planes.then((found) => {
    aim = found;
    heal.disabled = false;
    play.ask();
  }, () => play.say("The picture that was taught cannot be shown here, so nothing can be healed."));
  return make("section", { class: "pg-box", "aria-label": "heal" },
    heading,
    make("div", { class: "pg-heal" }, image,
      make("div", {}, make("div", { class: "pg-line" }, makeButton("break", breakIt), heal,
        makeButton("your picture", () => file.click(), { title: "teach it a picture of your own" }), file),
        make("p", {}, "error (RMSE) ", error), frozenText), line));
}
