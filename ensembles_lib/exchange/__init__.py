"""Networks to and from other tools: arrays of layers, code that paints, evolved genomes.

Read `layers` (with recipes for SIREN and Fourier features; `arrays` finds the layers in what other
libraries keep), `exports` (JSON, Python, JavaScript), and `picbreeder` with `neat_json` (both make
graphs, `genome_graphs`). What concerns a single network are methods of it:
`Network.from_layers`, ``network.to_layers()``, ``network.to_state_dict()``,
``network.export(path)``.
"""

from ..core import Network
from .exports import export
from .layers import from_layers, to_layers, to_state_dict
from .picbreeder import open_genome

__all__ = ["export", "from_layers", "open_genome", "to_layers", "to_state_dict"]

# `Network` names these methods and knows no other tool: what they do is the matter of this room.
Network.from_layers = staticmethod(from_layers)
Network.to_layers, Network.to_state_dict, Network.export = to_layers, to_state_dict, export
