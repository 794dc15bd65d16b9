"""Oracle: what the library paints, differentiates and logs for the same weights.

The parts that need no page run in Node, the rest in a headless Chromium with the network off and
in JupyterLab. Where one of these programs is missing its tests are skipped.
"""

import base64
import json
import re
import shutil
import struct
import subprocess

import numpy as np
import pytest
from browser import changed, run_all, settled
from playgrounds import chosen, path, weights_of
from test_kernels import PLAIN, check_pixels, kernels, picture

from ensembles_lib import (
    Network,
    Picture,
    Wiring,
    article_wiring,
    gradient,
    layered_wiring,
    open_genome,
    samples,
    widgets,
)
from ensembles_lib.core.activations import ACTIVATIONS
from ensembles_lib.widgets.playground import Playground as PlaygroundWidget
from ensembles_lib.widgets.playground import playground_html, script
from ensembles_lib.widgets.playground_data import playground_data

MARKUP = "</script><u a='\"&<img src=x onerror=alert(1)>"
READ = 'const given = JSON.parse(require("fs").readFileSync(0, "utf8"));'


@pytest.fixture(scope="module")
def peacock():
    return samples.peacock_network()


def in_node(code, given, kernel="wasm"):
    """What the code returns, run after the script with what is given."""
    if shutil.which("node") is None:
        pytest.skip("no node on this machine")
    whole = (
        f"{PLAIN if kernel == 'js' else ''}{READ}{script()}\nconsole.log(JSON.stringify({code}));"
    )
    done = subprocess.run(
        ["node", "-e", whole], input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# The parts that need no page


def test_pieces_of_a_page_share_the_compiled_kernel():
    """Oracle: how often the browser is asked to compile; another kernel's bytes are its own."""
    code = """(() => {
        const { Module } = WebAssembly;
        let compiled = 0;
        WebAssembly.Module = function (bytes) { compiled += 1; return new Module(bytes); };
        const one = { sources: [[0, 1, 2]] }, first = makeKernel(one, 16), many = [compiled];
        first.planes[0].fill(1);
        const next = makeKernel(one, 16);
        many.push(compiled, next.planes[0][0]);
        globalThis[Symbol.for("ensemble kernels")].clear();
        return [...many, makeKernel(one, 16).name, compiled];
    })()"""
    assert in_node(code, None) == [1, 1, 0, "wasm", 2]


def kinds():
    """A network of each activation in its hidden neurons, and of each way to read colours."""
    rng = np.random.default_rng(5)
    for name in ACTIVATIONS:
        layers = [
            (rng.normal(0, 2, (9, 2)), rng.normal(0, 1, 9)),
            (rng.normal(0, 0.4, (3, 9)), None),
        ]
        yield name, Network.from_layers(layers, [name, "tanh"])
    for colours in ("unit", "hsv"):
        # Four inputs: x, y, d, 1, all of which every hidden neuron hears.
        sources = [[0, 1, 2, 3]] * 8 + [[3, *range(4, 12)]] * 3
        names = [*list(ACTIVATIONS)[:8], "identity", "sigmoid", "sine"]
        wiring = Wiring(sources, 4, 3, names, colours)
        yield colours, Network.random(wiring, seed=1, gain=2.0)


@kernels
def test_it_paints_what_numpy_paints(peacock, kernel):
    """The picture and every activation map, at and away from the start, in any shape.

    Of the article's wirings, layers, each activation that the library has, and outputs that are
    read as colours in each way.
    """
    cases = [
        (peacock, (64, 64)),
        (Network.random(article_wiring("strict"), seed=2), (40, 56)),
        (Network.random(layered_wiring((2, 8, 8, 3)), seed=3), (33, 17)),
        *((network, (48, 40)) for _, network in kinds()),
    ]
    moved = []  # the first twenty only, so that neurons further on must hear of it
    for network, _ in cases:
        weights = network.weights.copy()
        weights[:20] += np.random.default_rng(0).normal(0, 0.1, 20)
        moved.append(Network(network.wiring, weights))
    given = [
        {**playground_data(n, size=size), "moved": m.weights.tolist()}
        for (n, size), m in zip(cases, moved, strict=True)
    ]
    code = """given.map((data) => {
      const network = makeNetwork(data, data.size);
      network.update(startOf(data));
      network.update(data.moved);
      const rgba = new Uint8ClampedArray(4 * network.points);
      writePicture(network.colours, rgba);
      return { kernel: network.kernel, rgba: Array.from(rgba),
        maps: network.neurons.map((plane) => Array.from(plane.subarray(0, network.points))) };
    })"""
    for (_, size), network, got in zip(cases, moved, in_node(code, given, kernel), strict=True):
        assert got["kernel"] == kernel
        check_pixels(np.reshape(got["rgba"], (*size, 4)), network, size)
        maps = np.reshape(got["maps"], (-1, *size))
        np.testing.assert_allclose(maps, network.activations(size), atol=1e-3)  # ⅛ of a level


def test_a_large_picture_painted_in_strips_is_the_whole(peacock):
    """As NumPy paints it, by rows that do not fill the last strip."""
    size = (50, 30)
    given = playground_data(peacock, size=16)
    code = f"Array.from(paintLarge(given, startOf(given), {list(size)}, 7))"
    check_pixels(np.reshape(in_node(code, given), (*size, 4)), peacock, size)


@kernels
def test_healing_follows_the_gradient_of_the_library(peacock, kernel):
    """Over all points of a picture at once; in single precision."""
    cases = [("peacock", peacock.with_weight(418, 0.3)), *kinds()]
    target = samples.peacock(20)  # 400 points: more than a whole number of blocks of 16
    aim = target.pixels.reshape(-1, 3).T.tolist()
    given = [{**playground_data(torn, size=20), "aim": aim} for _, torn in cases]
    code = """given.map((data) => {
      const trainer = makeTrainer(data, data.aim.map((c) => Float32Array.from(c)), 400);
      return Array.from(trainer.gradient(startOf(data), Array.from({ length: 400 }, (_, p) => p)));
    })"""
    for (name, torn), got in zip(cases, in_node(code, given, kernel), strict=True):
        exact = gradient(torn, target)
        np.testing.assert_allclose(
            got, exact, rtol=2e-3, atol=1e-4 * abs(exact).max(), err_msg=name
        )


def test_healing_lowers_the_error_and_leaves_frozen_weights(peacock):
    """What is measured is the library's own error of the weights that come back."""
    torn = Network(peacock.wiring, peacock.weights * 1.05)
    target, size = samples.peacock(64), 64
    given = {**playground_data(torn, size=size), "aim": target.pixels.reshape(-1, 3).T.tolist()}
    code = """(() => {
      let state = 1; // Park and Miller's numbers, so that the draws are the same each time
      const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
      const trainer = makeTrainer(given, given.aim.map((c) => Float32Array.from(c)), 256, random);
      const weights = startOf(given);
      const frozen = weights.map((_, k) => (k < 100 ? 1 : 0));
      for (let i = 0; i < 400; i++) trainer.step(weights, 0.0005, frozen);
      return Array.from(weights);
    })()"""
    healed = np.array(in_node(code, given))
    np.testing.assert_array_equal(healed[:100], torn.weights[:100])
    assert (healed[100:] != torn.weights[100:]).all()

    def error(weights):
        painted = Network(torn.wiring, weights).paint(size).pixels
        return np.sqrt(np.mean((painted - target.pixels) ** 2))

    assert error(healed) < 0.8 * error(torn.weights)


AWKWARD = {0: 1 / 3, 7: 5e-324, 100: -1.7976931348623157e308, 459: np.nextafter(1, 2)}


def known(network):
    """What logs and addresses are held against."""
    return playground_data(network, size=16) | {"start": network.weights.tolist()}


def test_an_address_brings_weights_back_bit_for_bit(peacock):
    weights = peacock.weights.copy()
    weights[list(AWKWARD)] = list(AWKWARD.values())
    given = {**known(peacock), "now": weights.tolist()}
    text, back = in_node(
        "[encodeState(given, given.now), "
        "Array.from(decodeState(given, encodeState(given, given.now)))]",
        given,
    )
    np.testing.assert_array_equal(np.array(back).view("u8"), weights.view("u8"))
    head, packed = text.split(".")
    assert head == given["digests"]["wiring"] + given["digests"]["weights"]
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    entries = list(struct.iter_unpack("<Hd", raw))
    assert dict(entries) == AWKWARD


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda text: "0" * 32 + text[32:], "another network"),
        (lambda text: text[:-4], "cut short"),
        (lambda text: "hello", "no weights"),
        (lambda text: text[:33] + "__8" + text[36:], "synapse 65535"),
        (lambda text: text[:33] + base64.urlsafe_b64encode(struct.pack("<Hd", 3, np.nan)).decode()
         .rstrip("="), "no finite number"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_in_words(peacock, broken, says):
    start = known(peacock)
    text = start["digests"]["wiring"] + start["digests"]["weights"] + "."
    text += base64.urlsafe_b64encode(struct.pack("<HdHd", 1, 0.5, 2, 0.25)).decode().rstrip("=")
    code = "(() => { try { decodeState(given.start, given.text); return ''; }" + (
        " catch (error) { return error.message; } })()"
    )
    assert in_node(code, {"start": start, "text": text}) == ""
    assert says in in_node(code, {"start": start, "text": broken(text)})


# A log of version 0.1, whose peacock is now the wide one, to the letter.
FIRST_LOG = """{
 "format": "ensembles_lib edits 1",
 "wiring": "5c4f43d8ef060a75",
 "weights": "3854292a70bcef29",
 "edits": [
  {
   "name": "synapse 0",
   "weights": {
    "0": 2.9
   }
  }
 ]
}"""
GENOME = {"wiring": "9e29cac415f2fc66", "weights": "0666f05d7ce1002c"}
TRY_LOG = """given.map(([data, text]) => {
  try { return Array.from(decodeLog(data, text)); } catch (error) { return error.message; } })"""


def log_of(network, *edits):
    """A log of edits, {synapse: weight} each, as files have it."""
    named = [
        {"name": f"edit {n}", "weights": {str(k): w for k, w in edit.items()}}
        for n, edit in enumerate(edits)
    ]
    digests = playground_data(network, size=16)["digests"]
    return json.dumps({"format": "ensembles_lib edits 1", **digests, "edits": named})


def with_weights(network, moved):
    """The weights of a network with those of some synapses changed."""
    weights = network.weights.copy()
    weights[list(moved)] = list(moved.values())
    return weights


def test_a_log_of_the_first_version_opens_with_its_network_and_no_other():
    """Oracle: written down."""
    wide = samples.peacock_network("wide")
    others = Network(wide.wiring, wide.weights / 2), samples.peacock_network()
    given = [[known(one), FIRST_LOG] for one in (wide, *others)]
    opened, *refused = in_node(TRY_LOG, given)
    np.testing.assert_array_equal(opened, wide.with_weight(0, 2.9).weights)
    assert all("another network" in words for words in refused)


def test_wirings_that_differ_in_their_neurons_or_colours_alone_are_told_apart():
    """Oracle: what the logs and addresses of a genome began with, written down."""
    genome = open_genome(samples.path("own/genome.zip"))
    sources = [genome.wiring.sources_of(n) for n in range(genome.wiring.n_neurons)]
    names, colours = genome.wiring.activations, genome.wiring.colours
    wirings = [
        Wiring(sources, 4, 3, names, colours), Wiring(sources, 4, 3, names), Wiring(sources, 4, 3),
    ]  # fmt: skip
    digests = [known(Network(one, genome.weights))["digests"] for one in (genome.wiring, *wirings)]
    assert digests[0] == digests[1] == GENOME
    assert len({one["wiring"] for one in digests}) == 3
    assert {one["weights"] for one in digests} == {GENOME["weights"]}


def test_a_log_is_played_again_and_what_is_wrong_is_refused(peacock):
    """Edit after edit; what the page saves it opens; the Python it writes gives the same."""
    log = log_of(peacock, {0: 0.1, 7: 5e-324}, {0: 1 / 3})
    weights = with_weights(peacock, {7: 5e-324, 0: 1 / 3})
    wrong = {
        "{": "no JSON",
        "[]": "no log",
        log.replace('"0": 0.1', '"460": 0.1'): "synapse 460",
        log.replace('"weights": "', '"weights": "0'): "another network",
        log.replace("0.1", "null"): "no finite number",
        log.replace('"edits"', '"edit"'): "no list of edits",
    }
    opened, *refused = in_node(TRY_LOG, [[known(peacock), text] for text in (log, *wrong)])
    np.testing.assert_array_equal(opened, weights)
    assert all(words in text for words, text in zip(wrong.values(), refused, strict=True))
    code = """[encodeLog(given.data, given.now), toPython(given.data, given.now),
      Array.from(decodeLog(given.data, encodeLog(given.data, given.now)))]"""
    text, python, again = in_node(code, {"data": known(peacock), "now": weights.tolist()})
    np.testing.assert_array_equal(again, weights)
    assert json.loads(text)["edits"][0]["weights"] == {"0": 1 / 3, "7": 5e-324}
    names = {"network": peacock}
    exec(python, names)
    np.testing.assert_array_equal(names["network"].weights, weights)


def test_an_ensemble_moves_along_its_path_and_back_to_the_start(peacock):
    """NumPy's interpolation, added to what the hand did to a member before."""
    amounts, weights = path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])
    data = playground_data(peacock, ensembles={"some": (amounts, weights)}, size=16)
    assert data["ensembles"][0]["members"] == [3, 70, 80]
    moved = peacock.weights.copy()
    moved[70] += 0.5
    code = """given.to.map((amount) => {
      const there = moveAlong(given.path, given.moved, 0, amount, given.start);
      return [Array.from(there), Array.from(moveAlong(given.path, there, amount, 0, given.start))];
    })"""
    to = [-1, -0.4, 0, 0.7, 2]
    code = f"(given.path = unpackPath(given.path), {code})"
    got = in_node(code, {"path": data["ensembles"][0], "moved": moved.tolist(),
                         "start": peacock.weights.tolist(), "to": to})  # fmt: skip
    for amount, (there, back) in zip(to, got, strict=True):
        along = [np.interp(amount, amounts, w) for w in weights.T] - peacock.weights
        np.testing.assert_allclose(there, moved + along, atol=1e-6)
        np.testing.assert_array_equal(np.delete(back, 70), np.delete(moved, 70))


