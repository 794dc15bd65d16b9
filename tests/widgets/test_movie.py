"""Oracle: the pictures that were given, read back from the tiles and from the page."""

import base64
import html
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from ensembles_lib import Picture
from ensembles_lib.plots.changes import change_picture
from ensembles_lib.widgets import emergence_movie

T, C = 5, 2


def run_of(seed=0, records=T, shape=(16, 24), **changed):
    """A training with smooth pictures: tiles are compressed."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(-0.8, 0.8, shape[1])[:, None]
    pictures = rng.uniform(-0.9, 0.9, (records, 1, 1, 3)) * np.ones((records, *shape, 3))
    maps = rng.uniform(-0.3, 0.3, (records, C, 1, 1, 3)) * np.ones((records, C, 16, 16, 3))
    run = {"pictures": 0.7 * pictures + 0.2 * ramp, "maps": maps, "told": ["wing", "tail"]}
    row = rng.uniform(0.1, 0.9, (2, records))
    run |= {"appeared": [2, -1], "step": np.arange(records) * 7, "rmse": row[0], "share": row[1]}
    return run | changed


@pytest.fixture
def runs():
    return {"narrow": run_of(0), "wide": run_of(1)}


def inside(movie):
    return json.loads(html.unescape(re.search(r"data-given='(.*?)'", movie.html)[1]))


def opened(text):
    return np.asarray(
        Image.open(io.BytesIO(base64.b64decode(text.split(",")[1]))).convert("RGB"), float
    )


def test_tiles_hold_the_pictures_of_each_record(runs):
    """A row for each record, a column for each run or component; WebP is off by a few levels."""
    data = inside(emergence_movie(runs))
    paintings, maps = (opened(sheet) for sheet in data["sheets"])
    assert paintings.shape == (T * 16, 2 * 24, 3) and maps.shape == (T * 16, 2 * C * 16, 3)
    assert data["start"] == [0, C]
    for n, run in enumerate(runs.values()):
        for t in range(T):
            tile = paintings[16 * t + 3 : 16 * t + 13, 24 * n + 3 : 24 * n + 21]
            wanted = Picture(run["pictures"][t]).to_bytes()[3:13, 3:21]
            assert np.abs(tile - wanted).mean() < 6
            for c in range(C):
                at = 16 * (data["start"][n] + c)
                tile = maps[16 * t + 4 : 16 * t + 12, at + 4 : at + 12]
                wanted = change_picture(run["maps"][t, c]).to_bytes()[4:12, 4:12]
                assert np.abs(tile - wanted).mean() < 8


def test_numbers_are_those_given(runs):
    for told, run in zip(inside(emergence_movie(runs))["runs"], runs.values(), strict=True):
        assert told["appeared"] == [2, -1] and told["step"] == run["step"].tolist()
        np.testing.assert_allclose(told["rmse"], run["rmse"], atol=6e-4)
        np.testing.assert_allclose(told["share"], run["share"], atol=6e-4)


def test_the_same_movie_twice_is_the_same_page(runs, tmp_path):
    movie = emergence_movie(runs)
    assert movie.html == emergence_movie(runs).html != emergence_movie(runs, "other").html
    movie.save(tmp_path / "movie.html")
    assert movie.html in (tmp_path / "movie.html").read_text(encoding="utf-8")


def test_without_scripts_the_end_remains_with_words(runs):
    """The still is the last painting of each run, side by side, and has an alternative text."""
    page = emergence_movie(runs).html
    alt, still = re.search(r'<img alt="(.*?)".*?src="(.*?)"', page).groups()
    assert "narrow" in alt and f"{runs['wide']['rmse'][-1]:.2f}" in alt
    wanted = np.hstack([Picture(run["pictures"][-1]).to_bytes() for run in runs.values()])
    assert np.abs(opened(still) - wanted).mean() < 6
    assert page.count(" hidden>") == 2  # what scripts would show


def test_names_cannot_end_the_script():
    bad = "</script><b>"
    page = emergence_movie({bad: run_of(told=[bad, "x"])}, title=bad).html
    assert bad not in page and page.count("</script>") == 1
    assert inside(emergence_movie({bad: run_of()}))["runs"][0]["name"] == bad


@pytest.mark.parametrize(
    "runs, says",
    [
        ({}, "no runs"),
        ({"a": run_of(pictures=np.zeros((T, 8, 8)))}, r"a: pictures of shape \(5, 8, 8\)"),
        ({"a": run_of(rmse=[0.1])}, "a: as many records"),
        ({"a": run_of(records=1)}, "a: as many records"),
        ({"a": run_of(told=["wing"])}, "a: 2 components, but 1 words"),
        ({"a": run_of(), "b": run_of(records=4)}, "differ between runs"),
        ({"a": run_of(), "b": run_of(shape=(8, 8))}, "differ between runs"),
    ],
)
def test_bad_runs_are_refused_in_words(runs, says):
    with pytest.raises(ValueError, match=says):
        emergence_movie(runs)


def test_a_title_has_words(runs):
    with pytest.raises(ValueError, match="title ' '"):
        emergence_movie(runs, " ")


@pytest.fixture
def page(chromium, runs, tmp_path):
    """Two movies, of which the second is the first again."""
    movie = emergence_movie(runs)
    movie.save(tmp_path / "movie.html")
    text = (tmp_path / "movie.html").read_text(encoding="utf-8")
    (tmp_path / "movie.html").write_text(text.replace(movie.html, 2 * movie.html), "utf-8")
    opened = chromium.new_page(viewport={"width": 640, "height": 900})
    opened.errors = []
    opened.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.goto((tmp_path / "movie.html").as_uri())
    opened.wait_for_function("document.querySelectorAll('[data-ready]').length == 2")
    yield opened
    assert not opened.errors
    opened.close()


MIDDLE = """canvas => Array.from(canvas.getContext('2d').getImageData(
    canvas.width >> 1, canvas.height >> 1, 1, 1).data).slice(0, 3)"""


def test_keys_scrub_the_movie(page, runs):
    """Home shows the start, three arrows the fourth record; what is seen is what was given."""
    slider = page.locator("input").first
    assert not page.locator(".movie-still").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for keys, record in ((["Home"], 0), (["ArrowRight"] * 3, 3), (["End"], T - 1)):
        for key in keys:
            slider.press(key)
        said = slider.get_attribute("aria-valuetext")
        assert said.startswith(f"narrow: step {7 * record}, RMSE ") and "; wide: step" in said
        for n, run in enumerate(runs.values()):
            seen = page.locator(".movie-stage > canvas").nth(n).evaluate(MIDDLE)
            wanted = Picture(run["pictures"][record]).to_bytes()[8, 12].astype(int)
            assert np.abs(seen - wanted).max() < 16
            there = page.locator(".movie-run").nth(n).locator("figure.movie-there")
            assert there.count() == (record >= 2)  # the second component never appears


def test_it_plays_to_the_end_and_stops(page):
    button, slider = page.locator("button").first, page.locator("input").first
    button.press("Enter")
    page.wait_for_function("document.querySelector('button').textContent == 'play'")
    assert slider.input_value() == str(T - 1)


def test_each_copy_has_a_slider_of_its_own(page):
    """Labels name their own slider, and scrubbing one leaves the other where it is."""
    first, second = page.locator("input").all()
    assert first.get_attribute("id") != second.get_attribute("id")
    assert page.locator("label").nth(1).get_attribute("for") == second.get_attribute("id")
    second.press("Home")
    assert (first.input_value(), second.input_value()) == (str(T - 1), "0")
