"""Oracles: tables written out by hand."""

import numpy as np
import pytest

from ensembles_lib.study.tables import LEFT, RIGHT, Table

ROWS = [("a <b>", 1.25, 3, [1, 2]), ("long name", np.nan, None, []), ("c", np.inf, 10, [0.5])]


def test_text_is_aligned():
    """Words flush left, numbers right; what is not there is a dash, an empty list says so."""
    table = Table({"who": "", "share (%)": ".1f", "n": "", "which": ""}, ROWS)
    assert repr(table).splitlines() == [
        "who        share (%)   n  which",
        "a <b>            1.2   3   1, 2",
        "long name          –   –   none",
        "c                inf  10    0.5",
    ]


def test_html_says_the_same():
    """Every text of a cell, escaped, on the same side."""
    page = Table({"who": "", "<R>": ".0%"}, [("a <b>", 0.5)])._repr_html_()
    assert page == (
        f"<table><tr><th {LEFT}>who</th><th {RIGHT}>&lt;R&gt;</th></tr>"
        f"<tr><td {LEFT}>a &lt;b&gt;</td><td {RIGHT}>50%</td></tr></table>"
    )


def test_a_row_must_fit():
    """What is too much is named."""
    with pytest.raises(ValueError, match=r"row \['a', 1\] has 2 values; there are 1 columns"):
        Table({"who": ""}, [("a", 1)])
