"""The guards of the notebooks fail when they should: every one is broken on purpose here."""

import base64
import io
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_outputs import figure_complaints, number_complaints, same_outputs
from notebook_rules import ADVICE, IGNORED, RULES
from PIL import Image
from refresh_notebooks import KERNELSPEC, keep_equal_outputs, refresh

ROOT = Path(__file__).resolve().parents[2]


def png(image):
    """The image encoded as a notebook stores it."""
    file = io.BytesIO()
    image.save(file, format="png")
    return base64.b64encode(file.getvalue()).decode()


def figure(shift=0.0, **style):
    """Two curves with title, legend and labels, as outputs of a cell; `shift` moves one curve."""
    file = io.BytesIO()
    with plt.rc_context({"backend": "agg", **style}):
        fig, ax = plt.subplots()
        x = np.linspace(0, 10, 200)
        ax.plot(x, np.sin(x + shift), label="first")
        ax.plot(x, 0.5 * np.cos(x), label="second")
        ax.set(title="Two curves", xlabel="time [ms]", ylabel="rate [Hz]")
        ax.legend()
        fig.savefig(file, format="png")
        plt.close(fig)
    image = base64.b64encode(file.getvalue()).decode()
    return [new_output("display_data", data={"image/png": image, "text/plain": "<Figure>"})]


# The comparison of outputs, without a kernel.


def test_figures_within_tolerance():
    """Equal figures pass; letters drawn a little differently, by another release, do too."""
    assert figure_complaints(figure(), figure()) == []
    unhinted = figure(**{"text.hinting": "none"})
    assert figure_complaints(figure(), unhinted, drawn_by="matplotlib 3.0") == []


def test_pictures_within_html_are_compared_as_pictures():
    """However they are encoded; a moved curve is told, and so is one letter of what is around."""

    def page(shift=0.0, level=6, alt="curves"):
        image = Image.open(io.BytesIO(base64.b64decode(figure(shift)[0].data["image/png"])))
        file = io.BytesIO()
        image.save(file, format="png", compress_level=level)
        address = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
        return [
            new_output("display_data", data={"text/html": f'<img alt="{alt}" src="{address}">'})
        ]

    assert page() != page(level=1)
    assert same_outputs(page(), page(level=1))
    assert not same_outputs(page(), page(1.0))
    assert not same_outputs(page(), page(alt="curve"))


