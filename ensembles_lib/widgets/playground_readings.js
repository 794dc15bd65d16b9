// What changes along a path and what is held still, as numbers, and as bars that share a scale with
// all of the same unit. They are known of the path alone: where other weights are moved, too, that is said.
function makeReadings(play, path) {
  const { start } = play, { places, members, moves, readings, name } = path;
  const most = (unit) => Math.max(1e-9, ...readings.filter((one) => one.unit === unit)
    .flatMap(({ values }) => values.map(Math.abs)));
  const rows = readings.map(({ name: what, unit, values }) => {
    const bar = make("i"), number = make("output", { "aria-live": "off" }), far = most(unit);
    const shared = readings.filter((one) => one.unit === unit).length > 1;
    // What is never below 0, to either side, is a distance, and has no sign.
    const signed = Math.min(...values) < 0 || Math.min(...places) * Math.max(...places) >= 0;
    const digits = Math.max(0, Math.min(2, Math.ceil(1 - Math.log10(far))));
    const node = make("div", { class: "pg-reading" }, make("span", {}, what),
      shared ? make("span", { class: "pg-bar" }, bar) : make("span"), number);
    return { node, show(place) {
      const value = between(places, values, place), shown = showNumber(value, digits), share = value / far;
      const sign = signed && value > 0 && /[1-9]/.test(shown) ? "+" : "";
      write(number, `${sign}${shown}${unit === "\u00b0" ? "" : "\u00a0"}${unit}`.trim());
      bar.style.cssText = `left: ${50 + 50 * Math.min(0, share)}%; width: ${50 * Math.abs(share)}%`;
    } };
  });
  const also = make("small", { hidden: true }, "of this slider alone: other weights are moved, too");
  const node = make("div", { class: "pg-readings", role: "group", "aria-label": `along ${name}` },
    ...rows.map((row) => row.node), also);
  return { node, show(place) {
    rows.forEach((row) => row.show(place));
    const mine = new Map(members.map((k, m) => [k, between(places, moves[m], place)]));
    also.hidden = play.weights.every((weight, k) => (
      Math.abs(weight - start[k] - (mine.get(k) || 0)) < 1e-6 * (1 + Math.abs(weight))));
  } };
}
