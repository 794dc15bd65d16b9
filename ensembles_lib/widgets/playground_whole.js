// The whole network in one view: what the hand needs stands beside the picture, so that it is in sight.

VIEWS.whole = (play, { panels }) => {
  const { bar, panel } = makeTools(play), message = makeMessage(play);
  const { figure, lenses, grid } = makeView(play);
  const synapse = makeSynapseBox(play), paths = makeEnsemblesBox(play), heal = makeHealBox(play);
  const matrix = makeMatrix(play), list = makeListBox(play);
  if (paths) paths.prepend(make("h2", {}, "An ensemble is one slider"));
  if (paths) paths.classList.add("pg-box");
  return [bar, panel, message, make("div", { class: "pg-body" },
    make("div", { class: "pg-left" }, figure,
      make("div", { class: "pg-side" }, heal, synapse, lenses, list, paths)),
    make("div", { class: "pg-right" }, panels ? panels(play, figure, lenses, list) : null, matrix, grid))];
};
