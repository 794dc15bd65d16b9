"""Move weights and look: working ranges, sweeps, and the atlas of all synapses."""
