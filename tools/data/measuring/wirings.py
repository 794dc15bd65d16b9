"""What a wiring gives to networks that have learnt nothing."""

from ensembles_lib.properties import geometry_share
from ensembles_lib.study.claims.wirings import FIRST
from ensembles_lib.study.peacock_study import FINE
from ensembles_lib.study.profiles import start_as_steep


def measure_starts(network, drawing):
    """The share of geometry that a network's own start has, with weights as large as trained."""
    return {"share": geometry_share(start_as_steep(network), FINE, FIRST).mean()}
