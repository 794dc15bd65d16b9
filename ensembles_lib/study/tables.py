"""Small tables of results: rows of words and numbers, units in the head, shown as text or HTML."""

import html
from collections.abc import Iterable

LEFT = 'style="text-align:left;vertical-align:top"'
CENTRE = 'style="text-align:center;vertical-align:top"'
RIGHT = 'style="text-align:right;vertical-align:top"'


class Table:
    """Rows of words and numbers that show themselves as a table, in text and in a notebook.

    Parameters
    ----------
    columns : dict of str to str
        Heads, with units, and how what stands below is written: a format such as ".2f", ".0%" or
        "+.1f"; "" for words and whole numbers.
    rows : iterable of sequences
        A value a column. None and NaN show as a dash, lists as their values with commas.

    Examples
    --------
    >>> Table({"bird": "", "span (cm)": ".1f"}, [("peacock", 140), ("wren", 14.25), ("?", None)])
    bird     span (cm)
    peacock      140.0
    wren          14.2
    ?                –
    """

    def __init__(self, columns: dict[str, str], rows: Iterable):
        self.columns, forms, self.rows = [*columns], [*columns.values()], []
        self.right = [True] * len(forms)  # numbers are set flush right, words left
        for row in map(list, rows):
            if len(row) != len(forms):
                raise ValueError(f"row {row} has {len(row)} values; there are {len(forms)} columns")
            self.rows.append([_written(*pair) for pair in zip(row, forms, strict=True)])
            self.right = [right and not (isinstance(value, str) and value)
                          for right, value in zip(self.right, row, strict=True)]  # fmt: skip

    def __repr__(self):
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        places = [
            f"{'>' if right else '<'}{n}" for right, n in zip(self.right, widths, strict=True)
        ]
        return "\n".join("  ".join(map(format, line, places)).rstrip() for line in lines)

    def _repr_html_(self):
        sides = [RIGHT if right else LEFT for right in self.right]
        rows = [
            "".join(map("<td {}>{}</td>".format, sides, map(html.escape, row))) for row in self.rows
        ]
        return html_table(self.columns, rows, sides)


def html_table(head: Iterable[str], rows: Iterable[str], sides: Iterable[str] = ()) -> str:
    """Return a table of heads, which are escaped, and rows, which are cells of HTML already."""
    sides = [*sides] or [LEFT] * len(head)
    named = (f"<th {side}>{html.escape(name)}</th>" for side, name in zip(sides, head, strict=True))
    lines = ["".join(named), *rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _written(value, form):
    if value is None or (isinstance(value, float) and value != value):
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(_written(one, form) for one in value) or "none"
    return format(value, form)
