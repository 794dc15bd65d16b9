"""Graphs of nodes and links, as evolved networks are written down, as networks."""

from collections import Counter

from ..core import Network, Wiring


def graph_network(functions, heard, inputs, outputs, colours, name, shares=None):
    """Return the network of a graph, whose neurons are those that the outputs depend on.

    Nodes are tuples of words: `functions` are {node: activation}, `heard` {node: {source: weight}}.
    The last of the inputs is the constant 1; `outputs` are {label: node}, None where no node has
    that, which is 0. An output that other nodes listen to, that is two of them, or of which only a
    share is left, {node: factor}, is followed by an identity neuron of that weight.
    """
    functions, heard, shares = dict(functions), dict(heard), shares or {}
    alone = {key for key, times in Counter(outputs.values()).items() if times == 1}
    alone = {key for key in alone.difference(*heard.values()) if shares.get(key, 1) == 1}
    outputs = [
        key if key is not None and key in alone else _copy(label, key, shares, heard, functions)
        for label, key in outputs.items()
    ]
    hidden = [key for key in _in_order(outputs, heard, inputs) if key not in outputs]
    neurons = [*hidden, *outputs]
    numbers = {key: number for number, key in enumerate([*inputs, *neurons])}
    sources, weights = [], []
    for key in neurons:
        # A node without links sends its function of 0: a synapse of the constant that is 0.
        own = {numbers[source]: weight for source, weight in heard[key].items()}
        own = own or {len(inputs) - 1: 0.0}
        sources.append(sorted(own))
        weights += [own[source] for source in sorted(own)]
    kinds = [functions[key] for key in neurons]
    wiring = Wiring(sources, len(inputs), len(outputs), kinds, colours)
    return Network(wiring, weights, {"genome": name, "nodes": ["_".join(key) for key in neurons]})


def heard_by(nodes, links, inputs):
    """Return what each node listens to: {node: {source: weight}}; links between the same add up."""
    heard = {key: {} for key in nodes}
    for source, target, weight in links:
        if source not in nodes or target not in nodes or target in inputs:
            raise ValueError(f"the link from {'_'.join(source)} to {'_'.join(target)} cannot be")
        heard[target][source] = heard[target].get(source, 0.0) + weight
    return heard


def _copy(label, key, shares, heard, functions):
    """Return a new node for an output, which passes on what another sends, or is 0."""
    own = ("no node for", label) if key is None else ("copy of", label)
    functions[own], heard[own] = "identity", {} if key is None else {key: shares.get(key, 1.0)}
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
