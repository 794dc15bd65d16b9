"""Every public name says what it takes and returns, and shows it in an example that runs.

Public is what `ensembles_lib` and its rooms export, and what notebooks and tools import from its
other modules. A type hint says enough of a parameter whose name says the rest. That the examples
run is the doctests' matter. Figures need none: the notebooks show them.
"""

import ast
import importlib
import inspect
import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from build_site import ROOMS
from notebook_rules import pages
from PIL import Image

from ensembles_lib import plots

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ensembles_lib", "ensembles_lib.samples", *(f"ensembles_lib.{room}" for room in ROOMS))


def sources():
    """Yield the Python text of every notebook and tool."""
    for path in pages(ROOT / "notebooks"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    for path in sorted((ROOT / "tools").rglob("*.py")):
        yield path.read_text(encoding="utf-8")


def imported():
    """Return (module, name) of all that notebooks and tools import from the library."""
    nodes = [node for text in sources() for node in ast.walk(ast.parse(text))]
    return {
        (node.module, alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ensembles_lib")
        for alias in node.names
    }


def public():
    """Return the public classes and functions, by the module they are defined in and their name."""
    exported = {(p, name) for p in PACKAGES for name in vars(importlib.import_module(p))}
    found = {}
    for module, name in exported | imported():
        one = getattr(importlib.import_module(module), name, None)
        of = getattr(one, "__module__", None) or ""
        is_own = of.startswith("ensembles_lib") and not name.startswith("_")
        if is_own and (inspect.isclass(one) or inspect.isroutine(one)):
            found[f"{of.removeprefix('ensembles_lib.')}.{name}"] = one
    return dict(sorted(found.items()))


PUBLIC = public()


def complaints(one):
    """Return what the docstring of a class or function lacks, a list of str."""
    text = inspect.getdoc(one) or ""
    if inspect.isclass(one) and issubclass(one, BaseException):
        return [] if text else ["a docstring"]
    sections = set(re.findall(r"^([A-Z][a-z]+)\n-{3,}$", text, re.MULTILINE))
    missing = []
    if inspect.isclass(one):
        if not sections & {"Parameters", "Attributes"}:
            missing.append("Parameters or Attributes")
    else:
        told = [
            line.split(" : ")[0] for line in text.splitlines() if re.match(r"[\w, *]+( : |$)", line)
        ]
        words = {word for line in told for word in re.findall(r"\w+", line)}
        missing += [name for name in untold(one) if name not in words]
        signature = inspect.signature(one)
        says = sections & {"Returns", "Yields"} or re.match(r"(Return|Yield) ", text)
        if returns(one) and not says and signature.return_annotation is signature.empty:
            missing.append("Returns")
    if not is_figure(one) and ("Examples" not in sections or ">>> " not in text):
        missing.append("an example")
    return missing


def is_figure(one):
    """Does a function of the room of figures draw one?"""
    if inspect.isclass(one) or not one.__module__.startswith("ensembles_lib.plots."):
        return False
    return inspect.signature(one).return_annotation in (plt.Axes, plt.Figure, Image.Image)


def untold(function):
    """Return the names of parameters without a type hint."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.annotation is one.empty and one.name != "self"]


def returns(function):
    """Does a function give anything back?"""
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_the_docstring_is_whole(name):
    assert complaints(PUBLIC[name]) == [], f"{name} lacks something"


@pytest.mark.parametrize("name", [name for name in PUBLIC if inspect.isclass(PUBLIC[name])])
def test_public_methods_have_a_docstring(name):
    bare = [
        key
        for key, one in vars(PUBLIC[name]).items()
        if not key.startswith("_")
        and (inspect.isroutine(one) or isinstance(one, property | classmethod | staticmethod))
        and not inspect.getdoc(one)
    ]
    # Fields of a NamedTuple are described under Attributes.
    assert set(bare) <= set(getattr(PUBLIC[name], "_fields", ())), f"no docstring: {bare}"


def test_the_walk_finds_what_it_should():
    assert {"core.network.Network", "plots.strips.film_strip"} <= set(PUBLIC)
    assert {"widgets.playground.Playground", "widgets.playground.playground_html"} <= set(PUBLIC)
    assert {"study.verdicts.assess", "sweeps.sweeps.sweep"} <= set(PUBLIC)


def bare(a):
    """Do something."""
    return a


def hinted(a: int) -> int:
    """Do something."""
    return a


def lacking(a):
    """Return a.

    Parameters
    ----------
    a : int
    """
    return a


def whole(a):
    """Do something.

    Parameters
    ----------
    a : int

    Returns
    -------
    int

    Examples
    --------
    >>> whole(1)
    1
    """
    return a


def test_a_poor_docstring_is_caught():
    assert complaints(bare) == ["a", "Returns", "an example"]
    assert complaints(hinted) == ["an example"]
    assert complaints(lacking) == ["an example"] and complaints(whole) == []


def test_figures_need_no_example_and_what_makes_pictures_does():
    assert is_figure(plots.film_strip) and is_figure(plots.atlas_sheet)
    assert not is_figure(plots.change_picture) and not is_figure(hinted)
