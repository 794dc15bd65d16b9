"""Where a change first reaches a level: many searches at once."""

import numpy as np

from ..core.points import check_size

FAR = 1000.0  # a synapse moved this far has saturated its neuron almost everywhere
SCAN = 32  # side of the picture on which crossings are first looked for
RATIO = 2**0.5  # between the moves that are looked at
TOLERANCE = 1e-4  # of the level, in logarithms: what a change may be off it


def first_crossings(change_at, sign, linear, size, level):
    """Return the shortest move of each search whose change is `level`.

    First looked for on a small picture, in steps of √2 from a quarter of the linear estimate on;
    then refined on the whole one, to 1e-4 of the level. Infinite where the change stays below
    `level` as far as `FAR`. ``change_at(size, searches, moves)`` returns the changes (m, V) of
    signed moves (m, V); `sign` (n,) says where each search goes, `linear` (n,) about how far.
    """
    size = check_size(size)
    small = tuple(min(side, SCAN) for side in size)
    ends = np.full(len(sign), np.inf)
    start = np.minimum(linear, 1.0) / 4
    pending = np.arange(len(sign))
    while len(pending):
        moves = start[pending, None] * RATIO ** np.arange(8)
        beyond = change_at(small, pending, sign[pending, None] * moves) >= level
        hit = beyond.any(axis=1)
        ends[pending[hit]] = moves[hit, beyond[hit].argmax(axis=1)]
        start[pending] = moves[:, -1] * RATIO
        pending = pending[~hit & (start[pending] < FAR)]

    def change(searches, moves):
        return change_at(size, searches, (sign[searches] * moves)[:, None])[:, 0]

    # The small picture may just miss what the whole one shows.
    still = np.flatnonzero(np.isinf(ends))
    if len(still):
        ends[still[change(still, np.full(len(still), FAR)) >= level]] = FAR
    _refine(change, ends, level)
    return ends


def _refine(change, ends, level):
    """Improve guesses in place until the change is `level`, by secants in the logarithms.

    Two or three rounds are enough, as a rule. What does not settle is bisected.
    """
    pending = np.flatnonzero(np.isfinite(ends))
    power = np.ones(len(ends))
    below, above = np.zeros(len(ends)), np.full(len(ends), np.inf)
    last = None
    for _ in range(10):
        moves = ends[pending]
        off = np.log(np.maximum(change(pending, moves), 1e-12) / level)
        _narrow(below, above, pending, moves, off >= 0)
        if last is not None:
            keep, off_before, at_before = last
            with np.errstate(divide="ignore", invalid="ignore"):
                slope = (off - off_before[keep]) / (np.log(moves) - at_before[keep])
            power[pending] = np.clip(np.nan_to_num(slope, nan=1.0), 0.3, 5.0)
        keep = np.abs(off) > TOLERANCE
        last, pending = (keep, off, np.log(moves)), pending[keep]
        if not len(pending):
            return
        guess = moves[keep] * np.exp(np.clip(-off[keep] / power[pending], -0.7, 0.7))
        outside = (guess <= below[pending]) | (guess >= above[pending])
        ends[pending] = np.where(outside, (below + above)[pending] / 2, guess)
    never = pending[np.isinf(above[pending])]
    ends[never] = np.inf
    if len(never):
        above[never[change(never, np.full(len(never), FAR)) >= level]] = FAR
    pending = pending[np.isfinite(above[pending])]
    for _ in range(40 if len(pending) else 0):
        middle = (below + above)[pending] / 2
        _narrow(below, above, pending, middle, change(pending, middle) >= level)
        ends[pending] = above[pending]


def _narrow(below, above, searches, moves, is_above):
    """Note in place that the change at these moves is below the level, or that it is not."""
    above[searches[is_above]] = np.minimum(above[searches], moves)[is_above]
    below[searches[~is_above]] = np.maximum(below[searches], moves)[~is_above]
