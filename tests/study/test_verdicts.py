"""Oracles: conditions met and unmet by construction, evidence turned into its opposite."""

import copy
import json
import re
from pathlib import Path
from types import SimpleNamespace

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ensembles_lib import plots
from ensembles_lib.study.claims import RULES, comparing, ensembles, neurons, pictures
from ensembles_lib.study.claims.register import MAIN, alike, compared, extremes, less, moved
from ensembles_lib.study.evidence import open_gathered, store_evidence
from ensembles_lib.study.peacock_study import SYNAPSES, Drawing, open_networks
from ensembles_lib.study.results import StaleResultsError, differences
from ensembles_lib.study.verdicts import (
    FAILS,
    HOLDS,
    KINDS,
    PART,
    UNTESTED,
    Verdict,
    VerdictTable,
    grade,
)

DATA = Path(__file__).resolve().parents[2] / "data"
EXPLAINED = ("explained", "explained_mixed", "explained_far")
LARGEST = f"{SYNAPSES[-1]} synapses"
KINDS_OF_BASIS = [
    "single synapses", "within a neuron", "near neurons", "anywhere", "global", "gain of a neuron"
]  # fmt: skip


def network(seed, moved_by, rmse=0.05, explained=(0.9,) * 6 + (0.1,) * 28, steady=0.9, range_=0.2):
    """Return traits as the study measures them, with planted numbers, a little off by `seed`."""
    late, early = np.random.default_rng(seed).permutation(explained[:12]), explained[12:]
    off, explained = 1 + 0.001 * seed, np.append(early, late)  # luck: other neurons in each seed
    shares = {"gradients": 0.9, "noise": 0.5, "elsewhere": 0.4, "moves": 0.8}
    return {
        "accuracy": {"rmse": rmse * off},
        "maps": {"explained": explained, "turned": np.full((3, 34), 0.3)},
        "ranges": {"median_per_own": range_ * off},
        "ensembles": {
            "all_of_neuron": np.full(37, 5), "all_synapses": np.full(18, 40),
            "all_neurons": np.full(18, 9), "hidden_neurons": np.full(18, 9),
            "geometry": np.append(explained, [0.1] * 3),
        },
        "spectrum": {k: np.full((18, 8), off * v) for k, v in shares.items()}
        | {"nearest_gradient": np.full(18, 0.95)},
        "bases": {"bases": KINDS_OF_BASIS, "moved": np.outer(moved_by, np.full(10, off))},
        "moves": {
            "leaks": np.full((18, 3), 0.01), "steady_by_weight": np.full((18, 2), steady * off)
        },
    }  # fmt: skip


