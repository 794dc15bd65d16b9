"""A score for what was done by hand on the workbench."""

from typing import NamedTuple

from .editor import WeightEditor


class Score(NamedTuple):
    """How well one property was moved while the others stood still; `score` counts it.

    Attributes
    ----------
    moved : float
        How far the property is from the start, in its own unit.
    leak : float
        How far all others moved, over how far this one did.
    synapses : int
        Whose weights differ from the start.
    points : float
        From 0 to 100, see `score`.
    """

    moved: float
    leak: float
    synapses: int
    points: float

    def __str__(self):
        many = "synapse" if self.synapses == 1 else "synapses"
        told = f"moved by {self.moved:+.3g} with {self.synapses} {many}, leak {self.leak:.2f}"
        return f"{told}: {self.points:.0f} of 100 points"


def score(editor: WeightEditor, name: str, amount: float, leak: float = 0.3) -> Score:
    """Score what was done since the start, for the task to move a property by an amount.

    Points are 100 times the part of the way that was gone, less what was gone too far, times the
    allowed leak over the leak if that is larger. ValueError if there is no such property, or the
    amount is 0.

    Parameters
    ----------
    amount
        In the unit of the property.
    leak
        That is allowed.

    Examples
    --------
    >>> from ensembles_lib.widgets import WeightEditor, score
    >>> red, blue = (colour_property(np.ones((8, 8), bool), mix, name)
    ...              for name, mix in (("red", (1, 0, 0)), ("blue", (0, 0, 1))))
    >>> editor = WeightEditor(network, properties=[red, blue], size=16, property_size=8)
    >>> print(score(editor, "red", 5.0))
    moved by +0 with 0 synapses, leak 0.00: 0 of 100 points
    """
    moves, before, after = editor.properties, editor.edits.start.weights, editor.edits.weights
    if moves is None:
        raise ValueError("the workbench has no properties: give it some, then there is a score")
    if not amount:
        raise ValueError(f"amount {amount}: give how far {name} is to be moved")
    which = moves.number(name)
    moved = float(moves.made(before, after)[which] * moves.scales[which])
    spilt, reached = moves.leak(name, before, after), max(0.0, 1 - abs(moved / amount - 1))
    points = 100 * reached * min(1.0, leak / spilt if spilt else 1.0)
    return Score(moved, spilt, len(editor.edits.changed), points)
