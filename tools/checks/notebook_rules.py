"""What every notebook keeps to, beyond running: a list of rules.

Each rule takes a notebook node and returns a list of complaints, empty if there are none. Cells
are counted from 1 over all cells, text and code. What `RULES` complain of makes a page wrong, and
fails; `ADVICE` on lengths is printed: no line is to be squeezed for its sake.
"""

import ast
import re
from statistics import median

from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager
from nbval.plugin import comment_markers, metadata_tags
from notebook_outputs import IMAGES

# Cells that may be exempt from the checks, as {cell id: reason}. The budget is zero.
IGNORED = {}

MAX_CELL_LINES = 12
MAX_MEDIAN_LINES = 5
MAX_DEFINITION_LINES = 6
CELLS = range(12, 23)
WORDS = range(500, 901)
FIRST_FIGURE_WITHIN = 4
# Of a page of the main series, and of a trial, which is as long as it needs.
ENDING = ["Try with your hands", "Where to go on"]
TRIAL_ENDING = ["In practice", "On your own", "Further reading"]
MACHINE_PATHS = re.compile(r"/home/|/root/|/tmp/|/Users/|site-packages")
# Tags by which Jupyter's own runner passes over a cell, in addition to those of nbval.
EXEMPTING_TAGS = {*metadata_tags, "skip-execution"}


def pages(folder):
    """Paths of the notebooks in reading order: the main series, then the trials."""
    return [path for part in (folder, folder / "trials") for path in sorted(part.glob("*.ipynb"))]


def code_cells(nb):
    """Pairs of cell number and code cell."""
    return [(n, c) for n, c in enumerate(nb.cells, start=1) if c.cell_type == "code"]


def markdown_cells(nb):
    """Pairs of cell number and text of a markdown cell, without code blocks and comments."""
    cells = [(n, c.source) for n, c in enumerate(nb.cells, start=1) if c.cell_type == "markdown"]
    hidden = re.compile(r"^(```|~~~).*?^\1|<!--.*?-->", re.DOTALL | re.MULTILINE)
    return [(n, hidden.sub("", source)) for n, source in cells]


def outputs(nb):
    """Pairs of cell number and output."""
    return [(n, out) for n, cell in code_cells(nb) for out in cell.outputs]


def headings(nb):
    """Triples of cell number, level and text of a heading, in order."""
    found = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$", re.MULTILINE)
    return [(n, len(h[1]), h[2]) for n, text in markdown_cells(nb) for h in found.finditer(text)]


def lines(source):
    """Number of lines that are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


def parse(cell):
    """Syntax tree of a code cell; lines with magic count as plain Python, as in IPython."""
    return ast.parse(TransformerManager().transform_cell(cell.source))


def executed_in_order(nb):
    """All code cells were run, from the first to the last (nbval passes an unrun notebook)."""
    complaints = [f"cell {n}: code cell is empty" for n, c in code_cells(nb) if not lines(c.source)]
    for count, (n, cell) in enumerate(code_cells(nb), start=1):
        if cell.execution_count != count:
            complaints.append(f"cell {n}: execution count {cell.execution_count}, not {count}")
    return complaints


def no_stderr_or_error(nb):
    """No warnings and no exceptions among the outputs."""
    return [
        f"cell {n}: output of {out.get('name', 'an error')}"
        for n, out in outputs(nb)
        if out.output_type == "error" or out.get("name") == "stderr"
    ]


def kernel_is_everyones(nb):
    """The kernel is the one that everyone has.

    What else JupyterLab writes into the metadata on saving (the version of Python, the state of
    widgets, times) is no fault of the reader's; `make refresh` takes it out again.
    """
    if nb.metadata.get("kernelspec", {}).get("name") != "python3":
        return ["notebook: kernelspec is not python3"]
    return []


def no_exemptions(nb):
    """No cell is taken out of the checks by a tag, a comment or a magic that hides its outputs."""
    hidden = re.compile(rf"#.*(NBVAL_|{'|'.join(comment_markers)})|^%%capture", re.I | re.M)
    complaints = []
    for n, cell in code_cells(nb):
        tags = set(cell.metadata.get("tags", []))
        tags = {t for t in tags if t in EXEMPTING_TAGS or t.startswith("nbval")}
        found = sorted(tags) + [match[0] for match in hidden.finditer(cell.source)]
        if found and cell.get("id") not in IGNORED:
            complaints.append(f"cell {n}: exempt from checks by {', '.join(found)}")
    return complaints


def no_semicolons(nb):
    """No result is hidden by a semicolon at the end of a cell."""
    return [
        f"cell {n}: ends in a semicolon"
        for n, cell in code_cells(nb)
        if DisplayHook.semicolon_at_end_of_expression(cell.source)
    ]


def code_is_short(nb):
    """Cells say what happens; how it happens is in the library."""
    lengths = [(n, lines(cell.source)) for n, cell in code_cells(nb)]
    complaints = [
        f"cell {n}: {length} lines of code, more than {MAX_CELL_LINES}"
        for n, length in lengths
        if length > MAX_CELL_LINES
    ]
    middle = median([length for _, length in lengths] or [0])
    if middle > MAX_MEDIAN_LINES:
        complaints.append(f"notebook: median of {middle} lines a cell, over {MAX_MEDIAN_LINES}")
    return complaints


def definitions_are_short(nb):
    """A longer function belongs into the library, where it is tested."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        f"cell {n}: {node.name} has more than {MAX_DEFINITION_LINES} lines"
        for n, cell in code_cells(nb)
        for node in ast.walk(parse(cell))
        if isinstance(node, kinds) and node.end_lineno - node.lineno >= MAX_DEFINITION_LINES
    ]


