"""Evolved networks: genomes of Picbreeder (XML) and of neat-python (JSON), as networks."""

import codecs
import math
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from .._files import reading
from ..core import Network
from .genome_graphs import graph_network, heard_by
from .neat_json import json_network

MAX_BYTES = 1 << 24  # of a genome's XML; the largest published are some 100 kB
PICKLE = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
DECLARATION = rb"<\?xml\s[^?>]*\?>"
ENCODING = rb"\s*<\?xml\s[^?>]*encoding=[\"']([\w.:-]+)"
INPUTS = ("x", "y", "d", "bias")
OUTPUTS = ("hue", "saturation", "brightness")
# What its activation functions are called here.
FUNCTIONS = {
    "identity": "identity", "sin": "sine", "cos": "cosine", "gaussian": "bipolar gaussian",
    "sigmoid": "bipolar sigmoid", "tanh": "tanh", "ugaussian": "gaussian", "usigmoid": "sigmoid",
}  # fmt: skip


def open_genome(path: str | Path) -> Network:
    """Return the network that a genome describes, Picbreeder's or neat-python's.

    Picbreeder (Secretan et al. 2011, *Evol. Comput.* 19, 373) let visitors of a web site breed
    pictures; each is painted by a compositional pattern-producing network (Stanley 2007) of x,
    y, d = 1.4·√(x² + y²) and a bias, whose outputs are hue, saturation and brightness. Kumar et
    al. (2025, arXiv:2505.11581) publish some.

    The network's provenance names the nodes of the genome, neuron by neuron: in an order in which
    each listens only to those before it, without those that no output depends on. An output that
    other neurons listen to is followed by an identity neuron of weight 1, because outputs come last
    here. A grey genome (with the output "ink") gets hue and saturation neurons that listen to the
    bias with weight 0. Picbreeder's y grows downwards: links from y have the opposite sign here.

    The file is XML, or a zip archive that holds one such file, beside whatever file managers put
    there. What programs write beyond XML is read all the same, such as several elements one after
    the other (the editor CPPN-X: Huizinga et al. 2018, *Artif. Life* 24, 157) or & in a note.

    Of genomes as JSON it is that of neat-python's export (`neat.export`, version 1.0:
    docs/network-json-format.md there). Its two inputs are taken for x and y, y growing downwards,
    its outputs for a grey or for red, green and blue in [-1, 1]; the factors of its functions go
    into the weights. It cuts the argument of its sine off at ±60, which is not done here.

    Both programs look at the corners of a picture where we look at the middles of its pixels: their
    picture of N×N is ``paint(N, extent=N / (N - 1))``.

    Raises
    ------
    FileFormatError
        If the file is broken, holds no genome or several, has a loop, or uses what is unknown
        here. A pickle is never opened: it could do anything.

    Examples
    --------
    >>> open_genome(samples.path("own/genome.zip")).provenance["nodes"][-3:]
    ['1_4', '1_5', '1_6']
    """
    with reading(path, "a genome in XML or JSON"):
        data = _read(path)
        if data.startswith(PICKLE):
            raise ValueError("it is a pickle, which is never opened: export it as JSON")
        if data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"["):
            return json_network(data, Path(path).name)
        genomes = list(_parse(data).iter("genome"))
        if len(genomes) != 1:
            found = f"{len(genomes)} elements <genome>, not 1" if genomes else "no element <genome>"
            raise ValueError(f"it has {found}")
        genome = genomes[0]
        nodes = {_key(node.find("marking")): _node(node) for node in genome.iterfind("nodes/node")}
        links = [_link(link) for link in genome.iterfind("links/link")]
        return _network(nodes, links, Path(path).name)


def _read(path):
    """Return the bytes of a file, or of the only one in an archive."""
    with open(path, "rb") as whole:
        file = whole
        if zipfile.is_zipfile(path):
            archive = zipfile.ZipFile(whole)
            names = [name for name in archive.namelist() if not _is_litter(name)]
            names = [name for name in names if name.lower().endswith((".xml", ".json"))] or names
            if len(names) != 1:
                raise ValueError(f"the archive holds {len(names)} files, not 1")
            file = archive.open(names[0])
        # What an archive announces may be a lie: read no more than is allowed.
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES:,} bytes")
    return data


def _is_litter(name):
    """Is this a folder in an archive, or a file that a file manager put there?"""
    *folders, file = name.split("/")
    hidden = file.startswith(".") or file in ("", "Thumbs.db", "desktop.ini")
    return hidden or "__MACOSX" in folders


def _parse(data):
    """Return an element that holds all the elements in some bytes of XML, without namespaces."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16").encode()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it declares entities, which no genome needs")
    declared = re.match(ENCODING, data)
    encoding = declared[1].decode() if declared else "utf-8"
    if encoding.lower().startswith("utf-16"):  # but it was read byte by byte
        encoding = "utf-8"
    data = re.sub(DECLARATION, b"", data).replace(b"&", b"&amp;")  # nothing read has an entity
    whole = b"<file>%b</file>" % data.rstrip(b"\0")
    root = ElementTree.fromstring(whole, ElementTree.XMLParser(encoding=encoding))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _key(element):
    """Return the name of a node: its branch and number."""
    if element is None or element.get("id") is None:
        raise ValueError("a node or link lacks a number (id)")
    return element.get("branch", ""), element.get("id")


def _node(node):
    """Return the label of a node and its activation function."""
    if float(node.get("bias") or 0) != 0:
        raise ValueError(f"a node has the bias {node.get('bias')}, which no program computes with")
    text = (node.findtext("activation") or "").strip()
    name = text.removesuffix("(x)")
    if name not in FUNCTIONS:
        known = ", ".join(f"{one}(x)" for one in FUNCTIONS)
        raise ValueError(f"activation function {text!r}: known are {known}")
    return node.get("label") or "", FUNCTIONS[name]


def _link(link):
    """Return source, target and weight."""
    weight = float(link.findtext("weight") or "nan")
    if not math.isfinite(weight):
        raise ValueError(f"a link has the weight {link.findtext('weight')!r}, no finite number")
    return _key(link.find("source")), _key(link.find("target")), weight


def _network(nodes, links, name):
    """Return the network of {node: (label, activation)} and [(source, target, weight)]."""
    labelled = {label.lower(): key for key, (label, _) in nodes.items() if label}
    labelled["brightness"] = labelled.get("ink", labelled.get("brightness"))
    missing = [label for label in (*INPUTS, "brightness") if labelled.get(label) is None]
    if missing:
        raise ValueError(f"it has no node labelled {', '.join(missing)}")
    inputs = [labelled[label] for label in INPUTS]
    heard = heard_by(nodes, links, inputs)
    y = labelled["y"]
    for sources in heard.values():
        if y in sources:
            sources[y] = -sources[y]
    functions = {key: function for key, (_, function) in nodes.items()}
    outputs = {label: labelled.get(label) for label in OUTPUTS}
    return graph_network(functions, heard, inputs, outputs, "hsv", name)
