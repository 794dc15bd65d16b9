"""Make data/own/forecasts.json: what networks reach on many pictures, and what foretells it.

    nice python tools/data/calibrate_forecasts.py [--jobs 2]

Photographs, scans, drawings, charts, letters, mosaics, patterns and noise, 64×64: from our two
drawings, from what comes with matplotlib and scikit-learn (extra "bench"), and drawn by formulas.
None of them is copied. What is there already, of the same picture and made in the same way, is
kept, and so is what was measured of a picture that is not at hand.
"""

import argparse
import hashlib
import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one per process; must precede NumPy

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data
from PIL import Image
from scipy.ndimage import gaussian_filter

from ensembles_lib import Network, Picture, rmse, scaled_wiring, train_levenberg_marquardt
from ensembles_lib._files import write_json
from ensembles_lib.core import open_square
from ensembles_lib.study.forecasts import SIDE, TRIED, blurred_error
from ensembles_lib.study.forecasts import STEPS as TRIAL_STEPS

DATA = Path(__file__).resolve().parents[2] / "data"
TABLE = DATA / "own" / "forecasts.json"
SIZE, SEED = 64, 0
STEPS = {150: 100, 460: 100, 1500: 60, 5000: 60}  # a step of 1,500 takes ten times one of 460
FEW, CHOSEN = 5000, ("our lighthouse", "portrait", "pagoda", "letters")  # eight minutes each
MADE = {
    "reached": f"RMSE at {SIZE} pixels after as many steps as `steps` says, from start {SEED}",
    "trial": f"RMSE after {TRIAL_STEPS} steps at {SIDE} pixels, 460 synapses or fewer",
    "blurred": "RMSE of as many of the slowest cosines",
    "steps": {str(n): steps for n, steps in STEPS.items()},
}


def crop(image, left, top, side):
    """Return a square of an image, from -1 to 1; lengths in shares of its shorter side."""
    image = image.convert("RGB")
    unit = min(image.size)
    box = tuple(round(unit * edge) for edge in (left, top, left + side, top + side))
    return np.asarray(image.crop(box).resize((SIZE, SIZE), Image.LANCZOS)) / 127.5 - 1


def hopper(*box):
    """Return a crop of the portrait that comes with matplotlib."""
    with Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)) as image:
        return crop(image, *box)


def photograph(name, *box):
    """Return a crop of one of scikit-learn's photographs."""
    from sklearn.datasets import load_sample_image

    return crop(Image.fromarray(load_sample_image(name)), *box)


def digits(first):
    """Return four of scikit-learn's handwritten digits."""
    from sklearn.datasets import load_digits

    four = load_digits().images[first : first + 4] / 8 - 1
    return grey(np.kron(np.block([[four[0], four[1]], [four[2], four[3]]]), np.ones((4, 4))))


def sample(name):
    """Return an image that comes with matplotlib, whole."""
    return open_square(get_sample_data(name, asfileobj=False), SIZE).pixels


def scan():
    """Return matplotlib's scan of a head."""
    with get_sample_data("s1045.ima.gz") as file:
        levels = np.frombuffer(file.read(), np.uint16).reshape(256, 256).astype(float)
    small = levels.reshape(SIZE, 4, SIZE, 4).mean((1, 3))
    return grey((small / np.quantile(small, 0.999)).clip(0, 1) * 2 - 1)


def hills():
    """Return the heights that come with matplotlib, as a map."""
    with np.load(get_sample_data("jacksboro_fault_dem.npz", asfileobj=False)) as file:
        heights = file["elevation"][:320, :320].astype(float)
    small = heights.reshape(SIZE, 5, SIZE, 5).mean((1, 3))
    return coloured((small - small.min()) / np.ptp(small), "terrain")


def grey(levels):
    """Return levels (H, W) as a grey picture."""
    return np.repeat(levels[:, :, None], 3, axis=2)


def coloured(levels, name):
    """Return levels from 0 to 1 in the colours of a map."""
    return matplotlib.colormaps[name](levels)[:, :, :3] * 2 - 1


def places():
    """Return x to the right and y upwards of all pixels, from -1 to 1."""
    line = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    return np.meshgrid(line, -line)


def where(inside, one=(0.8, 0.1, -0.5), other=(-0.6, -0.4, 0.5)):
    """Return a picture in two colours."""
    return np.where(inside[:, :, None], one, other)


def discs(count):
    """Return discs of random places, sizes and colours, one upon the other."""
    rng, (x, y) = np.random.default_rng(count), places()
    pixels = np.full((SIZE, SIZE, 3), -0.2)
    for _ in range(count):
        a, b = rng.uniform(-0.8, 0.8, 2)
        pixels[np.hypot(x - a, y - b) < rng.uniform(0.1, 0.5)] = rng.uniform(-1, 1, 3)
    return pixels


