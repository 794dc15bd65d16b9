"""Verdicts: what became of each of the article's claims, by stated rules from stored evidence."""

import html
from collections import Counter
from types import SimpleNamespace
from typing import NamedTuple

from .claims import BY_CELL, RULES
from .peacock_study import CELLS, HEADLINE
from .tables import CENTRE, LEFT, html_table

HOLDS, PART, TEST_FAILED, FAILS, UNTESTED = KINDS = (
    "holds", "in part", "in part, its test failed", "does not hold", "cannot be tested here",
)  # fmt: skip
COLOURS = dict(zip(KINDS, ("#2f8573", "#9a6420", "#b0561f", "#ab4f33", "#66727a"), strict=True))
SIGNS = dict(zip(KINDS, "●◆◇✕■", strict=True))
MARKS = {True: "✓", False: "✗ not met:", None: "? cannot be told:"}
NAMED = "(test)", "(interval)"  # how the one condition ends that is a test
TRIALS = {  # the notebooks in which claims are tried, by number
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
UNMEASURED = "networks of this cell are not measured", "none"


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


class VerdictTable(tuple):
    """Verdicts that show themselves as a table, in text and in a notebook.

    Of one cell in detail; of several as one row a claim and one column a cell.
    """

    folder = None  # of the trials, from where the table is shown; None: no links

    def linked(self, folder: str) -> "VerdictTable":
        """Return the table with links to trials, which are in this folder, such as "trials/"."""
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
        """Return number, claim and the verdicts by cell (by "" where there are no cells)."""
        by_number = {}
        for one in self:
            by_number.setdefault(one.number, (one.number, one.claim, {}))[2][one.cell] = one
        return [by_number[number] for number in sorted(by_number)]

    def in_short(self) -> str:
        """Return HTML with a line for each kind of verdict: the numbers of the claims.

        Of one cell. At a click a number leads to the trial of the claim, if it is known where that
        is; the claim stands there when one points at it.

        Examples
        --------
        >>> one = Verdict(1, "Birds fly.", PART, "some", "stones", "4, 7", {"high": True})
        >>> "4_sweeps_and_wiring.ipynb" in VerdictTable([one]).linked("trials/").in_short()
        True
        """
        lines = []
        for kind in KINDS:
            claims = [self._linked(one, one.number) for one in self if one.verdict == kind]
            told = f"{_sign(kind)} {kind}", len(claims), " &nbsp; ".join(claims)
            lines.append("".join(f"<td {LEFT}>{cell}</td>" for cell in told) if claims else "")
        return html_table(("", "claims", "their numbers"), filter(None, lines))

    def in_words(self) -> str:
        """Return HTML with a line for each claim, of one cell: in words, which lead to its trial.

        Examples
        --------
        >>> one = Verdict(1, "Birds fly.", PART, "some", "stones", "4, 7", {"high": True})
        >>> "Birds fly." in VerdictTable([one]).in_words()
        True
        """
        told = [(self._linked(one, one.claim), one.verdict) for one in self]
        lines = [f"<td {LEFT}>{claim}</td><td {LEFT}>{_sign(of)} {of}</td>" for claim, of in told]
        return html_table(("claim", "verdict"), lines)

    def _linked(self, one, text):
        """Return a text that says the claim, pointed at, and leads to its first trial."""
        said = f'title="{html.escape(one.claim)}"'
        if self.folder is None:
            return f"<span {said}>{html.escape(str(text))}</span>"
        address = self._address(one.shown.split(", ")[0])
        return f'<a {said} href="{address}">{html.escape(str(text))}</a>'

    def _address(self, number):
        """Return where the trial of this number is."""
        return f"{html.escape(self.folder)}{TRIALS[int(number)]}.ipynb"

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
            told = [
                f"<b>{html.escape(one.claim)}</b>",
                html.escape(one.effect),
                f"<i>control:</i> {html.escape(one.control)}",
                *(f"{MARKS[met]} {html.escape(what)}" for what, met in one.conditions.items()),
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
            f'<a href="{self._address(number)}">{number}</a>' for number in one.shown.split(", ")
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


def of_cell(evidence: SimpleNamespace, cell: str) -> SimpleNamespace:
    """Return the evidence of one cell of wiring and trainer, as the rules of claims take it.

    ``cell``; ``study``, traits by group, with the untrained networks of this wiring under
    "untrained" and those with weights as large as the cell's under "scaled"; what was measured of
    the cell by experiment; and what has no cells. Of what `open_all` returns.

    Examples
    --------
    >>> from ensembles_lib.study.evidence import open_all
    >>> evidence = of_cell(open_all(samples.path()), "wide-backprop-0.001")
    >>> len(evidence.study["scaled"]), len(evidence.sweeps.missed_0_418)
    (4, 8)
    """
    controls = {"untrained": f"untrained-{cell.split('-')[0]}", "scaled": f"scaled-{cell}"}
    study = evidence.study | {name: evidence.study[group] for name, group in controls.items()}
    own = vars(evidence.cells[cell]) | {"cell": cell, "study": study}
    return SimpleNamespace(**vars(evidence) | own)


def assess(evidence: SimpleNamespace) -> VerdictTable:
    """Return the verdicts on all claims, from what `open_all` returns.

    Claims that are about networks of some wiring and trainer are judged in every cell; where its
    networks are not measured they cannot be tested. The others are judged once.

    Examples
    --------
    >>> from ensembles_lib.study.evidence import open_all
    >>> table = assess(open_all(samples.path()))
    >>> table.of("narrow-backprop-0.001")[0].claim
    '37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock'
    """
    parts = {cell: of_cell(evidence, cell) for cell in evidence.cells}
    known = parts.get(HEADLINE) or next(iter(parts.values()))
    return VerdictTable(
        judge(number, cell, parts.get(cell) if cell else known)
        for number in sorted(RULES)
        for cell in (CELLS if number in BY_CELL else [""])
    )


def judge(number, cell, evidence):
    """Return the verdict on one claim, from the evidence of its cell; None: untested."""
    rule, conditions = RULES[number], {}
    effect, control = rule(evidence, conditions) if evidence else UNMEASURED
    claim, _, shown = rule.__doc__.removesuffix(").").rpartition(" (")
    return Verdict(number, claim, grade(conditions), effect, control, shown, conditions, cell)


def grade(conditions):
    """Return the verdict that conditions add up to: all of them, some, none or nothing to ask.

    A condition of which nothing can be told (None) lets no claim hold, nor fail by itself. Where
    some are met, but not the one that is a test, the verdict says so.
    """
    met = list(conditions.values())
    if all(is_so is None for is_so in met):
        return UNTESTED
    if all(met) or not any(met):
        return HOLDS if all(met) else FAILS
    tests = [is_so for what, is_so in conditions.items() if what.endswith(NAMED)]
    return TEST_FAILED if any(is_so is not None and not is_so for is_so in tests) else PART