@pytest.fixture
def planted():
    """Evidence in which every claim of the article's holds, as far as it can be tested."""
    apart = (4.0, 3.9, 3.9, 9.0, 9.5, 6.0)
    restricted, free = {"range_": 0.4, "steady": 0.95}, {"range_": 0.2, "steady": 0.6}
    study = {
        MAIN: [network(s, apart, **restricted) for s in range(8)],
        "wide-levenberg-marquardt-0": [network(s, apart, **free) for s in range(8)],
        "wide-backprop-0.001": [network(s, apart, **restricted) for s in range(8)],
        "wide-backprop-0": [network(s, apart, **free) for s in range(8)],
    }
    for n, single in zip(SYNAPSES, (3.0, 4.0, 6.0, 8.0), strict=False):
        rows = (single, 4, 4, 9, 9.5, 6)
        study[f"{n} synapses"] = [network(s, rows) for s in range(3)]
    blank = network(0, (8.0,) * 6, rmse=0.9, explained=(0.1,) * 34)
    blank["ensembles"]["all_synapses"] = np.full(18, 200)
    eight, sweeps = [1.0] * 8, {}
    for key, value in {
        "tilt_rank_0": 1, "tilt_pure_best": 0.95, "tilt_synapses": 3, "moved_1R": 1,
        "moved_29R": 12, "moved_1R_of_one_step": 3, "moved_29R_of_one_step": 14,
        "neighbours_0_1_differ": True, "neighbours_differ": 0.95,
        "strangers_differ": 0.95, "alike_same_neuron": 0.5, "alike_different": 0.1,
        "green_rank_418": 3, "green_synapses": 40, "missed_0_418": 0.05,
        "missed_same_neuron": 0.5, "missed_different": 0.2, "missed_0_hidden": 0.2,
        "missed_418_hidden": 0.05,
    }.items():  # fmt: skip
        sweeps[key] = [value] * 8
    areas = {
        "synapses": [46] * 8, "neurons": [7] * 8, "pulled_members": eight,
        "pulled_others": [0.01] * 8, "pulled_others_90": [0.02] * 8, "pairs": [100] * 8,
        "pairs_dealt": [50] * 8, "shared": [0.05] * 8, "shared_random": [0.1] * 8,
        "map_tells": [0.0] * 8, "map_rank": [0.0] * 8, "of_neuron_random": [17.0] * 8,
        "neurons_random": [33.0] * 8,
    }  # fmt: skip
    study["untrained"] = [copy.deepcopy(blank) for _ in range(4)]
    gathered = {
        "pictures": {
            "thumbnail": 0.17, "elements": 43, "loudest_moves": [True] * 8,
            "twin_differs": [0.0] * 8, "closest": [0.1] * 8, "closest_turned": [0.1] * 8,
            "followed": [1] * 8, "hidden": [34] * 8, "followed_names": [["sky"]] * 8,
        },
        "comparators": {
            "analog_right": 1.0, "analog_opposite": 0.85, "analog_any": 0.5, "wrong": 0,
            "wrong_alike": 72, "wrong_turned": 88, "solved": {"4 bits": [8, 0], "6 bits": [8, 0]},
            "planted_unexplained": [0, 0], "planted_changed": [33, 33], "others_unexplained": 7,
            "others_clean": 0, "noise_one": 1.0, "noise_two": 3.0, "span_wrong": [0, 36],
            "span_learnt": 0, "span_random": 5,
        },
        "lines": {
            "pairs_able": [True, False], "pairs_parallel": [False, True],
            "built_shares": [0.9, 0.9], "built_movable": [1, 4], "learnt_movable": [[1, 4]] * 3,
            "touched": [0.9, 0.8], "protects": [-0.9, -0.2], "ensemble_gain": 1.0,
            "ensemble_leak": 0.05, "ensemble_spoilt": [0.1, 0.3], "random_gain": 0.0,
            "random_leak": 1.0, "elsewhere_gain": [-0.5, 0.5],
        },
        "planted": {"f1": 0.98, "f1_random": 0.5},
        "searches": {
            "cases": 54, "found": 50, "sizes": [3, 9, 18], "steady": [0.9, 0.9, 0.9],
            "single_leak": 0.8, "leak_doubles": [0.01, 0.1, 0.4],
        },
        "cancel": {
            "cancel": [0.2] * 8, "cancel_dealt": [0.02] * 8, "left_over": [0.5] * 8,
            "left_over_dealt": [0.8] * 8, "least_left_over": [0.03] * 8,
        },
        "sweeps": sweeps, "sweeps_untrained": sweeps, "areas": areas,
        "areas_untrained": areas | {"pulled_others": eight},
        "mixtures": {
            "correlation": [0.6, 0.7] * 4, "correlation_mixed": [0.61, 0.69] * 4,
            "correlation_far": [0.4] * 8, **dict.fromkeys(EXPLAINED, [0.5] * 8),
        },
    }  # fmt: skip
    records = {name: SimpleNamespace(**numbers) for name, numbers in gathered.items()}
    evolved = {name: {"networks": portraits()} for name in ("apple", "skull")}
    return SimpleNamespace(study=study, evolved=evolved, **records)


def portraits(**evolved):
    """Return profiles: an evolved network apart from six that learnt, of two trainers."""
    names = ("moved", "held_by", "spread", "linear", "range", "moved_by_random", "mirror")
    rows = [{"who": "evolved", **dict.fromkeys(names, 0.1), **evolved}]
    for who, level in (("ours", 0.2), ("theirs", 0.4)):
        rows += [{"who": who, **dict.fromkeys(names, level + s / 100)} for s in range(3)]
    return rows