def test_steps_are_taken_back_and_numbers_are_read_as_they_are_typed():
    code = """(() => {
      const history = makeHistory(0, 4), seen = [];
      for (const state of [1, 2, 3, 4, 5]) history.add(state);
      seen.push(history.undo(), history.undo(), history.redo());
      history.undo(); history.add(9);
      seen.push(history.canRedo, history.undo(), history.undo(), history.undo(), history.canUndo);
      return [seen, given.map(parseNumber).map(String)];
    })()"""
    typed = [" 28 ", "0,5", "\u22121.5", ".5", "1e-3", "", "1e999", "0x10", "1.2.3", "a"]
    seen, read = in_node(code, typed)
    assert seen == [4, 3, 4, False, 3, 2, 2, False]
    assert read == ["28", "0.5", "-1.5", "0.5", "0.001", *["NaN"] * 5]


# The piece of HTML, and what it refuses


def test_it_is_small_and_needs_nothing_else(peacock):
    """120 kB with a target and ensembles of 46; equal arguments give equal text."""
    some = {f"part {n}": path(peacock, np.arange(46) + n, np.ones(46)) for n in range(3)}
    first, again = (playground_html(peacock, samples.peacock(128), some) for _ in range(2))
    assert first.html == again.html == first._repr_html_()
    assert len(first.html.encode()) <= 120_000
    assert not re.search(r"https?:|src=\"(?!data:)|@import|url\(|\beval\b|innerHTML", first.html)


