// The network alone, for who sees one for the first time: the picture, all weights, all maps, and, where
// there is a target, how far it is and what learns it.

VIEWS.network = (play) => {
  const { figure, lenses, grid } = makeView(play);
  const side = make("div", { class: "pg-side" }, makeHealBox(play), makeSynapseBox(play), lenses);
  return [makeTools(play), makeMessage(play), make("div", { class: "pg-body" },
    make("div", { class: "pg-left" }, figure, side),
    make("div", { class: "pg-right" }, makeMatrix(play, makeShades(play).slice(0, 1)), grid))];
};
