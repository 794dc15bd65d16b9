// A movie of trainings that the reader scrubs; movie.py puts it into the page.

const A_FRAME = 160; // milliseconds, when it plays

// One picture holds all tiles, a row for each record, and runs side by side.
async function bringMovieToLife(root) {
  const data = JSON.parse(root.dataset.given);
  const sheets = await Promise.all(data.sheets.map(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  }));
  const [slider, button, label] = ["input", "button", ".movie-bar label"]
    .map((what) => root.querySelector(what));
  // The same movie may be on a page twice; the label must still name its own slider.
  for (let copy = 2; document.getElementById(slider.id) !== slider && copy < 1000; copy++) {
    slider.id = label.htmlFor = `${label.htmlFor.split("_")[0]}_${copy}`;
  }
  const last = Number(slider.max);
  const tile = (canvas, sheet, column, row, [height, width]) => {
    const context = canvas.getContext("2d");
    canvas.width = width; canvas.height = height;
    context.drawImage(sheets[sheet], column * width, row * height, width, height,
      0, 0, width, height);
  };

  const runs = data.runs.map((run, n) => {
    const at = root.querySelectorAll(".movie-run")[n], find = (what) => at.querySelector(what);
    const painting = find(".movie-stage > canvas"), head = find(".movie-head p:last-child");
    const maps = [...at.querySelectorAll("figure")], playhead = find(".movie-playhead");
    const values = ["rmse", "share"].map((name) => find(`.movie-of-${name} span`));
    return (record) => {
      tile(painting, 0, n, record, data.painting);
      maps.forEach((figure, k) => {
        tile(figure.firstElementChild, 1, data.start[n] + k, record, data.map);
        const from = run.appeared[k];
        figure.classList.toggle("movie-there", from >= 0 && record >= from);
      });
      head.textContent = `step ${run.step[record]}`;
      [run.rmse, run.share].forEach((row, k) => { values[k].textContent = row[record].toFixed(2); });
      playhead.setAttribute("transform", `translate(${(record / last) * 400} 0)`);
      return `${run.name}: step ${run.step[record]}, RMSE ${run.rmse[record].toFixed(2)}`;
    };
  });
  const show = () => {
    const said = runs.map((draw) => draw(Number(slider.value)));
    slider.setAttribute("aria-valuetext", said.join("; "));
  };

  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    button.textContent = "play";
  };
  button.addEventListener("click", () => {
    if (playing) { stop(); return; }
    if (Number(slider.value) === last) slider.value = 0;
    show();
    button.textContent = "pause";
    playing = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) === last || !root.isConnected) stop();
    }, A_FRAME);
  });
  slider.addEventListener("input", () => { stop(); show(); });
  slider.value = slider.defaultValue; // some browsers keep what stood there before a reload
  show();
  for (const part of root.querySelectorAll(".movie-runs, .movie-bar")) part.hidden = false;
  root.querySelector(".movie-still").hidden = true;
  root.dataset.ready = "yes";
}
