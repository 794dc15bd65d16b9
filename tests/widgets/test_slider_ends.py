"""The ends of every synapse's slider are accepted, also where it was stretched by a typed number.

Oracle: the ends as they are known in Python, and what NumPy paints there.
"""

import json

import pytest
from browser import changed
from test_kernels import check_pixels, picture

from ensembles_lib import samples
from ensembles_lib.widgets.playground import playground_html

SIZE = 128  # with fewer pixels, one in a thousand is one, and float32 may round two
FAR = 100  # of a typed weight, in working ranges
PAINTED = (0, 5, 28, 74, 317, 418, 459)  # synapses whose picture is looked at
TRY = """async far => {
    const one = (selector) => document.querySelector(`.ensemble-playground ${selector}`);
    const slider = one('[aria-label="weight of the chosen synapse"]');
    const [which, weight] = ["which", "weight"].map(name => one(`[id$="-${name}"]`));
    const reset = one('[aria-label="reset this synapse"]'), message = one(".pg-message");
    const set = (input, value) => {
        input.value = value;
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind));
    };
    const found = [], drawn = () => new Promise(requestAnimationFrame);
    const note = async () => {
        await drawn();
        found.push([Number(slider.min), Number(slider.max), Number(slider.value),
            weight.value, message.textContent]);
    };
    for (const [low, high, k] of far) {
        set(which, k);
        await drawn();
        for (const end of ["min", "max"]) { set(slider, slider[end]); await note(); }
        for (const end of [low, high]) { set(weight, String(end)); await note(); }
        reset.click();
    }
    return found;
}"""


def check_ends(page, network, reach):
    """Set all sliders to their ends, and type what is far beyond; some by keys, and look."""
    far = [[w - FAR * r, w + FAR * r, k] for k, (w, r) in enumerate(
        zip(network.weights, reach, strict=True))]  # fmt: skip
    found = iter(page.evaluate(TRY, far))
    for k, weight in enumerate(network.weights):
        near = [weight - 5 * reach[k], weight + 5 * reach[k]]
        for end, at in zip([*near, *far[k][:2]], (0, 1, 0, 1), strict=True):
            *ends, value, shown, message = next(found)
            assert [value, ends[at]] == pytest.approx([end, end], rel=1e-12), k
            digits = len(shown.partition(".")[2])
            number = float(shown.replace("\u2212", "-"))
            assert number == pytest.approx(value, abs=0.51 * 10**-digits) and not message, k
    root, slider = page.locator(".ensemble-playground"), "weight of the chosen synapse"
    for k in PAINTED:
        page.get_by_label("synapse", exact=True).fill(str(k))
        for key in ("End", "Home"):
            seen = picture(root).tobytes()
            page.get_by_label(slider).press(key)
            changed(lambda seen=seen: picture(root).tobytes(), seen)
            value = float(page.get_by_label(slider).input_value())
            check_pixels(picture(root), network.with_weight(k, value), SIZE)
        page.get_by_role("button", name="reset this synapse").click()


def test_ends_of_sliders_near_and_far(opened):
    network = samples.peacock_network()
    live = playground_html(network, size=SIZE)
    given = json.loads(live.html.partition("data-given='")[2].partition("'")[0])
    check_ends(opened(live), network, given["reach"])
