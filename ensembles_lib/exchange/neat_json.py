"""Evolved networks: what neat-python exports as JSON, as networks that paint."""

import json
import math

from .genome_graphs import graph_network, heard_by

# What its activation functions are called here, the factor of their net input, and their own:
# its sigmoid is 1/(1 + exp(-5z)), its softplus log(1 + exp(5z))/5.
FUNCTIONS = {
    "sigmoid": ("sigmoid", 5, 1), "tanh": ("tanh", 2.5, 1), "sin": ("sine", 5, 1),
    "gauss": ("gaussian", math.sqrt(5), 1), "relu": ("relu", 1, 1),
    "softplus": ("softplus", 5, 0.2), "identity": ("identity", 1, 1),
}  # fmt: skip
ONE = ("one",)  # the constant; nodes of the file have numbers


def json_network(data, name):
    """Return the network of some bytes of JSON; see `open_genome`. Any exception if it is none."""
    found = json.loads(data)
    version = found.get("format_version") if isinstance(found, dict) else None
    if not (isinstance(version, str) and version.startswith("1.")):
        raise ValueError(
            f"it is JSON of format_version {version!r}: of genomes as JSON the only format with a "
            "published description is neat-python's export, version 1.0"
        )
    if found["network_type"] != "feedforward":
        raise ValueError(f"it is a network of type {found['network_type']!r}, not feedforward")
    nodes = [_node(node) for node in found["nodes"] if node["type"] != "input"]
    inputs, outputs = ([_key(one) for one in found["topology"][f"{side}put_keys"]]
                       for side in ("in", "out"))  # fmt: skip
    if len(inputs) != 2 or len(outputs) not in (1, 3):
        raise ValueError(
            f"it has {len(inputs)} inputs and {len(outputs)} outputs: to paint it needs x and y, "
            "and a grey or red, green and blue"
        )
    links = [_link(link) for link in found["connections"] if link["enabled"] is not False]
    keys = {*inputs, *(key for key, *_ in nodes)}
    if len(keys) != len(inputs) + len(nodes) or not keys.issuperset(outputs):
        raise ValueError("a node is there twice, or an output is not there")
    heard, functions, shares = heard_by(keys, links, inputs), {}, dict.fromkeys(inputs, 1.0)
    shares |= {key: share for key, _, (_, _, share), _, _ in nodes}
    _, y = inputs
    for key, _, (functions[key], factor, _), bias, response in nodes:
        own = {source: factor * response * weight * shares[source] * (-1 if source == y else 1)
               for source, weight in heard[key].items()}  # fmt: skip
        heard[key] = {**own, ONE: factor * bias} if bias else own
    named = dict(zip(("red", "green", "blue"), outputs * (3 // len(outputs)), strict=True))
    return graph_network(functions, heard, [*inputs, ONE], named, "signed", name, shares)


def _key(number):
    """Return a node by its number."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"a node is called {number!r}: give whole numbers")
    return (str(number),)


def _node(node):
    """Return key, name of the function, what it is here, bias and response of a node."""
    key, kind, total = _key(node["id"]), node["activation"], node["aggregation"]
    if kind["custom"] or kind["name"] not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise ValueError(f"activation function {kind['name']!r}: known are {known}")
    if total["custom"] or total["name"] != "sum":
        raise ValueError(f"node {key[0]} takes the {total['name']} of what it hears: known is sum")
    number = f"of node {key[0]}"
    bias = _number(node["bias"], f"the bias {number}")
    response = _number(node["response"], f"the response {number}")
    return key, kind["name"], FUNCTIONS[kind["name"]], bias, response


def _link(link):
    """Return source, target and weight."""
    return _key(link["from"]), _key(link["to"]), _number(link["weight"], "the weight of a link")


def _number(value, what):
    """Return a number as float, or raise a ValueError if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{what} is {value!r}, no finite number")
    return float(value)
