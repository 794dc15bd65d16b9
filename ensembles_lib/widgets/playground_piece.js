// A small piece for a page that teaches one thing: the picture, what has changed, and a slider for each
// ensemble.

VIEWS.sliders = (play) => {
  const figure = makePicture(play);
  return [make("div", { class: "pg-piece" }, figure,
    make("div", { class: "pg-beside" }, play.data.target ? makeTaught(play) : makeSinceStart(play)),
    makeUnder(play))];
};

// The sliders, and what goes back to the start.
function makeUnder(play) {
  const paths = makeEnsemblesBox(play), message = makeMessage(play);
  const reset = makeButton("reset", () => {
    play.stop();
    play.setAll(play.start, play.ensembles.map(({ home }) => home));
  });
  return make("div", { class: "pg-under" }, paths,
    make("div", { class: "pg-line" }, reset, makeCompare(play), message));
}

// The picture that was taught, and how far from it the painting is.
function makeTaught(play) {
  const { network } = play, { image, planes } = makeTarget(play), error = make("span");
  let aim = null;
  play.parts.push({ draw() {
    if (aim) write(error, `; error ${showNumber(rms(network.colours, aim, network.points))} (RMS)`);
  } });
  planes.then((found) => { aim = found; play.ask(); }, () => {});
  return make("figure", {}, image, make("figcaption", {}, image.alt, error));
}
