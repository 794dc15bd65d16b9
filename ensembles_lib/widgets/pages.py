"""Pieces of HTML that are alive without a kernel: how they show themselves and are saved."""

import base64
import html
import io
import json
import re
from pathlib import Path
from string import Template
from typing import NamedTuple

from PIL import Image

from .._files import replacing

SHOWN = 256  # CSS pixels of a picture's longer side, where styles do not apply
STILL = 128  # pixels of the longer side of the still picture, at most
# Some places run the scripts of an output elsewhere: this looks for what is not alive yet.
LOADER = Template("""\
<script>
for (const root of document.querySelectorAll(".$name:not([data-awake])")) {
  root.dataset.awake = "yes";
  const style = document.createElement("style"), script = document.createElement("script");
  style.textContent = root.dataset.style;
  script.textContent = "(root => {" + root.dataset.code + "})(document.currentScript.parentNode)";
  root.append(style, script);
}
</script>""")
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
{body}
{html}
</body>
</html>
"""


class LiveHTML(NamedTuple):
    """A live picture as HTML, which shows itself in a notebook.

    Attributes
    ----------
    html : str
        Everything in one `<div>`. Equal for equal arguments.
    title, summary : str
    body : str
        The tag around it in a page of its own.
    """

    html: str
    title: str
    summary: str
    body: str = "<body>"

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return f"LiveHTML({self.summary})"

    def save(self, path):
        """Write a page that needs no network and no other file, whole or not at all."""
        page = PAGE.format(title=html.escape(self.title), html=self.html, body=self.body)
        with replacing(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")


def as_text(data: dict) -> str:
    """Return JSON that can stand in a script: no mark-up can begin in it."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def live_piece(template: Path, name: str, style: str, script: str, data: dict, **parts) -> str:
    """Return a piece of HTML that comes alive: a template whose root is of class `name`.

    Style sheet, script (which is given its `root`) and data are attributes of that root, not
    elements of their own: some places show the text of scripts and style sheets that they do not
    run, instead of dropping it. The template has ``$name``, ``$alive`` (these attributes),
    ``$loader`` at its end, and the keys of `parts`, which are HTML.
    """
    held = {"style": style, "code": script, "given": as_text(data)}
    alive = " ".join(
        # An ampersand that begins no name stands for itself.
        "data-{}='{}'".format(key, re.sub(r"&(?=[\w#])", "&amp;", text).replace("'", "&#39;"))
        for key, text in held.items()
    )
    loader = LOADER.substitute(name=name)
    text = template.read_text(encoding="utf-8")
    return Template(text).substitute(name=name, alive=alive, loader=loader, **parts).rstrip("\n")


def still_png(picture):
    """Return a picture in 256 colours as a PNG, in base 64."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture.to_bytes()).quantize(256, dither=Image.Dither.NONE)
    image.save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
