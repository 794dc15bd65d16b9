"""A movie of how networks learnt, scrubbed by a slider in a page without a kernel.

One piece of HTML that needs nothing else: all pictures are tiles of two WebP images, and a script
(`movie.js`) draws those of one record. Where scripts do not run, the end of the training remains,
as one picture with a note.
"""

import base64
import hashlib
import html
import io
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from ..core import Picture
from ..plots import BLUE, INK, OCHRE, QUIET
from ..plots.changes import change_picture
from .pages import LiveHTML, live_piece

SCRIPT, STYLE, PIECE = (Path(__file__).with_suffix(kind) for kind in (".js", ".css", ".html"))
FINE, ROUGH = 70, 30  # quality of WebP, of paintings and of maps
WIDE, HIGH = 400, 64  # of the curves, in units of their own
RUN = """\
<div class="movie-run">
<div class="movie-head"><p class="movie-name">{name}</p><p></p></div>
<div class="movie-stage"><canvas role="img" aria-label="the painting at this record"></canvas>
<div class="movie-maps">
{maps}
</div></div>
<svg viewBox="0 -2 400 68" role="img" aria-label="error and share of geometry over the records">
<path d="M0 {high}H400" stroke="#e6e4dc" fill="none"></path>
<path class="movie-rmse" d="{rmse}" fill="none" stroke-width="2"></path>
<path class="movie-share" d="{share}" fill="none" stroke-width="2"></path>
<path class="movie-playhead" d="M0 0V{high}" stroke="#26323a" stroke-width="1"></path></svg>
<div class="movie-legend"><p class="movie-of-rmse">RMSE <span></span></p>
<p class="movie-of-share">share of geometry <span></span></p></div>
</div>"""
FIGURE = """\
<figure><canvas role="img" aria-label="component: {told}"></canvas>\
<figcaption>{told}</figcaption></figure>"""


def emergence_movie(
    runs: Mapping[str, Mapping], title: str = "How components come to be"
) -> LiveHTML:
    """Return a movie of trainings: the painting, and components that come to be, at each record.

    Runs are shown side by side, at the same record. A component is faint until it appears.

    Parameters
    ----------
    runs
        By name, for each training of T records (`emergence_frames` of `study` has all of it):
        ``pictures`` (T, H, W, 3), ``maps`` (T, C, h, w, 3), signed; ``told``, words on each of
        C components; ``appeared`` (C,), records, -1 for never; ``step``, ``rmse`` and ``share``
        (of geometry, 0 to 1) of each record. All runs have as many records and pictures of one
        size.
    title
        Says what is shown, also to those who cannot see it.

    Raises
    ------
    ValueError
        If there are no runs, or their lengths or sizes differ.

    Examples
    --------
    >>> row, pictures = [0, 1], np.zeros((2, 8, 8, 3))
    >>> run = {"pictures": pictures, "maps": pictures[:, None], "told": ["wing"], "appeared": [1]}
    >>> emergence_movie({"narrow": run | {"step": row, "rmse": row, "share": row}})
    LiveHTML(movie of 2 records: narrow)
    """
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"title {title!r}: give some words")
    _check(runs)
    first = next(iter(runs.values()))
    paintings = [[Picture(one).to_bytes() for one in run["pictures"]] for run in runs.values()]
    maps = [
        [change_picture(one).to_bytes() for one in column]
        for run in runs.values()
        for column in np.moveaxis(np.asarray(run["maps"]), 1, 0)
    ]
    counts = [len(run["told"]) for run in runs.values()]
    data = {
        "sheets": [_webp(_sheet(paintings), FINE), _webp(_sheet(maps), ROUGH)],
        "painting": np.shape(first["pictures"])[1:3],
        "map": np.shape(first["maps"])[2:4],
        "start": [sum(counts[:n]) for n in range(len(counts))],
        "runs": [
            {
                "name": name,
                "appeared": [int(record) for record in run["appeared"]],
                "step": [int(step) for step in run["step"]],
                "rmse": [round(float(error), 3) for error in run["rmse"]],
                "share": [round(float(share), 3) for share in run["share"]],
            }
            for name, run in runs.items()
        ],
    }
    # The name is a digest of the contents: a page that is made again is the same. Pictures are left
    # out of it, because how they are encoded changes from one release of Pillow to the next.
    named = json.dumps([title, data["runs"]])
    digest = hashlib.sha256(named.encode()).hexdigest()[:12]
    still = np.concatenate([column[-1] for column in paintings], axis=1)
    said = "; ".join(f"{n}, RMSE {run['rmse'][-1]:.2f}" for n, run in runs.items())
    piece = live_piece(
        PIECE, f"movie-{digest}", STYLE.read_text(encoding="utf-8"),
        SCRIPT.read_text(encoding="utf-8") + "bringMovieToLife(root);", data,
        title=html.escape(title), alt=html.escape(f"What the trained networks paint: {said}"),
        still=_webp(still, FINE), width=still.shape[1], height=still.shape[0],
        runs="\n".join(_run(name, run) for name, run in runs.items()),
        last=len(first["step"]) - 1, ink=INK, quiet=QUIET, blue=BLUE, ochre=OCHRE,
    )  # fmt: skip
    summary = f"movie of {len(first['step'])} records: {', '.join(runs)}"
    return LiveHTML(piece, title, summary)


def _check(runs):
    """Raise a ValueError unless runs have as many records, and pictures of one size."""
    if not runs:
        raise ValueError("no runs given: give at least one")
    shapes = {}
    for name, run in runs.items():
        pictures, maps = np.shape(run["pictures"]), np.shape(run["maps"])
        if len(pictures) != 4 or len(maps) != 5 or pictures[-1] != 3 or maps[-1] != 3:
            raise ValueError(
                f"{name}: pictures of shape {pictures}, maps of shape {maps}: give "
                "(T, H, W, 3) and (T, C, h, w, 3)"
            )
        lengths = {what: len(run[what]) for what in ("pictures", "maps", "step", "rmse", "share")}
        if len({*lengths.values()}) > 1 or pictures[0] < 2:
            raise ValueError(f"{name}: as many records of each, 2 or more, not {lengths}")
        if not len(run["told"]) == len(run["appeared"]) == maps[1]:
            told = f"{len(run['told'])} words, {len(run['appeared'])} records of appearance"
            raise ValueError(f"{name}: {maps[1]} components, but {told}")
        shapes[name] = pictures[:3] + maps[2:4]
    if len({*shapes.values()}) > 1:
        raise ValueError(f"records and sizes differ between runs: {shapes}")


def _run(name, run):
    """Return the HTML of one run."""
    rows = [FIGURE.format(told=html.escape(told)) for told in run["told"]]
    return RUN.format(
        name=html.escape(name), maps="\n".join(rows), high=HIGH,
        rmse=_curve(run["rmse"]), share=_curve(run["share"]),
    )  # fmt: skip


def _curve(values):
    """Return the path of a curve of numbers from 0 to 1."""
    across = np.linspace(0, WIDE, len(values))
    up = HIGH * (1 - np.clip(np.asarray(values, float), 0, 1))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, up, strict=True))


def _sheet(columns):
    """Return one picture of tiles, a column for each list."""
    return np.concatenate([np.concatenate(column) for column in columns], axis=1)


def _webp(pixels, quality):
    """Return pixels as the address of a WebP image that holds it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "webp", quality=quality, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
