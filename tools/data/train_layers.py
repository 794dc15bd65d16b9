"""Let scikit-learn (extra "bench") learn the lighthouse, and store its layers as plain arrays.

    python tools/data/train_layers.py

ReLU neurons in three layers of 24, on the pixels of data/own/lighthouse.png at 64×64; what
trial 8 reads from data/own/layers.npz is what any library could have given.
"""

from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPRegressor

from ensembles_lib import Picture, coordinates
from ensembles_lib._files import replacing

OWN = Path(__file__).resolve().parents[2] / "data" / "own"
SIZE = 64


def main():
    """Train and store."""
    picture = Picture.open(OWN / "lighthouse.png", SIZE)
    points, colours = coordinates(SIZE)[:2].T, picture.pixels.reshape(-1, 3)
    model = MLPRegressor(
        hidden_layer_sizes=(24, 24, 24),
        learning_rate_init=0.003,
        max_iter=1500,
        n_iter_no_change=100,
        random_state=0,
    ).fit(points, colours)
    arrays = {}
    for layer, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        arrays |= {f"W{layer}": weights.T, f"b{layer}": bias}
    with replacing(OWN / "layers.npz") as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)


if __name__ == "__main__":
    main()