def history(network, records=30):
    """A path that goes one way, all weights: steps that crowd at the start, as in a training."""
    steps = np.round(np.geomspace(1, 4000, records)) + np.arange(records)
    far = np.random.default_rng(3).normal(0, 0.2, (records, network.wiring.n_synapses))
    return np.append(0, steps), network.weights + np.vstack([0 * far[:1], far.cumsum(axis=0)])


def test_a_piece_with_sliders_is_small_and_a_history_is_packed(peacock):
    """Without data 60 kB, a record of 460 synapses 2.5 kB: four bytes a weight in base 64."""
    one = playground_html(peacock, ensembles={"a": path(peacock, [0], [0.1])}, view="sliders")
    assert len(one.html.encode()) <= 80_000
    many = playground_html(peacock, ensembles={"a": history(peacock)}, view="sliders")
    per_record = (len(many.html) - len(one.html)) / 31
    assert 460 * 16 / 3 < per_record < 460 * 16 / 3 + 160
    amounts, weights = history(peacock)
    packed = playground_data(peacock, ensembles={"a": (amounts, weights)})["ensembles"][0]
    back = np.frombuffer(base64.b64decode(packed["moves"]), "<f4").reshape(weights.shape)
    np.testing.assert_allclose(peacock.weights + back, weights, atol=1e-6)