def imports_come_first(nb):
    """All imports in the first code cell, so that a missing package shows at once."""
    return [
        f"cell {n}: import after the first code cell"
        for n, cell in code_cells(nb)[1:]
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(parse(cell)))
    ]


def no_machine_paths(nb):
    """No folder of one machine in what is read."""
    texts = [(n, cell.source) for n, cell in enumerate(nb.cells, start=1)]
    for n, out in outputs(nb):
        shown = [v for mime, v in out.get("data", {}).items() if mime not in IMAGES]
        texts += [(n, str(value)) for value in [out.get("text", ""), *shown]]
    return [
        f"cell {n}: path of a machine, {match[0]}"
        for n, text in texts
        for match in MACHINE_PATHS.finditer(text)
    ]


def size_of_a_page(nb):
    """Neither a fragment nor a book: numbers of cells and of words of prose, but of trials."""
    if [text for _, level, text in headings(nb) if level == 2][-1:] == TRIAL_ENDING[-1:]:
        return []
    prose = " ".join(re.sub(r"</?[a-zA-Z][^>]*>", " ", text) for _, text in markdown_cells(nb))
    words = sum(bool(re.search(r"\w", word)) for word in prose.split())
    complaints = []
    for count, limits, name in ((len(nb.cells), CELLS, "cells"), (words, WORDS, "words of prose")):
        if count not in limits:
            complaints.append(f"notebook: {count} {name}, not {limits[0]} to {limits[-1]}")
    return complaints


def title_and_sections(nb):
    """One title, in the first cell; then sections, each opening a cell of its own."""
    titles = [n for n, level, _ in headings(nb) if level == 1]
    complaints = [] if titles == [1] else [f"notebook: titles in cells {titles}, not only in 1"]
    sections = [(n, text) for n, level, text in headings(nb) if level == 2]
    if len(sections) <= len(TRIAL_ENDING):
        complaints.append(f"notebook: only {len(sections)} sections (headings of level 2)")
    for n, text in sections:
        if not nb.cells[n - 1].source.startswith("## ") or [m for m, _ in sections].count(n) > 1:
            complaints.append(f"cell {n}: section {text!r} does not open a cell of its own")
    return complaints


def picture_early(nb):
    """A picture within the first cells: it says faster than words what the lesson is about."""
    shown = [(n, out.get("data", {})) for n, out in outputs(nb)]
    numbers = [n for n, data in shown if set(IMAGES) & set(data)]
    numbers += [n for n, data in shown if "<img" in "".join(data.get("text/html", ""))]
    numbers += [n for n, text in markdown_cells(nb) if re.search(r"!\[|<img\b", text)]
    if min(numbers, default=len(nb.cells) + 1) > FIRST_FIGURE_WITHIN:
        return [f"notebook: no figure or picture in the first {FIRST_FIGURE_WITHIN} cells"]
    return []


def ending(nb):
    """The last sections are the same in all notebooks of a series, and the last cell leads on."""
    last = [text for _, level, text in headings(nb) if level == 2][-len(TRIAL_ENDING) :]
    known = last == TRIAL_ENDING or last[-len(ENDING) :] == ENDING
    complaints = [] if known else [f"notebook: last sections are {last}"]
    links = re.findall(r"\]\(([^)\s]+)", nb.cells[-1].source) if nb.cells else []
    if not any(re.search(r"(\.ipynb|README\.md)(#.*)?$", link) for link in links):
        complaints.append(f"cell {len(nb.cells)}: no link to a next notebook or the README")
    return complaints


def images_have_alt_text(nb):
    """Every picture in the text says in words what it shows."""
    silent = re.compile(r"!\[\s*\]|<img\b(?![^>]*\balt=[\"'][^\"']*\w)")
    return [f"cell {n}: image without alt text" for n, t in markdown_cells(nb) if silent.search(t)]


RULES = [
    executed_in_order,
    no_stderr_or_error,
    kernel_is_everyones,
    no_exemptions,
    no_semicolons,
    definitions_are_short,
    imports_come_first,
    no_machine_paths,
    title_and_sections,
    picture_early,
    ending,
    images_have_alt_text,
]
ADVICE = [code_is_short, size_of_a_page]
