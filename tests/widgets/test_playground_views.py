"""Oracle: what the library paints for the weights of a path, added to those of others.

Small views of a playground in a headless Chromium with the network off; without one, skipped.
"""

import numpy as np
import pytest
from browser import changed, settled
from playgrounds import path
from test_kernels import check_pixels, picture
from test_playground import MARKUP, history

from ensembles_lib import Network, samples
from ensembles_lib.widgets.playground import playground_html


@pytest.fixture(scope="module")
def peacock():
    return samples.peacock_network()


def shown(page, width=1280):
    """Nothing overflows, every control keeps its keys and has a name."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = page.locator(".ensemble-playground").evaluate("""root => [...root.querySelectorAll(
        'button, input, [tabindex], canvas, img')].filter(node =>
        !node.matches('canvas, img') && !node.dataset.lmSuppressShortcuts
        || !(node.ariaLabel || node.alt || node.labels?.length || node.ariaHidden
        || node.textContent.trim())).map(node => node.outerHTML)""")
    assert nameless == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 640, 1280])
def test_sliders_add_up_and_nothing_else_is_shown(opened, peacock, width, scheme):
    """One synapse by its weight and an ensemble by its amount, at once; reset and compare."""
    amounts, weights = path(peacock, [3, 70, 80], [0.1, -0.2, 0.3])
    tilt = np.array([0, 1.0]), np.array([peacock.weights, peacock.with_weight(0, -0.5).weights])
    some = {MARKUP: (amounts, weights), "synapse 0: tilt": tilt}
    live = playground_html(peacock, ensembles=some, view="sliders", size=64)
    view = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = opened(live, **view)
    shown(page, width)
    root = page.locator(".ensemble-playground")
    assert page.locator(".pg-matrix, .pg-map, .pg-tools, h2, details").count() == 0
    words = page.locator(".pg-path label").all_inner_texts()
    assert words == [f"{MARKUP} 3 synapses", "synapse 0: tilt weight"]
    start = picture(root)
    check_pixels(start, peacock, 64)
    slider, other = page.get_by_role("slider").all()
    slider.press("End")
    typed = page.get_by_label("synapse 0: tilt, number")
    assert float(typed.input_value().replace("−", "-")) == pytest.approx(
        peacock.weights[0], abs=0.01
    )
    typed.fill("0,25")
    typed.press("Enter")
    both = Network(peacock.wiring, weights[-1]).with_weight(0, 0.25)
    check_pixels(picture(root), both, 64)
    assert float(other.input_value()) == 0.25
    other.press("Home")  # where its path ends
    both = both.with_weight(0, min(peacock.weights[0], -0.5))
    check_pixels(picture(root), both, 64)
    compare = page.get_by_role("button", name="hold to compare")
    compare.focus()
    page.keyboard.down(" ")
    np.testing.assert_array_equal(picture(root), start)
    page.keyboard.up(" ")
    check_pixels(picture(root), both, 64)
    page.get_by_label(f"{MARKUP}, number").fill("3")
    page.keyboard.press("Enter")
    assert "goes from −1.00 to 2.00" in page.locator(".pg-message").inner_text()
    page.get_by_role("button", name="reset").click()
    np.testing.assert_array_equal(picture(root), start)
    assert slider.input_value() == "0"


def test_a_history_is_played_once_and_stays_at_its_end(opened, peacock):
    """Its knots are at equal distances, whatever the steps; between them along straight lines."""
    steps, weights = history(peacock, 6)
    target = samples.peacock(32)
    live = playground_html(peacock, target, {"step": (steps, weights)}, view="sliders", size=64)
    page = opened(live)
    shown(page)
    root, slider, typed = (
        page.locator(".ensemble-playground"),
        page.get_by_role("slider"),
        page.get_by_label("step, number"),
    )
    assert page.get_by_role("img", name="the picture that was taught").is_visible()
    assert page.locator(".pg-path label").inner_text() == "step"
    start = picture(root)
    for at, number in ((1, steps[1]), (2.5, (steps[2] + steps[3]) / 2)):
        slider.fill(str(at))
        assert float(typed.input_value()) == round(number)
        half = weights[int(at)] if at == 1 else (weights[2] + weights[3]) / 2
        check_pixels(picture(root), Network(peacock.wiring, half), 64)
    typed.fill(str(int(steps[4])))
    typed.press("Enter")
    check_pixels(picture(root), Network(peacock.wiring, weights[4]), 64)
    run = page.get_by_role("button", name="sweep step")
    run.click()
    changed(lambda: picture(root).tobytes(), picture(root).tobytes())
    page.wait_for_function("document.querySelector('.pg-play').textContent == '▶'", timeout=20_000)
    assert slider.input_value() == "6"
    check_pixels(picture(root), Network(peacock.wiring, weights[6]), 64)
    run.click()  # from the start again
    changed(lambda: float(slider.input_value()) < 3, False)
    run.click()
    here = settled(slider.input_value)
    assert 0 < float(here) < 6
    slider.press("Home")
    np.testing.assert_array_equal(picture(root), start)
