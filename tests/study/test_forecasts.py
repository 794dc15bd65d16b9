"""Oracles: the closed forms of the baselines, and trainings run here."""

import numpy as np
import pytest
from scipy.fft import idctn

import ensembles_lib.study.forecasts as forecasts
from ensembles_lib import (
    Network,
    Picture,
    forecast,
    rmse,
    scaled_wiring,
    train_levenberg_marquardt,
)
from ensembles_lib.study.forecasts import blurred_error, strongest_waves


def noise(size=24):
    return Picture(np.random.default_rng(0).uniform(-1, 1, (size, size, 3)))


def plain_error(picture):
    mean = np.broadcast_to(picture.pixels.mean(axis=(0, 1)), picture.pixels.shape)
    return rmse(picture, mean)


def test_three_numbers_say_the_mean_colour():
    assert blurred_error(noise(), 3) == pytest.approx(plain_error(noise()))


def test_blurred_error_needs_as_many_numbers_as_there_are():
    terms = np.zeros((16, 16, 3))
    terms[:2, :2] = np.random.default_rng(1).uniform(-1, 1, (2, 2, 3))
    picture = Picture(idctn(terms, axes=(0, 1), norm="ortho"))
    # Constant, the two waves along the sides, and the one across: 4 cosines per channel.
    assert blurred_error(picture, 12) == pytest.approx(0, abs=1e-9)
    last = np.sqrt(np.sum(terms[1, 1] ** 2) / picture.pixels.size)
    assert blurred_error(picture, 9) == pytest.approx(last)
    falls = [blurred_error(noise(), count) for count in (3, 150, 460, 1500, 1728)]
    assert falls == sorted(falls, reverse=True) and falls[-1] == pytest.approx(0, abs=1e-7)


def test_the_strongest_waves_are_those_that_leave_least():
    """By Parseval: of grey pictures, what is left is the energy of the waves left out."""
    terms = np.zeros((16, 16))
    terms[[0, 1, 5, 2], [0, 3, 7, 9]] = [3.0, -2.0, 1.5, 0.5]
    grey = idctn(terms, norm="ortho")[:, :, None].repeat(3, axis=2) / 2
    picture = Picture(grey)
    for count, left in ((4, []), (3, [0.5]), (2, [0.5, 1.5]), (1, [0.5, 1.5, 2.0])):
        error = np.sqrt(np.sum(np.square(left)) / 4 / 16**2)
        assert rmse(strongest_waves(picture, count), picture) == pytest.approx(error, abs=1e-6)
    assert rmse(strongest_waves(noise(), 24 * 24 * 3), noise()) == pytest.approx(0, abs=1e-6)


def test_forecast_of_something_easy_and_of_noise(monkeypatch):
    monkeypatch.setattr(forecasts, "STEPS", 15)
    x = np.linspace(-0.8, 0.8, 24)
    ramp = Picture(np.stack(np.broadcast_arrays(x[:, None], x, 0 * x), axis=2))
    (easy,), (hard,) = (forecast(p, [150], progress=False) for p in (ramp, noise()))
    assert easy.n_synapses == hard.n_synapses == 147
    assert easy.expected < 0.05 < 0.3 < hard.expected < hard.plain
    assert hard.blurred == blurred_error(noise(), 147)
    assert hard.plain == pytest.approx(plain_error(noise()))


def test_a_trial_is_a_training_on_a_small_copy(monkeypatch):
    """Oracle: the same training, called here; of large networks that of a smaller one."""
    monkeypatch.setattr(forecasts, "STEPS", 4)
    monkeypatch.setattr(forecasts, "LARGE", 200)
    monkeypatch.setattr(forecasts, "TRIED", 150)
    picture = Picture(noise(64).pixels[:, :60])
    small = picture.resized((48, 45))
    rows = forecast(picture, [60, 150, 1300], seed=3, progress=False)
    for row, size, of in zip(rows, (60, 150, 150), (150, 150, 1500), strict=True):
        start = Network.random(scaled_wiring(size), seed=3)
        trained, _ = train_levenberg_marquardt(start, small, 4, progress=False)
        trial = rmse(trained.paint((48, 45)), small)
        told = row.expected, row.low, row.high
        assert told == pytest.approx([trial * times for times in forecasts.REACHED[of]], rel=1e-6)
        assert row.blurred == blurred_error(picture, row.n_synapses)
    assert rows[2].n_synapses == scaled_wiring(1300).n_synapses


def test_the_slowest_waves_are_kept_whatever_the_shape():
    """Of 8×24 pixels the three slowest are (0, 0), (0, 1) and (0, 2): in waves per pixel."""
    wave = np.cos(np.pi * (np.arange(24) + 0.5) / 12)[None, :, None] * np.full((8, 1, 3), 0.5)
    for pixels in (wave, wave.swapaxes(0, 1)):
        assert blurred_error(Picture(pixels), 9) == pytest.approx(0, abs=1e-9)


def test_forecast_refuses_what_it_cannot_try():
    with pytest.raises(ValueError, match="give .height, width, 3."):
        forecast(np.zeros((8, 8)))
    with pytest.raises(ValueError, match="too few"):
        forecast(noise(), [4], progress=False)
