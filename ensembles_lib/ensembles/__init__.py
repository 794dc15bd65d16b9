"""Which synapses hold a property, how it is moved alone, and bases of such moves."""
