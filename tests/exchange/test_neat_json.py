"""Networks that neat-python exported as JSON, of our own making; and what is none."""

import copy
import json
import math
import zipfile

import numpy as np
import pytest

from ensembles_lib import FileFormatError, Network, open_genome

SIDE = 7
FORMULAS = {  # as the description of the format has them
    "sigmoid": lambda z: 1 / (1 + math.exp(-5 * z)),
    "tanh": lambda z: math.tanh(2.5 * z),
    "sin": lambda z: math.sin(5 * z),
    "gauss": lambda z: math.exp(-5 * z**2),
    "relu": lambda z: max(0.0, z),
    "softplus": lambda z: 0.2 * math.log(1 + math.exp(5 * z)),
    "identity": lambda z: z,
}


def node(number, kind, function="identity", bias=0.0, response=1.0):
    return {
        "id": number,
        "type": kind,
        "activation": {"name": function, "custom": False},
        "aggregation": {"name": "none" if kind == "input" else "sum", "custom": False},
        "bias": bias,
        "response": response,
    }


def link(source, target, weight, enabled=True):
    return {"from": source, "to": target, "weight": weight, "enabled": enabled}


def genome(functions=("tanh", "sin", "softplus"), links=()):
    """Return a genome of two hidden nodes and as many outputs as functions."""
    outputs = [node(k, "output", f, 0.1 * k - 0.1, 1 + k / 4) for k, f in enumerate(functions)]
    return {
        "format_version": "1.0",
        "network_type": "feedforward",
        "metadata": {"created_timestamp": "2025-01-01T00:00:00Z"},
        "topology": {
            "num_inputs": 2,
            "num_outputs": len(functions),
            "input_keys": [-1, -2],
            "output_keys": list(range(len(functions))),
        },
        "nodes": [
            *outputs,
            node(7, "hidden", "softplus", -0.3, 0.5),
            node(9, "hidden", "gauss", 0.2),
            *(node(k, "input") for k in (-1, -2)),
        ],
        "connections": [
            link(-1, 7, 0.7), link(-2, 7, -1.2), link(-2, 9, 0.9), link(7, 9, 1.5),
            *(link(source, k, 0.4 * k - 0.9 + source / 9)
              for k in range(len(functions)) for source in (7, 9, -1)),
            link(-2, 0, 5.0, enabled=False),
            *links,
        ],
    }  # fmt: skip


def outputs_at(found, x, down):
    """Return the outputs at a place, node by node, as neat-python computes them."""
    sent, own = {-1: x, -2: down}, {one["id"]: one for one in found["nodes"]}

    def value(number):
        if number not in sent:
            total = sum(
                one["weight"] * value(one["from"])
                for one in found["connections"]
                if one["to"] == number and one["enabled"]
            )
            this = own[number]
            net_input = this["bias"] + this["response"] * total
            sent[number] = FORMULAS[this["activation"]["name"]](net_input)
        return sent[number]

    return [value(number) for number in found["topology"]["output_keys"]]


def opened(tmp_path, found):
    path = tmp_path / "genome.json"
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    return open_genome(path)


def check(network, found):
    """Oracle: the places of its example picture2d, corner to corner, with the math module."""
    pixels = network.paint(SIDE, extent=SIDE / (SIDE - 1)).pixels
    for row in range(SIDE):
        for column in range(SIDE):
            x, down = -1 + 2 * column / (SIDE - 1), -1 + 2 * row / (SIDE - 1)
            outputs = outputs_at(found, x, down)
            wanted = np.clip(outputs if len(outputs) == 3 else outputs * 3, -1, 1)
            np.testing.assert_allclose(pixels[row, column], wanted, atol=1e-12)


@pytest.mark.parametrize(
    "functions",
    [
        ("tanh", "sin", "identity"),
        ("sigmoid", "gauss", "relu"),
        ("softplus", "tanh", "softplus"),  # whose factor stands behind an output
        ("sin",),  # grey
        ("softplus",),
    ],
)
def test_a_genome_paints_what_its_nodes_compute(functions, tmp_path):
    found = genome(functions)
    network = opened(tmp_path, found)
    check(network, found)
    assert np.ptp(network.paint(16).pixels) > 0.1  # no flat picture
    assert network.wiring.n_inputs == 3 and network.wiring.colours == "signed"


