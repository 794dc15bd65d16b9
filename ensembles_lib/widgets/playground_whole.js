// The whole network in one view: what the hand needs stands beside the picture, so that it is in sight.

VIEWS.whole = (play) => {
  const { saving, panel } = makeFiles(play), bar = makeTools(play, ...makeMore(play), saving);
  const message = makeMessage(play), { figure, lenses, grid } = makeView(play);
  const synapse = makeSynapseBox(play, makeSynapseTools(play)), heal = makeHealBox(play);
  const paths = makeEnsemblesBox(play), list = makeListBox(play);
  const matrix = makeMatrix(play, makeShades(play), "; with Ctrl a click puts it on the list");
  if (paths) paths.prepend(make("h2", {}, "An ensemble is one slider"));
  if (paths) paths.classList.add("pg-box");
  return [bar, panel, message, make("div", { class: "pg-body" },
    make("div", { class: "pg-left" }, figure,
      make("div", { class: "pg-side" }, heal, synapse, lenses, list, paths)),
    make("div", { class: "pg-right" }, matrix, grid))];
};
