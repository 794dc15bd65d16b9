"""Draw the banner of the README: the picture, the painting, and two synapses moved.

python tools/data/draw_banner.py
"""

import matplotlib

matplotlib.use("Agg")

from pathlib import Path

from ensembles_lib import Network, Picture, plots
from ensembles_lib._files import replacing
from ensembles_lib.plots.panels import with_minus

DATA = Path(__file__).resolve().parents[2] / "data"
MOVES = ((3, -0.4), (10, 0.3))  # synapse, change of its weight: chosen by eye


def main():
    """Write data/banner.png."""
    plots.set_style()
    network = Network.load(DATA / "peacock_wide.npz")
    pictures = [Picture.open(DATA / "peacock.png", 256), network.paint(256)]
    labels = ["drawn", f"painted by {network.wiring.n_synapses} synapses"]
    for synapse, change in MOVES:
        weight = network.weights[synapse]
        pictures.append(network.with_weight(synapse, weight + change).paint(256))
        labels.append(with_minus(f"synapse {synapse}: {weight:.2f} → {weight + change:.2f}"))
    with replacing(DATA / "banner.png") as temporary:
        plots.film_strip(pictures, labels, width=9).savefig(temporary, dpi=150)


if __name__ == "__main__":
    main()
