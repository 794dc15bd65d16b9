"""The study: the same numbers by any executor, nothing done twice, nothing stale believed."""

import logging
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import run_study
from measuring.results import differences
from measuring.studies import Trait, study
from measuring.traits import TRAITS

from ensembles_lib import Network, cascade_wiring
from ensembles_lib._files import FileFormatError
from ensembles_lib.study.peacock_study import GROUPS, MAIN, Drawing, open_networks, open_study
from ensembles_lib.study.peacock_study import TRAITS as VERSIONS
from ensembles_lib.study.results import StaleResultsError, read_study

DATA = Path(__file__).resolve().parents[2] / "data"
NETWORKS = {f"seed{s}": Network.random(cascade_wiring([3, 4, 4, 5, 5]), seed=s) for s in range(6)}
REBUILD = "python tools/data/run_study.py"


class Folder(NamedTuple):
    """A context in whose folder every measurement leaves a file."""

    path: str
    digest: str = "any"

    def calls(self):
        """How many measurements were begun."""
        return len(list(Path(self.path).glob("call-*")))


def look(network, folder):
    """A trait that leaves a trace."""
    (Path(folder.path) / f"call-{os.urandom(8).hex()}").touch()
    weights, pixels = network.weights, network.paint(8).pixels
    found = {"sum": weights.sum(), "names": ["a", "b"], "pixels": pixels, "signs": weights > 0}
    return found | {"source": network.wiring.source, "none": np.array([np.nan, np.inf])}


def kill_the_worker_once(network, folder):
    """The same, but the worker that begins the third measurement dies in the middle of it."""
    found = look(network, folder)
    if folder.calls() >= 3:
        try:
            (Path(folder.path) / "killed").touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
        except FileExistsError:
            pass
    return found


def interrupt_at_third(network, folder):
    """The same, but somebody presses the stop button at the third measurement."""
    found = look(network, folder)
    if folder.calls() == 3:
        raise KeyboardInterrupt
    return found


def fail_on_seed2(network, folder):
    """A measurement with a mistake in it."""
    if network == NETWORKS["seed2"]:
        raise ZeroDivisionError("a mistake")
    return look(network, folder)


def only_without_seed2(network, folder):
    """A trait that one network has not got."""
    if network == NETWORKS["seed2"]:
        raise ValueError("nothing to be seen")
    return look(network, folder)


@pytest.fixture
def folder(tmp_path):
    traces = tmp_path / "traces"
    traces.mkdir()
    return Folder(str(traces))


def read(networks, traits, folder, results):
    """Read what was stored of these traits, in the versions that they have."""
    versions = {name: trait.version for name, trait in traits.items()}
    return read_study(networks, versions, folder, results, REBUILD)


def run(traits, folder, tmp_path, executor=None, where="results"):
    """Study all networks and read what was stored."""
    study(NETWORKS, traits, folder, tmp_path / where, executor, progress=False)
    return read(NETWORKS, traits, folder, tmp_path / where)


def same(a, b):
    """Equal to the last bit, by network and trait."""
    return a.keys() == b.keys() and all(
        a[n].keys() == b[n].keys()
        and all(not differences(a[n][t], b[n][t], tolerance=0) for t in a[n])
        for n in a
    )


def test_stored_is_what_was_measured(folder, tmp_path):
    """Oracle: the measurement itself; arrays to single precision, the rest exactly."""
    found = run({"look": Trait(look)}, folder, tmp_path)
    for name, network in NETWORKS.items():
        stored, now = found[name]["look"], look(network, folder)
        assert stored["sum"] == now["sum"] and stored["names"] == now["names"]
        assert np.array_equal(stored["pixels"], now["pixels"].astype(np.float32))
        assert np.array_equal(stored["none"], now["none"], equal_nan=True)
        for name in ("signs", "source"):
            assert np.array_equal(stored[name], now[name])
            assert stored[name].dtype == now[name].dtype


def test_process_pool_gives_the_same_numbers(folder, tmp_path):
    """Oracle: the serial study."""
    traits = {"look": Trait(look), "again": Trait(only_without_seed2)}
    with ProcessPoolExecutor(2) as pool:
        spread = run(traits, folder, tmp_path, pool, "spread")
    assert same(spread, run(traits, folder, tmp_path))