def playground_output(far, name="1b2f6f1d3f8b", member=7, shade=40):
    moves = base64.b64encode(np.array([0.0, far], "<f4").tobytes()).decode()
    given = f'"numbers":[-1.0,{far}],"members":[{member}],"moves":"{moves}","values":[{shade},null]'
    html = f"<div id='playground-{name}' data-given='{given}'></div>"
    return [{"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}]


def test_weights_of_playgrounds_are_compared_as_numbers():
    """A last digit that a processor rounds otherwise is no other output; a thousandth is."""
    stored = playground_output(0.5)
    same = [(0.5 + 1e-6, "000000000000"), (0.5, "1b2f6f1d3f8b", 7, 41)]
    other = [(0.503,), (-0.5,), (0.5, "1b2f6f1d3f8b", 8), (0.5, "1b2f6f1d3f8b", 7, 43)]
    assert all(same_outputs(stored, playground_output(*one)) for one in same)
    assert not any(same_outputs(stored, playground_output(*one)) for one in other)
    assert number_complaints(stored, playground_output(0.7))
    assert number_complaints(stored, stored + stored)


@pytest.mark.parametrize("shift", [0.1, 1.0])
def test_moved_curve(shift):
    """One curve of two moved, by 1 % of the axis or by 10 %."""
    [complaint] = figure_complaints(figure(), figure(shift))
    assert "RMS" in complaint


def test_another_release_may_draw_its_letters_otherwise_but_no_curve():
    """Letters that cost too much for one release are forgiven another; a moved curve is not."""
    letters = figure(**{"font.size": 10.4})
    assert figure_complaints(figure(), letters) != []
    assert figure_complaints(figure(), letters, drawn_by="matplotlib 3.0") == []
    assert figure_complaints(figure(), figure(0.3), drawn_by="matplotlib 3.0") != []


def test_number_and_size_of_figures():
    """A figure too many, too few, or of another size."""
    assert "0 stored" in figure_complaints([], figure())[0]
    assert "1 stored" in figure_complaints(figure(), [])[0]
    small = figure(**{"figure.figsize": (4, 3)})
    assert "stored (640, 480) pixels, fresh (400, 300)" in figure_complaints(figure(), small)[0]


def test_jpeg_counts():
    """Photographs are compared like drawings."""
    photograph = new_output("display_data", data={"image/jpeg": png(Image.new("RGB", (9, 9)))})
    assert figure_complaints([photograph], [photograph]) == []
    assert "1 stored" in figure_complaints([photograph], [])[0]


def test_outputs_equal_but_for_addresses():
    """The address of an object and the number of the run may change, its name may not."""
    old, new, other = (
        [new_output("execute_result", {"text/plain": f"<{name}>"}, execution_count=count)]
        for count, name in enumerate(("A at 0x7f12ab34cd56", "A at 0x7f99ab34cd56", "B"))
    )
    assert same_outputs(old, new)
    assert not same_outputs(old, other)


# The rules, on a lesson that keeps them all until one is broken.


def lesson():
    """A small notebook without any complaint."""
    cells = [new_markdown_cell("# A lesson"), new_code_cell("import math\nx = math.pi")]
    cells += [new_code_cell("plot(x)", outputs=figure())]
    for section in ("One", "Two", "Try with your hands", "Where to go on"):
        cells.append(new_markdown_cell(f"## {section}\n\n" + "word " * 150))
        cells += [new_code_cell("x + 1") for _ in range(3)]
    cells[8].outputs = [new_output("stream", name="stdout", text="46 synapses of 460\n")]
    cells.append(new_markdown_cell("![A map](map.png) Now go on: [next](02_next.ipynb)."))
    for count, cell in enumerate((c for c in cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
    return new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})


def code(source):
    """A change that replaces the source of cell 10."""
    return lambda nb: nb.cells[9].update(source=source)


def text(source):
    """A change that replaces the source of cell 10 and makes it a text cell."""
    return lambda nb: nb.cells.__setitem__(9, new_markdown_cell(source))


def output(*args, **kwargs):
    """A change that adds an output to cell 10."""
    return lambda nb: nb.cells[9].outputs.append(new_output(*args, **kwargs))


LONG_BODY = "def f():\n" + "    pass\n" * 6
FENCED = "## One\n\n```\n" + "word " * 200 + "\n```"
BROKEN = [
    ("executed_in_order", "cell 10", lambda nb: nb.cells[9].update(execution_count=None)),
    ("executed_in_order", "cell 10", lambda nb: nb.cells[9].update(execution_count=99)),
    ("executed_in_order", "cell 10", code(" \n")),
    ("no_stderr_or_error", "cell 10", output("stream", name="stderr", text="Warning")),
    ("no_stderr_or_error", "cell 10", output("error", ename="E", evalue="e", traceback=[])),
    ("kernel_is_everyones", "kernelspec", lambda nb: nb.metadata.kernelspec.update(name="julia")),
    ("no_exemptions", "cell 10", code("x\n# NBVAL_IGNORE_OUTPUT")),
    ("no_exemptions", "cell 10", code("# PYTEST_VALIDATE_IGNORE_OUTPUT\nx")),
    ("no_exemptions", "cell 10", code("%%capture\nx")),
    *(
        ("no_exemptions", tag, lambda nb, tag=tag: nb.cells[9].metadata.update(tags=[tag]))
        for tag in ("nbval-skip", "nbval-ignore-output", "nbval-raises-exception")
        + ("raises-exception", "skip-execution")
    ),
    ("no_semicolons", "cell 10", code("x + 1;")),
    ("no_semicolons", "cell 10", code("x + 1;  # quiet")),
    ("code_is_short", "cell 10", code("x\n" * 13)),
    ("code_is_short", "median", lambda nb: [c.update(source="x\n" * 6) for c in nb.cells[2:]]),
    ("definitions_are_short", "cell 10: f", code(LONG_BODY)),
    ("definitions_are_short", "cell 10: f", code(LONG_BODY.replace("def f()", "class f"))),
    ("imports_come_first", "cell 10", code("import os")),
    ("imports_come_first", "cell 10", code("def f():\n    from os import path")),
    ("imports_come_first", "cell 10", code("%time x\nimport os")),
    ("no_machine_paths", "/home/", code("open('/home/me/x')")),
    ("no_machine_paths", "/tmp/", text("See /tmp/x")),
    ("no_machine_paths", "/Users/", output("stream", text="/Users/me")),
    ("no_machine_paths", "site-packages", output("display_data", {"text/html": "site-packages"})),
    ("size_of_a_page", "cells", lambda nb: nb.cells.__delitem__(slice(8, 19))),
    ("size_of_a_page", "cells", lambda nb: nb.cells.extend([new_code_cell("x")] * 20)),
    ("size_of_a_page", "words", text("word " * 900)),
    ("size_of_a_page", "words", lambda nb: nb.cells[3].update(source=FENCED)),
    ("title_and_sections", "titles", text("# Another title")),
    ("title_and_sections", "titles", lambda nb: nb.cells.__delitem__(0)),
    ("title_and_sections", "'Late'", text("Prose\n\n## Late")),
    ("title_and_sections", "'Late'", text("## Early\n\n## Late")),
    ("title_and_sections", "sections", lambda nb: nb.cells.__delitem__(slice(3, 13))),
    ("picture_early", "no figure", lambda nb: nb.cells[2].update(outputs=[])),
    ("ending", "last sections", lambda nb: nb.cells.insert(19, new_markdown_cell("## More"))),
    ("ending", "last sections", lambda nb: nb.cells[15].update(source="### Where to go on")),
    ("ending", "no link", lambda nb: nb.cells[-1].update(source="The end, see [x](map.png)")),
    ("images_have_alt_text", "cell 10", text("![](map.png)")),
    ("images_have_alt_text", "cell 10", text('<img src="map.png" alt="">')),
]


def complaints(nb):
    """All complaints about a notebook, as {name of the rule: complaints}."""
    found = {rule.__name__: rule(nb) for rule in (*RULES, *ADVICE)}
    return {name: said for name, said in found.items() if said}


def test_clean_lesson():
    """Nothing to complain about; without this the tests below would show little."""
    assert complaints(lesson()) == {}


@pytest.mark.parametrize("rule, words, change", BROKEN)
def test_rule_complains(rule, words, change):
    """The rule that was broken complains, and says what and where."""
    nb = lesson()
    change(nb)
    assert words in " ".join(complaints(nb).get(rule, []))


def test_every_rule_is_broken():
    """No rule without a case above."""
    assert {rule for rule, _, _ in BROKEN} == {rule.__name__ for rule in (*RULES, *ADVICE)}


def test_what_the_rules_allow():
    """A heading in code, a commented image, a semicolon within, and an exemption with a reason."""
    nb = lesson()
    nb.cells[9] = new_markdown_cell("```\n# no title\n```\n<!-- ![](x.png) -->")
    nb.cells[5].source = "x; x"
    trial = lesson()
    trial.cells.extend([new_code_cell("x")] * 40)
    trial.cells.append(new_markdown_cell("## Further reading"))
    assert "size_of_a_page" not in complaints(trial)
    assert "title_and_sections" not in complaints(nb)
    assert "images_have_alt_text" not in complaints(nb)
    assert "no_semicolons" not in complaints(nb)


def test_exemption_needs_a_reason(monkeypatch):
    """The list of exempt cells works, by the id of the cell."""
    nb = lesson()
    code("# NBVAL_SKIP")(nb)
    assert "no_exemptions" in complaints(nb)
    monkeypatch.setitem(IGNORED, nb.cells[9].id, "shows the time of day")
    assert "no_exemptions" not in complaints(nb)


# The whole way: refresh, break what is stored, run nbval in a process of its own.

# Even cells stay as they are, odd ones are spoiled.
SOURCES = [
    "import matplotlib.pyplot as plt\nfrom ipywidgets import interact",
    "print('46 synapses of 460')",
    "6 * 7",
    "7 * 8",
    "plt.plot([1, 2, 3])",
    "plt.plot([3, 1, 2])",
    "print('a figure'); plt.plot([2, 2, 1])",
    "plt.bar([1, 2], [1, 2])",
    "print('before')\ninteract(lambda n: plt.plot(range(n)), n=(1, 9))",
    "interact(lambda n: plt.plot(range(n)), n=(2, 20))",
    "object()",
    "plt.figure(figsize=(3, 2)).subplots().set(title='empty')",
]
SPOILED = {  # cell, counted from 0 as nbval does: what the report must say
    1: "mismatch 'stdout'",
    3: "mismatch 'text/plain'",
    5: "RMS difference",
    7: "stored (300, 200)",
    9: "0 stored image(s)",
    11: "2 stored image(s)",
}


def code_notebook(*sources):
    """A notebook of unrun cells, ids fixed so that files can be compared."""
    cells = [new_code_cell(s, id=f"cell-{n}") for n, s in enumerate(sources)]
    return new_notebook(cells=cells)


def figures(nb, number):
    """The outputs of a cell (counted from 0) that are figures."""
    return [o for o in nb.cells[number].outputs if "image/png" in o.get("data", {})]


def spoil(nb):
    """Change stored outputs, but leave the text that belongs to figures, which nbval compares."""
    nb.cells[1].outputs[0].text = "47 synapses of 460\n"
    nb.cells[3].outputs[0].data["text/plain"] = "57"
    (swapped,), (other,) = figures(nb, 5), figures(nb, 4)
    swapped.data["image/png"] = other.data["image/png"]
    [resized] = figures(nb, 7)
    picture = Image.open(io.BytesIO(base64.b64decode(resized.data["image/png"])))
    resized.data["image/png"] = png(picture.resize((300, 200)))
    del figures(nb, 9)[0].data["image/png"]
    nb.cells[11].outputs[0].data["image/png"] = other.data["image/png"]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """A notebook refreshed for the first time."""
    path = tmp_path_factory.mktemp("notebooks") / "small.ipynb"
    nbformat.write(code_notebook(*SOURCES), path)
    refresh(path)
    return path


@pytest.fixture(scope="module")
def spoiled(refreshed):
    """The same with spoiled outputs."""
    nb = nbformat.read(refreshed, as_version=4)
    spoil(nb)
    path = refreshed.with_name("spoiled.ipynb")
    nbformat.write(nb, path)
    return path


@pytest.fixture(scope="module")
def report(spoiled):
    """What pytest reports, with the flags and the hook of this repository."""
    flags = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval.cfg"]
    # The hook is named, because the notebook is not below the folder of `conftest.py`.
    hook = ["-p", "conftest", f"--rootdir={spoiled.parent}"]
    quiet = ["-rpf", "--color=no", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *flags, *hook, *quiet, spoiled]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


def cells_that(outcome, report):
    """Numbers of the cells with this outcome in the summary of the report."""
    return {int(n) for n in re.findall(rf"^{outcome} .*::Cell (\d+)", report, re.MULTILINE)}


def test_exactly_the_spoiled_cells_fail(report):
    """Untouched cells pass, sliders and addresses included; the others fail."""
    assert cells_that("PASSED", report) == set(range(len(SOURCES))) - set(SPOILED), report
    assert cells_that("FAILED", report) == set(SPOILED), report


@pytest.mark.parametrize("number", SPOILED)
def test_report_says_what(report, number):
    """The report on a cell says what differs, and for figures names notebook and cell."""
    section = re.search(rf"_ \S*::Cell {number} _.*?(?=\n____|\n====)", report, re.DOTALL)[0]
    assert SPOILED[number] in section
    assert number < 5 or f"spoiled.ipynb, cell {number + 1} of all" in section


def test_first_refresh_stores_all(refreshed):
    """Figures, counts and stable metadata are stored, the first figure of a slider included."""
    nb = nbformat.read(refreshed, as_version=4)
    assert all(len(figures(nb, number)) == 1 for number in (4, 5, 6, 7, 8, 9, 11))
    told = {"executed_in_order", "no_stderr_or_error", "kernel_is_everyones"}
    assert told.isdisjoint(complaints(nb))


def saved_by_jupyterlab(nb):
    """Put into the metadata what JupyterLab 4.6 wrote on saving."""
    nb.metadata.language_info = {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.7",
    }
    nb.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    for cell in nb.cells:
        cell.metadata.execution = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def test_what_jupyterlab_writes_on_saving_is_no_fault(refreshed, tmp_path):
    """No rule complains of it, and a refresh takes it out again."""
    nb = lesson()
    saved_by_jupyterlab(nb)
    assert complaints(nb) == complaints(lesson())
    nb, path = nbformat.read(refreshed, as_version=4), tmp_path / "saved.ipynb"
    saved_by_jupyterlab(nb)
    nbformat.write(nb, path)
    refresh(path)
    assert path.read_bytes() == refreshed.read_bytes()


def test_second_refresh_changes_no_byte(refreshed, capsys):
    """Equal outputs stay as stored, although addresses and widget ids are new."""
    before = refreshed.read_bytes(), refreshed.stat().st_mtime_ns
    refresh(refreshed)
    assert (refreshed.read_bytes(), refreshed.stat().st_mtime_ns) == before
    assert "outputs unchanged" in capsys.readouterr().out


def test_refresh_repairs(refreshed, spoiled, tmp_path, capsys):
    """Wrong numbers and figures become right again; cells that were right keep every byte."""
    path = tmp_path / "repaired.ipynb"
    path.write_bytes(spoiled.read_bytes())
    refresh(path)
    assert f"changed in cells {[number + 1 for number in SPOILED]}" in capsys.readouterr().out
    original, repaired = (nbformat.read(p, as_version=4).cells for p in (refreshed, path))
    for number, (old, new) in enumerate(zip(original, repaired, strict=True)):
        assert same_outputs(old.outputs, new.outputs) if number in SPOILED else old == new


def test_kept_outputs_are_renumbered():
    """A cell that moved keeps its outputs, with the number that it has now."""
    stored, fresh = lesson(), lesson()
    for count, nb in enumerate((stored, fresh), start=8):
        nb.cells[9].execution_count = count
        result = new_output("execute_result", {"text/plain": "2"}, execution_count=count)
        nb.cells[9].outputs = [result]
    assert keep_equal_outputs(stored, fresh) == []
    assert fresh.cells[9].outputs[0].execution_count == 9


@pytest.mark.parametrize(
    "source, message",
    [("1 / 0", "ZeroDivisionError"), ("import sys; print('oh', file=sys.stderr)", "stderr")],
)
def test_refresh_leaves_a_failing_notebook(source, message, tmp_path):
    """An exception or a warning stops the run, and the file stays as it was."""
    path = tmp_path / "failing.ipynb"
    nbformat.write(code_notebook("1 + 1", source, "2 + 2"), path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=f"(?s)failing.ipynb, cell 2.*{message}"):
        refresh(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