def test_an_output_may_be_listened_to(tmp_path):
    found = genome(links=[link(0, 1, 0.6), link(2, 0, -0.8)])
    network = opened(tmp_path, found)
    check(network, found)
    found["format_version"], found["metadata"]["more"] = "1.7", [1]  # what a later one may add
    (tmp_path / "zipped.zip").touch()
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        archive.writestr("genome.json", "\ufeff \n" + json.dumps(found))
    assert open_genome(tmp_path / "zipped.zip") == network


def test_a_network_of_neat_python(tmp_path):
    """Oracle: neat-python's own answers, and its own export."""
    neat = pytest.importorskip("neat")
    from neat.export import export_network_json

    evaluated = [
        (7, neat.activations.softplus_activation, neat.aggregations.sum_aggregation, 0.2, 0.7,
         [(-1, 1.1), (-2, -0.4)]),
        *((k, function, neat.aggregations.sum_aggregation, 0.1 * k, 1.2, [(7, k - 0.7), (-2, 0.5)])
          for k, function in enumerate((neat.activations.sigmoid_activation,
                                        neat.activations.tanh_activation,
                                        neat.activations.gauss_activation))),
    ]  # fmt: skip
    theirs = neat.nn.FeedForwardNetwork([-1, -2], [0, 1, 2], evaluated)
    export_network_json(theirs, str(tmp_path / "theirs.json"))
    pixels = open_genome(tmp_path / "theirs.json").paint(9, extent=9 / 8).pixels
    for row, down in enumerate(np.linspace(-1, 1, 9)):
        for column, x in enumerate(np.linspace(-1, 1, 9)):
            np.testing.assert_allclose(pixels[row, column], theirs.activate([x, down]), atol=1e-12)


def changed(**changes):
    return {**genome(), **changes}


def with_node(**changes):
    found = copy.deepcopy(genome())
    found["nodes"][3].update(changes)
    return found


@pytest.mark.parametrize(
    "found, says",
    [
        ({"nodes": [], "connections": []}, "format_version None: .*only format with a published"),
        (changed(format_version="2.0"), "format_version '2.0'"),
        (changed(format_version=1), "format_version 1:"),
        ([], "format_version None"),
        (changed(network_type="recurrent"), "of type 'recurrent', not feedforward"),
        (changed(topology={"input_keys": [-1, -2, -3], "output_keys": [0]}), "3 inputs and 1 out"),
        (changed(topology={"input_keys": [-1, -2], "output_keys": [0, 1]}), "2 inputs and 2 out"),
        (changed(topology={"input_keys": [-1, -2], "output_keys": [5]}), "an output is not there"),
        (changed(nodes=genome()["nodes"] + [node(7, "hidden")]), "a node is there twice"),
        (with_node(activation={"name": "hat", "custom": False}), "'hat': known are sigmoid, tanh"),
        (with_node(activation={"name": "tanh", "custom": True}), "function 'tanh': known"),
        (with_node(aggregation={"name": "max", "custom": False}), "takes the max of .* sum"),
        (with_node(bias="0"), "the bias of node 7 is '0', no finite number"),
        (with_node(response=True), "the response of node 7 is True"),
        (with_node(id=7.0), "a node is called 7.0: give whole numbers"),
        (with_node(id=True), "a node is called True"),
        (genome(links=[link(-1, 7, math.nan)]), "weight of a link is nan"),
        (genome(links=[link(-1, 8, 1.0)]), "link from -1 to 8 cannot be"),
        (genome(links=[link(7, -1, 1.0)]), "link from 7 to -1 cannot be"),
        (genome(links=[link(9, 7, 1.0)]), "in a loop: "),
        (changed(connections=[{}]), "'enabled'"),
        ("{", "not a genome in XML or JSON: "),
    ],
)
def test_what_is_no_such_genome_is_said(found, says, tmp_path):
    with pytest.raises(FileFormatError, match=says) as caught:
        opened(tmp_path, found)
    assert "genome.json" in str(caught.value)


def test_a_pickle_is_said_to_be_one(tmp_path):
    import pickle

    for protocol in (2, 3, 4, 5):
        (tmp_path / "winner.pkl").write_bytes(pickle.dumps(Network, protocol))
        with pytest.raises(FileFormatError, match="it is a pickle, .*export it as JSON"):
            open_genome(tmp_path / "winner.pkl")
