"""Evidence: what the verdicts are made of, gathered by experiments and stored beside the study.

By parts, a file each in study/evidence/ of the folder of the data: each cell of wiring and trainer,
what has no cells ("shared"), and networks that learnt other pictures ("others").
"""

import time
from functools import partial
from pathlib import Path

from tqdm.auto import tqdm

from ensembles_lib.study.evidence import (
    CONTROL_TRAITS,
    OTHER_GROUPS,
    OTHERS,
    SHARED,
    control_networks,
    gathered,
    parts_there,
)
from ensembles_lib.study.peacock_study import GROUPS, PICTURES, SIZE, Drawing, open_networks
from ensembles_lib.study.results import StaleResultsError

from . import (
    borders,
    comparing,
    components,
    ensembles,
    neurons,
    pictures,
    places,
    planted_truth,
    steadiness,
    synapses,
    wirings,
)
from .results import VERSIONS, store_json
from .studies import finished, study
from .trainings import open_picture
from .traits import TRAITS

TRAINED = {  # of each trained network of a cell
    "maps": pictures.measure_maps,
    "cancel": ensembles.measure_cancelling,
    "sweeps": synapses.measure_sweeps,
    "areas": ensembles.measure_areas,
    "mixtures": neurons.measure_mixtures,
    "places": places.measure_places,
    "starts": wirings.measure_starts,
    "components": components.measure_components,
    "exact": planted_truth.measure_exact,
    "exact_moves": planted_truth.measure_exact_moves,
    "worst": steadiness.measure_worst,
}
UNTRAINED = "sweeps", "areas"


def gather_evidence(data: str | Path, executor=None) -> None:
    """Measure untrained networks as the study does, repeat the experiments, store all numbers.

    The experiments are those of trials 1 to 7, over all networks of each cell. What is there
    and of today is kept, experiment by experiment; a run that is interrupted goes on with the part
    where it stopped.
    FileNotFoundError if the searches of find_ensembles.py are not there.

    Parameters
    ----------
    data
        The folder of the data.
    executor : Executor, optional
        What runs the measurements: that of `study`.

    Examples
    --------
    >>> gather_evidence(samples.path())  # some minutes a cell  # doctest: +SKIP
    """
    controls, drawing = control_networks(data), Drawing.open(data)
    every = {name: one for networks in controls.values() for name, one in networks.items()}
    traits = {name: TRAITS[name] for name in CONTROL_TRAITS}
    study(every, traits, drawing, Path(data) / "study" / "untrained", executor)
    there = {part: _there(part, data) for part in parts_there(data)}
    missing = {
        part: held for part, held in there.items() if set(_experiments(part, data)) - {*held}
    }
    with tqdm(total=len(missing), desc="gathering") as bar:
        calls = {part: (gather, part, str(data), list(held)) for part, held in missing.items()}
        for part, (found, seconds) in finished(calls, executor):
            provenance = gathered(part).made_from(data) | {
                "made_by": "tools/data/gather_evidence.py",
                "seconds": round(seconds, 1),
                "python": VERSIONS["python"],
                "numpy": VERSIONS["numpy"],
            }
            whole = {name: vars(of) for name, of in missing[part].items()} | found
            ordered = {name: whole[name] for name in _experiments(part, data)}
            store_evidence(data, part, {"provenance": provenance, "evidence": ordered})
            bar.update()


def gather(part, data, but=()):
    """Return the numbers of a part's experiments but some, and the seconds of processor time."""
    start = time.process_time()
    missing = {name: do for name, do in _experiments(part, data).items() if name not in but}
    return {name: do() for name, do in missing.items()}, time.process_time() - start


def _experiments(part, data):
    """Return the experiments of a part by name, each a function that carries it out."""
    if part == SHARED:
        return {
            "drawing": lambda: pictures.measure_drawing(Drawing.open(data)),
            "comparators": comparing.measure_comparators,
            "lines": borders.measure_lines,
            "planted": ensembles.measure_planted,
            "searches": lambda: ensembles.measure_searches(data),
            "quilts": planted_truth.measure_quilts,
            "small_sets": planted_truth.measure_small_sets,
            "names": lambda: components.measure_names(data),
        }
    if part == OTHERS:
        taught = {p: components.parts_of(open_picture(p, SIZE, data)) for p in PICTURES}
        measure = components.measure_parts
        return {p: partial(_of_each, measure, OTHER_GROUPS[p], data, taught[p]) for p in PICTURES}
    drawing = Drawing.open(data)
    groups = {"_untrained": f"untrained-{part.split('-')[0]}", "_scaled": f"scaled-{part}"}
    doing = {name: partial(_of_each, of, part, data, drawing) for name, of in TRAINED.items()}
    for kind, group in groups.items():
        doing |= {n + kind: partial(_of_each, TRAINED[n], group, data, drawing) for n in UNTRAINED}
    return doing | {
        "matches": lambda: components.measure_matches(open_networks(data, [part]), drawing)
    }


def _of_each(measure, group, data, context):
    """Return what is measured of each network of a group, lists by name."""
    networks = open_networks(data, [group]) if group in GROUPS else control_networks(data)[group]
    rows = [measure(network, context) for network in networks.values()]
    return {name: [row[name] for row in rows] for name in rows[0]}


def store_evidence(data, part, content):
    """Write a part of the evidence with its provenance to its file, numbers to five digits."""
    store_json(Path(data) / gathered(part).file, content, 5, indent=1)


def _there(part, data):
    """Return what is stored of a part and of today, by experiment."""
    try:
        return gathered(part).open(data)
    except StaleResultsError:
        return {}