def test_words_cannot_break_out_of_the_page(peacock):
    some = {MARKUP: path(peacock, [0], [0.1])}
    live = playground_html(peacock, None, some, title=MARKUP)
    assert live.html.count("</script>") == 1 and "<u a" not in live.html
    assert "<img src=x" not in live.html


@pytest.mark.parametrize("strip", [False, True])
def test_where_scripts_are_not_run_a_still_picture_remains_and_no_code(peacock, strip):
    """Oracle: what bleach leaves, which shows the text of what it takes out, or drops the tags."""
    bleach = pytest.importorskip("bleach")
    live = playground_html(peacock, samples.peacock(32), title="A flying peacock")
    allowed = {"tags": {"div", "figure", "img", "figcaption"}, "protocols": {"data"}}
    attributes = {"img": ["alt", "src", "width", "height"]}
    left = bleach.clean(live.html, **allowed, attributes=attributes, strip=strip)
    words = re.sub(r"<[^>]*>", "", left).strip()
    assert words.startswith("Still picture") and len(words) < 700, words
    picture = re.search(r'<img alt="A flying peacock".*?base64,([^"]*)"', left)[1]
    assert base64.b64decode(picture)[:4] == b"\x89PNG"


@pytest.mark.parametrize("kind", [playground_html, PlaygroundWidget])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"network": None}, "give a Network"),
        ({"network": Network.random(layered_wiring((2, 260, 250, 3)))}, "65536 at most"),
        ({"network": Network.random(layered_wiring((2, 5, 1)))}, "3 of a colour"),
        ({"shades": {"a": np.ones(3)}}, "shade 'a' has shape (3,): give (460,)"),
        ({"shades": {"a": np.full(460, 1.5)}}, "shade 'a': values go from 0 to 1"),
        ({"shades": {"a": "red"}}, "shade 'a': give an array"),
        ({"presets": {"a": np.ones(3)}}, "preset 'a': weights of shape (3,)"),
        ({"presets": {"a": np.full(460, np.nan)}}, "preset 'a': weight 0 is nan"),
        ({"target": b"bird"}, "not an image that can be read"),
        ({"size": 0}, "size 0"),
        ({"title": " "}, "some words"),
        ({"view": "slider"}, "view 'slider': give one of 'whole', 'network', 'sliders', 'atlas'"),
        ({"view": "sliders"}, "give ensembles"),
        ({"ensembles": {"a": 3}}, "ensemble 'a'"),
        ({"ensembles": {"a": (*path(samples.peacock_network(), [0], [1]), {"b": [1, 2]})}},
         "ensemble 'a', reading 'b': give 3 finite numbers"),
        ({"ensembles": {"a": (*path(samples.peacock_network(), [0], [1]), 5)}}, "readings)"),
        ({"ensembles": {"a": ([0, 1], np.ones((2, 3)))}}, "(T, 460)"),
        ({"ensembles": {"a": ([0, 1], np.ones((2, 460)))}}, "the network's"),
        ({"ensembles": {"a": ([0, np.nan], np.ones((2, 460)))}}, "finite"),
        ({"ensembles": {"a": ([0, 1], np.tile(samples.peacock_network().weights, (2, 1)))}},
         "moves no weight"),
    ],
    ids=str,
)  # fmt: skip
def test_bad_input_is_said_in_words(peacock, kind, given, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        kind(**{"network": peacock} | given)


# With a kernel


def test_weights_travel_exactly_and_wrong_ones_are_refused(peacock):
    """What a page sends is kept bit for bit; too few, or none, change nothing."""
    playground = PlaygroundWidget(peacock)
    assert playground.get_state("weights")["weights"] == peacock.weights.tobytes()
    weights = peacock.weights.copy()
    weights[list(AWKWARD)] = list(AWKWARD.values())
    playground.set_state({"weights": memoryview(weights.tobytes())})
    np.testing.assert_array_equal(playground.weights.view("u8"), weights.view("u8"))
    assert playground.network == Network(peacock.wiring, weights)
    for wrong in (weights[:-1], np.full(460, np.nan), "many"):
        with pytest.raises((ValueError, TypeError)):
            playground.weights = wrong
        np.testing.assert_array_equal(playground.weights, weights)


def test_weights_go_to_a_file_and_come_from_one(peacock, tmp_path):
    """By the library's own files; another number of weights is refused."""
    playground = PlaygroundWidget(peacock)
    playground.weights = peacock.with_weight(3, 0.25).weights
    playground.network.save(tmp_path / "mine.npz")
    again = PlaygroundWidget(peacock)
    again.weights = Network.load(tmp_path / "mine.npz").weights
    assert again.network == playground.network == peacock.with_weight(3, 0.25)
    with pytest.raises(ValueError, match="needs 460"):
        again.weights = Network.random(layered_wiring((2, 4, 3))).weights


@pytest.mark.parametrize("size", [48, (16, 48)])
@pytest.mark.parametrize("kind", [lambda picture: picture, Picture.to_png])
def test_a_picture_that_is_not_square_keeps_its_shape(peacock, kind, size):
    """Of a picture or its file; oracle: its resampling, and what the network paints there."""
    wide = samples.peacock(96).pixels[:32]
    playground = PlaygroundWidget(peacock, kind(Picture(wide)), size=size)
    data = json.loads(playground._data)
    assert data["size"] == [16, 48]
    taught = Picture.open(base64.b64decode(data["target"].partition(",")[2]))
    assert taught.size == (16, 48)
    assert np.abs(taught.pixels - Picture(wide).resized((16, 48)).pixels).max() < 0.02
    bundle, _ = playground._repr_mimebundle_()
    raw = bundle["image/png"]
    raw = base64.b64decode(raw) if isinstance(raw, str) else raw
    assert raw == peacock.paint((16, 48)).to_png()
    assert json.loads(PlaygroundWidget(peacock, size=size)._data)["size"][1] == 48


def test_the_workbench_that_left_says_where_to_go():
    with pytest.raises(ImportError, match="Playground.*every synapse.*PropertyMoves moves a prop"):
        from ensembles_lib.widgets import WeightEditor  # noqa: F401
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        widgets.Nothing  # noqa: B018
    assert all(hasattr(widgets, name) for name in ("Playground", "playground_html"))


def test_a_synapse_is_tied_to_its_weight_both_ways(peacock):
    playground = PlaygroundWidget(peacock)
    one, other = playground.synapse(3), playground.synapse(4)
    one.value = 0.25
    assert playground.weights[3] == 0.25 and other.value == peacock.weights[4]
    playground.weights = peacock.with_weight(4, -0.5).weights
    assert (one.value, other.value) == (peacock.weights[3], -0.5)
    assert playground.synapse(3) is one
    with pytest.raises(ValueError, match="finite"):
        one.value = np.inf
    assert one.value == peacock.weights[3]
    with pytest.raises(IndexError, match="0 to 459"):
        playground.synapse(460)


def test_the_bundle_holds_a_picture_for_where_no_widget_is_shown(peacock):
    playground = PlaygroundWidget(peacock, title="A peacock")
    data, _ = playground._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and "A peacock" in data["text/plain"]
    raw = data["image/png"]
    raw = base64.b64decode(raw) if isinstance(raw, str) else raw
    assert raw == peacock.paint(128).to_png()


# In the browser, opened from disk, with the network off


@kernels
def test_a_cell_is_dragged_and_everything_follows(opened, peacock, kernel):
    """Seen while it is dragged, as NumPy paints it when it rests; undo and redo; in the address."""
    page = opened(playground_html(peacock), kernel)
    root = page.locator(".ensemble-playground")
    assert root.get_attribute("data-kernel") == kernel
    seen = [picture(root)]
    check_pixels(seen[0], peacock, 128)
    page.get_by_label("synapse", exact=True).fill("418")
    handle = page.get_by_role("slider", name="synapse 418, from ")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for up in (20, 40):
        page.mouse.move(x, y - up)
        seen.append(picture(root))
    page.mouse.up()
    assert all((a != b).any() for a, b in zip(seen, seen[1:], strict=False))
    moved = weights_of(page, peacock)
    assert np.flatnonzero(moved != peacock.weights).tolist() == [418]
    check_pixels(picture(root), Network(peacock.wiring, moved), 128)
    page.get_by_role("button", name="undo").click()
    np.testing.assert_array_equal(picture(root), seen[0])
    page.get_by_role("button", name="redo").click()
    np.testing.assert_array_equal(picture(root), seen[2])
    address = page.evaluate("location.hash")
    again = opened(playground_html(peacock), kernel, after=address)
    np.testing.assert_array_equal(picture(again.locator(".ensemble-playground")), seen[2])
    other = opened(playground_html(peacock.with_weight(0, 1.0)), kernel, after=address)
    assert "another network" in other.locator(".pg-message").inner_text()


def test_the_keyboard_does_all_that_the_mouse_does(opened, peacock):
    """Walks, moves, types, resets and takes back; what is no number is said and left out."""
    page = opened(playground_html(peacock))
    handle = page.locator(".pg-handle")
    handle.press("ArrowDown")  # from synapse 0, which hears x, to the next that does
    assert handle.get_attribute("aria-label") == "synapse 3, from input x to neuron 1"
    start = chosen(page)
    unit = playground_data(peacock, size=128)["reach"][3]
    for key, step in (("PageUp", 0.5), ("Shift+PageUp", 0.05), ("-", -0.1)):
        before = chosen(page)
        handle.press(key)
        picture(page.locator(".ensemble-playground"))
        assert chosen(page) - before == pytest.approx(step * unit, abs=2e-2 * unit + 1e-3)
    handle.press("Delete")
    assert weights_of(page, peacock)[3] == peacock.weights[3]
    handle.press("Enter")
    page.keyboard.type(" 0,5 ")
    page.keyboard.press("Enter")
    assert weights_of(page, peacock)[3] == 0.5
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("<b>much</b>")
    page.keyboard.press("Enter")
    assert "<b>much</b>” is no number" in page.locator(".pg-message").inner_text()
    assert chosen(page) == 0.5
    handle.press("Control+z")
    picture(page.locator(".ensemble-playground"))
    assert chosen(page) == pytest.approx(start, abs=1e-4)
    # Every control keeps JupyterLab from taking its keys, and has a name.
    nameless = page.locator(".ensemble-playground").evaluate("""root => [...root.querySelectorAll(
        'button, input:not([hidden]), [tabindex]')].filter(node =>
        !node.dataset.lmSuppressShortcuts || !(node.ariaLabel || node.labels?.length
        || node.textContent.trim())).map(node => node.outerHTML)""")
    assert nameless == []


def test_ensembles_sweeps_and_healing_move_the_picture(opened, peacock):
    """Members go along their path; a sweep ends where it began; a broken bird comes back."""
    amounts, weights = path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])
    page = opened(playground_html(peacock, samples.peacock(64), {MARKUP: (amounts, weights)}, 64))
    root, slider = (
        page.locator(".ensemble-playground"),
        page.get_by_label(MARKUP, exact=False).first,
    )
    assert page.locator(".pg u").count() == 0 and page.locator(".pg img").count() == 1
    still = picture(root)
    slider = page.locator(".pg-path [type=range]")
    slider.press("End")
    np.testing.assert_allclose(weights_of(page, peacock), weights[-1], atol=1e-6)
    page.get_by_role("button", name="reset all").click()
    sweep = page.locator(".pg-play:not(.pg-heal *)").first  # its name is then "stop"
    sweep.click()
    changed(lambda: picture(root).tobytes(), still.tobytes())
    sweep.click()
    np.testing.assert_array_equal(picture(root), still)
    error = page.locator(".pg-heal output")
    page.get_by_role("button", name="break").click()
    broken = float(settled(error.inner_text))
    page.get_by_role("button", name="heal").click()
    page.wait_for_function(
        "most => Number(document.querySelector('.pg-heal output').textContent) < most",
        arg=0.7 * broken,
    )
    page.locator(".pg-heal").get_by_role("button", name="stop").click()
    healed = Network(peacock.wiring, weights_of(page, peacock))
    off = np.sqrt(np.mean((healed.paint(64).pixels - samples.peacock(64).pixels) ** 2))
    assert off == pytest.approx(float(error.inner_text()), abs=0.002)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 640, 1024, 1920])
