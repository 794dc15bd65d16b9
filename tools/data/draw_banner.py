"""Draw the banner of the README: the bird drawn, painted, tilted, and stretched.

    python tools/data/draw_banner.py

Of the network that ships, the synapse that tilts the bird most and the one of the same neuron that
changes its size most, each moved by ten working ranges; below, the same two synapses of the network
in whose wiring every neuron hears x and y.
"""

import matplotlib

matplotlib.use("Agg")

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from measuring.birds import FAR, far_moves

from ensembles_lib import plots, samples, working_range
from ensembles_lib._files import replacing
from ensembles_lib.study.claims.wirings import FIRST

DATA = Path(__file__).resolve().parents[2] / "data"
SIZE = 256


def tilting_and_stretching(network):
    """Return the synapse that tilts most, and the one of its neuron that stretches most.

    As (synapse, sign of the move, what it does) twice: to the left, and larger.
    """
    moves = far_moves(network)
    tilts = np.abs(moves["tilt"]).mean(axis=1)
    stretches = np.maximum(*(np.abs(moves[name]).mean(axis=1) for name in ("width", "height")))
    first = int(tilts.argmax())
    kin = [k for k in FIRST if network.wiring.target[k] == network.wiring.target[first]]
    second = max((k for k in kin if k != first), key=lambda k: stretches[k])
    larger = (moves["width"] + moves["height"])[second].argmax()
    grows = np.abs([moves["width"][second], moves["height"][second]]).mean(axis=1).argmax()
    return [
        (first, (-1, 1)[moves["tilt"][first].argmax()], "tilts it"),
        (second, (-1, 1)[larger], ("widens it", "stretches it")[grows]),
    ]


def row(network, chosen):
    """Return the painting and what the chosen synapses make of it, by ten working ranges."""
    pictures = [network.paint(SIZE)]
    for synapse, sign, _ in chosen:
        weight = network.weights[synapse]
        reach = sign * FAR * working_range(network, synapse, 64).usable
        pictures.append(network.with_weight(synapse, weight + reach).paint(SIZE))
    return pictures


def main():
    """Write data/banner.png."""
    plots.set_style()
    narrow, wide = samples.peacock_network(), samples.peacock_network("wide")
    chosen = tilting_and_stretching(narrow)
    figure = plt.figure(figsize=(10, 4.55))
    grid = figure.add_gridspec(2, 5, wspace=0.05, hspace=0.22, left=0.005, right=0.995,
                               top=0.935, bottom=0.01)  # fmt: skip
    panels = [(grid[:, :2], samples.peacock(SIZE), "drawn")]
    labels = ["painted", *(f"synapse {synapse} {does}" for synapse, _, does in chosen)]
    for place, picture, label in zip(range(2, 5), row(narrow, chosen), labels, strict=True):
        panels.append((grid[0, place], picture, label))
    labels = ["all neurons hear x and y", *(f"synapse {synapse}" for synapse, _, _ in chosen)]
    for place, picture, label in zip(range(2, 5), row(wide, chosen), labels, strict=True):
        panels.append((grid[1, place], picture, label))
    for place, picture, label in panels:
        axes = figure.add_subplot(place)
        axes.imshow(picture.to_bytes())
        axes.set_title(label)
        axes.set_axis_off()
    with replacing(DATA / "banner.png") as temporary:
        figure.savefig(temporary, dpi=150)
    print(", ".join(f"synapse {synapse} {does}" for synapse, _, does in chosen))


if __name__ == "__main__":
    main()
