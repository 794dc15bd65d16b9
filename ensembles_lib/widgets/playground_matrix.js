// All weights as a matrix: drag a cell and its weight moves.

// `shades`: ways to colour; `more`: what else a click does, in words.
function makeMatrix(play, shades, more = "") {
  const help = make("p", { id: `${play.prefix}-help`, class: "pg-help" },
    `Drag a cell up or down; double-click resets it${more}. Keys: arrows `
    + "walk, Page Up and Down move the weight, + and \u2212 less far, with Shift a tenth; Delete resets, "
    + "Enter types a number.");
  const handle = make("div", { class: "pg-handle", role: "slider", tabindex: 0,
    "aria-describedby": help.id, "aria-orientation": "vertical" });
  const menu = makeShadeMenu(play, shades), hint = make("p", { class: "pg-hint" });
  let shade = null;
  const sheet = makeSheet(play, { handle,
    sizes(room) {
      const least = matchMedia("(pointer: coarse)").matches ? 20 : 13, width = Math.min(48, Math.max(least, room));
      return [width, Math.min(20, Math.max(least === 20 ? 20 : 12, Math.round(0.68 * width)))];
    },
    stale: (k) => shadeOf(play.shade, k),
    paint(context, k, [x, y, width, height], shown) {
      const { table, deepening, line } = play.colours;
      context.clearRect(x, y, width, height);
      if (shown === null) { // nothing to say: an empty frame
        context.strokeStyle = line;
        context.strokeRect(x + 1, y + 1, width - 2, height - 2);
        return;
      }
      context.fillStyle = shown < 0 ? deepening[-1 - shown] : table[shown];
      context.fillRect(x + 0.5, y + 0.5, width - 1, height - 1);
    } });
  play.parts.push({
    draw() {
      const k = play.chosen, [low, high] = play.ends(k);
      const value = showNumber(play.weights[k], play.digits(k));
      label(handle, low.toFixed(3), "aria-valuemin");
      label(handle, high.toFixed(3), "aria-valuemax");
      label(handle, play.weights[k].toFixed(6), "aria-valuenow");
      label(handle, value, "aria-valuetext");
      const pointed = play.hovered === null ? k : play.hovered, share = play.shade.of(pointed);
      const also = play.shade.live ? "" : `; ${play.shade.name} ${
        play.shade.name === "working range" ? String(play.reach[pointed])
          : Number.isNaN(share) ? "unknown" : showNumber(share, 2)}`;
      write(hint, `${wordsOf(play, pointed)}, weight ${
        showNumber(play.weights[pointed], play.digits(pointed))}${also}`);
    },
  });
  takeHands(play, sheet.board, handle, sheet.cellAt);
  onWheel(play, handle);
  return make("section", { class: "pg-matrix", "aria-label": "all synapses" },
    make("div", { class: "pg-line" }, make("h2", {}, "Every synapse: rows hear, columns are heard (c: the constant 1)"),
      menu.node),
    menu.says, sheet.part, sheet.scroll, hint, help);
}