def test_it_fits_every_screen(opened, peacock, width, scheme):
    """Nothing overflows, the whole picture is seen, and a finger chooses a cell and moves it."""
    touch = {"has_touch": True, "is_mobile": True} if width == 390 else {}
    view = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = opened(playground_html(peacock), **view, **touch)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".pg-picture canvas").bounding_box()
    assert box["width"] > 250 and box["x"] >= 0 and box["x"] + box["width"] <= width
    paper = page.evaluate(
        "getComputedStyle(document.querySelector('.ensemble-playground')).backgroundColor"
    )
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 200) == (scheme == "dark")
    if touch:
        board = page.locator(".pg-board")
        page.evaluate("window.scrollTo(0, document.querySelector('.pg-board').offsetTop - 450)")
        assert picture(page.locator(".ensemble-playground")).any()  # a frame has passed
        cell = page.evaluate("""() => { const cell = document.querySelector('.pg-handle');
            return [cell.offsetLeft, cell.offsetTop, cell.offsetWidth, cell.offsetHeight]; }""")
        assert min(cell[2:]) >= 20
        where = {"x": cell[0] + 1.5 * cell[2], "y": cell[1] + 0.5 * cell[3]}
        board.tap(position=where, force=True)
        assert page.get_by_label("synapse", exact=True).input_value() == "1"


