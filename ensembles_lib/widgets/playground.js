// Puts the parts of a playground together, in a page without a kernel or beside one.

// Build the playground in `root`; `told` hears of the weights when the hand rests.
function openPlayground(root, data, options = {}) {
  const play = makeState(root, data, options), { start, network } = play;
  network.update(start);
  play.colours = themeColours(root);
  if (play.inAddress) root.setAttribute("role", "main"); // of a page of its own
  const view = make("div", { class: `pg pg-${data.view}` },
    play.inAddress ? make("h1", {}, play.title) : null, ...VIEWS[data.view](play));
  root.append(view);
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches('[type="text"]')) return;
    const letter = event.key.toLowerCase();
    const back = letter === "z" && !event.shiftKey, again = letter === "y" || (letter === "z" && event.shiftKey);
    if (!back && !again) return;
    event.preventDefault();
    event.stopPropagation();
    play.takeBack(again);
  });
  const themed = () => {
    play.colours = themeColours(root);
    for (const { theme } of play.parts) if (theme) theme();
    play.mark();
    play.ask();
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", themed);
  const lab = new MutationObserver(themed); // JupyterLab says its theme on the body
  lab.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const seen = new ResizeObserver(() => { seen.disconnect(); themed(); }); // now it is in the page
  seen.observe(root);
  play.openAddress();
  themed();
  play.choose(0);
  play.stop();
  play.draw();
  play.follow();
  root.dataset.kernel = network.kernel;
  return {
    receive: play.receive,
    close() {
      dark.removeEventListener("change", themed);
      lab.disconnect();
      seen.disconnect();
      play.close();
      view.remove();
    },
  };
}

// In a page: put the playground in place of the still picture.
function openInPage(root) {
  openPlayground(root, JSON.parse(root.dataset.given),
    { inAddress: document.body.matches(".playground-page") });
  for (const still of root.querySelectorAll(".pg-still")) still.remove();
}

// With a kernel: what anywidget calls. Weights travel as 64-bit numbers, so nothing is rounded.
function render({ model, el }) {
  const numbers = (view) => new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  el.classList.add("ensemble-playground");
  const playground = openPlayground(el, JSON.parse(model.get("_data")), {
    told(weights) {
      model.set("weights", new DataView(Float64Array.from(weights).buffer));
      model.save_changes();
    },
  });
  const receive = () => playground.receive(numbers(model.get("weights")));
  receive();
  model.on("change:weights", receive);
  return () => { model.off("change:weights", receive); playground.close(); };
}
