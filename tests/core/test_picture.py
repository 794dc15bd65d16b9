"""Oracle: images made here with known colours, in every mode that Pillow writes."""

import io

import numpy as np
import pytest
from PIL import Image

import ensembles_lib._images as module
from ensembles_lib import (
    Network,
    Picture,
    PictureError,
    affine_fit,
    atlas,
    coordinates,
    gradient,
    layered_wiring,
    rmse,
    suggest_regions,
    train_backprop,
)
from ensembles_lib.core import open_square

RED = np.array([1.0, -1, -1])
WHITE = np.ones(3)


def save(folder, image, name, **options):
    image.save(folder / name, **options)
    return folder / name


def assert_colour(picture, colour, atol=0.0):
    np.testing.assert_allclose(
        picture.pixels, np.broadcast_to(colour, picture.pixels.shape), atol=atol
    )


@pytest.mark.parametrize(
    "mode, name", [("RGB", "a.png"), ("P", "a.gif"), ("RGB", "a.bmp"), ("RGBA", "a.webp")]
)
def test_red_is_red(tmp_path, mode, name):
    image = Image.new("RGB", (4, 3), "red").convert(mode)
    assert_colour(
        Picture.open(save(tmp_path, image, name, **({"lossless": True} if "webp" in name else {}))),
        RED,
    )


def test_cmyk_jpeg_and_tiff(tmp_path):
    for name, atol in (("a.jpg", 0.05), ("a.tif", 0)):
        path = save(tmp_path, Image.new("CMYK", (8, 8), (0, 255, 255, 0)), name)
        assert_colour(Picture.open(path), RED, atol)


@pytest.mark.parametrize(
    "image, grey",
    [
        (Image.new("L", (2, 2), 51), 51 / 127.5 - 1),
        (Image.new("1", (2, 2), 1), 1),
        (Image.fromarray(np.full((2, 2), 0x3333, np.uint16)), 51 / 127.5 - 1),
        (Image.fromarray(np.full((2, 2), 65535, np.uint16)), 1),
        (Image.fromarray(np.full((2, 2), 65535, np.int32)), 1),
        (Image.fromarray(np.array([[0.2, 1.0]], np.float32)), None),
    ],
)
def test_greys_of_every_depth(tmp_path, image, grey):
    path = save(tmp_path, image, "grey.tif")
    pixels = Picture.open(path).pixels
    if grey is None:
        np.testing.assert_allclose(pixels[0, :, 0], [51 / 127.5 - 1, 1])
    else:
        assert_colour(Picture.open(path), grey, 1e-12)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_goes_on_white(tmp_path, mode):
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image = image.convert("LA") if mode == "LA" else image
    if mode == "P":
        image = Image.new("P", (2, 1), 0)
        image.putpalette([9, 9, 9, 0, 0, 0])
        image.putpixel((1, 0), 1)
        image.info["transparency"] = 0
    pixels = Picture.open(save(tmp_path, image, "a.png")).pixels
    np.testing.assert_array_equal(pixels, [[WHITE, -WHITE]])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_picture_of_nothing_is_refused_in_words(tmp_path, mode):
    image = Image.new(mode, (20, 20), 0)
    if mode == "P":
        image.putpalette([9, 9, 9])
        image.info["transparency"] = 0
    path = save(tmp_path, image, "clear.png")
    for source in (path, path.read_bytes(), image):
        with pytest.raises(PictureError, match="all its pixels are transparent: choose another"):
            Picture.open(source)
    image = image.convert("RGBA")
    image.putpixel((3, 4), (0, 0, 0, 1))  # almost nothing is something
    assert Picture.open(image).size == (20, 20)


def test_half_transparent_black_is_mid_grey(tmp_path):
    path = save(tmp_path, Image.new("RGBA", (1, 1), (0, 0, 0, 128)), "a.png")
    assert_colour(Picture.open(path), 0, 0.01)