def test_files_and_comparing(opened, peacock, tmp_path):
    """What is saved is loaded again, exactly; a file of others is refused; the start while held."""
    page = opened(playground_html(peacock))
    root = page.locator(".ensemble-playground")
    load = page.locator("input[type=file][accept*=json]")
    start = picture(root)
    (tmp_path / "wrong.json").write_text(MARKUP, encoding="utf-8")
    load.set_input_files(tmp_path / "wrong.json")
    page.wait_for_function("document.querySelector('.pg-message').textContent.includes('no JSON')")
    weights = with_weights(peacock, {0: 1 / 3, 418: -0.7})
    (tmp_path / "edits.json").write_text(log_of(peacock, {0: 1 / 3, 418: -0.7}), encoding="utf-8")
    load.set_input_files(tmp_path / "edits.json")
    page.wait_for_function("location.hash.length > 1")
    np.testing.assert_array_equal(weights_of(page, peacock), weights)
    moved = picture(root)
    check_pixels(moved, Network(peacock.wiring, weights), 128)
    page.get_by_role("button", name="save and share").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="save what was changed as JSON").click()
    saved.value.save_as(tmp_path / "back.json")
    [edit] = json.loads((tmp_path / "back.json").read_text(encoding="utf-8"))["edits"]
    assert edit["weights"] == {"0": 1 / 3, "418": -0.7}
    compare = page.get_by_role("button", name="hold to compare")
    compare.hover()
    page.mouse.down()
    np.testing.assert_array_equal(picture(root), start)
    page.mouse.up()
    np.testing.assert_array_equal(picture(root), moved)


