"""Measure networks that others evolved beside networks that learnt the same pictures.

    python tools/data/compare_evolved.py FOLDER

FOLDER holds Picbreeder genomes as Kumar et al. (2025, arXiv:2505.11581) publish them in the
repository of that paper (picbreeder_genomes/: apple.zip, butterfly.zip, skull.zip). They are not
part of this project; only what is measured of them is stored, in data/study/evolved.json.

For each genome's picture, networks learn it from random starts: the article's wiring by
Levenberg–Marquardt, and layers of 16 neurons by scikit-learn, where that is installed (extra
"bench"). All get the same properties: those suggested for the regions of the picture that all of
them can show, independent on the evolved network. Expected before anything was measured: the
evolved networks' synapses move fewer properties and more of the picture, and keep left and right
alike where the picture is.
"""

import hashlib
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

import numpy as np

from ensembles_lib import Network, article_wiring, open_genome, rmse, train_levenberg_marquardt
from ensembles_lib._files import write_json
from ensembles_lib.ensembles.suggested_properties import suggest_properties
from ensembles_lib.properties.suggestions import suggest_regions
from ensembles_lib.study.profiles import VERSION, profile

OUT = Path(__file__).resolve().parents[2] / "data" / "study" / "evolved.json"
SIZE, SEEDS, ITERATIONS, REGIONS = 64, range(3), 60, 6


def learnt(picture):
    """Yield (who trained it, seed, network) for networks that learnt a picture."""
    for seed in SEEDS:
        start = Network.random(article_wiring("wide"), seed=seed)
        network, _ = train_levenberg_marquardt(
            start, picture, ITERATIONS, seed=seed, progress=False
        )
        yield "ours, 460 synapses", seed, network
    try:
        from sklearn.neural_network import MLPRegressor
    except ImportError:
        print('scikit-learn (extra "bench") is not installed: its networks are left out')
        return
    points, colours = network.inputs(SIZE)[:2].T, picture.pixels.reshape(-1, 3)
    for seed in SEEDS:
        model = MLPRegressor(
            hidden_layer_sizes=(16, 16, 16),
            activation="tanh",
            learning_rate_init=0.01,
            max_iter=300,
            n_iter_no_change=50,
            random_state=seed,
        ).fit(points, colours)
        layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
        kinds = ["tanh"] * 3 + ["identity"]
        yield "scikit-learn, layers", seed, Network.from_layers(layers, kinds)


def measurable(properties, networks):
    """Return the properties that can be measured on all of these networks."""
    kept = []
    for one in properties:
        try:
            for network in networks:
                one.measure(network.paint(SIZE).pixels)
            kept.append(one)
        except ValueError:  # one of them does not show the border
            continue
    return kept


def mirror_of(picture):
    """Return the share of a picture's variance that is alike left and right."""
    pixels = picture.pixels - picture.pixels.mean(axis=(0, 1))
    return float(np.sum(((pixels + pixels[:, ::-1]) / 2) ** 2) / np.sum(pixels**2))


def compare(path):
    """Return what is measured of one genome and of the networks that learnt its picture."""
    evolved = open_genome(path)
    picture = evolved.paint(SIZE)
    trained = list(learnt(picture))
    networks = [evolved, *(network for _, _, network in trained)]
    suggested = suggest_properties(evolved, suggest_regions(picture, REGIONS), SIZE)
    properties = measurable(suggested, networks)
    rows = []
    for who, seed, network in [("evolved", None, evolved), *trained]:
        rows.append(
            {
                "who": who,
                "seed": seed,
                "synapses": network.wiring.n_synapses,
                "rmse": rmse(network.paint(SIZE), picture),
                **profile(network, properties, SIZE),
            }
        )
        rows[-1] = {k: round(v, 5) if isinstance(v, float) else v for k, v in rows[-1].items()}
        print(path.stem, rows[-1], flush=True)
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "properties": [one.name for one in properties],
        "mirror_of_picture": round(mirror_of(picture), 5),
        "networks": rows,
    }


def main():
    """Measure all genomes of a folder."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    paths = sorted(Path(sys.argv[1]).glob("*.zip"))
    if not paths:
        sys.exit(f"{sys.argv[1]} holds no genomes (.zip)")
    found = {"version": VERSION, "pictures": {path.stem: compare(path) for path in paths}}
    write_json(OUT, found, indent=1)


if __name__ == "__main__":
    main()
