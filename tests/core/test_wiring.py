"""Oracle: the article's own sentences about its synapse numbers, and counting."""

import numpy as np
import pytest

from ensembles_lib import Wiring, article_wiring, cascade_wiring, layered_wiring
from ensembles_lib.core.wiring import runs_of

ARTICLE = article_wiring()

# (synapses, neurons that they lead to), as the article has them
QUOTED = [
    (range(21, 28), {6}),
    (range(37, 47), {8}),
    (range(70, 84), {11, 12}),
    (range(90, 95), {12, 13}),
    (range(129, 139), {16}),
    ([178], {19}),
    ([0, 1], {0}),
    ([418], {35}),
]


def test_article_size():
    assert (ARTICLE.n_neurons, ARTICLE.n_synapses) == (37, 460)
    assert (ARTICLE.n_inputs, ARTICLE.n_outputs) == (3, 3)


@pytest.mark.parametrize("synapses, neurons", QUOTED)
def test_article_numbers(synapses, neurons):
    assert {ARTICLE.neuron_of(synapse) for synapse in synapses} == neurons


def test_article_neuron_6_owns_exactly_21_to_27():
    assert ARTICLE.synapses_of(6) == range(21, 28)


def test_article_synapse_0_is_x_in_neuron_0_and_the_inputs_lead_every_neuron():
    assert (ARTICLE.source[0], ARTICLE.target[0]) == (0, 0)
    for neuron in range(37):
        assert ARTICLE.sources_of(neuron)[:3].tolist() == [0, 1, 2]


def test_article_outputs_are_the_last_three_and_do_not_hear_each_other():
    assert ARTICLE.outputs == range(34, 37)
    for output in ARTICLE.outputs:
        assert len(ARTICLE.synapses_of(output)) < 37
        assert max(ARTICLE.sources_of(output)) < 3 + 34


def test_article_every_neuron_reaches_an_output():
    for neuron in range(34):
        assert set(ARTICLE.downstream_of(neuron)) & set(ARTICLE.outputs)


def test_the_article_wiring_slightly_changed_has_dead_neurons():
    # Fan-ins 10, 11, 12 for neurons 8 to 10 also give 460, but nobody hears neuron 0.
    fan_in = list(np.diff(ARTICLE.first))
    fan_in[8:11] = [10, 11, 12]
    dead = cascade_wiring(fan_in)
    assert dead.n_synapses == 460 and len(dead.downstream_of(0)) == 0


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
