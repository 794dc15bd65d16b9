"""Oracle: the article's own sentences about its synapse numbers, and counting."""

import numpy as np
import pytest

from ensembles_lib import (
    Wiring,
    article_wiring,
    cascade_wiring,
    layered_wiring,
    scaled_wiring,
)
from ensembles_lib.core.wiring import runs_of

ARTICLE = article_wiring()
ENTRIES = ("narrow", "wide", "strict")
DOSES = range(2, 35)  # in how many hidden neurons coordinates may enter

# (synapses, neurons that they lead to), as the article has them
QUOTED = [
    (range(21, 28), {6}),
    (range(37, 47), {8}),
    (range(70, 84), {11, 12}),
    (range(90, 95), {12, 13}),
    (range(129, 139), {16}),
    ([178], {19}),
    ([0, 1], {0}),
]


def hearers(wiring, source):
    """Return the neurons that hear an input."""
    return wiring.target[wiring.source == source].tolist()


def leading(wiring):
    """Return the synapses from which a signal reaches an output, found by walking back."""
    found, frontier = set(), set(wiring.outputs)
    while frontier:
        new = {k for neuron in frontier for k in wiring.synapses_of(neuron)} - found
        found |= new
        frontier = {int(wiring.source[k]) - wiring.n_inputs for k in new} - set(wiring.outputs)
        frontier = {neuron for neuron in frontier if neuron >= 0}
    return found


@pytest.mark.parametrize("entry", [*ENTRIES, *DOSES])
def test_article_size(entry):
    wiring = article_wiring(entry)
    assert (wiring.n_neurons, wiring.n_synapses) == (37, 460)
    assert (wiring.n_inputs, wiring.n_outputs) == (3, 3)


@pytest.mark.parametrize("entry", ["narrow", "wide"])
@pytest.mark.parametrize("synapses, neurons", QUOTED)
def test_article_numbers(entry, synapses, neurons):
    wiring = article_wiring(entry)
    assert {wiring.neuron_of(synapse) for synapse in synapses} == neurons


def test_strict_misses_one_quoted_fact_and_no_other():
    """37 to 46 should lead to neuron 8; with neurons 7 and 8 hearing no coordinate there are too
    few before them for that, and 45 and 46 lead to 9."""
    strict = article_wiring("strict")
    led = [{strict.neuron_of(synapse) for synapse in synapses} for synapses, _ in QUOTED]
    missed = [which for which, found in zip(QUOTED, led, strict=True) if found != which[1]]
    assert missed == [(range(37, 47), {8})]
    assert [strict.neuron_of(k) for k in range(37, 47)] == [8] * 8 + [9] * 2


@pytest.mark.parametrize("entry", ENTRIES)
def test_article_neuron_6_owns_exactly_21_to_27(entry):
    assert article_wiring(entry).synapses_of(6) == range(21, 28)


def test_who_hears_x_and_y():
    x, y = ([hearers(article_wiring(entry), source) for entry in ENTRIES] for source in (0, 1))
    assert x == [[0, 1, 7], list(range(37)), [0, 1]]
    assert y == [[0, 1, 8], list(range(37)), [0, 1]]
    assert article_wiring("narrow").source[28] == 0  # x in neuron 7, once more
    assert article_wiring("narrow").target[28] == 7


@pytest.mark.parametrize("dose", DOSES)
def test_a_dose_lets_coordinates_into_the_first_neurons(dose):
    wiring = article_wiring(dose)
    assert hearers(wiring, 0) == hearers(wiring, 1) == list(range(dose))
    assert article_wiring(np.int64(dose)) == wiring


def test_two_neurons_are_the_strict_entry_and_34_not_the_wide_one():
    assert article_wiring(2) == article_wiring("strict") != article_wiring(3)
    assert article_wiring(34) != article_wiring("wide")
    assert article_wiring("narrow") == ARTICLE != article_wiring("wide")


@pytest.mark.parametrize("entry", [*ENTRIES, *DOSES])
def test_article_every_neuron_hears_the_constant_and_its_nearest_predecessors(entry):
    wiring = article_wiring(entry)
    assert hearers(wiring, 2) == list(range(37))
    for neuron in range(37):
        before = [int(s) - 3 for s in wiring.sources_of(neuron) if s >= 3]
        last = min(neuron, 34)
        assert before == list(range(last - len(before), last))


def test_article_synapses_0_to_5_bring_x_y_and_the_constant_to_neurons_0_and_1():
    for entry in ("narrow", "strict"):
        wiring = article_wiring(entry)
        assert wiring.source[:6].tolist() == [0, 1, 2] * 2
        assert wiring.target[:6].tolist() == [0] * 3 + [1] * 3
    assert article_wiring("wide").source[:6].tolist() == [0, 1, 2] * 2


