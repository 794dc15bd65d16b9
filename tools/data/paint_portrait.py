"""Teach a portrait to networks of three sizes, a lighthouse and a mask to others; into data/own.

    nice python tools/data/paint_portrait.py

The portrait is the face of the photograph of Grace Hopper that comes with matplotlib, at 64×64,
taught as `PictureUpload` teaches. Kept are the networks, with the seconds that it took on this
machine, and what is expected of each size beforehand (`forecast`). Of the lighthouse, taught to 460
synapses at 128×128, a dozen moments of the training are kept. The mask is what `own/genome.zip`
paints, at 64×64, taught to the narrow and to the wide wiring. What is there already stays.
"""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

import numpy as np
from matplotlib.cbook import get_sample_data
from PIL import Image

from ensembles_lib import (
    History,
    Network,
    OwnPicture,
    Picture,
    article_wiring,
    open_genome,
    samples,
    train_levenberg_marquardt,
)
from ensembles_lib.widgets.upload import teach

OWN = Path(__file__).resolve().parents[2] / "data" / "own"
SIDE, ITERATIONS, SIZES = 64, 120, (460, 1000, 1500)
FACE = (140, 95, 385, 340)  # left, top, right, bottom in the photograph
MOMENTS = (0, 2, 5, 10, 15, 20, 30, 45, 60, 80, 100, 120)


def face():
    """Return the face as a picture."""
    with Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)) as photograph:
        return Picture.open(photograph.crop(FACE).resize((SIDE, SIDE), Image.LANCZOS))


def kept(network, history):
    """Return the network with its recipe."""
    about = {
        "seed": 0,
        "method": "levenberg-marquardt",
        "steps": int(history.step[-1]),
        "seconds": round(float(history.seconds[-1]), 1),
        "rmse": round(float(history.rmse.min()), 5),
        "trained_at": [SIDE, SIDE],
    }
    return Network(network.wiring, network.weights, about)


def main():
    """Make what is missing."""
    portrait, folder = face(), OWN / "portrait"
    OwnPicture(portrait, folder, size=SIDE, progress=False).forecast(SIZES)
    for size in SIZES:
        path = folder / f"{size}.npz"
        if not path.exists():
            kept(*teach(portrait, size, ITERATIONS)).save(path)
        print(path.name, Network.load(path).provenance, flush=True)
    path = OWN / "learning.npz"
    if not path.exists():
        lighthouse = Picture.open(samples.path("own/lighthouse.png"), 128)
        _, history = teach(lighthouse, 460, ITERATIONS)
        rows = np.searchsorted(history.step, MOMENTS)
        some = {name: value[rows] for name, value in vars(history).items() if name != "stopped"}
        History(**some, stopped=history.stopped).save(path)
    print(path.name, History.load(path))
    mask = open_genome(samples.path("own/genome.zip")).paint(SIDE)
    for entry in ("narrow", "wide"):
        path = OWN / f"mask_{entry}.npz"
        if not path.exists():
            start = Network.random(article_wiring(entry), seed=0)
            kept(*train_levenberg_marquardt(start, mask, ITERATIONS // 2, progress=False)).save(
                path
            )
        print(path.name, Network.load(path).provenance, flush=True)


if __name__ == "__main__":
    main()
