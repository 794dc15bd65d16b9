"""Lets nbval compare figures, and numbers of playgrounds, too.

nbval runs the cells and compares text, but skips images: a stored figure could show anything.
Applies wherever nbval runs; Python tests are left alone.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from nbval.plugin import IPyNbCell

import ensembles_lib

sys.path.insert(0, str(Path(__file__).parent / "tools" / "checks"))
from notebook_outputs import RELEASE, figure_complaints, number_complaints


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a cell that passed nbval, if its fresh images differ from the stored ones."""
    result = yield
    # Cells that nbval does not compare (unrun or marked) are a matter of the hygiene tests.
    if (
        isinstance(item, IPyNbCell)
        and item.options["check"]
        and item.cell.execution_count is not None
    ):
        drawn_by = item.parent.nb.metadata.get("drawn_by", RELEASE)
        complaints = figure_complaints(item.cell.outputs, item.test_outputs, drawn_by)
        complaints += number_complaints(item.cell.outputs, item.test_outputs)
        if complaints:
            number = 1 + next(i for i, c in enumerate(item.parent.nb.cells) if c is item.cell)
            where = f"figures or numbers differ in {item.path.name}, cell {number} of all"
            item.raise_cell_error("\n  ".join([where, *complaints]))
    return result


@pytest.fixture(autouse=True, scope="session")
def _names_of_the_examples(doctest_namespace):
    """Give the examples of docstrings what `ensembles_lib.__doc__` says that they take."""
    for name in ensembles_lib.__all__:
        doctest_namespace[name] = getattr(ensembles_lib, name)
    wiring = ensembles_lib.layered_wiring((2, 4, 3))
    doctest_namespace["network"] = ensembles_lib.Network.random(wiring, seed=1)
    doctest_namespace["np"] = np
    everywhere = np.ones((8, 8), bool)
    doctest_namespace["red"] = ensembles_lib.colour_property(everywhere, (1, 0, 0), "red")


@pytest.fixture(autouse=True)
def _folder_of_the_examples(request, doctest_namespace):
    """Give each docstring the empty folder that its examples take."""
    if isinstance(request.node, pytest.DoctestItem):
        doctest_namespace["folder"] = request.getfixturevalue("tmp_path")