def judge(evidence, number):
    conditions = {}
    effect, control = RULES[number](evidence, conditions)
    assert effect and control, "a verdict comes with its size and its control"
    return grade(conditions)


def test_grade_counts_conditions():
    """All met, some, none, and nothing to ask: the definition of a verdict."""
    assert grade({"a": True, "b": np.True_}) == HOLDS
    assert grade({"a": True, "b": False}) == PART
    assert grade({"a": False}) == FAILS
    assert grade({}) == UNTESTED


def test_there_are_33_claims():
    """Rules are numbered as the article's assertions, without a gap, and each tells its claim."""
    assert sorted(RULES) == list(range(1, 34))
    told = re.compile(r"[^\n]+ \(0[1-8](, 0[1-8])*\)\.")
    assert all(told.fullmatch(rule.__doc__) for rule in RULES.values())


@pytest.mark.parametrize("number", range(1, 34))
def test_planted_evidence_lets_every_claim_hold(planted, number):
    """In evidence built as the article would have it nothing may fail: rules can be met."""
    assert judge(planted, number) == HOLDS


@pytest.mark.parametrize(
    ("number", "path", "value", "verdict"),
    [
        (1, ("pictures", "thumbnail"), 0.01, FAILS),
        (2, ("pictures", "thumbnail"), 0.01, PART),
        (4, ("pictures", "loudest_moves"), [False] * 8, PART),
        (5, ("pictures", "elements"), 20, PART),
        (5, ("pictures", "elements"), 3, FAILS),
        (6, ("comparators", "analog_any"), 0.99, PART),
        (7, ("comparators", "solved"), {"4 bits": [8, 8], "6 bits": [8, 8]}, PART),
        (8, ("comparators", "others_clean"), 5, PART),
        (9, ("comparators", "span_learnt"), 5, PART),
        (10, ("lines", "pairs_able"), [False, True], FAILS),
        (11, ("lines", "learnt_movable"), [[1, 2]] * 3, PART),
        (12, ("lines", "protects"), [-0.9, -0.95], PART),
        (13, ("lines", "ensemble_leak"), 0.5, PART),
        (13, ("searches", "leak_doubles"), [0.01, 0.02, 0.4], PART),
        (13, ("searches", "steady"), [0.5, 0.9, 0.9], PART),  # control ensembles: by selection
        (14, ("sweeps", "tilt_rank_0"), [200] * 8, PART),
        (15, ("sweeps", "moved_29R"), [1] * 8, PART),
        (15, ("sweeps", "moved_29R_of_one_step"), [8] * 8, PART),
        (16, ("sweeps", "neighbours_differ"), [0.3] * 8, PART),
        (17, ("sweeps", "alike_different"), [0.6] * 8, PART),
        (18, ("sweeps", "green_rank_418"), [300] * 8, FAILS),
        (19, ("sweeps", "missed_0_418"), [0.9] * 8, PART),
        (20, ("areas", "pairs_dealt"), [200] * 8, PART),
        (20, ("cancel", "cancel_dealt"), [0.3] * 8, PART),
        (20, ("cancel", "least_left_over"), [0.3] * 8, PART),
        (21, ("areas", "map_tells"), [0.8] * 8, FAILS),
        (22, ("areas", "synapses"), [200] * 8, PART),
        (23, ("areas", "shared_random"), [0.05] * 8, PART),
        (24, ("searches", "found"), 10, PART),
        (26, ("mixtures", "correlation_mixed"), [0.2, 0.3] * 4, PART),
        (26, ("mixtures", "correlation_mixed"), [0.45, 0.85] * 4, PART),  # none, but not surely
        (29, ("planted", "f1"), 0.5, PART),
    ],
)
def test_other_evidence_gives_another_verdict(planted, number, path, value, verdict):
    """One number turned round: the claim no longer holds, and the others do not notice."""
    experiment, key = path
    setattr(getattr(planted, experiment), key, value)
    assert judge(planted, number) == verdict


