"""Oracles: names and recipes written down, a training done by hand, trainers that count calls."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import measuring.trainings as trainings
import numpy as np
import pytest
import train_networks
from measuring.trainings import (
    equal_trainings,
    is_trained,
    learn,
    recipe,
    size,
    start,
    train_missing,
)

from ensembles_lib import (
    Network,
    article_wiring,
    rmse,
    samples,
    scaled_wiring,
    train_levenberg_marquardt,
)
from ensembles_lib.study.peacock_study import (
    BACKPROP,
    CELLS,
    DOSES,
    GROUPS,
    LM,
    MAIN,
    RECIPES,
    SYNAPSES,
    TRAININGS,
    Training,
)
from ensembles_lib.study.results import StaleResultsError

DATA = samples.path()
SEEDS = [Training("narrow", seed=seed) for seed in range(4)]


@pytest.fixture
def data(tmp_path):
    """A folder with the pictures alone."""
    (tmp_path / "own").mkdir()
    for name in ("peacock.png", "own/lighthouse.png"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    return tmp_path


@pytest.fixture
def short(monkeypatch):
    """Trainers of one step at 16 pixels, and a list of the seeds that they were called with."""
    calls = []

    def count(start, picture, *arguments, **options):
        calls.append(options["seed"])
        return train_levenberg_marquardt(start, picture, *arguments, **options)

    monkeypatch.setattr(trainings, "size", lambda training: 16)
    monkeypatch.setattr(trainings, "TRAINERS", {LM: (count, {"iterations": 1})})
    return calls


@pytest.mark.parametrize(
    ("training", "group", "name"),
    [
        (Training("wide"), MAIN, "wide-levenberg-marquardt-0.001-seed0"),
        (Training("8", BACKPROP, "0", 5), "8-backprop-0", "8-backprop-0-seed5"),
        (
            Training("150 synapses", seed=2, target=0.12),
            "150 synapses-levenberg-marquardt-0.001-equal",
            "150-synapses-levenberg-marquardt-0.001-equal-seed2",
        ),
        (
            Training("narrow", picture="portrait"),
            "portrait-narrow-levenberg-marquardt-0.001",
            "portrait-narrow-levenberg-marquardt-0.001-seed0",
        ),
    ],
)  # fmt: skip
def test_names(training, group, name):
    assert (training.group, training.name) == (group, name)


@pytest.mark.parametrize(
    ("name", "wiring", "side"),
    [
        ("narrow", article_wiring(), 128),
        ("strict", article_wiring(2), 128),
        ("wide", article_wiring("wide"), 128),
        ("16", article_wiring(16), 128),
        ("150 synapses", scaled_wiring(150), 64),
    ],
)
def test_what_a_training_starts_from(name, wiring, side):
    training = Training(name, seed=3)
    assert start(training) == Network.random(wiring, seed=3) and size(training) == side


@pytest.mark.parametrize(
    ("wiring", "says"),
    [
        ("x synapses", "'x' synapses: give a whole number"),
        ("-3 synapses", "'-3' synapses: give a whole number"),
        ("²", "entry '²': give \"narrow\""),
        ("35", "entry 35: give \"narrow\""),
        ("nothing", "entry 'nothing': give \"narrow\""),
    ],
)  # fmt: skip
def test_wirings_that_do_not_exist(wiring, says):
    with pytest.raises(ValueError, match=says):
        start(Training(wiring))


def test_methods_and_pictures_that_do_not_exist(data):
    with pytest.raises(ValueError, match="method 'sgd': there are levenberg-marquardt, backprop"):
        recipe(Training("narrow", "sgd"), data)
    with pytest.raises(ValueError, match="method 'sgd': there are"):
        learn(Training("narrow", "sgd"), data)
    with pytest.raises(ValueError, match="picture 'cat': there are peacock, lighthouse, portrait"):
        learn(Training("narrow", picture="cat"), data)


def test_the_study_trains_each_network_once():
    names = [one.name for one in TRAININGS]
    assert len(set(names)) == len(names)
    assert {one.group for one in TRAININGS} <= set(GROUPS)
    for group in (*CELLS, *RECIPES, *(f"{dose}-{LM}-0.001" for dose in DOSES)):
        assert GROUPS[group] == [f"runs/{group}-seed{seed}" for seed in range(8)]
    sizes = {one.wiring: one.target for one in TRAININGS if "synapses" in one.wiring}
    assert sizes == {f"{n} synapses": 0.12 for n in SYNAPSES}
    assert {one.picture for one in TRAININGS} == {"peacock", "lighthouse", "portrait"}


def test_a_recipe_is_all_that_a_network_depends_on(data):
    pixels = samples.peacock(256).to_bytes()
    made = recipe(Training("narrow", BACKPROP, "0", 7), data)
    assert made == {
        "epochs": 1500,
        "learning_rate": 0.01,
        "method": "backprop",
        "energy_restriction": 0.0,
        "seed": 7,
        "picture": hashlib.sha256(pixels).hexdigest()[:16],
    }
    equal = recipe(Training("narrow", target=0.08), data)
    assert equal == {
        "iterations": 400,
        "method": "levenberg-marquardt",
        "energy_restriction": 0.001,
        "seed": 0,
        "picture": made["picture"],
        "target": 0.08,
    }
    lighthouse = recipe(Training("narrow", picture="lighthouse"), data)
    assert lighthouse["picture"] != made["picture"]


def test_learning_is_the_trainer_called_by_hand(data, short):
    training = Training("strict", restriction="0.1", seed=2)
    network, history = learn(training, data)
    picture = samples.peacock(16)
    first = Network.random(article_wiring("strict"), seed=2)
    again, _ = train_levenberg_marquardt(
        first, picture, 1, energy_restriction=0.1, seed=2, progress=False
    )
    np.testing.assert_array_equal(network.weights, again.weights)
    made = network.provenance
    assert made["rmse"] == round(rmse(network.paint(16), picture), 5)
    assert made["rms_weight"] == round(float(np.sqrt(np.mean(network.weights**2))), 4)
    assert (made["stopped"], made["steps"]) == (history.stopped, 1) and made["seconds"] >= 0
    assert made | recipe(training, data) == made


def test_a_target_stops_the_training(data, short):
    trainings.TRAINERS[LM] = (trainings.TRAINERS[LM][0], {"iterations": 50})
    free, _ = learn(Training("narrow"), data)
    stopped, _ = learn(Training("narrow", target=0.3), data)
    assert free.provenance["rmse"] < 0.2 < stopped.provenance["rmse"] <= 0.3
    assert stopped.provenance["steps"] < 50 and stopped.provenance["stopped"] == "target"


def test_what_is_there_is_not_trained_again(data, short):
    assert not any(is_trained(one, data) for one in SEEDS)
    found = dict(train_missing(SEEDS[:2], data))
    assert list(found) == [one.name for one in SEEDS[:2]] and short == [0, 1]
    for name, network in found.items():
        stored = Network.load(data / "runs" / f"{name}.npz")
        assert stored == network and stored.provenance == network.provenance
    assert [one.name for one in SEEDS[2:]] == [name for name, _ in train_missing(SEEDS, data)]
    assert short == [0, 1, 2, 3] and list(train_missing(SEEDS, data)) == []


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("method", "backprop"),
        ("energy_restriction", 0.0),
        ("seed", 1),
        ("iterations", 2),
        ("picture", "0" * 16),
        ("iterations", None),
    ],
)
def test_a_network_made_otherwise_is_stale(data, short, what, value):
    """Oracle: each thing that it depends on, changed in the file."""
    (training, *_), path = SEEDS, data / "runs" / f"{SEEDS[0].name}.npz"
    (network,) = dict(train_missing([training], data)).values()
    assert is_trained(training, data)
    Network(network.wiring, network.weights, network.provenance | {what: value}).save(path)
    assert not is_trained(training, data)
    assert len(list(train_missing([training], data))) == 1 and is_trained(training, data)


def test_another_picture_or_target_makes_stale(data, short):
    train = [Training("narrow"), Training("narrow", target=0.9)]
    assert len(dict(train_missing(train, data))) == 2
    assert not is_trained(train[1]._replace(target=0.8), data)
    samples.peacock(64).save(data / "peacock.png")
    assert not any(is_trained(one, data) for one in train)


def test_an_executor_trains_the_same(data, short, tmp_path_factory):
    alone = dict(train_missing(SEEDS, data))
    other = tmp_path_factory.mktemp("other")
    (other / "peacock.png").write_bytes((data / "peacock.png").read_bytes())
    with ThreadPoolExecutor(2) as pool:
        together = dict(train_missing(SEEDS, other, pool))
        assert list(train_missing(SEEDS, other, pool)) == []
    assert together == alone
    for name in alone:
        assert Network.load(other / "runs" / f"{name}.npz") == alone[name]


@pytest.mark.parametrize("workers", [None, 1])
def test_an_interrupted_study_goes_on(data, short, monkeypatch, workers):
    """Somebody stops the third training: two are kept, and the next call begins with the third."""
    count, length = trainings.TRAINERS[LM]

    def interrupted(*arguments, **options):
        if options["seed"] == 2:
            raise KeyboardInterrupt
        return count(*arguments, **options)

    monkeypatch.setitem(trainings.TRAINERS, LM, (interrupted, length))
    pool = workers and ThreadPoolExecutor(workers)
    with pytest.raises(KeyboardInterrupt):
        list(train_missing(SEEDS, data, pool))
    if pool:
        pool.shutdown()
    left = {path.stem for path in (data / "runs").iterdir()}
    assert left >= {SEEDS[0].name, SEEDS[1].name} and SEEDS[2].name not in left
    monkeypatch.setitem(trainings.TRAINERS, LM, (count, length))
    before = len(short)
    rest = [name for name, _ in train_missing(SEEDS, data)]
    assert set(rest) == {one.name for one in SEEDS} - left and len(short) - before == len(rest)


def test_equal_trainings_stop_at_the_largest_median(tmp_path, monkeypatch):
    """Oracle: errors planted in files, of which one group's median is the largest."""
    (tmp_path / "runs").mkdir()
    groups = [*(f"{dose}-{LM}-0.001" for dose in DOSES), *CELLS]
    with pytest.raises(StaleResultsError, match="train_networks.py"):
        equal_trainings(tmp_path)
    small = Network.random(article_wiring(), seed=0)
    for group in groups:
        for seed, path in enumerate(GROUPS[group]):
            error = (0.08 if group == CELLS[1] else 0.05) + 0.001 * seed
            made = {"rmse": error + (1 if seed == 7 else 0)}
            Network(small.wiring, small.weights, made).save(tmp_path / f"{path}.npz")
    equal = equal_trainings(tmp_path)
    assert {one.target for one in equal} == {0.0835}
    assert {one.group for one in equal} == {f"{group}-equal" for group in groups}
    assert len(equal) == 8 * len(set(groups))


def test_the_command_says_how_it_went(data, short, monkeypatch, capsys):
    monkeypatch.setattr(train_networks, "DATA", data)
    monkeypatch.setattr("sys.argv", ["train_networks.py", "--groups", SEEDS[0].group])
    train_networks.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and sorted(short) == list(range(8))
    made = Network.load(data / "runs" / f"{SEEDS[0].name}.npz").provenance
    assert lines[0].startswith(f"{SEEDS[0].name}: RMSE {made['rmse']:.4f}, rms weight")
    train_networks.main()
    assert capsys.readouterr().out == ""
