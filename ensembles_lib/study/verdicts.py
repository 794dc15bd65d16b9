"""Verdicts: what became of each of the article's claims, by stated rules from stored evidence."""

import html
from collections import Counter
from types import SimpleNamespace
from typing import NamedTuple

from .claims import RULES

HOLDS, PART, FAILS, UNTESTED = KINDS = "holds", "in part", "does not hold", "cannot be tested here"
COLOURS = dict(zip(KINDS, ("#2f8573", "#c07f2e", "#ab4f33", "#7a868c"), strict=True))
LEFT = 'style="text-align:left;vertical-align:top"'


class Verdict(NamedTuple):
    """What became of a claim.

    Attributes
    ----------
    number : int
    claim, effect, control : str
        In words and numbers.
    verdict : str
        One of `KINDS`.
    shown : str
        Notebooks.
    conditions : dict of str to bool
        What was asked, and whether it is so; none if the claim cannot be tested.
    """

    number: int
    claim: str
    verdict: str
    effect: str
    control: str
    shown: str
    conditions: dict

    @property
    def unmet(self):
        """The conditions that are not met, in one line."""
        return "; ".join(what for what, met in self.conditions.items() if not met)


def grade(conditions):
    """Return the verdict that conditions add up to: all of them, some, none or nothing to ask.

    Examples
    --------
    >>> grade({"paints": True, "sings": False})
    'in part'
    """
    if not conditions:
        return UNTESTED
    met = conditions.values()
    return HOLDS if all(met) else PART if any(met) else FAILS


class VerdictTable(tuple):
    """Verdicts that show themselves as a table, in text and in a notebook."""

    def counts(self) -> dict[str, int]:
        """Return how many claims there are of each kind."""
        counted = Counter(verdict.verdict for verdict in self)
        return {kind: counted[kind] for kind in KINDS}

    def __repr__(self):
        lines = []
        for one in self:
            lines += [f"{one.number:2} {one.verdict}: {one.claim}", f"   {one.effect}"]
            lines += [f"   control: {one.control}", f"   notebook {one.shown}"]
            lines += [f"   not met: {one.unmet}"] if one.unmet else []
        return "\n".join(lines)

    def _repr_html_(self):
        head = ("", "claim", "verdict", "effect", "control", "where")
        rows = ["<tr>" + "".join(f"<th {LEFT}>{name}</th>" for name in head) + "</tr>"]
        for one in self:
            unmet = f"<br><i>not met: {html.escape(one.unmet)}</i>" if one.unmet else ""
            mark = f'<b style="color:{COLOURS[one.verdict]}">{one.verdict}</b>'
            texts = [html.escape(text) for text in (one.claim, one.effect, one.control, one.shown)]
            cells = [one.number, texts[0], mark, texts[1] + unmet, *texts[2:]]
            rows.append("<tr>" + "".join(f"<td {LEFT}>{cell}</td>" for cell in cells) + "</tr>")
        return "<table>" + "".join(rows) + "</table>"


def assess(evidence: SimpleNamespace) -> VerdictTable:
    """Return the verdicts on all claims, from what `open_all` returns.

    Examples
    --------
    >>> from ensembles_lib.study.evidence import open_all
    >>> assess(open_all("data"))[0].claim
    '37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock'
    """
    table = []
    for number, rule in sorted(RULES.items()):
        conditions = {}
        effect, control = rule(evidence, conditions)
        claim, _, shown = rule.__doc__.removesuffix(").").rpartition(" (")
        table.append(Verdict(number, claim, grade(conditions), effect, control, shown, conditions))
    return VerdictTable(table)
