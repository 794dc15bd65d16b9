"""Measure how much of a pattern's change falls outside its part, in birds and in random networks.

python tools/data/measure_spill.py writes data/study/spill.json, which page 05 shows: for each
network the median, in %, over nineteen patterns, each pulled up by six working ranges. A minute.
"""

import numpy as np

from ensembles_lib import Network, samples
from ensembles_lib._files import write_json
from ensembles_lib.ensembles import components, part_of, share_outside
from ensembles_lib.study.profiles import scaled_to
from ensembles_lib.sweeps import pulled

PATTERNS, TIMES, SEEDS = 19, 6, range(8)
LEARNT = {"birds": "narrow-levenberg-marquardt", "birds by backprop": "narrow-backprop"}


def spill(network, count=PATTERNS):
    """Return the median share of the change outside a pattern's part, in %.

    Examples
    --------
    >>> from ensembles_lib import samples
    >>> 0 < spill(samples.peacock_network(), count=2) < 100
    True
    """
    patterns, shares = components(network, count=count), []
    start = network.paint(64).pixels
    for number, pattern in enumerate(patterns.maps):
        moved = pulled(network, patterns.direction(number), times=TIMES).paint(64)
        shares.append(share_outside(moved.pixels - start, part_of(pattern)))
    return float(100 * np.median(shares))


def main():
    """Measure all and write them."""
    bird = samples.peacock_network()
    steep = np.sqrt(np.mean(bird.weights**2))
    found = {
        name: [spill(Network.load(samples.path(f"runs/{kind}-0.001-seed{n}.npz"))) for n in SEEDS]
        for name, kind in LEARNT.items()
    }
    random = [scaled_to(Network.random(bird.wiring, seed=n), steep) for n in SEEDS]
    found["random, as steep"] = [spill(network) for network in random]
    rounded = {name: [round(one, 1) for one in numbers] for name, numbers in found.items()}
    write_json(samples.path("study") / "spill.json", rounded)


if __name__ == "__main__":
    main()
