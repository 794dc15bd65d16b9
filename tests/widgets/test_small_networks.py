"""Oracles: the library's answers to all pairs, and its borders, beside what the browser says."""

import html
import json
import re

import numpy as np
import pytest
from browser import run_all

from ensembles_lib import Network
from ensembles_lib.planted import (
    all_pairs,
    answers,
    compare_binary,
    compare_binary_two_neurons,
    find_borders,
    four_neurons,
    move_border,
    move_borders,
    signal_ranges,
)
from ensembles_lib.widgets import borders_html, comparison_html

WORDS = "document.querySelector('.sm-words').textContent"


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a piece in a page of its own."""
    pages = []

    def open_it(piece, width=1000):
        piece.save(tmp_path / "piece.html")
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(f"file://{tmp_path / 'piece.html'}")
        page.wait_for_selector("[data-ready]")
        pages.append(page)
        return page

    yield open_it
    for page in pages:
        page.close()


def wrong(weights, bits=4):
    _, a, b = all_pairs(bits)
    return int(
        np.sum(answers(compare_binary(bits).network.wiring, weights, bits) != np.sign(a - b))
    )


def type_number(page, label, value):
    page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_label(label, exact=True).press("Enter")


def test_a_piece_says_how_many_pairs_are_wrong(opened):
    page = opened(comparison_html(compare_binary(4)))
    assert page.evaluate(WORDS) == "0 of 256 pairs wrong; a counts once, b counts once."
    type_number(page, "factor of all of a", 1.5)
    scaled = compare_binary(4).network.weights * np.repeat([1.5, 1], 4)
    assert (
        page.evaluate(WORDS)
        == f"{wrong(scaled)} of 256 pairs wrong; a counts 1.5 times, b counts once."
    )
    page.get_by_text("reset").click()
    type_number(page, "weight of the bit of b worth 4", -7)
    bent = compare_binary(4).network.with_weight(5, -7 / 8).weights
    assert page.evaluate(WORDS) == (
        f"{wrong(bent)} of 256 pairs wrong; a counts once, the weights of b are −8, −7, −2, −1."
    )


def test_sliders_follow_the_keyboard_and_fit_narrow_pages(opened):
    page = opened(comparison_html(compare_binary(3)), 360)
    slider = page.get_by_label("bit of a worth 4", exact=True)
    slider.press("ArrowRight")
    heavier = compare_binary(3).network.with_weight(0, 4.1 / 4).weights
    assert page.evaluate(WORDS).startswith(f"{wrong(heavier, 3)} of 64 pairs wrong")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_pair_is_read_under_the_pointer(opened):
    """The cell of a = 5, b = 8: bits worth 8, 4, 2, 1 add up to the number itself."""
    page = opened(comparison_html(compare_binary(4)))
    box = page.locator("canvas").bounding_box()
    scale = box["width"] / (24 + 62 + 6 + 288)
    page.mouse.move(box["x"] + scale * (92 + 8.5 * 18), box["y"] + scale * (288 - 5.5 * 18))
    said = page.locator("figcaption").text_content()
    assert said == "a is 5 and adds 5; b is 8 and adds −8. The sum is −3: b is larger."


def test_pieces_are_reproducible_and_hold_a_still_picture():
    piece = comparison_html(compare_binary(2))
    assert piece.html == comparison_html(compare_binary(2)).html
    assert json.loads(html.unescape(re.search(r"data-given='(.*?)'", piece.html)[1]))["start"] == [
        1.0, 0.5, -1.0, -0.5,
    ]  # fmt: skip
    assert 'src="data:image/png;base64,iVBOR' in piece.html


@pytest.mark.parametrize("planted", [compare_binary_two_neurons(3), compare_binary(7)])
def test_only_one_neuron_of_few_bits_is_shown(planted):
    with pytest.raises(ValueError, match=re.escape("give compare_binary(bits) with up to 6 bits")):
        comparison_html(planted)


def test_markup_in_a_title_is_text():
    assert "<u>" not in comparison_html(compare_binary(2), title="<u>'&\"").html


def drag(page, border, by):
    """Drag a border by so much of the line, from -1 to 1."""
    disc = page.locator(".sm-border").nth(border - 1).locator("circle").nth(1).bounding_box()
    line = page.locator(".ensemble-small > div > svg").bounding_box()
    x, y = disc["x"] + disc["width"] / 2, disc["y"] + disc["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by * line["width"] * 860 / 892 / 2, y, steps=5)
    page.mouse.up()


def shown(page):
    """Places of the borders as they are drawn."""
    now = page.locator(".sm-border").evaluate_all("all => all.map(g => g.ariaValueNow)")
    return np.array(now, float)


def let_move(page, *synapses):
    page.get_by_text("put borders back").click()
    page.get_by_text("hold all").click()
    for synapse in synapses:
        page.locator(".sm-weight").nth(synapse).click()


def test_a_border_is_dragged_alone_and_its_weights_are_those_of_the_library(opened):
    built = four_neurons().network
    page = opened(borders_html(built))
    np.testing.assert_allclose(shown(page), find_borders(built), atol=6e-4)
    drag(page, 2, 0.15)
    wanted = move_border(built, 2, shown(page)[1] + 0.3)[0]
    np.testing.assert_allclose(shown(page), find_borders(wanted), atol=2e-3)
    said = page.locator(".sm-weight > span").all_text_contents()
    weights = [float(text.replace("−", "-")) for text in said]
    np.testing.assert_allclose(weights, wanted.weights, atol=0.02, rtol=0.02)
    told = page.locator(".sm-weight > small").all_text_contents()
    changes = [float(text.replace("−", "-")) for text in told]
    ranges = signal_ranges(built)  # of weights that are told in hundredths, changes in tenths
    assert (np.abs(changes - (weights - built.weights) / ranges) <= 0.051 + 0.0051 / ranges).all()
    heights = "all => all.map(bar => Number(bar.getAttribute('height')))"
    bars = page.locator(".sm-weight rect").evaluate_all(heights)
    np.testing.assert_allclose(bars, 4.6 * np.abs(changes), atol=0.25)  # full at ten: 46
    page.get_by_text("put borders back").click()
    assert page.evaluate(WORDS) == "All borders are in their places."


def test_a_synapse_alone_drags_others_along_two_hold_them(opened):
    """Oracle: the library moves border 2 by the same synapse; a shift and a gap together hold 4."""
    built = four_neurons().network
    page = opened(borders_html(built))
    for synapse in (7, 9):
        let_move(page, synapse)
        drag(page, 2, 0.1)
        by = shown(page)[1] + 0.3
        free = [np.nan, by, np.nan, np.nan]
        wanted = find_borders(move_borders(built, free, [synapse])[0])
        np.testing.assert_allclose(shown(page), wanted, atol=2e-3)
        assert by > 0.09 and "border D was dragged along" in page.evaluate(WORDS)
    let_move(page, 7, 9)
    drag(page, 2, 0.1)
    assert abs(shown(page)[3] - 0.5) < 2e-3 < 0.09 < shown(page)[1] + 0.3


def test_moves_stop_before_borders_meet_and_where_no_weight_helps(opened):
    page = opened(borders_html(four_neurons().network), 400)
    drag(page, 2, 0.6)
    second, third = shown(page)[1:3]
    assert second < third and "two borders would meet" in page.evaluate(WORDS)
    let_move(page, 4, 5)
    page.locator(".sm-border").nth(0).press("ArrowRight")
    assert shown(page)[0] == -0.7 and "cannot do it" in page.evaluate(WORDS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_signal_without_borders_is_refused():
    with pytest.raises(ValueError, match="no borders"):
        borders_html(Network(four_neurons().network.wiring, np.zeros(10)))


def test_pieces_live_in_jupyterlab(lab):
    """Keys go to the piece and not to the notebook, whose cells they would leave."""
    code = """\
from ensembles_lib.planted import compare_binary, four_neurons
from ensembles_lib.widgets import borders_html, comparison_html
borders_html(four_neurons().network)"""
    path = lab.write("small.ipynb", code, "comparison_html(compare_binary(4))")
    with lab.opened(path) as page:
        run_all(page)
        page.wait_for_function(
            "document.querySelectorAll('.ensemble-small[data-ready]').length == 2"
        )
        drag(page, 2, 0.15)
        assert abs(shown(page)[1] + 0.15) < 0.01
        page.locator(".sm-border").nth(1).press("ArrowLeft")
        assert abs(shown(page)[1] + 0.17) < 0.01
        page.locator(".sm-weight").nth(7).press("Enter")
        assert page.locator(".sm-weight").nth(7).get_attribute("aria-pressed") == "false"
        type_number(page, "factor of all of b", 0.5)
        assert "b counts 0.5 times" in page.locator(".sm-words").nth(1).text_content()
