"""Measure networks that others evolved beside networks that learnt the same pictures.

    python tools/data/compare_evolved.py FOLDER [OTHERS] [--jobs 2]

FOLDER holds Picbreeder genomes as Kumar et al. (2025, arXiv:2505.11581) publish them in the
repository of that paper (picbreeder_genomes/: apple.zip, butterfly.zip, skull.zip). They are not
part of this project; only what is measured of them is stored, in data/study/evolved.json. Of
genomes in OTHERS, such as those that come with CPPN-X (Huizinga et al. 2018, *Artif. Life* 24,
157), the geometry alone is measured. What the file holds of the same genome by today's measures
is kept.

For each genome's picture, networks learn it from random starts: the article's wiring in which all
neurons hear the coordinates by Levenberg–Marquardt, and layers of 16 neurons by scikit-learn, where
that is installed (extra "bench"). All get the same properties: those suggested for the regions of
the picture that all of them can show, independent on the evolved network. Expected before anything
was measured: the evolved networks' synapses move fewer properties and more of the picture, and keep
left and right alike where the picture is.

Geometry is compared with networks of the article's wirings by both trainers, which are stopped at
one error, `target`: the largest of the groups' medians. A picture's `geometry` is a list of rows,
the evolved network first, then three networks a group (`who` such as "narrow, backprop"): what
`geometry_profile` says of them. `geometry_at_the_end` has the same networks, not stopped. Controls
are in `untrained`: of a network that learnt, its own start; of the evolved one, three of its wiring
with random weights that paint; all scaled to the weights of the network beside them. What was
expected is in data/study/PREDICTIONS.md.

`mirror_untrained` is the control of ``mirror`` in the evolved network's own wiring: the first
random networks, and the first whose picture is as alike left and right as the evolved one's.
"""

import argparse
import hashlib
import json
import os
from contextlib import suppress
from itertools import product
from operator import itemgetter
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

import numpy as np
from measuring.profiles import geometry_profile
from measuring.trainings import TRAINERS
from workers import add_workers, executor

from ensembles_lib import (
    Network,
    article_wiring,
    colour_property,
    open_genome,
    rmse,
    train_levenberg_marquardt,
)
from ensembles_lib._files import write_json
from ensembles_lib.ensembles.suggested_properties import suggest_properties
from ensembles_lib.properties.suggestions import suggest_regions
from ensembles_lib.study.peacock_study import BACKPROP, LM
from ensembles_lib.study.profiles import (
    GEOMETRY_VERSION,
    VERSION,
    profile,
    scaled_to,
)

OUT = Path(__file__).resolve().parents[2] / "data" / "study" / "evolved.json"
SIZE, SEEDS, ITERATIONS, REGIONS = 64, range(3), 60, 6
GROUPS = [*product(("narrow", "wide"), (LM, BACKPROP))]
LENGTHS = {LM: {"iterations": 60}, BACKPROP: {"epochs": 400}}
DRAWS, KEPT = 400, 12  # random networks in an evolved wiring, at most, and of each kind kept
PLAIN = 0.05  # deviation of colours below which a picture counts as none
ENDINGS = (".zip", ".xml")


def learnt(picture):
    """Yield (who trained it, seed, network) for networks that learnt a picture."""
    for seed in SEEDS:
        start = Network.random(article_wiring("wide"), seed=seed)
        network, _ = train_levenberg_marquardt(
            start, picture, ITERATIONS, seed=seed, progress=False
        )
        yield "ours, 460 synapses", seed, network
    try:
        from sklearn.neural_network import MLPRegressor
    except ImportError:
        print('scikit-learn (extra "bench") is not installed: its networks are left out')
        return
    points, colours = network.inputs(SIZE)[:2].T, picture.pixels.reshape(-1, 3)
    for seed in SEEDS:
        model = MLPRegressor(
            hidden_layer_sizes=(16, 16, 16),
            activation="tanh",
            learning_rate_init=0.01,
            max_iter=300,
            n_iter_no_change=50,
            random_state=seed,
        ).fit(points, colours)
        layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
        kinds = ["tanh"] * 3 + ["identity"]
        yield "scikit-learn, layers", seed, Network.from_layers(layers, kinds)


