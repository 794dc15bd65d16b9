"""The article's 33 claims, in our words, and the rule by which each is judged."""

from . import analysis, data, found, synapses, thought
from .register import CLAIMS
