// The bar above the picture: steps back and forth, comparing. Below it a line of words.

function makeTools(play, ...more) {
  const { start, ensembles, history } = play;
  const undo = makeButton("\u21b6 undo", () => play.goTo(history.undo()));
  const redo = makeButton("\u21b7 redo", () => play.goTo(history.redo()));
  const reset = makeButton("reset all", () => {
    play.stop();
    play.setAll(start.slice(), ensembles.map(({ home }) => home));
  });
  play.parts.push({
    time() {
      undo.disabled = !history.canUndo;
      redo.disabled = !history.canRedo;
    },
  });
  return make("div", { class: "pg-tools", role: "toolbar", "aria-label": "the whole network" },
    undo, redo, reset, makeCompare(play), ...more);
}

// What puts other weights in the place of all: presets, and a draw.
function makeMore(play) {
  const { start, ensembles } = play, homes = () => ensembles.map(({ home }) => home);
  // All weights anew, as Network.random draws them; frozen ones stay.
  const random = makeButton("randomise", () => {
    play.stop();
    const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    play.setAll(play.weights.map((weight, k) => (play.frozen[k] ? weight
      : (1.5 * normal()) / Math.sqrt(play.sources[play.target[k]].length))), homes());
  });
  const choice = make("select", { "aria-label": "presets", change: () => {
    const { moved } = play.data.presets[choice.selectedIndex - 1] || {};
    if (moved === undefined) return;
    play.stop();
    play.setAll(unpackMoved(start, moved), homes());
    choice.selectedIndex = 0;
  } }, make("option", {}, "presets \u2026"), ...play.data.presets.map(({ name }) => make("option", {}, name)));
  return [play.data.presets.length ? choice : null, random];
}
