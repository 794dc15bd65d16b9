"""Evolved networks: genomes in Picbreeder's XML, as networks that paint."""

import math
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from .._files import FileFormatError
from ..core.network import Network
from ..core.wiring import Wiring

MAX_BYTES = 1 << 24  # of a genome's XML; the largest published are some 100 kB
INPUTS = ("x", "y", "d", "bias")
OUTPUTS = ("hue", "saturation", "brightness")
# What its activation functions are called here.
FUNCTIONS = {
    "identity": "identity",
    "sin": "sine",
    "cos": "cosine",
    "gaussian": "bipolar gaussian",
    "sigmoid": "bipolar sigmoid",
    "tanh": "tanh",
}


class GenomeFileError(FileFormatError):
    """A genome that cannot be read or made a network of, with the reason."""


def open_genome(path):
    """Return the network that a Picbreeder genome describes.

    Picbreeder (Secretan et al. 2011, *Evol. Comput.* 19, 373) let visitors of a web site breed
    pictures; each is painted by a compositional pattern-producing network (Stanley 2007) of x,
    y, d = 1.4·√(x² + y²) and a bias, whose outputs are hue, saturation and brightness. Kumar et
    al. (2025, arXiv:2505.11581) publish some, each as one XML file in a zip archive.

    Neurons come in an order in which each listens only to those before it; those that no output
    depends on are left out. An output that other neurons listen to is followed by an identity
    neuron of weight 1, because outputs come last here. A grey genome (with the output "ink")
    gets hue and saturation neurons that listen to the bias with weight 0. Picbreeder's y grows
    downwards and ours upwards: links from y have the opposite sign here.

    Parameters
    ----------
    path : path
        Of the XML file, or of a zip archive that holds nothing else.

    Returns
    -------
    Network
        Its provenance names the nodes of the genome, neuron by neuron.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    GenomeFileError
        If the file is broken or no genome, has a loop, or uses an unknown activation function.

    Examples
    --------
    >>> network = open_genome("genome.zip")  # doctest: +SKIP
    >>> network.paint(256)  # doctest: +SKIP
    """
    try:
        genome = next(ElementTree.fromstring(_read(path)).iter("genome"))
        nodes = {_key(node.find("marking")): _node(node) for node in genome.iterfind("nodes/node")}
        links = [_link(link) for link in genome.iterfind("links/link")]
        return _network(nodes, links, Path(path).name)
    except (FileNotFoundError, IsADirectoryError, PermissionError, FileFormatError):
        raise
    except StopIteration:
        raise GenomeFileError(f"{path} is no genome: it has no element <genome>") from None
    except _BadGenome as error:
        raise GenomeFileError(f"{path} cannot be made a network: {error}") from None
    # Foreign files make the readers raise almost anything: the cause is kept.
    except Exception as error:
        raise GenomeFileError(f"{path} is not a genome in XML: {error}") from error


class _BadGenome(ValueError):
    """What is wrong with a genome; the file's name is added where it is known."""


def _read(path):
    if not zipfile.is_zipfile(path):
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    else:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) != 1:
                raise _BadGenome(f"the archive holds {len(names)} files, not 1")
            # What it announces may be a lie: read no more than is allowed.
            with archive.open(names[0]) as file:
                data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _BadGenome(f"it has more than {MAX_BYTES:,} bytes")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _BadGenome("it declares entities, which no genome needs")
    return data


def _key(element):
    """Return the name of a node: its branch and number."""
    if element is None or element.get("id") is None:
        raise _BadGenome("a node or link lacks a number (id)")
    return element.get("branch", ""), element.get("id")


def _node(node):
    """Return the label of a node and its activation function."""
    text = (node.findtext("activation") or "").strip()
    name = text.removesuffix("(x)")
    if name not in FUNCTIONS:
        known = ", ".join(f"{one}(x)" for one in FUNCTIONS)
        raise _BadGenome(f"activation function {text!r}: known are {known}")
    return node.get("label") or "", FUNCTIONS[name]


def _link(link):
    """Return source, target and weight."""
    weight = float(link.findtext("weight") or "nan")
    if not math.isfinite(weight):
        raise _BadGenome(f"a link has the weight {link.findtext('weight')!r}, no finite number")
    return _key(link.find("source")), _key(link.find("target")), weight


def _network(nodes, links, name):
    """Return the network of {node: (label, activation)} and [(source, target, weight)]."""
    labelled = {label: key for key, (label, _) in nodes.items() if label}
    if "ink" in labelled:
        labelled["brightness"] = labelled.pop("ink")
    missing = [label for label in (*INPUTS, "brightness") if label not in labelled]
    if missing:
        raise _BadGenome(f"it has no node labelled {', '.join(missing)}")
    inputs = [labelled[label] for label in INPUTS]
    heard = {key: {} for key in nodes}
    for source, target, weight in links:
        if source not in nodes or target not in nodes or target in inputs:
            raise _BadGenome(f"the link from {'_'.join(source)} to {'_'.join(target)} cannot be")
        # Several links between the same two add up.
        heard[target][source] = heard[target].get(source, 0.0) + weight
    functions = {key: function for key, (_, function) in nodes.items()}
    outputs = []
    for label in OUTPUTS:
        key = labelled.get(label)
        if key is None:
            key = ("no node for", label)
            functions[key], heard[key] = "identity", {}
        elif any(key in sources for sources in heard.values()):
            copy = ("copy of", label)
            functions[copy], heard[copy] = "identity", {key: 1.0}
            key = copy
        outputs.append(key)
    hidden = [key for key in _in_order(outputs, heard, inputs) if key not in outputs]
    order = {key: number for number, key in enumerate([*inputs, *hidden, *outputs])}
    sources, weights = [], []
    for key in (*hidden, *outputs):
        own = sorted((order[source], weight) for source, weight in heard[key].items())
        # A node without links sends its function of 0: a synapse of the bias that is 0.
        own = own or [(order[labelled["bias"]], 0.0)]
        sources.append([source for source, _ in own])
        weights += [-weight if source == order[labelled["y"]] else weight for source, weight in own]
    used = [functions[key] for key in (*hidden, *outputs)]
    wiring = Wiring(sources, len(INPUTS), len(OUTPUTS), used, "hsv")
    about = {"genome": name, "nodes": ["_".join(key) for key in (*hidden, *outputs)]}
    return Network(wiring, weights, about)


def _in_order(outputs, heard, inputs):
    """Return all nodes that the outputs depend on, each after those that it listens to."""
    order, done, open_ = [], set(inputs), []
    stack = [(key, iter(heard[key])) for key in outputs[::-1]]
    while stack:
        key, rest = stack[-1]
        if key not in open_:
            open_.append(key)
        following = next((source for source in rest if source not in done), None)
        if following is None:
            stack.pop()
            open_.remove(key)
            done.add(key)
            order.append(key)
        elif following in open_:
            loop = " to ".join("_".join(one) for one in open_[open_.index(following) :])
            raise _BadGenome(f"its links run in a loop: {loop} and back")
        else:
            stack.append((following, iter(heard[following])))
    return order