def test_dask_gives_the_same_numbers_though_a_worker_is_killed(folder, tmp_path):
    """Oracle: the serial study. One of the two workers is killed by the system, midway."""
    distributed = pytest.importorskip(
        "distributed", reason="Dask is an optional extra: pip install -e '.[cluster]'"
    )
    traits = {"look": Trait(kill_the_worker_once), "jitter": TRAITS["jitter"]}
    quiet = {"silence_logs": logging.CRITICAL, "dashboard_address": None}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        spread = run(traits, folder, tmp_path, client.get_executor(), "spread")
    assert (Path(folder.path) / "killed").exists()
    assert folder.calls() > len(NETWORKS)  # what the dead worker was at was done again
    assert same(spread, run(traits, folder, tmp_path))


def test_interrupted_study_goes_on_where_it_stopped(folder, tmp_path):
    """Oracle: count of calls. Two networks were finished, so that four are left of six."""
    with pytest.raises(KeyboardInterrupt):
        run({"look": Trait(interrupt_at_third)}, folder, tmp_path)
    assert len(list((tmp_path / "results").iterdir())) == 2
    with pytest.raises(StaleResultsError, match="seed2: look is not measured"):
        read(NETWORKS, {"look": Trait(look)}, folder, tmp_path / "results")
    before = folder.calls()
    run({"look": Trait(look)}, folder, tmp_path)
    assert folder.calls() - before == 4
    run({"look": Trait(look)}, folder, tmp_path)
    assert folder.calls() - before == 4


@pytest.mark.parametrize("workers", [0, 2])
def test_mistake_in_a_measurement_is_named_and_costs_only_itself(folder, tmp_path, workers):
    """Oracle: ZeroDivisionError with network and trait; what is stored is not measured again."""
    pool = ProcessPoolExecutor(workers) if workers else None
    with pytest.raises(ZeroDivisionError) as caught:
        run({"look": Trait(fail_on_seed2)}, folder, tmp_path, pool)
    if pool:
        pool.shutdown()
    assert "while measuring look of network seed2" in caught.value.__notes__
    finished, before = len(list((tmp_path / "results").glob("*.npz"))), folder.calls()
    run({"look": Trait(look)}, folder, tmp_path)
    assert folder.calls() - before == len(NETWORKS) - finished


def test_network_without_a_trait_says_why(folder, tmp_path):
    traits = {"look": Trait(only_without_seed2)}
    without = study(NETWORKS, traits, folder, tmp_path / "r", progress=False)
    assert without == {"seed2: look": "nothing to be seen"}
    stored = read(NETWORKS, traits, folder, tmp_path / "r")
    assert stored["seed2"]["look"] == {"reason": "nothing to be seen"}


def stale_version(networks, traits, folder, results):
    return networks, {**traits, "look": Trait(look, version=2)}, folder


def stale_network(networks, traits, folder, results):
    return {**networks, "seed4": networks["seed4"].with_weight(0, 0.5)}, traits, folder


def stale_wiring(networks, traits, folder, results):
    weights = networks["seed4"].weights
    other = Network(cascade_wiring([3, 4, 5, 4, 5]), weights)
    return {**networks, "seed4": other}, traits, folder


def stale_context(networks, traits, folder, results):
    return networks, traits, folder._replace(digest="another")


def damaged(networks, traits, folder, results):
    path = results / "seed4.npz"
    path.write_bytes(path.read_bytes()[:-50])
    return networks, traits, folder


def missing(networks, traits, folder, results):
    (results / "seed4.npz").unlink()
    return networks, traits, folder


@pytest.mark.parametrize(
    "change, words, again",
    [
        (stale_version, "look was measured with version 1, today's is 2", 6),
        (stale_network, "seed4: look was measured with network", 1),
        (stale_wiring, "seed4: look was measured with network", 1),
        (stale_context, "context any, today's is another", 6),
        (damaged, "seed4: damaged", 1),
        (missing, "seed4: look is not measured", 1),
    ],
)
def test_stale_results_are_refused_and_only_they_are_rebuilt(
    folder, tmp_path, change, words, again
):
    """Oracle: the error names what and the command; as many calls as there are stale results."""
    traits, results = {"look": Trait(look)}, tmp_path / "results"
    run(traits, folder, tmp_path)
    changed = change(NETWORKS, traits, folder, results)
    with pytest.raises(StaleResultsError) as caught:
        read(*changed, results)
    assert words in str(caught.value) and REBUILD in str(caught.value)
    before = folder.calls()
    study(*changed, results, progress=False)
    assert folder.calls() - before == again
    read(*changed, results)


