// Mouse, finger and keys on the matrix. `cellAt` gives the synapse at a pointer, or null.

function takeHands(play, board, handle, cellAt) {
  const { start, target } = play;
  let drag = null, draggedFar = false;
  const dragStart = (event, k) => {
    play.stop();
    play.choose(k);
    handle.focus({ preventScroll: true });
    drag = { k, id: event.pointerId, y: event.clientY, from: event.clientY };
    board.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  board.addEventListener("pointerdown", (event) => {
    draggedFar = false;
    if (event.button || event.ctrlKey || event.metaKey) return;
    const k = event.target === handle ? play.chosen : cellAt(event);
    // A finger on other cells may want to scroll: it chooses, and drags the chosen cell only.
    if (k !== null && (event.pointerType !== "touch" || event.target === handle)) dragStart(event, k);
  });
  board.addEventListener("click", (event) => {
    const k = draggedFar ? null : cellAt(event); // the way of a drag ends over another cell
    if (k !== null && (event.ctrlKey || event.metaKey)) play.list([k]);
    else if (k !== null) play.choose(k);
  });
  board.addEventListener("pointermove", (event) => {
    if (drag && event.pointerId === drag.id) {
      const step = (drag.y - event.clientY) * play.unit(drag.k) * (event.shiftKey ? 0.004 : 0.04);
      drag.y = event.clientY;
      draggedFar = draggedFar || Math.abs(drag.y - drag.from) > 3;
      play.moveTo(drag.k, play.weights[drag.k] + step);
      return;
    }
    const k = event.pointerType === "touch" ? null : cellAt(event);
    if (k === play.hovered) return;
    play.hovered = k;
    play.looked = k === null ? null : target[k];
    play.mark();
    play.ask();
  });
  board.addEventListener("pointerleave", () => {
    if (drag) return;
    play.hovered = null;
    play.look(null);
    play.ask();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    board.addEventListener(kind, () => { if (drag) { drag = null; play.rest(); } });
  }
  board.addEventListener("dblclick", (event) => {
    const k = event.target === handle ? play.chosen : cellAt(event);
    if (k === null) return;
    play.moveTo(k, start[k]);
    play.rest();
  });
  handle.addEventListener("keydown", (event) => {
    const fine = event.shiftKey ? 0.1 : 1, step = {
      PageUp: 0.5, PageDown: -0.5, "+": 0.1, "=": 0.1, "-": -0.1, "\u2212": -0.1, _: -0.1,
    }[event.key];
    const to = walk(play, event.key);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      play.stop();
      const far = step * (event.key === "+" ? 1 : fine) * play.unit(play.chosen);
      play.moveTo(play.chosen, play.weights[play.chosen] + far);
      play.restSoon();
    } else if (to !== null) {
      play.hovered = null;
      play.choose(to);
      handle.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      play.moveTo(play.chosen, start[play.chosen]);
      play.rest();
    } else if (event.key === "Enter") play.typeWeight();
    else return;
    event.preventDefault();
  });
}