def measurable(properties, networks):
    """Return the properties that can be measured on all of these networks."""
    kept = []
    for one in properties:
        try:
            for network in networks:
                one.measure(network.paint(SIZE).pixels)
            kept.append(one)
        except ValueError:  # one of them does not show the border
            continue
    return kept


def mirror_of(picture):
    """Return the share of a picture's variance that is alike left and right."""
    pixels = picture.pixels - picture.pixels.mean(axis=(0, 1))
    return float(np.sum(((pixels + pixels[:, ::-1]) / 2) ** 2) / np.sum(pixels**2))


def profiles(evolved, name):
    """Return the profiles of an evolved network and of those that learnt its picture."""
    picture = evolved.paint(SIZE)
    trained = list(learnt(picture))
    networks = [evolved, *(network for _, _, network in trained)]
    suggested = suggest_properties(evolved, suggest_regions(picture, REGIONS), SIZE)
    properties = measurable(suggested, networks)
    rows = []
    for who, seed, network in [("evolved", None, evolved), *trained]:
        found = {"rmse": rmse(network.paint(SIZE), picture), **profile(network, properties, SIZE)}
        about = {"who": who, "seed": seed, "synapses": network.wiring.n_synapses}
        rows.append(about | rounded(found))
        print(name, rows[-1], flush=True)
    return {
        "properties": [one.name for one in properties],
        "mirror_of_picture": round(mirror_of(picture), 5),
        "networks": rows,
    }


def rounded(numbers):
    """Return a dict of numbers to five decimals."""
    return {name: round(value, 5) for name, value in numbers.items()}


def course(task):
    """Train one network; return the start and, as it learnt, errors with networks, the best last.

    Of (wiring, trainer), seed and picture.
    """
    (entry, method), seed, picture = task
    start, records = Network.random(article_wiring(entry), seed=seed), []
    TRAINERS[method][0](
        start,
        picture,
        **LENGTHS[method],
        seed=seed,
        progress=False,
        callback=lambda network, error: records.append((error, network)),
    )
    print(entry, method, seed, min(records, key=itemgetter(0))[0], flush=True)
    best = [records[0]]
    for record in records:
        if record[0] < best[-1][0]:
            best.append(record)
    return start, best


def of_learnt(group, seed, picture, start, network):
    """Return the row of a network that learnt, with its start as steep as it is."""
    rms = float(np.sqrt(np.mean(network.weights**2)))
    found = {"rmse": rmse(network.paint(SIZE), picture), "rms_weight": rms}
    found |= geometry_profile(network)
    row = {"who": ", ".join(group), "seed": seed, "synapses": start.wiring.n_synapses}
    return row | rounded(found) | {"untrained": rounded(geometry_profile(scaled_to(start, rms)))}


def of_evolved(evolved):
    """Return the row of an evolved network; its control are three that paint, in its wiring."""
    rms = float(np.sqrt(np.mean(evolved.weights**2)))
    above_half = geometry_profile(evolved)["above_half"]
    row = {"who": "evolved", "seed": None, "synapses": evolved.wiring.n_synapses, "rmse": 0.0}
    row |= rounded({"rms_weight": rms, "above_half": above_half})
    controls, seed = [], 0
    while len(controls) < len(SEEDS):
        random = scaled_to(Network.random(evolved.wiring, seed=seed), rms)
        with suppress(ValueError):  # one that paints one colour is no control
            controls.append(round(geometry_profile(random)["above_half"], 5))
        seed += 1
    return row | {"untrained": {"above_half": controls}}


