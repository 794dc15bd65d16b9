"""Oracles: the library's answers to all pairs, and its borders, beside what the browser says."""

import html
import json
import re

import numpy as np
import pytest

from ensembles_lib.planted import (
    all_pairs,
    answers,
    compare_binary,
    compare_binary_two_neurons,
)
from ensembles_lib.widgets import comparison_html

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
        f"{wrong(bent)} of 256 pairs wrong; a counts once, the bits of b count 8 : 7 : 2 : 1."
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
