"""Borders on a line: where an output switches, and how to move one border alone.

For networks that hear x and the constant 1 and answer with one number, the signal. A border is a
place where the signal crosses the threshold. Borders are counted from the left: border 1 is the
first. (Synapses and neurons keep the numbers of the wiring, from 0.)
"""

from typing import NamedTuple

import numpy as np

from ..core.network import Network
from ..core.passes import forward, output_signals, respond, weight_matrix, write_jacobian

POINTS = 1001  # of a scan: borders closer than two of its steps are taken for none
STRIDE = 0.05  # longest motion of a border in one step
EXACT = 1e-11  # a border this close to where it should be has arrived
LEAP = 0.1  # no border may move further in one step: it might be taken for its neighbour
BOLDEST = 4.0  # working ranges that one synapse may cross in one step


class Move(NamedTuple):
    """What became of a move: motions (B,) asked for (NaN: free) and got, steps, and its end."""

    asked: np.ndarray
    got: np.ndarray
    steps: int
    stopped: str

    @property
    def arrived(self):
        """Whether all that was asked for has been reached."""
        return self.stopped == "arrived"

    def leak(self, border):
        """Return the root sum of squares of all other motions over that of `border`."""
        own = abs(self.got[check_border(border, self.got) - 1])
        others = np.linalg.norm(np.delete(self.got, border - 1))
        return float(others / own) if own else np.inf


class Alone(NamedTuple):
    """What each synapse does if it has to move a border by itself: leak, inf out of reach."""

    best: int
    leaks: np.ndarray
    moves: list
    networks: list


def on_line(x):
    """Return the inputs x and 1 for points of a line, (2, P)."""
    x = np.atleast_1d(np.asarray(x, float))
    return np.stack([x, np.ones_like(x)])


def line(points, span=(-1.0, 1.0)):
    """Return the inputs x and 1 for evenly spaced points, (2, P).

    Parameters
    ----------
    points : int
    span : (float, float)
        Both ends are included.

    Examples
    --------
    >>> line(3).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
    """
    return on_line(np.linspace(*span, points))