def traits_changed(evidence, group, trait, key, value):
    for row in evidence.study[group]:
        row[trait][key] = value
    return evidence


@pytest.mark.parametrize(
    ("number", "group", "trait", "key", "value", "verdict"),
    [
        (3, MAIN, "maps", "explained", np.full(34, 0.9), PART),
        (3, MAIN, "maps", "explained", np.full(34, 0.4), PART),
        (3, MAIN, "maps", "turned", np.full((3, 34), 0.6), PART),
        (23, MAIN, "ensembles", "all_synapses", np.full(18, 300), PART),
        (24, MAIN, "bases", "moved", np.full((6, 10), 5.0), PART),
        (25, MAIN, "ensembles", "all_of_neuron", np.ones(37), FAILS),
        (26, MAIN, "bases", "moved", np.full((6, 10), 5.0), PART),
        (26, MAIN, "bases", "moved", np.outer((4, 4, 6, 9, 9.5, 6), np.ones(10)), PART),
        (19, MAIN, "bases", "moved", np.full((6, 10), 5.0), PART),
        (27, LARGEST, "bases", "moved", np.full((6, 10), 1.0), PART),
        (28, MAIN, "ensembles", "geometry", np.linspace(1, 0, 37), PART),
        (30, MAIN, "moves", "leaks", np.full((18, 3), np.nan), FAILS),
        (31, "wide-backprop-0", "moves", "steady_by_weight", np.full((18, 2), 0.99), PART),
        (32, MAIN, "spectrum", "nearest_gradient", np.full(18, 0.3), PART),
    ],
)
def test_other_networks_give_another_verdict(planted, number, group, trait, key, value, verdict):
    """The same for what the study measures."""
    assert judge(traits_changed(planted, group, trait, key, value), number) == verdict


def test_what_is_not_there_cannot_be_tested(planted):
    """Two sizes make no trend."""
    for n in SYNAPSES[2:]:
        del planted.study[f"{n} synapses"]
    assert judge(planted, 27) == UNTESTED


def test_helpers_count_by_hand(planted):
    """Medians, extremes and signs of numbers that one can look at."""
    assert extremes([3, 1, 2], ".0f") == "2 (1 to 3)"
    assert less([1] * 8, [2] * 8) and not less([2] * 8, [1] * 8) and not less([1] * 4, [2] * 4)
    assert compared([2] * 8, [1] * 8) == "+1.00 [+1.00, +1.00], p = 0.0078"
    assert alike([1.04] * 8, [1] * 8, 0.05) and not alike([1.06] * 8, [1] * 8, 0.05)
    assert not alike([1] * 8, [1.06] * 8, 0.05) and not alike([0, 2] * 4, [1] * 8, 0.5)
    assert moved(planted, "anywhere").tolist() == [9 * (1 + 0.001 * s) for s in range(8)]


def test_sides_are_beyond_all_others():
    """Above or below every other profile, not level with one; and nothing beyond nobody."""
    others = [{"a": 1.0, "b": 5.0}, {"a": 2.0, "b": 6.0}]
    assert [neurons._side(n, [{"a": 0.9, "b": 6.1}], others) for n in "ab"] == [-1, 1]
    assert [neurons._side(n, [{"a": 1.0, "b": 5.5}], others) for n in "ab"] == [0, 0]
    assert neurons._side("a", others, []) == 0


def table(*verdicts):
    rows = [
        Verdict(
            n, f"claim {n} <b>", kind, f"effect {n}", "chance", "06", {"it is so": kind == HOLDS}
        )
        for n, kind in enumerate(verdicts, 1)
    ]
    return VerdictTable(rows)