def test_camera_rotation_is_applied(tmp_path):
    image = Image.new("RGB", (3, 1), "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by 90 degrees
    assert Picture.open(save(tmp_path, image, "a.png", exif=exif)).size == (3, 1)


def test_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    path = save(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    assert_colour(Picture.open(path), RED)


def test_sizes(tmp_path):
    path = save(tmp_path, Image.new("RGB", (40, 20), "red"), "a.png")
    assert Picture.open(path).size == (20, 40)
    assert Picture.open(path, size=10).size == (5, 10)
    assert Picture.open(path, size=(7, 9)).size == (7, 9)
    assert Picture.open(save(tmp_path, Image.new("RGB", (300, 1)), "b.png"), 8).size == (1, 8)


def test_shrinking_is_averaging(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    path = save(tmp_path, Image.fromarray(noise), "a.png")
    blocks = noise.reshape(4, 2, 4, 2, 3).mean(axis=(1, 3)) / 127.5 - 1
    # Pillow rounds to whole levels after each of its two passes: at most one level in all.
    np.testing.assert_allclose(Picture.open(path, size=4).pixels, blocks, atol=1.01 / 127.5)


def test_resizing_averages_and_keeps_what_is_flat():
    noise = Picture(np.random.default_rng(0).uniform(-1, 1, (8, 12, 3)))
    blocks = noise.pixels.reshape(4, 2, 6, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(noise.resized((4, 6)).pixels, blocks, atol=1e-6)
    np.testing.assert_allclose(noise.resized(6).pixels, blocks, atol=1e-6)
    flat = Picture(np.broadcast_to([0.5, -0.25, 1.0], (3, 4, 3)))
    np.testing.assert_allclose(
        flat.resized(40).pixels, np.broadcast_to([0.5, -0.25, 1.0], (30, 40, 3)), atol=1e-6
    )


def test_open_takes_a_file_object():
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(buffer, "png")
    buffer.seek(0)
    assert_colour(Picture.open(buffer), RED)


def test_save_and_open_round_trip(tmp_path):
    levels = np.random.default_rng(1).integers(0, 256, (5, 6, 3)) / 127.5 - 1
    Picture(levels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(Picture.open(tmp_path / "a.png").pixels, levels)


def test_it_shows_itself_and_its_digest_tells_pictures_apart():
    a, b = Picture(np.zeros((2, 2, 3))), Picture(np.full((2, 2, 3), 1 / 127.5))
    assert repr(a) != repr(b) and repr(a) == repr(Picture(np.zeros((2, 2, 3))))
    with Image.open(io.BytesIO(a._repr_png_())) as shown:
        assert shown.size == (256, 256)


def test_a_picture_is_an_array_where_one_is_expected():
    picture = Picture(np.random.default_rng(0).uniform(-1, 1, (3, 4, 3)))
    assert np.asarray(picture) is picture.pixels  # read-only, so nothing is lost by lending it
    np.testing.assert_array_equal(np.array(picture), picture.pixels)
    assert np.array(picture).flags.writeable and np.asarray(picture, np.float32).dtype == "float32"
    with pytest.raises(ValueError, match="copy"):
        np.asarray(picture, np.float32, copy=False)
    assert np.mean(picture) == picture.pixels.mean() and rmse(picture, picture.pixels) == 0
    np.testing.assert_array_equal(np.stack([picture, picture])[1], picture.pixels)


def test_matplotlib_shows_its_colours():
    plt = pytest.importorskip("matplotlib.pyplot")
    picture = Picture(np.random.default_rng(0).uniform(-1, 1, (3, 4, 3)))
    figure, (left, right) = plt.subplots(1, 2)
    shown = [
        ax.imshow(what).get_array() for ax, what in ((left, picture), (right, picture.to_bytes()))
    ]
    np.testing.assert_allclose(shown[0], picture.pixels / 2 + 0.5)
    assert np.abs(shown[0] * 255 - shown[1]).max() <= 0.5 + 1e-9
    plt.close(figure)


def test_equal_pictures_are_one_key():
    pixels = np.random.default_rng(0).integers(-8, 9, (3, 4, 3)) / 8
    one, other = Picture(pixels), Picture(pixels.astype(np.float32))
    assert one == other and hash(one) == hash(other) and len({one, other}) == 1
    zeros = Picture(np.zeros((2, 2, 3))), Picture(np.full((2, 2, 3), -0.0))
    assert zeros[0] == zeros[1] and hash(zeros[0]) == hash(zeros[1])
    assert one != Picture(-pixels) and one != Picture(pixels[:2]) and one != "a picture"
    assert (one == pixels).all() and (one == pixels).shape == pixels.shape


def test_pixels_of_other_libraries():
    levels = np.random.default_rng(0).integers(0, 256, (3, 4, 3), np.uint8)
    expected = Picture(levels / 127.5 - 1)
    for same in (levels, levels.astype(np.uint16) * 257, expected, Image.fromarray(levels)):
        assert Picture(same) == expected
    mask = levels > 99
    assert Picture(mask) == Picture(np.where(mask, 1.0, -1.0))
    assert Picture(np.zeros((1, 1, 3), np.uint8)).pixels.tolist() == [[[-1, -1, -1]]]


def test_whatever_holds_a_picture_is_taken_wherever_one_is(tmp_path):
    """Oracle: what is made of the `Picture` itself."""
    levels = np.random.default_rng(0).integers(0, 256, (24, 36, 3), np.uint8)
    picture, buffer = Picture(levels), io.BytesIO(Picture(levels).to_png())
    picture.save(tmp_path / "a.png")
    image = Image.fromarray(levels)
    held = [tmp_path / "a.png", str(tmp_path / "a.png"), picture.to_png(), buffer, image, levels]
    held += [bytearray(picture.to_png()), picture, picture.pixels, levels / 127.5 - 1]
    network = Network.random(layered_wiring((2, 4, 3)), seed=1)
    calls = {
        "open": Picture.open,
        "sized": lambda x: Picture.open(x, 12),
        "square": lambda x: open_square(x, 20),
        "learn": lambda x: train_backprop(network, x, 1, progress=False)[0],
        "slopes": lambda x: gradient(network, x).tolist(),
        "regions": lambda x: suggest_regions(x)[1],
        "atlas": lambda x: atlas(network, 8, 3, x, progress=False).rmse.tolist(),
        "fit": lambda x: affine_fit(network, x).explained,
    }
    for name, call in calls.items():
        wanted = call(picture)
        for one in held:
            if name in ("sized", "square", "atlas"):  # levels are rounded when files are resampled
                assert type(call(one)) is type(wanted)
            else:
                assert call(one) == wanted, (name, one)
    np.testing.assert_allclose(Picture.open(image, 12), picture.resized(12), atol=1.1 / 127.5)
    assert image.info == {} and image.mode == "RGB"


@pytest.mark.parametrize("nothing", [None, 5, object(), [], "", {"a": 1}])
def test_what_holds_no_picture(nothing):
    with pytest.raises((PictureError, FileNotFoundError)):
        Picture.open(nothing)


@pytest.mark.parametrize(
    "name", ["empty.png", "text.png", "broken.png", "broken.jpg", "broken.gif"]
)
def test_files_that_are_no_images(tmp_path, name):
    path = tmp_path / name
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    if name.startswith("broken"):
        save(tmp_path, Image.fromarray(noise), name)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(b"" if name == "empty.png" else b"not a picture at all")
    with pytest.raises(PictureError, match=name):
        Picture.open(path)


def test_enormous_missing_and_folder(tmp_path, monkeypatch):
    path = save(tmp_path, Image.new("1", (400, 300)), "large.png")
    monkeypatch.setattr(module, "MAX_PIXELS", 100_000)
    with pytest.raises(PictureError, match="400×300.*100,000"):
        Picture.open(path)
    with pytest.raises(ValueError, match="GiB"):
        Picture.open(save(tmp_path, Image.new("1", (4, 4)), "small.png"), size=100_000)
    with pytest.raises(FileNotFoundError):
        Picture.open(tmp_path / "nowhere.png")
    with pytest.raises(PictureError, match="folder"):
        Picture.open(tmp_path)


@pytest.mark.parametrize(
    "pixels, says",
    [
        (np.zeros((2, 2)), r"\(2, 2\)"),
        (np.zeros((0, 2, 3)), "shape"),
        (np.zeros((2, 2, 4)), r"\(height, width, 3\)"),
        (np.full((1, 1, 3), np.nan), "nan"),
        (np.full((1, 1, 3), 1.01), "1.01"),
        (np.full((1, 1, 3), 255, np.uint32), "255"),
        (np.zeros((1, 1, 3), complex), "complex"),
        ("peacock.png", "type"),
    ],
)
def test_bad_pixels(pixels, says):
    with pytest.raises(PictureError, match=says):
        Picture(pixels)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path, picture = tmp_path / "a.png", Picture(np.zeros((2, 2, 3)))
    path.write_bytes(b"precious")

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        picture.save(path)
    assert path.read_bytes() == b"precious" and len(list(tmp_path.iterdir())) == 1


def test_paths_that_cannot_be_saved_to(tmp_path):
    picture = Picture(np.zeros((2, 2, 3)))
    with pytest.raises(FileNotFoundError, match="no folder"):
        picture.save(tmp_path / "nowhere" / "a.png")
    with pytest.raises(PictureError, match=r"\.png"):
        picture.save(tmp_path / "a.weights")
    with pytest.raises(IsADirectoryError):
        (tmp_path / "folder.png").mkdir()
        picture.save(tmp_path / "folder.png")


def test_coordinates_are_pixel_centres_x_right_y_up():
    x, y, one = coordinates((2, 4)).reshape(3, 2, 4)
    np.testing.assert_allclose(x, [[-0.75, -0.25, 0.25, 0.75]] * 2)
    np.testing.assert_allclose(y.T, [[0.5, -0.5]] * 4)
    assert (one == 1).all()
    np.testing.assert_allclose(coordinates((2, 4), extent=3)[:2], coordinates((2, 4))[:2] * 3)


def test_rmse_against_closed_forms():
    a, b = np.zeros((2, 2, 3)), np.zeros((2, 2, 3))
    b[0, 0, 0] = 0.6
    assert rmse(Picture(a), b) == pytest.approx(0.6 / np.sqrt(12))
    assert rmse(-np.ones(3), np.ones(3)) == 2
    with pytest.raises(ValueError, match="differ"):
        rmse(a, b[:1])


def test_the_middle_square_of_a_picture_of_that_height_is_cut_out_as_it_is(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (16, 40, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    np.testing.assert_array_equal(
        open_square(tmp_path / "wide.png", 16).to_bytes(), pixels[:, 12:28]
    )


def test_a_picture_gives_three_inputs_or_four():
    with pytest.raises(ValueError, match=r"^7 inputs: a picture gives 3"):
        coordinates(4, n_inputs=7)