def mirrors(evolved):
    """Return how alike left and right random weights in the wiring of an evolved network change.

    Of the first that paint, and of the first whose picture is as alike as the evolved one's.
    """
    grey = [colour_property(np.ones((SIZE, SIZE), bool), np.full(3, 1 / 3), "grey")]
    rms, own = np.sqrt(np.mean(evolved.weights**2)), mirror_of(evolved.paint(SIZE))
    found, drawn = {"any": [], "as_symmetric": []}, 0
    while drawn < DRAWS and len(found["as_symmetric"]) < KEPT:
        random = scaled_to(Network.random(evolved.wiring, seed=drawn), rms)
        picture, drawn = random.paint(SIZE), drawn + 1
        if picture.pixels.std() < PLAIN:
            continue
        kinds = {"any": True, "as_symmetric": mirror_of(picture) >= own}
        kinds = [kind for kind, is_so in kinds.items() if is_so and len(found[kind]) < KEPT]
        alike = round(profile(random, grey, SIZE)["mirror"], 5) if kinds else None
        for kind in kinds:
            found[kind].append(alike)
    print(drawn, found, flush=True)
    return {"mirror_untrained": found | {"drawn": drawn}}


def geometry(evolved, run):
    """Return the geometry of an evolved network and of those that learnt its picture."""
    picture, who = evolved.paint(SIZE), [*product(GROUPS, SEEDS)]
    courses = dict(zip(who, run(course, [(*one, picture) for one in who]), strict=True))
    ends = {group: np.median([courses[group, s][1][-1][0] for s in SEEDS]) for group in GROUPS}
    target = float(max(ends.values()))

    def rows(choose):
        return [
            of_learnt(*one, picture, start, choose(best)[1])
            for one, (start, best) in courses.items()
        ]

    # Who never comes so far is taken at the end.
    equal = rows(lambda best: next((one for one in best if one[0] <= target), best[-1]))
    return {
        "target": round(target, 5),
        "geometry": [of_evolved(evolved), *equal],
        "geometry_at_the_end": rows(itemgetter(-1)),
    }


def genomes(folder):
    """Return the paths of the genomes in a folder, by name; ValueError if there are none."""
    paths = {p.stem: p for p in sorted(Path(folder).iterdir()) if p.suffix.lower() in ENDINGS}
    if not paths:
        raise ValueError(f"{folder} holds no genomes ({', '.join(ENDINGS)})")
    return paths


def main():
    """Measure all genomes of a folder, and the geometry of others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=genomes)
    parser.add_argument("others", type=genomes, nargs="?", default={})
    add_workers(parser)
    asked = parser.parse_args()
    held = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    found = {"version": VERSION, "geometry_version": GEOMETRY_VERSION, "pictures": {}}
    found["others"] = {} if asked.others else held.get("others", {})
    pictures = []
    with executor(asked) as pool:
        for name, path in asked.folder.items():
            sha, evolved = hashlib.sha256(path.read_bytes()).hexdigest(), open_genome(path)
            old = held.get("pictures", {}).get(name, {})
            same = old.get("sha256") == sha
            of_today = same and held.get("version") == VERSION
            part = old if of_today else {"sha256": sha, **profiles(evolved, name)}
            if not (same and "geometry" in old and held["geometry_version"] == GEOMETRY_VERSION):
                part = part | geometry(evolved, pool.map if pool else map)
            if not (of_today and "mirror_untrained" in old):
                part = part | mirrors(evolved)
            found["pictures"][name] = part
            pictures.append(evolved.paint(SIZE).pixels)
    for name, path in asked.others.items():
        evolved = open_genome(path)
        pixels = evolved.paint(SIZE).pixels
        if not any(np.allclose(pixels, one) for one in pictures):
            found["others"][name] = of_evolved(evolved)
            print(name, found["others"][name], flush=True)
    write_json(OUT, found, indent=1)


if __name__ == "__main__":
    main()