def stripes(count, angle):
    """Return so many dark stripes across the picture."""
    x, y = places()
    return where(np.sin((x * np.cos(angle) + y * np.sin(angle)) * np.pi * count) > 0)


def waves(count):
    """Return soft stripes in three directions, a colour each."""
    x, y = places()
    turned = [x * np.cos(a) + y * np.sin(a) for a in (0.3, 1.4, 2.5)]
    return 0.8 * np.sin(np.pi * count * np.stack(turned, axis=2))


def squares(count):
    """Return a chessboard."""
    x, y = places()
    return where((np.floor(x * count / 2) + np.floor(y * count / 2)) % 2 == 0)


def rings(count):
    """Return rings about a place off the centre."""
    x, y = places()
    return where(np.sin(np.hypot(x - 0.2, y + 0.1) * np.pi * count) > 0)


def spiral():
    """Return a spiral of two arms."""
    x, y = places()
    return where(np.sin(2 * np.arctan2(y, x) + 12 * np.hypot(x, y)) > 0)


def mosaic(count):
    """Return the cells that are nearest to random places, each in a colour of its own."""
    rng, (x, y) = np.random.default_rng(count), places()
    at = rng.uniform(-1, 1, (count, 2))
    nearest = np.hypot(x[..., None] - at[:, 0], y[..., None] - at[:, 1]).argmin(axis=2)
    return rng.uniform(-1, 1, (count, 3))[nearest]


def noise(blur):
    """Return noise, blurred by so many pixels, as strong as before."""
    found = np.random.default_rng(0).standard_normal((SIZE, SIZE, 3))
    found = gaussian_filter(found, (blur, blur, 0), mode="wrap") if blur else found
    return (0.5 * found / found.std()).clip(-1, 1)


def clouds(power):
    """Return noise whose amplitude falls with a power of the frequency, as in photographs."""
    wave = np.hypot(*np.meshgrid(np.fft.fftfreq(SIZE), np.fft.fftfreq(SIZE)))
    wave[0, 0] = np.inf
    spectrum = np.fft.fft2(np.random.default_rng(1).standard_normal((SIZE, SIZE)))
    found = np.fft.ifft2(spectrum * wave**-power).real
    return coloured((found - found.min()) / np.ptp(found), "Blues")


def mandelbrot():
    """Return how soon points leave, by z² + c."""
    x, y = places()
    c, z = 1.3 * (x + 1j * y) - 0.6, 0j * x
    count = np.zeros(z.shape)
    for _ in range(40):
        inside = np.abs(z) < 2
        z, count = np.where(inside, z * z + c, z), count + inside
    return coloured(count / 40, "magma")


def sunset():
    """Return a soft sky, a sharp sun and a sea."""
    x, y = places()
    sky = np.stack([0.9 - 0.4 * y, 0.3 - 0.6 * y, -0.4 + 0.7 * y], axis=2).clip(-1, 1)
    sky[np.hypot(x - 0.2, y - 0.1) < 0.25] = 1.0, 0.8, -0.2
    sky[y < -0.2] = -0.8, -0.5, 0.1
    return sky


def drawn(draw):
    """Return what a function draws on matplotlib's axes."""
    with matplotlib.rc_context({"font.size": 22, "lines.linewidth": 6, "savefig.dpi": 64}):
        figure, axes = plt.subplots(figsize=(4, 4))
        draw(axes)
        figure.canvas.draw()
        image = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[:, :, :3])
        plt.close(figure)
    return crop(image, 0, 0, 1)


def letters(text, size):
    """Return a text, drawn large."""

    def draw(axes):
        axes.axis("off")
        axes.text(0.5, 0.5, text, size=size, ha="center", va="center", color="navy")

    return drawn(draw)