def test_table_shows_every_part():
    """Text and HTML hold claim, verdict, effect, control, place and what is not met; escaped."""
    shown = table(HOLDS, FAILS, PART)
    assert shown.counts() == {HOLDS: 1, PART: 1, FAILS: 1, UNTESTED: 0}
    for text in (repr(shown), shown._repr_html_()):
        for part in ("claim 2", FAILS, "effect 2", "chance", "06", "not met: it is so"):
            assert part in text
        assert text.count("not met") == 2
    assert "claim 2 <b>" not in shown._repr_html_() and "&lt;b&gt;" in shown._repr_html_()
    assert (shown[0].unmet, shown[1].unmet) == ("", "it is so")


def test_board_has_a_mark_for_every_claim():
    """Counts and numbers on the figure are those of the table."""
    figure = plots.verdict_board(table(HOLDS, FAILS, PART, UNTESTED, HOLDS))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert {"holds: 2", "in part: 1", "1", "5"} <= set(texts)
    marks = [(m.get_marker(), m.get_color()) for m in figure.axes[0].lines if len(m.get_xdata())]
    of_kind = [marks[k] for k in range(len(KINDS))]  # the key comes first
    assert len({*of_kind}) == 4 and marks[4:] == [of_kind[k] for k in (0, 2, 1, 3, 0)]
    plt.close(figure)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder whose evidence is of today, as far as the stored digests are concerned."""
    today = {"version": 1, "drawing": "a", "networks": "b", "searches": "c"}
    monkeypatch.setattr("ensembles_lib.study.evidence.made_from", lambda data: dict(today))
    lists, others = {"a": np.array([1 / 3, 2]), "b": {"c": 1e-9}}, {"n": np.int64(3), "t": "text"}
    numbers = {"lists": lists, "others": others}
    store_evidence(tmp_path, {"provenance": today, "evidence": numbers})
    return tmp_path


def test_evidence_is_read_back(folder):
    """Numbers to five digits, arrays as lists."""
    lists, others = open_gathered(folder).values()
    assert vars(lists) == {"a": [0.33333, 2.0], "b": {"c": 1e-9}}
    assert vars(others) == {"n": 3, "t": "text"}


@pytest.mark.parametrize("what", ["version", "drawing", "networks", "searches"])
def test_stale_evidence_names_the_command(folder, what):
    """Made from anything else than today's: refused, with the reason and the way out."""
    path = folder / "verdicts.json"
    stored = json.loads(path.read_text())
    stored["provenance"][what] = "old"
    path.write_text(json.dumps(stored))
    with pytest.raises(StaleResultsError, match=rf"{what} old(.|\n)*tools/data/gather_evidence.py"):
        open_gathered(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"evidence": {}}', "null"])
def test_damaged_evidence_names_the_command(folder, text):
    """Neither half a file nor another one is taken for evidence."""
    (folder / "verdicts.json").write_text(text)
    with pytest.raises(StaleResultsError, match="damaged(.|\n)*tools/data/gather_evidence.py"):
        open_gathered(folder)


def test_missing_evidence_names_the_command(folder):
    """The same for no file at all."""
    (folder / "verdicts.json").unlink()
    with pytest.raises(StaleResultsError, match="missing(.|\n)*tools/data/gather_evidence.py"):
        open_gathered(folder)


def test_experiments_give_what_is_stored():
    """Oracle: the shipped numbers; of the experiments that take seconds."""
    stored, trained = open_gathered(DATA), open_networks(DATA, [MAIN])
    drawing, first = Drawing.open(DATA), next(iter(trained.values()))
    again = {
        "comparators": comparing.measure_comparators(),
        "planted": ensembles.measure_planted(),
        "searches": ensembles.measure_searches(DATA),
        "pictures": pictures.measure_pictures(trained.values(), drawing),
    }
    assert stored["comparators"].solved == again["comparators"]["solved"]
    for name, numbers in again.items():
        old = {key: vars(stored[name])[key] for key in numbers}
        assert differences({**old, "solved": 0}, {**numbers, "solved": 0}) == [], name
    of_first = {name: numbers[0] for name, numbers in vars(stored["mixtures"]).items()}
    assert differences(of_first, neurons.measure_mixtures(first, drawing)) == []
