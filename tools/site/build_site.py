"""Turn the notebooks into a static site: readable without Python, its live pictures alive.

python tools/site/build_site.py [folder]

Nothing is run: stored outputs are shown. The pages load nothing from the network.
"""

import argparse
import base64
import functools
import html
import io
import posixpath
import re
import secrets
import shutil
from pathlib import Path
from string import Template
from urllib.parse import unquote

import nbformat
import numpy as np
import pdoc
from nbconvert import HTMLExporter
from nbconvert.filters import Highlight2HTML, markdown2html_mistune
from nbformat import NotebookNode
from PIL import Image
from traitlets.config import Config

import ensembles_lib
from ensembles_lib import (
    Network,
    coordinated_move,
    open_regions,
    painted,
    participants,
    peacock_properties,
    samples,
)
from ensembles_lib.ensembles import linear_ranges
from ensembles_lib.widgets import playground_html

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).resolve().parent / "site_template"
WIDGET = "application/vnd.jupyter.widget-view+json"
FIGURES = {"image/png": "png", "image/jpeg": "jpg"}
MOVED = {"near wing spread": 2.0, "train height": 0.02}  # on the index, and how far
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
MATHS = re.compile(r"\$\$|(?<![\\\w$])\$(?=\S)[^$\n]*[^\s\\$]\$(?!\w)|\\begin\{|\\\\\(")
ROOMS = (
    *("core", "exchange", "sweeps", "properties", "ensembles", "planted"),
    *("plots", "widgets", "study"),
)
PROGRESS = re.compile(r"\d+%\|.*\[.*\]")


class SiteError(ValueError):
    """Something that a page could not show, with the place where it stands."""