@pytest.mark.parametrize("entry", ENTRIES)
def test_article_outputs_are_the_last_three_and_do_not_hear_each_other(entry):
    wiring = article_wiring(entry)
    assert wiring.outputs == range(34, 37)
    for output in wiring.outputs:
        assert len(wiring.synapses_of(output)) == 22
        assert max(wiring.sources_of(output)) < 3 + 34
    # Our choice, which the article does not contradict: 418 leads to green, from the constant.
    assert wiring.neuron_of(418) == 35


@pytest.mark.parametrize("entry", [*ENTRIES, *DOSES])
def test_article_every_neuron_reaches_an_output(entry):
    wiring = article_wiring(entry)
    for neuron in range(34):
        assert set(wiring.downstream_of(neuron)) & set(wiring.outputs)
    assert leading(wiring) == set(range(460))


BAD_ENTRIES = [1, 0, -1, 35, 2.0, True, "2", "Narrow", "", None, [2], np.array(["narrow", "wide"])]


@pytest.mark.parametrize("entry", BAD_ENTRIES)
def test_entries_that_do_not_exist(entry):
    with pytest.raises(ValueError, match='give "narrow", "strict", "wide", or in how many') as no:
        article_wiring(entry)
    assert repr(entry) in str(no.value)


def test_the_article_wiring_slightly_changed_has_dead_neurons():
    # Fan-ins 10, 11, 12 for neurons 8 to 10 also give 460, but nobody hears neuron 0.
    fan_in = list(np.diff(article_wiring("wide").first))
    fan_in[8:11] = [10, 11, 12]
    dead = cascade_wiring(fan_in)
    assert dead.n_synapses == 460 and len(dead.downstream_of(0)) == 0
    assert len(leading(dead)) == 457  # all but the three of neuron 0


# The same style at other sizes.


@pytest.mark.parametrize("asked", [40, 60, 150, 300, 460, 700, 1500, 5000])
def test_scaled_wirings_have_the_narrow_entry(asked):
    """About as many synapses as asked for, about √ as many neurons, and all reach an output."""
    wiring = scaled_wiring(asked)
    assert abs(wiring.n_synapses - asked) <= max(2, 0.02 * asked)
    assert wiring.n_neurons == pytest.approx(37 * np.sqrt(asked / 460), abs=2)
    assert leading(wiring) == set(range(wiring.n_synapses))
    assert hearers(wiring, 2) == list(range(wiring.n_neurons))
    again = [hearers(wiring, source)[2:] for source in (0, 1)]
    assert [hearers(wiring, source)[:2] for source in (0, 1)] == [[0, 1]] * 2
    # Neurons 7 and 8 of 34 hidden ones hear a coordinate once more; here at the same place.
    assert len(again[0]) == len(again[1]) == 1 and again[1][0] == again[0][0] + 1
    assert again[0][0] == pytest.approx(7 / 34 * (wiring.n_neurons - 3), abs=1)


@pytest.mark.parametrize("asked", [1500, 5000])
def test_the_first_neurons_of_large_wirings_hear_all_before_them(asked):
    wiring = scaled_wiring(asked)
    for neuron in (2, 3, 4, 5):
        assert wiring.sources_of(neuron).tolist() == list(range(2, 3 + neuron))


def test_scaled_wiring_is_the_articles_at_460():
    assert scaled_wiring(460) == ARTICLE


@pytest.mark.parametrize("asked", [0, -3, 460.0, "460", True, 10**6])
def test_scaled_wiring_refuses_nonsense(asked):
    with pytest.raises(ValueError, match="whole number up to 20,000"):
        scaled_wiring(asked)


@pytest.mark.parametrize("asked", [*range(19, 40), *range(41, 2000, 97)])
def test_all_synapses_of_scaled_wirings_reach_an_output(asked):
    wiring = scaled_wiring(asked)
    assert leading(wiring) == set(range(wiring.n_synapses))
    assert wiring.n_neurons == round(37 * np.sqrt(asked / 460))


@pytest.mark.parametrize("asked", [1, 5, 18])
def test_scaled_wiring_refuses_what_is_too_few(asked):
    """Oracle: 8 neurons, to the nearest, are 19 synapses or more: 7.5² / 37² · 460 = 18.9."""
    with pytest.raises(ValueError, match=f"{asked} synapses are too few .*: give 19 or more"):
        scaled_wiring(asked)


def test_numbering_round_trips():
    for wiring in (ARTICLE, layered_wiring((2, 5, 4, 3))):
        seen = [k for neuron in range(wiring.n_neurons) for k in wiring.synapses_of(neuron)]
        assert seen == list(range(wiring.n_synapses))
        assert all(k in wiring.synapses_of(wiring.neuron_of(k)) for k in seen)


