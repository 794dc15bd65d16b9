"""Make data/own: the folders that notebook 08 takes up, and how far forecasts come true.

    nice python tools/data/own_pictures.py

Our lighthouse and the portrait of Grace Hopper that comes with matplotlib go through all steps of
an `OwnPicture`, each into a folder of data/own. Then data/own/forecasts.json: for eight pictures
and two sizes of network the error of the trial beside that of a full training. The pictures are
our two drawings, four images that come with matplotlib, and two photographs that come with
scikit-learn (extra "bench"). None of them is copied. What is there already, made from the same
picture in the same way, is kept, and so is what was measured of a picture that is not at hand.
"""

import hashlib
import json
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

import numpy as np
from matplotlib.cbook import get_sample_data

from ensembles_lib import (
    Network,
    OwnPicture,
    Picture,
    forecast,
    rmse,
    scaled_wiring,
    train_levenberg_marquardt,
)
from ensembles_lib._files import replacing
from ensembles_lib.core import open_square

DATA = Path(__file__).resolve().parents[2] / "data"
OWN = DATA / "own"
TABLE = OWN / "forecasts.json"
SIZE, SIZES, ITERATIONS, SEED = 128, (150, 460), 120, 0
# What is stored was measured of wirings in which every neuron hears x and y (version 0.1); what is
# missing would be of the narrow entry. The two should not be mixed: begin without the table then.
MADE = {
    "trial": "RMSE after 60 steps at 48 pixels",
    "full": f"RMSE after {ITERATIONS} steps at {SIZE} pixels",
    "blurred": f"RMSE of as many cosines at {SIZE} pixels",
    "start": f"random, seed {SEED}",
}


def sample(name):
    """Return the path of an image that comes with matplotlib."""
    return get_sample_data(name, asfileobj=False)


def scan():
    """Return matplotlib's scan of a head, 256×256 numbers of 16 bits, as a grey picture."""
    with get_sample_data("s1045.ima.gz") as file:
        levels = np.frombuffer(file.read(), np.uint16).reshape(256, 256).astype(float)
    levels = (levels / np.quantile(levels, 0.999)).clip(0, 1) * 2 - 1
    return Picture(np.repeat(levels[:, :, None], 3, axis=2)).resized(SIZE)


def photograph(name):
    """Return one of scikit-learn's photographs."""
    from sklearn.datasets import load_sample_images

    found = load_sample_images()
    index = [os.path.basename(path) for path in found.filenames].index(name)
    pixels = found.images[index] / 127.5 - 1
    left = (pixels.shape[1] - pixels.shape[0]) // 2
    return Picture(pixels[:, left : left + pixels.shape[0]]).resized(SIZE)


PICTURES = {
    "our lighthouse": lambda: open_square(OWN / "lighthouse.png", SIZE),
    "our peacock": lambda: open_square(DATA / "peacock.png", SIZE),
    "portrait of Grace Hopper": lambda: open_square(sample("grace_hopper.jpg"), SIZE),
    "drawing of a present": lambda: open_square(sample("Minduka_Present_Blue_Pack.png"), SIZE),
    "matplotlib's logo": lambda: open_square(sample("logo2.png"), SIZE),
    "scan of a head": scan,
    "photograph of a flower": lambda: photograph("flower.jpg"),
    "photograph of a pagoda": lambda: photograph("china.jpg"),
}


def make_folder(source, folder):
    """Take a picture through all steps; the atlas is remade in seconds and not stored."""
    own = OwnPicture(source, folder, progress=False)
    for step in (own.forecast, own.network, own.regions, own.ensembles):
        step()
    (own.folder / "atlas.npz").unlink(missing_ok=True)
    print(own.folder.name, own.became, flush=True)


def measure(picture, n_synapses):
    """Return what the trial says of one size of network, and what a full training gives."""
    (row,) = forecast(picture, [n_synapses], SEED, progress=False)
    start = Network.random(scaled_wiring(n_synapses), seed=SEED)
    network, _ = train_levenberg_marquardt(start, picture, ITERATIONS, seed=SEED, progress=False)
    full = rmse(network.paint(picture.size), picture)
    found = {"trial": row.trial, "full": full, "blurred": row.blurred}
    return {name: round(value, 4) for name, value in found.items()}


def stored_rows():
    """Return the rows of the table by picture and size, none if they were made otherwise."""
    held = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    rows = held["rows"] if held.get("made") == MADE else []
    return {(row["picture"], row["n_synapses"]): row for row in rows}


def store(rows):
    """Write the table, in the order of `PICTURES`."""
    order = [rows[name, n] for name in PICTURES for n in SIZES if (name, n) in rows]
    with replacing(TABLE) as temporary:
        text = json.dumps({"made": MADE, "rows": order}, indent=0, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def calibrate():
    """Measure what is missing in the table."""
    rows = stored_rows()
    for name, opened in PICTURES.items():
        try:
            picture = opened()
        except (ImportError, FileNotFoundError) as missing:
            print(f"{name}: not at hand ({missing}), what is stored of it stays")
            continue
        digest = hashlib.sha256(picture.to_bytes()).hexdigest()[:16]
        for n_synapses in SIZES:
            if rows.get((name, n_synapses), {}).get("digest") == digest:
                continue
            row = {"picture": name, "digest": digest, "n_synapses": n_synapses}
            rows[name, n_synapses] = {**row, **measure(picture, n_synapses)}
            store(rows)
            print(rows[name, n_synapses], flush=True)
    times = np.array([row["full"] / row["trial"] for row in rows.values()])
    print(f"{len(times)} rows; full over trial: {np.exp(np.log(times).mean()):.2f}, "
          f"{times.min():.2f} to {times.max():.2f}")  # fmt: skip


def main():
    """Make what is missing."""
    make_folder(OWN / "lighthouse.png", OWN / "lighthouse")
    make_folder(sample("grace_hopper.jpg"), OWN / "hopper")
    calibrate()


if __name__ == "__main__":
    main()