class Site:
    """The pages of a site, written into an empty folder.

    Parameters
    ----------
    root, folder : Path
        Of the repository and of the site.
    """

    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        home = root / "notebooks"
        self.notebooks = {
            path.relative_to(home).with_suffix("").as_posix(): nbformat.read(path, as_version=4)
            for part in (home, home / "trials")
            for path in sorted(part.glob("*.ipynb"))
        }
        if not self.notebooks:
            raise SiteError(f"no notebooks in {root / 'notebooks'}")
        # Files of the repository, and where on the site they are shown.
        self.places = {f"notebooks/{name}.ipynb": f"{name}.html" for name in self.notebooks}
        self.places["README.md"] = "index.html"
        self.linked = []  # files that the pages point to and that are still to be shown
        config = Config()
        config.NbConvertBase.display_data_priority = ["text/html", "text/markdown", "text/plain"]
        self.exporter = HTMLExporter(
            config=config,
            template_name="notebook",
            extra_template_basedirs=[str(TEMPLATE)],
            exclude_anchor_links=True,
        )

    def build(self):
        """Write all pages."""
        shutil.copy(TEMPLATE / "site.css", self.folder)
        names = list(self.notebooks)
        heads = {name: head(nb, name) for name, nb in self.notebooks.items()}
        for number, (name, nb) in enumerate(self.notebooks.items()):
            ways = []
            for rel, other, text in (("prev", number - 1, "← {}"), ("next", number + 1, "{} →")):
                if 0 <= other < len(names):
                    text = text.format(html.escape(heads[names[other]][0]))
                    ways.append(f'<a rel="{rel}" href="{{top}}{names[other]}.html">{text}</a>')
            self.show_outputs(nb, name)
            body, _ = self.exporter.from_notebook_node(nb)
            source = f"notebooks/{name}.ipynb"
            shutil.copyfile(self.root / source, self.folder / f"{name}.ipynb")
            self.write(f"{name}.html", heads[name], body, source, ways)
        self.write_reference()
        self.write_index(heads)
        while self.linked:
            self.write_linked(self.linked.pop())

    def write_index(self, pages):
        """Write the first page: what this is, a live picture, the way to the notebooks."""
        readme = (self.root / "README.md").read_text(encoding="utf-8")
        found = re.match(r"# (.+?)\n+!\[(.+?)\]\((.+?)\)\n+(.+?)\n\n(.+?)\n\n", readme, re.DOTALL)
        if not found:
            raise SiteError("README.md: it must begin with a title, a picture and two paragraphs")
        title, alt, banner, what, how = found.groups()
        source = readme.partition("\n## Licence and source\n")[2]  # to which the pages link
        if not source:
            raise SiteError("README.md: it must end with a section 'Licence and source'")
        start = readme.partition("\n## Start\n")[2].partition("\n## ")[0]  # to this, too
        if not start:
            raise SiteError("README.md: it must have a section 'Start'")
        network = Network.load(self.root / "data" / "peacock.npz")
        network.paint(64).save(self.folder / "icon.png")
        live = playground_html(
            network,
            samples.peacock(128),
            ensembles(),
            title=f"A flying peacock, painted by {network.wiring.n_synapses} synapses",
        )
        cards = "\n".join(
            f'<li><a href="notebooks/{name}.ipynb"><img src="notebooks/{name}/thumbnail.png" '
            f'alt="" width="480" height="304"><strong>{html.escape(title)}</strong> '
            f"<span>{html.escape(question)}</span></a></li>"
            for name, (title, question) in pages.items()
            if "/" not in name
        )
        trials = "\n".join(
            f'<li><a href="notebooks/{name}.ipynb">{html.escape(title)}</a>: '
            f"{html.escape(question)}</li>"
            for name, (title, question) in pages.items()
            if "/" in name
        )
        body = f"""\
<h1>{html.escape(title)}</h1>
<div class="lead">{markdown2html_mistune(what)}</div>
<p>Here it is, alive. Each cell of the matrix is the weight of one of {network.wiring.n_synapses}
synapses: drag it up or down, or choose it and press Page Up. An ensemble is one slider;
<em>break</em> tears the bird, and <em>heal</em> lets the network learn it again.</p>
{live.html}
<h2>The pages</h2>
{markdown2html_mistune(how)}
<p><a href="{banner}"><img src="{banner}" alt="{html.escape(alt)}"></a></p>
<ul class="pages">
{cards}
</ul>
<h2>The trials</h2>
<p>What the pages say in words stands here with every control and every number.</p>
<ul>
{trials}
</ul>
<h2 id="start">To run it yourself</h2>
<div class="text">{markdown2html_mistune(start)}</div>
<h2 id="the-library">The library</h2>
<p><a href="reference/ensembles_lib.html">Reference</a>: what each function takes and returns, with
an example that runs.</p>
<h2 id="licence-and-source">Licence and source</h2>
{markdown2html_mistune(source)}"""
        self.write("index.html", (title, re.sub(r"[*\n]", " ", what)), body, "README.md")

    def write_reference(self):
        """Write a page for what the library exports, and one for each room, from the docstrings."""
        pdoc.render.configure(
            docformat="numpy",
            search=False,
            show_source=False,
            template_directory=TEMPLATE / "reference",
        )
        name = ensembles_lib.__name__
        rooms = [f"{name}.{room}" for room in ROOMS]
        pdoc.pdoc(name, *rooms, output_directory=self.folder / "reference")
        self.places["reference/ensembles_lib.html"] = "reference/ensembles_lib.html"

    def write(self, name, head, body, source, ways=()):
        """Write one page; links in its body are those of the file `source`."""
        overview = [] if name == "index.html" else ['<a href="{top}index.html">Overview</a>']
        top = "../" * name.count("/")
        page = Template((TEMPLATE / "page.html").read_text(encoding="utf-8")).substitute(
            title=html.escape(head[0]),
            description=html.escape(head[1]),
            top=top,
            before=navigation("pages", [*overview, *ways]).replace("{top}", top),
            body=using(source, top) + self.with_links(body, source, name),
            after=navigation("next pages", ways).replace("{top}", top),
        )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")

    def with_links(self, body, source, name):
        """Return HTML whose links to files of the repository lead to where the site shows them."""

        def lead(found):
            before, address, fragment = found[1], unquote(html.unescape(found[2])), found[3]
            if not address or re.match(r"[a-z]+:", address):
                return found[0]
            path = posixpath.normpath(posixpath.join(posixpath.dirname(source), address))
            if (self.root / path).is_dir():
                path += "/README.md"
            if path not in self.places:
                if path.startswith("..") or not (self.root / path).is_file():
                    raise SiteError(f"{source}: link to {address}, which is not there")
                shown = Path(path).suffix in (".md", ".py")
                self.places[path] = path + ".html" if shown else path
                self.linked.append(path)
            place = posixpath.relpath(self.places[path], posixpath.dirname(name) or ".")
            return f'{before}"{html.escape(place)}{fragment or ""}"'

        return re.sub(r'(<(?:a|img)\b[^>]*?\b(?:href|src)=)"([^"#]*)(#[^"]*)?"', lead, body)

    def write_linked(self, path):
        """Show a file that pages point to: text and code as pages, others as they are."""
        name, file = self.places[path], self.root / path
        if name == path:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, self.folder / name)
            return
        text = file.read_text(encoding="utf-8")
        if path.endswith(".md"):
            body = re.sub(r'<a class="anchor-link".*?</a>', "", markdown2html_mistune(text))
            body = f'<section class="text">{body}</section>'
        else:
            code = Highlight2HTML(pygments_lexer="python")(text)
            body = f'<h1>{path}</h1>\n<div class="code">{code}</div>'
        self.write(name, (path, path), body, path)

    def show_outputs(self, nb, name):
        """Replace outputs by what a page without a kernel can show; figures become files."""
        section, count = head(nb, name)[0], 0
        (self.folder / name).mkdir(parents=True)
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "markdown":
                check_maths(cell.source, f"{name}, cell {number + 1}")
                section = ([section, *re.findall(r"^## (.+)", cell.source, re.MULTILINE)])[-1]
                continue
            kept = []
            for out in cell.get("outputs", []):
                if out.output_type == "error":
                    raise SiteError(f"{name}, cell {number + 1}: an error is stored as output")
                data, plain = out.get("data", {}), out.get("data", {}).get("text/plain", "")
                kind = next((mime for mime in FIGURES if mime in data), None)
                if out.get("name") == "stderr" or (WIDGET in data and PROGRESS.search(plain)):
                    continue
                if "text/html" not in data and WIDGET in data and not kind:
                    out.data = NotebookNode({"text/html": in_jupyter(name)})
                elif "text/html" not in data and kind:
                    count += 1
                    file = f"{name}/figure_{count}.{FIGURES[kind]}"
                    content = base64.b64decode(data[kind])
                    (self.folder / file).write_bytes(content)
                    self.places[f"notebooks/{file}"] = file
                    near = posixpath.relpath(file, posixpath.dirname(name) or ".")
                    alt = cell.metadata.get("alt") or f"Figure on “{section}”"
                    alt += described(nb.cells[number + 1 : number + 2])
                    note = in_jupyter(name) if WIDGET in data else ""
                    out.data = NotebookNode({"text/html": figure(near, content, alt) + note})
                    if count == 1:
                        self.write_thumbnail(name, content)
                kept.append(out)
            cell.outputs = kept
        if not count:  # all its pictures are live: the index shows what they start from
            network = Network.load(self.root / "data" / "peacock.npz")
            self.write_thumbnail(name, network.paint(256).to_png())

    def write_thumbnail(self, name, content):
        """Shrink a figure for the index."""
        with Image.open(io.BytesIO(content)) as image:
            image = image.convert("RGB")
            image.thumbnail((480, 304))
            image.save(self.folder / name / "thumbnail.png")
        self.places[f"notebooks/{name}/thumbnail.png"] = f"{name}/thumbnail.png"