def test_downstream_equals_walking_the_graph():
    rng = np.random.default_rng(0)
    sources = [sorted(rng.choice(2 + j, min(2 + j, 3), replace=False)) for j in range(30)]
    wiring = Wiring(sources, n_inputs=2, n_outputs=2)
    for start in range(30):
        reached, frontier = set(), {start}
        while frontier:
            frontier = {j for j in range(30) if {s - 2 for s in sources[j]} & frontier} - reached
            reached |= frontier
        assert wiring.downstream_of(start).tolist() == sorted(reached)


def test_stages_hold_every_neuron_once_and_hear_only_earlier_ones():
    for wiring in (ARTICLE, layered_wiring((2, 5, 4, 3))):
        order = [j for stage, *_ in wiring.stages for j in range(stage.start, stage.stop)]
        assert order == list(range(wiring.n_neurons))
        for stage, runs, listeners, _ in wiring.stages:
            heard = {j for run in runs for j in range(run.start, run.stop)}
            for neuron in range(stage.start, stage.stop):
                own = {int(s) - wiring.n_inputs for s in wiring.sources_of(neuron)}
                assert {j for j in own if j >= 0} <= heard and max(heard, default=-1) < stage.start
                assert not set(range(*listeners.indices(wiring.n_neurons))) & {neuron}


def test_layered_wiring_makes_one_stage_per_layer():
    wiring = layered_wiring((2, 16, 16, 3))
    assert [stage.stop - stage.start for stage, *_ in wiring.stages] == [16, 16, 3]
    assert wiring.n_synapses == 16 * 3 + 16 * 17 + 3 * 17


def test_equal_wirings_are_equal_and_hash_alike():
    assert article_wiring() == ARTICLE and hash(article_wiring()) == hash(ARTICLE)
    assert layered_wiring((2, 4, 3)) != layered_wiring((2, 5, 3))


@pytest.mark.parametrize("synapse", [460, -1, 1.5, "0", None])
def test_unknown_synapse(synapse):
    with pytest.raises(IndexError, match="does not exist"):
        ARTICLE.neuron_of(synapse)


@pytest.mark.parametrize("neuron", [37, -1, 0.5])
@pytest.mark.parametrize("method", ["synapses_of", "sources_of", "downstream_of"])
def test_unknown_neuron(method, neuron):
    with pytest.raises(IndexError, match=f"neuron {neuron}"):
        getattr(ARTICLE, method)(neuron)


@pytest.mark.parametrize(
    "sources, n_inputs, n_outputs, says",
    [
        ([[0], []], 1, 1, "neuron 1 listens to nothing"),
        ([[0, 0]], 1, 1, "neuron 0 has sources"),
        ([[1, 0]], 2, 1, "ascend"),
        ([[1]], 1, 1, "within 0 to 0"),
        ([[-1]], 1, 1, "within 0 to 0"),
        ([[0]], 1, 2, "2 outputs"),
        ([[0]], 1, 0, "0 outputs"),
        ([[0]], 0, 1, "at least 1 input"),
    ],
)
def test_impossible_wirings(sources, n_inputs, n_outputs, says):
    with pytest.raises(ValueError, match=says):
        Wiring(sources, n_inputs, n_outputs)


def test_impossible_fan_ins_and_layers():
    with pytest.raises(ValueError, match="neuron 1 cannot have 9"):
        cascade_wiring([3, 9, 3], n_outputs=1)
    with pytest.raises(ValueError, match="2 fan-ins for 3 outputs: give one per neuron"):
        cascade_wiring([3, 4])
    with pytest.raises(ValueError, match="sizes"):
        layered_wiring((2, 0, 3))
    with pytest.raises(ValueError, match="sizes"):
        layered_wiring((2,))


def test_a_wiring_cannot_be_changed_in_place():
    """Wirings are compared, hashed and kept: an array that could be written would betray that."""
    for array in (ARTICLE.source, ARTICLE.target, ARTICLE.first):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("numbers", [[], [4], [0, 1, 3, 4, 7], [2, 4, 6], [1, 2, 3]])
def test_runs_hold_the_numbers_and_no_other(numbers):
    """Oracle: the slices written out; and as few of them as there are gaps, plus one."""
    runs = runs_of(np.array(numbers, int))
    assert [n for run in runs for n in range(run.start, run.stop)] == numbers
    assert len(runs) == (1 + np.sum(np.diff(numbers) > 1) if numbers else 0)


@pytest.mark.parametrize("colours", ["signed", "unit", "hsv"])
def test_a_file_says_what_is_not_as_usual(colours):
    """Oracle: the wiring itself, there and back; the usual one is written without its kinds."""
    wiring = Wiring([[0, 1, 2]] * 3, 3, 3, colours=colours)
    arrays = wiring.to_arrays()
    assert Wiring.from_arrays(arrays) == wiring
    assert ("kinds" in arrays) == (colours != "signed")
