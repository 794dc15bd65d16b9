"""Pieces of HTML that are alive without a kernel: how they show themselves and are saved."""

import base64
import html
import io
from typing import NamedTuple

from PIL import Image

from .._files import replacing

SHOWN = 256  # CSS pixels of a picture's longer side, where styles do not apply
STILL = 128  # pixels of the longer side of the still picture, at most
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


def still_png(picture):
    """Return a picture in 256 colours as a PNG, in base 64."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture.to_bytes()).quantize(256, dither=Image.Dither.NONE)
    image.save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