@functools.cache
def ensembles():
    """Return moves of the bird, each by one ensemble, while its other properties stand still."""
    network, picture = samples.peacock_network(), samples.peacock(96)
    regions = open_regions(samples.path("peacock_elements.png"), 96)
    properties, found = peacock_properties(picture, regions), {}
    measured, half = painted(network, properties, 96), linear_ranges(network, 96)
    effects = measured.slopes(network.weights)[1] * half
    for name, far in MOVED.items():
        members = participants(effects[measured.number(name)])
        down, up = (
            coordinated_move(network, measured, name, by, half=half, synapses=members)
            for by in (-far, far)
        )
        amounts = np.concatenate([down.amounts[:0:-1], up.amounts])
        path = np.concatenate([down.path[:0:-1], up.path])
        places = [0.0, *np.linspace(amounts[0], amounts[-1], 4)]  # few, for a small page
        few = np.unique([np.abs(amounts - place).argmin() for place in places])
        found[name] = amounts[few], path[few]
    return found


def head(nb, name):
    """Return the title of a notebook and the question that it asks."""
    found = re.match(r"# (.+?)\n.*?\*\*(.+?)\*\*", nb.cells[0].source, re.DOTALL)
    if not found:
        raise SiteError(f"{name}: it must begin with a title and a **question**")
    return found[1].strip(), " ".join(found[2].split())