def test_without_scripts_a_still_picture_stays(opened, peacock):
    page = opened(playground_html(peacock, title="A peacock"), java_script_enabled=False)
    assert page.get_by_role("img", name="A peacock").is_visible()
    assert "Still picture" in page.locator(".pg-still").inner_text()


# In JupyterLab

CELLS = ["""\
import ipywidgets
from ensembles_lib import (samples)
from ensembles_lib.widgets import Playground
playground = Playground(samples.peacock_network(), size=64)
playground""", """\
slider = ipywidgets.FloatSlider(min=-3, max=3, step=0.0025)
ipywidgets.link((slider, "value"), (playground.synapse(0), "value"))
told = ipywidgets.Label()
playground.observe(lambda c: setattr(told, "value", repr(float(c["new"][0]))), "weights")
ipywidgets.VBox([slider, told])"""]  # fmt: skip


def test_kernel_and_page_move_the_same_weights(lab):
    """Keys do nothing to the notebook; the kernel hears of them; its slider moves the picture."""
    with lab.opened(lab.write("playground.ipynb", *CELLS)) as page:
        run_all(page)
        page.locator(".ensemble-playground").wait_for()
        root, cells = page.locator(".ensemble-playground"), "jupyterapp.shell.currentWidget.content"
        handle, told = (
            root.locator(".pg-handle"),
            page.locator(".jupyter-widgets.widget-label").last,
        )
        n_cells, seen = page.evaluate(f"{cells}.widgets.length"), picture(root).tobytes()
        slider = page.locator(".widget-slider .noUi-handle").first
        slider.wait_for()  # one that is drawn later rounds to its own steps what it finds
        handle.focus()
        for key in ("x", "a", "b", "m", "PageUp"):
            page.keyboard.press(key)
        moved = changed(lambda: picture(root).tobytes(), seen)
        assert page.evaluate(f"{cells}.widgets.length") == n_cells
        changed(told.inner_text, "")
        heard = settled(told.inner_text)  # a slow machine tells of the way there, too
        assert float(heard) == pytest.approx(chosen(root), abs=1e-4)
        slider.focus()
        page.keyboard.press("ArrowRight")
        changed(lambda: picture(root).tobytes(), moved)
        # What Python did is a step, too: the page takes it back, and the kernel hears of it.
        before = settled(told.inner_text)
        root.get_by_role("button", name="undo").click()
        changed(told.inner_text, before)
        assert float(settled(told.inner_text)) == pytest.approx(chosen(root), abs=1e-4)
        assert not page.errors
