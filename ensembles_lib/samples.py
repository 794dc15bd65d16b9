"""The pictures and networks that the library brings along: they open from any folder."""

from pathlib import Path

from .core import Network, Picture
from .core.points import Size

# What a wheel carries; a checkout has all of data/ (a test compares this with pyproject.toml).
FILES = (
    "peacock.png",
    "peacock_elements.png",
    "peacock_elements.json",
    "peacock.npz",
    "peacock_strict.npz",
    "peacock_wide.npz",
    "own/lighthouse.png",
    "own/lighthouse_elements.png",
    "own/lighthouse_elements.json",
    "own/genome.zip",
    "own/layers.npz",
)
NETWORKS = {  # by the entry of `article_wiring`
    "narrow": "peacock.npz",
    "strict": "peacock_strict.npz",
    "wide": "peacock_wide.npz",
}
_HERE = Path(__file__).resolve().parent


def path(name: str = "") -> Path:
    """Return the path of a file or folder that comes with the library; without a name, of all.

    Named as in data/README.md, such as "peacock.png" or "own/genome.zip". FileNotFoundError if
    there is no such file: an installed library has those of `FILES`, a checkout all.

    Examples
    --------
    >>> samples.path("peacock.png").name
    'peacock.png'
    """
    for folder in (_HERE / "_data", _HERE.parent / "data"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(
        f"no sample {name!r}: there are {', '.join(FILES)}; more are in data/ of a checkout"
    )


def peacock(size: Size = 128) -> Picture:
    """Return the drawing of the flying peacock, drawn at 256; one number is the longer side.

    Examples
    --------
    >>> samples.peacock(16).size
    (16, 16)
    """
    return Picture.open(path("peacock.png"), size)


def peacock_network(entry: str = "narrow") -> Network:
    """Return the network of 37 neurons and 460 synapses that paints the peacock.

    There is one for each way in which coordinates enter the article's wiring, see
    `article_wiring`: "narrow", "strict" and "wide"; ValueError if `entry` is none of them.

    Examples
    --------
    >>> samples.peacock_network("wide").wiring == article_wiring("wide")
    True
    """
    if not isinstance(entry, str) or entry not in NETWORKS:
        raise ValueError(f"entry {entry!r}: there are networks for {', '.join(NETWORKS)}")
    return Network.load(path(NETWORKS[entry]))
