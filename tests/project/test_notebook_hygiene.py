"""The stored notebooks keep to the rules; what their cells compute is checked by nbval."""

import warnings
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns
from notebook_outputs import NBVAL_CFG, sanitise
from notebook_rules import ADVICE, IGNORED, RULES, pages

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = pages(FOLDER)
MAX_BYTES = 3_000_000

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks():
    """Without this, a moved folder would pass all the tests below."""
    assert NOTEBOOKS, "no notebooks in notebooks/"


@each_notebook
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(path, rule):
    """No complaint of any rule about any notebook."""
    complaints = rule(nbformat.read(path, as_version=4))
    assert not complaints, "\n".join(f"{path.name}, {complaint}" for complaint in complaints)


@each_notebook
def test_advice(path):
    """What an adviser says is printed with the warnings, and fails nothing."""
    nb = nbformat.read(path, as_version=4)
    for said in (complaint for adviser in ADVICE for complaint in adviser(nb)):
        warnings.warn(f"{path.name}, {said}", stacklevel=1)


@each_notebook
def test_file(path):
    """Stored as nbformat writes it (else the next refresh changes every line), and not large."""
    text = path.read_text(encoding="utf-8")
    written = nbformat.writes(nbformat.reads(text, as_version=4)) + "\n"
    assert text == written, f"{path.name}: not as nbformat writes it (indent 1, newline at the end)"
    size = path.stat().st_size
    assert size < MAX_BYTES, f"{path.name}: {size} bytes, more than {MAX_BYTES}"


def test_nothing_is_exempt():
    """The budget of cells that the checks pass over is zero."""
    assert IGNORED == {}


def test_only_what_is_compared_otherwise_is_sanitised():
    """nbval reads six patterns from the file, which leave the numbers of texts in.

    Addresses of memory; pictures; and four kinds of numbers of a playground.
    """
    assert len(get_sanitize_patterns(NBVAL_CFG.read_text())) == 6
    piece = '{"numbers":[0.1],"moves":"aGk=","values":[3,4],"weight":0.25}'
    assert sanitise(piece) == ('{"numbers":NUMBERS,"moves":NUMBERS,"values":NUMBERS,"weight":0.25}')
    page = '<img width="8" src="data:image/webp;base64,UklGR/+0=" alt="46"><p>0.0523'
    assert sanitise(page) == '<img width="8" src="data:PICTURE" alt="46"><p>0.0523'
    for text in ("46 synapses of 460", "0.0523", "at 0x1f", "at 12:30", "seed 0x7f12ab34cd56"):
        assert sanitise(text) == text
    assert sanitise("<Line2D object at 0x7f12ab34cd56>") == "<Line2D object at ADDRESS>"
