"""Verdicts: what became of each of the article's claims, by stated rules from stored evidence."""

from types import SimpleNamespace

from .claims import BY_CELL, RULES
from .peacock_study import CELLS, HEADLINE
from .verdict_tables import Verdict, VerdictTable, grade

UNMEASURED = "networks of this cell are not measured", "none"


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
    return SimpleNamespace(**vars(evidence) | vars(evidence.cells[cell]) | {
        "cell": cell, "study": study
    })  # fmt: skip


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


def judge(number: int, cell: str, evidence: SimpleNamespace | None) -> Verdict:
    """Return the verdict on one claim, from the evidence of its cell (see `of_cell`).

    Without any it cannot be tested.
    """
    rule, conditions = RULES[number], {}
    effect, control = rule(evidence, conditions) if evidence else UNMEASURED
    claim, _, shown = rule.__doc__.removesuffix(").").rpartition(" (")
    kind = grade(conditions)
    return Verdict(number, claim, kind, effect, control, shown, conditions, cell)
