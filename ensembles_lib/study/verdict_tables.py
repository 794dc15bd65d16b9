"""Verdicts on claims, and the table that shows them."""

import html
from collections import Counter
from typing import NamedTuple

from .tables import CENTRE, LEFT, html_table

HOLDS, PART, TEST_FAILED, FAILS, UNTESTED = KINDS = (
    "holds", "in part", "in part, its test failed", "does not hold", "cannot be tested here",
)  # fmt: skip
COLOURS = dict(zip(KINDS, ("#2f8573", "#9a6420", "#b0561f", "#ab4f33", "#66727a"), strict=True))
SIGNS = dict(zip(KINDS, "●◆◇✕■", strict=True))
NAMED = "(test)", "(interval)"  # how the one condition ends that is a test
# The notebooks in which claims are tried, by number.
TRIALS = {
    1: "1_data_and_training",
    2: "2_comparators",
    3: "3_borders",
    4: "4_sweeps_and_wiring",
    5: "5_ensembles",
    6: "6_components",
    7: "7_bases_and_sizes",
    8: "8_evolved_networks",
    9: "9_all_claims",
}
MARKS = {True: "✓", False: "✗ not met:", None: "? cannot be told:"}


class Verdict(NamedTuple):
    """What became of a claim, in one cell of wiring and trainer.

    Attributes
    ----------
    number : int
    claim, effect, control : str
        In words and numbers.
    verdict : str
        One of `KINDS`.
    shown : str
        Numbers of trials.
    conditions : dict of str to bool or None
        What was asked, and whether it is so (None where that cannot be told); none if the claim
        cannot be tested.
    cell : str
        One of `CELLS`, or "" if the claim has no cells.

    Examples
    --------
    >>> Verdict(1, "Birds fly.", PART, "", "", "01", {"high": True, "far": False}).met
    '1 of 2'
    """

    number: int
    claim: str
    verdict: str
    effect: str
    control: str
    shown: str
    conditions: dict
    cell: str = ""

    @property
    def met(self):
        """How many of the conditions are met, such as "2 of 3"; "" if there are none."""
        met = sum(bool(is_so) for is_so in self.conditions.values())
        return f"{met} of {len(self.conditions)}" if self.conditions else ""

    @property
    def unmet(self):
        """The conditions that are not met, in one line."""
        return "; ".join(
            what if met is not None else f"{what} (cannot be told)"
            for what, met in self.conditions.items()
            if not met
        )


def grade(conditions):
    """Return the verdict that conditions add up to: all of them, some, none or nothing to ask.

    A condition of which nothing can be told (None) lets no claim hold, nor fail by itself. Where
    some are met, but not the one that is a test, the verdict says so.

    Examples
    --------
    >>> grade({"paints": True, "sings": False}), grade({"sings": None})
    ('in part', 'cannot be tested here')
    >>> grade({"paints": True, "sings in every network (test)": False})
    'in part, its test failed'
    """
    met = list(conditions.values())
    if all(is_so is None for is_so in met):
        return UNTESTED
    if all(met) or not any(met):
        return HOLDS if all(met) else FAILS
    tests = [is_so for what, is_so in conditions.items() if what.endswith(NAMED)]
    return TEST_FAILED if any(is_so is not None and not is_so for is_so in tests) else PART


