"""Move each of the bird's properties in concert in networks as steep that learnt nothing.

python tools/data/measure_steep_moves.py writes data/study/steep_moves.json, which trial 5 shows
beside the 54 cases of find_ensembles.py: leaks of the starts of the same three networks, enlarged
to the trained weights, null where a move does not arrive. Four minutes.
"""

import numpy as np
from find_ensembles import NETWORKS, SIZE, open_network
from measuring.results import store_json

from ensembles_lib import coordinated_move, painted, peacock_properties, samples, working_ranges
from ensembles_lib.study.evidence import STEEP_MOVES
from ensembles_lib.study.profiles import start_as_steep

ARRIVED = 0.99  # of what was asked, as in trial 5


def leaks_in_concert(network, properties):
    """Return the leak of each property moved as far as its strongest synapse goes, or None.

    None where less than `ARRIVED` of the move was made.

    Examples
    --------
    >>> two = peacock_properties(samples.path("peacock.png"), size=SIZE)[-2:]
    >>> [leak < 0.01 for leak in leaks_in_concert(open_network("seed 1"), two)]
    [True, True]
    """
    half, measured = working_ranges(network, SIZE).usable, painted(network, properties, SIZE)
    amounts = np.abs(measured.slopes(network.weights)[1] * half).max(axis=1)
    moves = [
        coordinated_move(network, measured, n, amount, half=half, size=SIZE, metric="picture")
        for n, amount in enumerate(amounts)
    ]
    got = [move.got / amount for move, amount in zip(moves, amounts, strict=True)]
    return [move.leak if part >= ARRIVED else None for move, part in zip(moves, got, strict=True)]


def main():
    """Measure the three and write them."""
    properties = peacock_properties(samples.path("peacock.png"), size=SIZE)
    found = {
        name: leaks_in_concert(start_as_steep(open_network(name)), properties) for name in NETWORKS
    }
    made_from = STEEP_MOVES.made_from(samples.path())
    content = {"provenance": made_from, STEEP_MOVES.key: found}
    store_json(samples.path() / STEEP_MOVES.file, content, 2)


if __name__ == "__main__":
    main()