def find_borders(network, span=(-1.0, 1.0), threshold=0.0):
    """Return the places on a line where the signal crosses the threshold, ascending.

    A scan brackets them; inside the brackets Newton's steps, or halving where these leave.

    Parameters
    ----------
    network : Network
        With inputs x and 1 and one output.
    span : (left, right)
    threshold : float
        Of the output, between -1 and 1.

    Returns
    -------
    (B,) array
        Correct to about 1e-12. Two borders less than a thousandth of the span apart may be
        missed; a place that the signal touches without crossing is none.

    Raises
    ------
    ValueError
        If the network is of another kind, or the span or the threshold make no sense.

    Examples
    --------
    >>> step = Network(Wiring([[0, 1]], 2, 1), [4.0, -1.0])
    >>> find_borders(step)
    array([0.25])
    """
    left, right = span
    if not (np.isfinite([left, right]).all() and left < right):
        raise ValueError(f"span {span}: give two finite numbers, the smaller first")
    if not -1 < threshold < 1:
        raise ValueError(f"threshold {threshold}: the signal lies between -1 and 1")
    check_line(network)
    wiring, scan = network.wiring, line(POINTS, span)
    on = respond(wiring, network.weights, scan)[0] > threshold
    at = np.flatnonzero(on[1:] != on[:-1])
    low, high, rising = scan[0, at], scan[0, at + 1], on[at + 1]
    x = (low + high) / 2
    for _ in range(60):
        signal, slope, _ = signal_at(network, x, by_weights=False)
        above = (signal > threshold) == rising
        low, high = np.where(above, low, x), np.where(above, x, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = x - (signal - threshold) / slope
        new = np.where((new >= low) & (new <= high), new, (low + high) / 2)
        still = np.abs(new - x) < 1e-14 * (right - left)
        x = new
        if still.all():
            break
    return x


def border_sensitivities(network, borders, threshold=0.0):
    """Return how far each border moves per unit of each weight, exactly, (B, S).

    At a border I(x, w) is constant, so dx/dw = -(∂I/∂w) / (∂I/∂x): the implicit function theorem
    (Krantz & Parks 2013, *The Implicit Function Theorem*, chapter 1).

    Parameters
    ----------
    network : Network
    borders : (B,) array
        From `find_borders`.
    threshold : float

    Raises
    ------
    ValueError
        If the signal does not cross the threshold at one of the places.

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> slopes = border_sensitivities(network, find_borders(network))
    >>> slopes.shape, slopes[:, 1].round(3)  # synapse 1 belongs to border 0 alone
    ((4, 11), array([-0.048,  0.   , -0.   ,  0.   ]))
    """
    check_line(network)
    borders = np.asarray(borders, float)
    signal, slope, by_weight = signal_at(network, borders)
    if not (np.abs(signal - threshold) < 1e-6).all():
        wrong = borders[~(np.abs(signal - threshold) < 1e-6)][0]
        there = find_borders(network, threshold=threshold)
        raise ValueError(f"there is no border at {wrong:.6g}: they are at {_list(there)}")
    if not slope.all():
        raise ValueError(f"the signal is flat at {borders[slope == 0][0]:.6g}: no crossing")
    return -(by_weight / slope).T


def signal_ranges(network, change=0.05, span=(-1.0, 1.0), points=201):
    """Return by how much each weight may move until the signal has changed, (S,), linearly.

    `change` is the root mean square over `points` of the line. A weight without effect gets
    infinity.

    Parameters
    ----------
    network : Network
    change : float
        Root mean square over the points of the line.
    span : (float, float)
    points : int

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> ranges = signal_ranges(network)
    >>> bool(np.isclose(signal_ranges(network, change=0.1), 2 * ranges).all())
    True
    """
    check_line(network)
    by_weight = signal_at(network, line(points, span)[0])[2]
    with np.errstate(divide="ignore"):
        return change / np.sqrt(np.mean(by_weight**2, axis=1))


def neuron_shares(network, borders, threshold=0.0):
    """Return how much each neuron's own synapses have in the motion of each border, (B, N).

    Shares of the squared effects within a working range; each row adds up to 1.

    Parameters
    ----------
    network : Network
    borders : (B,) array
        From `find_borders`.
    threshold : float

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> shares = neuron_shares(network, find_borders(network))
    >>> shares.shape, shares.sum(axis=1).round(6)
    ((4, 4), array([1., 1., 1., 1.]))
    """
    effects = border_sensitivities(network, borders, threshold) * signal_ranges(network)
    of_neurons = np.zeros((len(effects), network.wiring.n_neurons))
    np.add.at(of_neurons.T, network.wiring.target, effects.T**2)
    return of_neurons / of_neurons.sum(axis=1, keepdims=True)


def move_borders(network, by, synapses=None, span=(-1.0, 1.0), threshold=0.0):
    """Move borders by chosen amounts through a coordinated change of weights.

    Of all changes that do it, the smallest, with every synapse counted in working ranges. The way
    is walked in short steps. Each is predicted by the exact sensitivities, tried on the network
    itself, and corrected until the borders are where they should be; if a border would vanish
    or appear, the step is halved, and in the end the walk stops before it.

    Parameters
    ----------
    network : Network
    by : (B,) array
        Motion of each border; 0 holds it in its place, NaN leaves it free.
    synapses : sequence of int, optional
        Those that may change; all unless given.
    span, threshold
        As in `find_borders`.

    Returns
    -------
    Network, Move
        The network as far as the walk got, and the report: `stopped` is "arrived" or the reason.

    Raises
    ------
    ValueError
        If there are not as many amounts as borders, or one is infinite.
    IndexError
        If a synapse does not exist.

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> moved, report = move_borders(network, [0.05, 0, 0, -0.05])
    >>> (find_borders(moved) - find_borders(network)).round(4) + 0.0
    array([ 0.05,  0.  ,  0.  , -0.05])
    """
    start = find_borders(network, span, threshold)
    by = np.asarray(by, float)
    if by.shape != start.shape or np.isinf(by).any():
        raise ValueError(f"motions {by}: give {len(start)} finite numbers (NaN: free)")
    steered, wiring = np.flatnonzero(~np.isnan(by)), network.wiring
    every = range(wiring.n_synapses) if synapses is None else synapses
    free = np.unique([wiring.check_synapse(synapse) for synapse in every]).astype(int)
    asked, stopped, steps = by[steered], "arrived", 0
    here, places, gone = network, start, 0.0
    stride = longest = min(1.0, STRIDE / max(np.abs(asked).max(initial=0.0), 1e-300))
    while gone < 1 and asked.any():
        share = min(1.0, gone + stride)
        goal = start[steered] + share * asked
        to, found, reason = _step(here, places, steered, goal, free, span, threshold)
        if reason is None:
            here, places, gone, steps = to, found, share, steps + 1
            stride = min(2 * stride, longest)
        elif stride < 1e-3 * longest:
            stopped = reason
            break
        else:
            stride /= 2
    return here, Move(by, places - start, steps, stopped)


def move_border(network, border, by, hold=None, **options):
    """Move one border by a chosen amount while others stand still.

    Parameters
    ----------
    network : Network
    border : int
    by : float
    hold : sequence of int, optional
        The borders that stand still; all others unless given.
    **options
        As in `move_borders`, which does the work.

    Returns
    -------
    Network, Move

    Raises
    ------
    IndexError
        If there is no such border.
    ValueError
        If the amount is not finite, or the border is to be held itself.

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> network = two_regions().network
    >>> moved, report = move_border(network, border=1, by=0.1)
    >>> (find_borders(moved) - find_borders(network)).round(4) + 0.0
    array([0.1, 0. , 0. , 0. ])
    >>> report.stopped
    'arrived'
    """
    places = find_borders(network, *(options.get(k, d) for k, d in _WHERE))
    if not np.isfinite(by):
        raise ValueError(f"a border cannot move by {by}: give a finite number")
    border = check_border(border, places)
    others = [b for b in range(1, len(places) + 1) if b != border]
    held = others if hold is None else [check_border(b, places) for b in hold]
    if border in held:
        raise ValueError(f"border {border} is to move and to stand still")
    amounts = np.full(len(places), np.nan)
    amounts[[b - 1 for b in held]] = 0.0
    amounts[border - 1] = by
    return move_borders(network, amounts, **options)


def best_single_synapse(network, border, by, **options):
    """Return what each synapse spoils if it moves a border by itself, and which spoils least.

    Parameters
    ----------
    network : Network
    border : int
    by : float
    **options
        As in `move_borders`.

    Returns
    -------
    Alone
        `leaks` of the synapses, infinite where one cannot move the border that far (`moves` say
        why), and the `best` of them, -1 if none can.

    Examples
    --------
    >>> from ensembles_lib.planted.comparators import two_regions
    >>> alone = best_single_synapse(two_regions().network, border=1, by=0.05)
    >>> alone.best, int(np.isfinite(alone.leaks).sum())
    (0, 7)
    """
    tried = [
        move_border(network, border, by, hold=(), synapses=[synapse], **options)
        for synapse in range(network.wiring.n_synapses)
    ]
    networks, moves = (list(part) for part in zip(*tried, strict=True))
    leaks = np.array([move.leak(border) if move.arrived else np.inf for move in moves])
    best = int(leaks.argmin()) if np.isfinite(leaks).any() else -1
    return Alone(best, leaks, moves, networks)


_WHERE = (("span", (-1.0, 1.0)), ("threshold", 0.0))


def check_line(network):
    """Raise a ValueError if the network is not one from x and 1 to one output."""
    wiring = network.wiring
    if (wiring.n_inputs, wiring.n_outputs) != (2, 1):
        raise ValueError(
            f"this network has {wiring.n_inputs} inputs and {wiring.n_outputs} outputs: borders "
            "on a line need the inputs x and 1, and one output"
        )


def check_border(border, places):
    """Return the number of a border as an int, or raise an IndexError that says which exist."""
    if isinstance(border, bool) or border not in range(1, len(places) + 1):
        raise IndexError(f"border {border} does not exist: there are {_numbers(places)}")
    return int(border)


def _numbers(places):
    return f"borders 1 to {len(places)}" if len(places) else "none"


def _list(places):
    return ", ".join(f"{x:.4g}" for x in places) or "no place"


def signal_at(network, x, by_weights=True):
    """Return the signal at places x, its slope along x, and its derivatives by the weights."""
    wiring, weights = network.wiring, network.weights
    matrix = weight_matrix(wiring, weights)
    sent = forward(wiring, matrix, on_line(x))
    signals = output_signals(wiring, matrix, sent)
    # x reaches the signal through its own synapses only: the chain rule over them.
    slope = matrix[:, 0] @ signals[0]
    if not by_weights:
        return sent[-1], slope, None
    out = np.empty((wiring.n_synapses, 1, len(x)))
    return sent[-1], slope, write_jacobian(wiring, signals, sent, out)[:, 0]


def _step(network, places, steered, goal, free, span, threshold):
    """Return a network with the steered borders at their goal, its borders, and None; or why not.

    Newton's method for fewer equations than unknowns: each correction is the smallest one.
    """
    unit = np.zeros(network.wiring.n_synapses)
    unit[free] = signal_ranges(network, span=span)[free]
    unit[~np.isfinite(unit)] = 0
    here, found = network, places
    for _ in range(8):
        missing = goal - found[steered]
        if np.abs(missing).max() < EXACT:
            return here, found, None
        effects = border_sensitivities(here, found, threshold)[steered] * unit
        z = np.linalg.lstsq(effects, missing, rcond=1e-9)[0]
        if np.abs(effects @ z - missing).max() > 1e-6 * np.abs(missing).max():
            return None, None, "these synapses cannot move the borders that way"
        if np.abs(z).max() > BOLDEST:
            return None, None, "it is out of reach: the weights would have to leap"
        here = Network(here.wiring, here.weights + unit * z)
        found = find_borders(here, span, threshold)
        if len(found) != len(places):
            return None, None, _event(places, found, span)
        if np.abs(found - places).max() > LEAP:
            return None, None, "a border would leap"
    return None, None, "the corrections do not settle"


def _event(before, after, span):
    """Return in words which borders a step would make vanish or appear."""
    if len(after) > len(before):
        new = max(after, key=lambda x: np.abs(before - x).min(initial=np.inf))
        return f"a new border would appear near {new:.2f}"
    if (len(before) - len(after)) % 2:
        left, right = before[0] - span[0], span[1] - before[-1]
        return f"border {1 if left < right else len(before)} would leave the line"
    first = int(np.diff(before).argmin()) + 1
    middle = before[first - 1 : first + 1].mean()
    return f"borders {first} and {first + 1} would meet near {middle:.2f}"