def test_one_trait_more_leaves_the_others_alone(folder, tmp_path):
    first = run({"look": Trait(look)}, folder, tmp_path)
    before = folder.calls()
    both = run({"look": Trait(look), "more": Trait(look)}, folder, tmp_path)
    assert folder.calls() - before == len(NETWORKS)
    assert same(first, {name: {"look": of["look"]} for name, of in both.items()})


@pytest.mark.parametrize(
    "networks, traits, context, words",
    [
        ({}, {"look": Trait(look)}, Folder(""), "no networks"),
        (NETWORKS, {}, Folder(""), "no traits"),
        ({"a/b": NETWORKS["seed0"]}, {"look": Trait(look)}, Folder(""), "network 'a/b'"),
        ({".part": NETWORKS["seed0"]}, {"look": Trait(look)}, Folder(""), "network '.part'"),
        (NETWORKS, {"look": Trait(look)}, None, "context None"),
    ],
)
def test_bad_input_is_refused_before_any_work(tmp_path, networks, traits, context, words):
    with pytest.raises(ValueError, match=words):
        study(networks, traits, context, tmp_path / "results")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "old, new",
    [
        ({"a": 1.0}, {"a": 1.01}),
        ({"a": np.ones(3)}, {"a": np.ones(4)}),
        ({"a": np.array([1.0, 100])}, {"a": np.array([1.0, 101])}),
        ({"a": np.nan}, {"a": 1.0}),
        ({"a": np.inf}, {"a": 1.0}),
        ({"a": ["x"]}, {"a": ["y"]}),
        ({"a": ["x"]}, {"a": [1.0]}),
        ({"a": 1.0}, {"b": 1.0}),
        ({"reason": "none"}, {"a": 1.0}),
    ],
)
def test_differences_are_seen(old, new):
    assert differences(old, new) and not differences(old, old) and not differences(new, new)


# What is shipped.


def test_missing_networks_are_named_with_the_command(tmp_path):
    name, tool = Path(GROUPS[MAIN][0]).name, "tools/data/train_networks.py"
    assert (DATA.parent / tool).is_file()
    with pytest.raises(StaleResultsError, match=f"{name}.*python {tool}"):
        open_networks(tmp_path, [MAIN])
    assert issubclass(StaleResultsError, FileFormatError)


def test_shipped_results_are_complete_and_of_today():
    """Oracle: provenance of all traits of all networks; the whole stays below 6 MB."""
    found = open_study(DATA)
    assert {group: len(members) for group, members in found.items()} == {
        group: len(paths) for group, paths in GROUPS.items()
    }
    assert sum(path.stat().st_size for path in (DATA / "study").rglob("*.npz")) < 6e6


@pytest.mark.parametrize("trait", ["accuracy", "jitter", "maps", "ensembles", "spectrum"])
def test_shipped_numbers_are_those_of_the_code(trait):
    """Oracle: measured again. The largest rounding seen between processors is 1e-4."""
    groups, drawing = [MAIN], Drawing.open(DATA)
    networks = open_networks(DATA, groups)
    stored = open_study(DATA, groups, [trait])
    for group in groups:
        name = next(iter(stored[group]))
        again = TRAITS[trait].measure(networks[name], drawing)
        assert differences(stored[group][name][trait], again) == []


def test_the_traits_are_those_whose_versions_the_library_checks():
    """The same names in the same order, and the same versions."""
    measured = {name: trait.version for name, trait in TRAITS.items()}
    assert list(measured.items()) == list(VERSIONS.items())


def test_the_command_does_nothing_where_all_is_done(monkeypatch, capsys):
    """Oracle: no measurement is called; the command is the one that errors name."""
    monkeypatch.setattr("measuring.studies._measure", None)
    monkeypatch.setattr("sys.argv", ["run_study.py", "--traits", "accuracy"])
    run_study.main()
    assert "complete" in capsys.readouterr().out
    assert Path(run_study.__file__).relative_to(DATA.parent).as_posix() in REBUILD