class VerdictTable(tuple):
    """Verdicts that show themselves as a table, in text and in a notebook.

    Of one cell in detail; of several as one row a claim and one column a cell.

    Parameters
    ----------
    verdicts : iterable of Verdict

    Examples
    --------
    >>> VerdictTable([Verdict(1, "Birds fly.", PART, "some", "stones", "1", {"high": True})])
     1 in part 1 of 1: Birds fly.
       some
       control: stones
       trial 1
    """

    folder = None  # of the trials, from where the table is shown; None: no links

    def linked(self, folder: str) -> "VerdictTable":
        """Return the table with links to trials, which are in this folder, such as "trials/".

        Examples
        --------
        >>> one = Verdict(1, "Birds fly.", PART, "some", "stones", "4, 7", {"high": True})
        >>> VerdictTable([one]).linked("trials/")._repr_html_().count("<a href=")
        2
        """
        return self._with(self, folder)

    def _with(self, verdicts, folder=None):
        made = VerdictTable(verdicts)
        made.folder = self.folder if folder is None else folder
        return made

    @property
    def cells(self) -> list[str]:
        """The cells of wiring and trainer that there are verdicts of."""
        return list(dict.fromkeys(one.cell for one in self if one.cell))

    def of(self, cell: str) -> "VerdictTable":
        """Return a verdict on every claim: in this cell, or the only one where there are none."""
        if cell not in self.cells:
            raise ValueError(f"cell {cell!r}: there are {', '.join(self.cells)}")
        return self._with(one for one in self if one.cell in ("", cell))

    def only(self, *numbers: int) -> "VerdictTable":
        """Return the verdicts on the claims of these numbers."""
        return self._with(one for one in self if one.number in numbers)

    def counts(self) -> dict[str, int]:
        """Return how many verdicts there are of each kind."""
        counted = Counter(verdict.verdict for verdict in self)
        return {kind: counted[kind] for kind in KINDS}

    def rows(self) -> list[tuple]:
        """Return number, claim and the verdicts by cell (None where there are no cells), in order.

        Where a claim has no cells, its only verdict stands under "".
        """
        by_number = {}
        for one in self:
            by_number.setdefault(one.number, (one.number, one.claim, {}))[2][one.cell] = one
        return [by_number[number] for number in sorted(by_number)]

    def __repr__(self):
        if len(self.cells) > 1:
            lines = ["   ".join(["", *self.cells])]
            for number, claim, verdicts in self.rows():
                told = [f"{of.verdict} {of.met}".strip() for of in verdicts.values()]
                lines += [f"{number:2} {claim}", f"   {' | '.join(told)}"]
            return "\n".join(lines)
        lines = []
        for one in self:
            lines += [f"{one.number:2} {one.verdict} {one.met}".rstrip() + f": {one.claim}"]
            lines += [f"   {one.effect}", f"   control: {one.control}"]
            lines += [f"   trial {one.shown}"]
            lines += [f"   not met: {one.unmet}"] if one.unmet else []
        return "\n".join(lines)

    def _repr_html_(self):
        return self._by_cell() if len(self.cells) > 1 else self._in_detail()

    def _by_cell(self):
        head = ["", "claim", *map(_short, self.cells), "trial"]
        table = []
        for number, claim, verdicts in self.rows():
            one = next(iter(verdicts.values()))
            told = [_signed(verdicts[cell]) for cell in self.cells if "" not in verdicts]
            row = [f"<td {LEFT}>{cell}</td>" for cell in (number, html.escape(claim), *told)]
            if not told:
                span = f'<td {CENTRE} colspan="{len(self.cells)}">'
                row.append(f"{span}measured once: {_signed(one)}</td>")
            table.append("".join([*row, f"<td {LEFT}>{self._trials(one)}</td>"]))
        key = " &nbsp; ".join(f"{_sign(kind)} {kind}" for kind in KINDS)
        return f"{html_table(head, table)}<p>{key}</p>"

    def _in_detail(self):
        table = []
        for one in self:
            asked = [
                f"{MARKS[is_so]} {html.escape(what)}" for what, is_so in one.conditions.items()
            ]
            told = [
                f"<b>{html.escape(one.claim)}</b>",
                html.escape(one.effect),
                f"<i>control:</i> {html.escape(one.control)}",
                *asked,
                f"<i>trial {self._trials(one)}</i>",
            ]
            mark = f'<b style="color:{COLOURS[one.verdict]}">{one.verdict}</b>'
            marked = f"{mark}<br>{one.met}" if one.met else mark
            cells = one.number, marked, "<br>".join(told)
            table.append("".join(f"<td {LEFT}>{cell}</td>" for cell in cells))
        return html_table(("", "verdict", "claim, effect, control, and what was asked"), table)

    def _trials(self, one):
        """Return the numbers of the trials of a claim, as links if it is known where they are."""
        if self.folder is None:
            return html.escape(one.shown)
        return ", ".join(
            f'<a href="{html.escape(self.folder)}{TRIALS[int(number)]}.ipynb">{number}</a>'
            for number in one.shown.split(", ")
        )


def _short(cell):
    """Return the name of a cell in a few letters: "narrow LM"."""
    kind, _, _ = cell.replace("levenberg-marquardt", "LM").rpartition("-")
    return kind.replace("-", " ") or cell


def _sign(verdict):
    return f'<b style="color:{COLOURS[verdict]}" title="{verdict}">{SIGNS[verdict]}</b>'


def _signed(one):
    """Return the sign of a verdict, with how many conditions are met."""
    met = one.met.replace(" of ", "/")
    return f'<span style="white-space:nowrap">{_sign(one.verdict)} {met}</span>'