def check_maths(text, where):
    """Raise a SiteError if there is TeX: what typesets it in a browser would have to be loaded."""
    found = MATHS.search(CODE.sub("", text))
    if found:
        raise SiteError(f"{where}: {found[0]!r} is TeX, which the site cannot show; use words")


def described(cells):
    """Return the first sentence of the text that follows a figure, to be part of its alt text."""
    text = cells[0].source if cells and cells[0].cell_type == "markdown" else "#"
    sentence = re.match(r"[^#!<].*?[.?!:](?=\s|$)", text, re.DOTALL)
    if not sentence:
        return ""
    plain = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", sentence[0])
    return ": " + " ".join(re.sub(r"[*`]", "", plain).split())


def figure(file, content, alt):
    """Return the HTML of a figure, which leads to itself at full size."""
    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
    return (
        f'<a href="{file}"><img src="{file}" alt="{html.escape(alt)}" '
        f'width="{width}" height="{height}" loading="lazy"></a>'
    )


def in_jupyter(name):
    """Return the HTML of a note in the place of a widget, on the page of that name."""
    start = "../" * (name.count("/") + 1) + "README.md#start"
    return (
        '<p class="in-jupyter">This one needs Python: it is alive when the page is open in Jupyter.'
        f' <a href="{start}">How to run it</a></p>'
    )


def using(source, top):
    """Return the HTML of a line above a notebook: where it is to be had, run and looked up."""
    if not source.endswith(".ipynb"):
        return ""
    file = Path(source).name
    return (
        f'<p class="using">This page <a href="{file}" download>as a notebook</a> · '
        f'<a href="{top}index.html#start">how to run it</a> · <a href='
        f'"{top}reference/ensembles_lib.html">what the library\'s functions do</a></p>'
    )


def navigation(label, ways):
    """Return the HTML of links to other pages."""
    return f'<nav aria-label="{label}">{" ".join(ways)}</nav>' if ways else ""


def build_site(folder, root=ROOT):
    """Build the site in `folder`, which is replaced when all is written, or stays as it was.

    Raises
    ------
    SiteError
        If something cannot be shown, or `folder` holds anything else than an earlier site.
    """
    folder = Path(folder).absolute()
    if folder.exists() and not (folder / "site.css").is_file() and any(folder.iterdir()):
        raise SiteError(f"{folder} holds other things than a site: give another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".part-{secrets.token_hex(6)}")
    fresh.mkdir()
    try:
        Site(Path(root), fresh).build()
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def main():
    """Build the site in the folder named on the command line, or in site/."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    folder = parser.parse_args().folder
    build_site(folder)
    print(f"{len(list(folder.glob('*.html')))} pages; open {folder / 'index.html'}")


if __name__ == "__main__":
    main()
