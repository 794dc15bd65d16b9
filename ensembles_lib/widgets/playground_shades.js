// What the colours of the cells say: a menu, a key, and a sentence.

// Ways to colour: `of(k)` is from -1 to 1 (signed) or from 0 to 1, NaN where there is nothing to say.
function makeShades(play) {
  const { start, data, reach } = play, clip = (value) => Math.max(-1, Math.min(1, value));
  const sorted = Array.from(start, Math.abs).sort((a, b) => a - b);
  const limit = sorted[Math.floor(0.9 * (sorted.length - 1))] || sorted.at(-1) || 1;
  const logs = reach.map(Math.log10), [low, high] = [Math.min(...logs), Math.max(...logs)];
  const short = (value) => String(Number(value.toPrecision(2))).replace("-", "\u2212");
  const percent = "\u00a0%";
  return [
    { name: "weight", signed: true, live: true, of: (k) => clip(play.weights[k] / limit),
      ends: [`\u2264 ${showNumber(-limit, 1)}`, `\u2265 ${showNumber(limit, 1)}`],
      says: "Each cell is one weight: blue below 0, ochre above." },
    { name: "moved so far", signed: true, live: true,
      of: (k) => clip((play.weights[k] - start[k]) / (2 * reach[k])),
      ends: ["\u2264 \u22122 ranges", "\u2265 2 ranges"],
      says: "How far each weight is from the start, in its working ranges: blue down, ochre up." },
    { name: "working range", of: (k) => (high > low ? (logs[k] - low) / (high - low) : 0.5),
      ends: [short(10 ** low), short(10 ** high)],
      says: "How far a weight goes before the picture changes by 0.05 (RMS): light cells are the touchy "
        + "ones. The scale is logarithmic." },
    ...data.shades.map(({ name, values }) => {
      const signed = values.some((value) => value < 0), geometry = name === "geometry";
      return { name: geometry ? "geometry share" : name, signed,
        of: (k) => (values[k] === null ? NaN : values[k] / 100),
        ends: geometry ? [`0${percent}`, `100${percent}`] : [signed ? "\u22121" : "0", "1"],
        says: geometry
          ? "How much of what a synapse does is to move the whole picture: shift, turn, lean or stretch "
            + "it. Dark cells do nothing else."
          : `${name}: ${signed ? "blue below 0, ochre above" : "the darker, the more"}.` };
    }),
  ];
}

// The menu, where there is a choice, with its key and its sentence; `play.shade` is what is chosen.
function makeShadeMenu(play, shades) {
  const choice = make("select", { id: `${play.prefix}-shade`, change: () => {
    play.shade = shades[choice.selectedIndex];
    show();
    play.ask();
  } }, ...shades.map(({ name }) => make("option", {}, name)));
  const key = make("div", { class: "pg-key", role: "img" }), says = make("p", { class: "pg-help" });
  const ends = [make("span"), make("span")];
  const show = () => {
    const { name, signed, ends: [low, high], says: words } = play.shade;
    const table = signed ? play.colours.table : play.colours.deepening;
    ends[0].textContent = low;
    ends[1].textContent = high;
    says.textContent = words;
    key.style.background = `linear-gradient(90deg, ${table.filter((_, i) => i % 10 === 0).join(",")})`;
    key.setAttribute("aria-label", `colours of ${name}, from ${low} to ${high}`);
  };
  [play.shade] = shades;
  play.parts.push({ theme: show });
  const node = make("div", { class: "pg-keyline" },
    ...(shades.length > 1 ? [make("label", { for: choice.id }, "cells show"), choice] : []),
    make("span", { class: "pg-scale" }, ends[0], key, ends[1]));
  return { node, says };
}

// The colour of a cell, as a number of the table (negative: of the one that deepens), null for none.
function shadeOf({ of, signed }, k) {
  const value = of(k);
  if (Number.isNaN(value)) return null;
  return signed ? Math.round(50 + 50 * value) : -1 - Math.round(100 * value);
}
