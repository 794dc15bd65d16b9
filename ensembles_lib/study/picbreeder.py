"""Evolved networks: genomes in Picbreeder's XML, as networks that paint."""

import codecs
import math
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from .._files import reading
from ..core import Network, Wiring

MAX_BYTES = 1 << 24  # of a genome's XML; the largest published are some 100 kB
DECLARATION = rb"<\?xml\s[^?>]*\?>"
ENCODING = rb"\s*<\?xml\s[^?>]*encoding=[\"']([\w.:-]+)"
INPUTS = ("x", "y", "d", "bias")
OUTPUTS = ("hue", "saturation", "brightness")
# What its activation functions are called here.
FUNCTIONS = {
    "identity": "identity", "sin": "sine", "cos": "cosine", "gaussian": "bipolar gaussian",
    "sigmoid": "bipolar sigmoid", "tanh": "tanh",
}  # fmt: skip


def open_genome(path: str | Path) -> Network:
    """Return the network that a Picbreeder genome describes.

    Picbreeder (Secretan et al. 2011, *Evol. Comput.* 19, 373) let visitors of a web site breed
    pictures; each is painted by a compositional pattern-producing network (Stanley 2007) of x,
    y, d = 1.4·√(x² + y²) and a bias, whose outputs are hue, saturation and brightness. Kumar et
    al. (2025, arXiv:2505.11581) publish some, each as one XML file in a zip archive.

    The network's provenance names the nodes of the genome, neuron by neuron: in an order in which
    each listens only to those before it, without those that no output depends on. An output that
    other neurons listen to is followed by an identity neuron of weight 1, because outputs come last
    here. A grey genome (with the output "ink") gets hue and saturation neurons that listen to the
    bias with weight 0. Picbreeder's y grows downwards and ours upwards: links from y have the
    opposite sign here.

    The file is XML, or a zip archive that holds one such file, beside whatever file managers put
    there. Programs write more than XML allows, which is read all the same: several elements one
    after the other (as the editor CPPN-X does: Huizinga et al. 2018, *Artif. Life* 24, 157), a
    declaration that does not come first, and & in a note. FileFormatError if the file is broken,
    holds no genome or several, has a loop, or uses an unknown activation function.

    Examples
    --------
    >>> open_genome(samples.path("own/genome.zip")).provenance["nodes"][-3:]
    ['1_4', '1_5', '1_6']
    """
    with reading(path, "a genome in XML"):
        genomes = list(_parse(_read(path)).iter("genome"))
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
            names = [name for name in names if name.lower().endswith(".xml")] or names
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
    """Return an element that holds all the elements in some bytes of XML."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16").encode()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it declares entities, which no genome needs")
    declared = re.match(ENCODING, data)
    encoding = declared[1].decode() if declared else "utf-8"
    if encoding.lower().startswith("utf-16"):  # but it was read byte by byte
        encoding = "utf-8"
    data = re.sub(DECLARATION, b"", data).replace(b"&", b"&amp;")  # nothing read has an entity
    return ElementTree.fromstring(
        b"<file>%b</file>" % data, ElementTree.XMLParser(encoding=encoding)
    )


def _key(element):
    """Return the name of a node: its branch and number."""
    if element is None or element.get("id") is None:
        raise ValueError("a node or link lacks a number (id)")
    return element.get("branch", ""), element.get("id")


def _node(node):
    """Return the label of a node and its activation function."""
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
    labelled = {label: key for key, (label, _) in nodes.items() if label}
    labelled["brightness"] = labelled.get("ink", labelled.get("brightness"))
    missing = [label for label in (*INPUTS, "brightness") if labelled.get(label) is None]
    if missing:
        raise ValueError(f"it has no node labelled {', '.join(missing)}")
    inputs = [labelled[label] for label in INPUTS]
    heard = _heard(nodes, links, inputs)
    functions = {key: function for key, (_, function) in nodes.items()}
    outputs = [_output(label, labelled.get(label), heard, functions) for label in OUTPUTS]
    hidden = [key for key in _in_order(outputs, heard, inputs) if key not in outputs]
    neurons = [*hidden, *outputs]
    numbers = {key: number for number, key in enumerate([*inputs, *neurons])}
    _, y, _, bias = range(len(INPUTS))
    sources, weights = [], []
    for key in neurons:
        # A node without links sends its function of 0: a synapse of the bias that is 0.
        own = {numbers[source]: weight for source, weight in heard[key].items()} or {bias: 0.0}
        sources.append(sorted(own))
        weights += [-own[source] if source == y else own[source] for source in sorted(own)]
    wiring = Wiring(sources, len(INPUTS), len(OUTPUTS), [functions[key] for key in neurons], "hsv")
    return Network(wiring, weights, {"genome": name, "nodes": ["_".join(key) for key in neurons]})


def _heard(nodes, links, inputs):
    """Return what each node listens to: {node: {source: weight}}; links between the same add up."""
    heard = {key: {} for key in nodes}
    for source, target, weight in links:
        if source not in nodes or target not in nodes or target in inputs:
            raise ValueError(f"the link from {'_'.join(source)} to {'_'.join(target)} cannot be")
        heard[target][source] = heard[target].get(source, 0.0) + weight
    return heard


def _output(label, key, heard, functions):
    """Return the node of an output, a new one where there is none or where others listen to it."""
    if key is not None and not any(key in sources for sources in heard.values()):
        return key
    own = ("no node for", label) if key is None else ("copy of", label)
    functions[own], heard[own] = "identity", {} if key is None else {key: 1.0}
    return own


def _in_order(outputs, heard, inputs):
    """Return all nodes that the outputs depend on, each after those that it listens to."""
    order = {}

    def visit(key, way):  # the way from the output to the node that is looked at
        if key in way:
            loop = " to ".join("_".join(key) for key in way[way.index(key) :])
            raise ValueError(f"its links run in a loop: {loop} and back")
        if key not in order and key not in inputs:
            for source in heard[key]:
                visit(source, [*way, key])
            order[key] = True

    for output in outputs:
        visit(output, [])
    return list(order)