LINE = np.sin(np.linspace(0, 9, 40)) * np.linspace(1, 3, 40)
PICTURES = {
    "our lighthouse": lambda: open_square(DATA / "own" / "lighthouse.png", SIZE).pixels,
    "our peacock": lambda: open_square(DATA / "peacock.png", SIZE).pixels,
    "portrait": partial(hopper, 0, 0.05, 1),
    "face": partial(hopper, 0.3, 0.2, 0.45),
    "medals": partial(hopper, 0.55, 0.8, 0.35),
    "drawing of a present": partial(sample, "Minduka_Present_Blue_Pack.png"),
    "logo": partial(sample, "logo2.png"),
    "scan of a head": scan,
    "map of hills": hills,
    "pagoda": partial(photograph, "china.jpg", 0.25, 0, 1),
    "roof": partial(photograph, "china.jpg", 0.35, 0.35, 0.35),
    "sky and trees": partial(photograph, "china.jpg", 0, 0, 0.6),
    "flower": partial(photograph, "flower.jpg", 0.25, 0, 1),
    "petals": partial(photograph, "flower.jpg", 0.55, 0.25, 0.4),
    "blurred leaves": partial(photograph, "flower.jpg", 0, 0.5, 0.45),
    "digits 0 to 3": partial(digits, 0),
    "digits 4 to 7": partial(digits, 4),
    "disc": partial(discs, 1),
    "4 discs": partial(discs, 4),
    "16 discs": partial(discs, 16),
    "3 stripes": partial(stripes, 3, 0.4),
    "8 stripes": partial(stripes, 8, 1.1),
    "16 stripes": partial(stripes, 16, 0.0),
    "2 waves": partial(waves, 2),
    "6 waves": partial(waves, 6),
    "4 squares": partial(squares, 4),
    "8 squares": partial(squares, 8),
    "4 rings": partial(rings, 4),
    "10 rings": partial(rings, 10),
    "spiral": spiral,
    "mosaic of 8": partial(mosaic, 8),
    "mosaic of 30": partial(mosaic, 30),
    "mosaic of 100": partial(mosaic, 100),
    "noise": partial(noise, 0),
    "noise, blurred by 2": partial(noise, 2),
    "noise, blurred by 6": partial(noise, 6),
    "clouds": partial(clouds, 2),
    "rough clouds": partial(clouds, 1.2),
    "Mandelbrot's set": mandelbrot,
    "sunset": sunset,
    "letters": partial(letters, "Aa", 90),
    "words": partial(letters, "the unit\nis not the\nneuron", 30),
    "line chart": partial(drawn, lambda axes: axes.plot(LINE)),
    "bar chart": partial(drawn, lambda axes: axes.bar(range(6), [3, 5, 2, 6, 4, 1], color="teal")),
    "pie chart": partial(drawn, lambda axes: axes.pie([3, 2, 4, 1])),
}


def measure(pixels, n_synapses):
    """Return what one size of network reaches, and what foretells it."""
    picture, wiring = Picture(pixels), scaled_wiring(n_synapses)
    start, steps = Network.random(wiring, seed=SEED), STEPS[n_synapses]
    network, _ = train_levenberg_marquardt(start, picture, steps, seed=SEED, progress=False)
    found = {"reached": rmse(network.paint(SIZE), picture)}
    if n_synapses <= TRIED:
        small = picture.resized(SIDE)
        tried, _ = train_levenberg_marquardt(start, small, TRIAL_STEPS, seed=SEED, progress=False)
        found["trial"] = rmse(tried.paint(SIDE), small)
    found["blurred"] = blurred_error(picture, wiring.n_synapses)
    return {name: round(value, 5) for name, value in found.items()}


def sizes_of(name):
    """Return the numbers of synapses with which a picture is learnt."""
    return [n for n in STEPS if n != FEW or name in CHOSEN]


def reached_over_trial(rows, n_synapses):
    """Return what pictures reached over their trials, (pictures,): of 460 where there is none."""
    of = {(row["picture"], row["n_synapses"]): row for row in rows}
    return np.array([
        row["reached"] / of[name, min(n, TRIED)]["trial"]
        for (name, n), row in of.items() if n == n_synapses
    ])  # fmt: skip


def main():
    """Measure what is missing in the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    held = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    kept = held["rows"] if held.get("made") == MADE else []
    rows = {(row["picture"], row["n_synapses"]): row for row in kept}
    with ProcessPoolExecutor(parser.parse_args().jobs) as workers:
        asked = {}
        for name, make in PICTURES.items():
            try:
                pixels = make()
            except (ImportError, FileNotFoundError) as missing:
                print(f"{name}: not at hand ({missing}), what is stored of it stays")
                continue
            digest = hashlib.sha256(Picture(pixels).to_bytes()).hexdigest()[:16]
            for n in sizes_of(name):
                if rows.get((name, n), {}).get("digest") != digest:
                    row = {"picture": name, "digest": digest, "n_synapses": n}
                    asked[name, n] = row, workers.submit(measure, pixels, n)
        for key, (row, job) in sorted(asked.items(), key=lambda one: one[0][1]):
            rows[key] = row | job.result()
            order = [rows[name, n] for name in PICTURES for n in STEPS if (name, n) in rows]
            write_json(TABLE, {"made": MADE, "rows": order}, indent=0)
            print(rows[key], flush=True)

    for n in STEPS:
        low, middle, high = np.quantile(reached_over_trial(order, n), [0.1, 0.5, 0.9])
        print(f"{n} synapses: reached over trial {middle:.2f}, {low:.2f} to {high:.2f}")


if __name__ == "__main__":
    main()
