"""Single synapses of the peacock: huge moves, green, likeness, and two moves at once."""

import numpy as np
from numpy import median

from ensembles_lib.core import rmse
from ensembles_lib.ensembles import hidden_synapses, participants
from ensembles_lib.properties import painted
from ensembles_lib.study.peacock_study import SIZE
from ensembles_lib.sweeps import atlas, sweep_grid

GREEN, G_OUTPUT = 15, 35  # of the properties; of the neurons
ALIKE = 0.8  # likeness of change maps from which two synapses seem to move one property


def measure_sweeps(network, drawing):
    """Trial 4, for one network: huge moves, green, likeness, mixing of two moves."""
    swept, wiring = atlas(network, SIZE, steps=11, progress=False), network.wiring
    half, n = swept.ranges.usable, wiring.n_synapses
    measure, moves = painted(network, drawing.properties(), SIZE).or_nan, np.diag(half)
    still = measure(network.weights)
    up = np.array([measure(network.weights + move) for move in moves])
    swing = up - [measure(network.weights - move) for move in moves]
    typical = np.sqrt(np.nanmean(swing**2, axis=0))
    of_one_step = np.sqrt(np.nanmean((up - still) ** 2, axis=0))
    green = np.abs(np.nan_to_num(swing / typical))[:, GREEN]
    holders = participants(green)

    rng = np.random.default_rng(0)
    sample = rng.choice(n, 40, replace=False)
    ends = [[network.weights + m * move for move in moves[sample]] for m in (1, 29)]
    near, far = (np.abs([measure(end) - still for end in side]) for side in ends)

    first, second = pairs = np.triu_indices(n, 1)
    kin = wiring.target[first] == wiring.target[second]
    maps = swept.signed.reshape(n, -1).astype(float)
    maps /= np.maximum(np.linalg.norm(maps, axis=1, keepdims=True), 1e-30)
    alike = np.abs(maps @ maps.T)[pairs]

    def missed(some_pairs):
        return np.nanmedian([_missed(network, half, one, other) for one, other in some_pairs])

    among = [rng.choice(np.transpose(pairs)[which], 50) for which in (kin, ~kin)]
    hidden = hidden_synapses(wiring)
    drawn = np.random.default_rng(1).choice(hidden[wiring.target[hidden] > 0], 60, replace=False)
    outputs = wiring.outputs
    to_green = np.flatnonzero(wiring.target == G_OUTPUT)
    to_others = np.flatnonzero((wiring.target >= outputs.start) & (wiring.target != G_OUTPUT))
    return dict(
        green_rank_418=np.sum(green >= green[418]),
        green_synapses=len(holders),
        green_holds_green=np.mean(np.isin(to_green, holders)),
        green_holds_others=np.mean(np.isin(to_others, holders)),
        moved_1R=median(np.sum(near > typical, axis=1)),
        moved_29R=median(np.sum(far > typical, axis=1)),
        moved_1R_of_one_step=median(np.sum(near > of_one_step, axis=1)),
        moved_29R_of_one_step=median(np.sum(far > of_one_step, axis=1)),
        alike_same_neuron=median(alike[kin]),
        alike_same_neuron_often=np.mean(alike[kin] > ALIKE),
        alike_different=median(alike[~kin]),
        alike_different_often=np.mean(alike[~kin] > ALIKE),
        missed_same_neuron=missed(among[0]),
        missed_different=missed(among[1]),
        missed_0_hidden=missed((0, k) for k in drawn),
        missed_418_hidden=missed((418, k) for k in drawn),
        missed_0_418=missed([(0, 418)]),
    )


def _missed(network, half, one, other):
    """Return by how much the change of two synapses together misses the sum of their changes.

    NaN where neither changes anything.
    """
    ends = [network.weights[k] + np.array([0, half[k]]) for k in (one, other)]
    still, second, first, both = sweep_grid(network, (int(one), int(other)), ends, SIZE).pixels
    total = rmse(first + second, 2 * still)
    return rmse(both - still, first + second - 2 * still) / total if total else np.nan
