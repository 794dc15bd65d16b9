"""Oracles: maps made of the regions themselves, and NumPy's own correlation."""

import json

import numpy as np
import pytest
from PIL import Image

from ensembles_lib import merge_regions, open_regions, variance_explained
from ensembles_lib.properties import region_correlations, region_mask, regions, save_regions
from ensembles_lib.properties.regions import at_size, palette
from ensembles_lib.properties.suggestions import lab

NUMBERS = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 2, 2]])


def test_a_map_that_is_flat_on_regions_is_all_explained():
    flat = np.array([3.0, -1.0, 0.5])[NUMBERS]
    assert variance_explained([flat, np.ones((3, 4))], NUMBERS).tolist() == pytest.approx([1, 0])


def test_variance_inside_regions_is_not_explained():
    inside = np.tile([1.0, -1.0], (3, 2))  # mean 0 on every region
    assert variance_explained([inside], NUMBERS)[0] == pytest.approx(0, abs=1e-15)


def test_variance_adds_up_between_and_within():
    noise = np.random.default_rng(0).standard_normal((1, 3, 4))
    within = sum(
        ((noise[0][r == NUMBERS] - noise[0][r == NUMBERS].mean()) ** 2).sum() for r in range(3)
    )
    assert variance_explained(noise, NUMBERS)[0] == pytest.approx(1 - within / (12 * noise.var()))


def test_correlations_equal_numpy():
    maps = np.random.default_rng(0).standard_normal((5, 3, 4))
    ours = region_correlations(maps, NUMBERS)
    for neuron in range(5):
        for region in range(3):
            expected = np.corrcoef(maps[neuron].ravel(), (region == NUMBERS).ravel())[0, 1]
            assert ours[neuron, region] == pytest.approx(expected)
    assert region_correlations(np.ones((1, 3, 4)), NUMBERS).tolist() == [[0, 0, 0]]


def test_merging():
    numbers, names = merge_regions(NUMBERS, ["sky", "wing/1", "wing/2"], lambda n: n.split("/")[0])
    assert names == ["sky", "wing"] and numbers.tolist() == (NUMBERS > 0).astype(int).tolist()


def save(folder, numbers, names):
    Image.fromarray(np.asarray(numbers, np.uint8)).save(folder / "regions.png")
    (folder / "regions.json").write_text(json.dumps(names))
    return folder / "regions.png"


def test_open_takes_the_number_at_each_pixel_centre(tmp_path):
    numbers = np.arange(16).reshape(4, 4)
    path = save(tmp_path, numbers, [str(n) for n in range(16)])
    opened, names = open_regions(path)
    np.testing.assert_array_equal(opened, numbers)
    assert names[5] == "5"
    np.testing.assert_array_equal(open_regions(path, 8)[0], numbers.repeat(2, 0).repeat(2, 1))
    np.testing.assert_array_equal(open_regions(path, 2)[0], numbers[1::2, 1::2])


def test_regions_at_another_size_are_those_at_the_middle_of_each_pixel():
    numbers, names = np.arange(16).reshape(4, 4), [str(n) for n in range(16)]
    np.testing.assert_array_equal(at_size(numbers, names, (2, 2)), numbers[1::2, 1::2])
    np.testing.assert_array_equal(at_size(numbers, names, (8, 4)), numbers.repeat(2, axis=0))
    for wrong in (numbers - 1, numbers + 1, numbers + 7):
        with pytest.raises(ValueError, match="give 0 to below 16, one per name"):
            at_size(wrong, names, (2, 2))
    for wrong in (numbers / 1, numbers[0], numbers[:0]):
        with pytest.raises(ValueError, match=r"give \(H, W\) of int"):
            at_size(wrong, names, (2, 2))


def test_saved_regions_can_be_told_apart_by_the_eye_and_are_the_same_numbers(tmp_path):
    numbers = np.arange(256).reshape(16, 16)
    names = [f"{n}" for n in range(256)]
    save_regions(tmp_path / "regions.png", (numbers, names), "by hand")
    opened, called = open_regions(tmp_path / "regions.png")
    np.testing.assert_array_equal(opened, numbers)
    assert called == names
    with Image.open(tmp_path / "regions.png") as image:
        assert image.info["made"] == "by hand"
        colours = np.asarray(image.convert("RGB")).reshape(256, 3)
        greys = np.asarray(image.convert("L")).ravel()
    assert len(np.unique(colours, axis=0)) == 256 and len(set(greys[:28])) == 28
    shown = lab(colours[None, :16] / 127.5 - 1)[0]  # 10 apart is plain to see side by side
    apart = np.linalg.norm(shown[:, None] - shown, axis=2)[np.triu_indices(16, 1)]
    assert apart.min() > 20


@pytest.mark.parametrize("there", [True, False])
def test_a_writer_that_stops_between_image_and_names_leaves_a_pair_that_fits(
    there, tmp_path, monkeypatch
):
    """Oracle: one pair or the other. Names that the reader writes later are the reader's."""
    path, old, new = tmp_path / "a.png", ["x", "y", "z"], ["sky", "sea", "sun"]
    if there:
        save_regions(path, (NUMBERS, old))
        kept = path.with_suffix(".json").read_bytes()

    def stop(*arguments):
        raise KeyboardInterrupt

    for step in ("replacing", "write_json"):
        monkeypatch.setattr(regions, step, stop)
        with pytest.raises(KeyboardInterrupt):
            save_regions(path, (NUMBERS[::-1], new))
        monkeypatch.undo()
        if step == "write_json":
            numbers, names = open_regions(path)
            np.testing.assert_array_equal(numbers, NUMBERS[::-1])
            assert names == new
        elif there:
            assert open_regions(path)[1] == old
        else:
            assert [*tmp_path.iterdir()] == []
    if there:
        assert path.with_suffix(".json").read_bytes() == kept
    path.with_suffix(".json").write_text(json.dumps(["p", "q", "r"]))
    assert open_regions(path)[1] == ["p", "q", "r"]
    path.with_suffix(".json").unlink(missing_ok=True)
    if there:
        with pytest.raises(FileNotFoundError, match="a.json"):
            open_regions(path)


@pytest.mark.parametrize("order", ["ABAB", "ABBA", "AABB", "BAAB", "BABA", "BBAA"])
@pytest.mark.parametrize("before", [None, "saved", "listed"])
def test_two_writers_in_any_order_leave_a_pair_that_fits(order, before, tmp_path):
    """Oracle: the image says whose it is; its names are that writer's, after every single step.

    Each writer replaces the image first and its names after it. Before them there was nothing, a
    pair that was saved, or one whose names are a plain list, without the image knowing them.
    """
    mine = {"A": ["x", "y", "z"], "B": ["sky", "sea", "sun", "moon"], "C": ["p", "q", "r"]}
    path = tmp_path / "a.png"
    for writer in "AB":
        (tmp_path / writer).mkdir()
        if before == "saved":
            save_regions(tmp_path / writer / "a.png", (NUMBERS, mine["C"]))
        elif before == "listed":
            save(tmp_path / writer, NUMBERS, mine["C"])
            for end in ("png", "json"):
                (tmp_path / writer / f"regions.{end}").rename(tmp_path / writer / f"a.{end}")
        if before:
            for end in ("png", "json"):
                content = (tmp_path / writer / f"a.{end}").read_bytes()
                path.with_suffix(f".{end}").write_bytes(content)
        save_regions(tmp_path / writer / "a.png", (NUMBERS + (writer == "B"), mine[writer]))
    written = {writer: iter(("png", "json")) for writer in "AB"}
    for writer in order:
        end = next(written[writer])
        (tmp_path / writer / f"a.{end}").replace(path.with_suffix(f".{end}"))
        numbers, names = open_regions(path)
        assert names == mine["B" if numbers.min() else "A"]


def test_names_that_were_saved_may_be_edited_beside_their_own_image_alone(tmp_path):
    """Oracle: what the reader wrote is taken, or refused in words; it is never passed over."""
    path, other = tmp_path / "a.png", tmp_path / "b.png"
    save_regions(path, (NUMBERS, ["sky", "sea", "sun"]))
    save_regions(other, (NUMBERS[::-1], ["x", "y", "z"]))
    saved = path.with_suffix(".json").read_text()
    for edited in (saved.replace("sea", "lake"), '["sky", "lake", "sun"]'):
        path.with_suffix(".json").write_text(edited)
        assert open_regions(path)[1] == ["sky", "lake", "sun"]
    other.with_suffix(".json").write_text(saved)  # as another writer leaves it
    assert open_regions(other)[1] == ["x", "y", "z"]
    other.with_suffix(".json").write_text(saved.replace("sea", "lake"))
    with pytest.raises(ValueError, match="b.json were edited, but are those of other regions"):
        open_regions(other)
    other.with_suffix(".json").write_text('["sky", "lake", "sun"]')  # as the message advises
    assert open_regions(other)[1] == ["sky", "lake", "sun"]
    Image.open(path).convert("RGB").save(path)  # an editor that keeps no texts
    path.with_suffix(".json").write_text(saved)
    assert open_regions(path)[1] == ["sky", "sea", "sun"]
    path.with_suffix(".json").write_text('{"called": ["sky"]}')
    with pytest.raises(ValueError, match="no list of strings"):
        open_regions(path)


def test_how_regions_were_made_is_told_of_the_image_that_is_read(tmp_path):
    path = tmp_path / "a.png"
    save_regions(path, (NUMBERS, ["sky", "sea", "sun"]), "by hand")
    (numbers, names), made = regions.open_made_regions(path, (6, 8))
    assert (numbers.shape, names, made) == ((6, 8), ["sky", "sea", "sun"], "by hand")
    assert regions.open_made_regions(save(tmp_path, NUMBERS, names))[1] == ""


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1"])
@pytest.mark.parametrize("written", ["greys", "colours"])
def test_an_ordinary_editor_may_save_regions_as_it_likes(tmp_path, mode, written):
    """Greys are numbers; the colours that were there are, and so are the greys made of them."""
    numbers = NUMBERS % 2 if mode == "1" else NUMBERS
    path = save(tmp_path, numbers, ["a", "b", "c"])
    if written == "colours":
        save_regions(path, (numbers, ["a", "b", "c"]))
    with Image.open(path) as image:
        if mode == "1" and written == "colours":
            pytest.skip("two colours become black and white by dithering")
        if mode == "P":
            repainted = image.convert("RGB").quantize(16)  # in an order of its own
        elif mode == "1":
            repainted = Image.fromarray(numbers.astype(bool))
        elif mode == "LA":
            repainted = image.convert("L").convert("LA")
        else:
            repainted = image.convert("L" if mode == "L" else mode)
    if mode == "P" and written == "greys":
        pytest.skip("the numbers are those of the palette then")
    repainted.save(path)
    np.testing.assert_array_equal(open_regions(path)[0], numbers)


def spoilt():
    """Yield what an editor may do to the numbers, and what is said to it."""
    names = ["a", "b", "c"]

    def jpeg(image, path):
        image.convert("RGB").save(path, "jpeg", quality=95)

    def blurred(image, path):
        image.convert("RGB").resize((32, 32), Image.Resampling.BICUBIC).save(path)

    def erased(image, path):
        image = image.convert("RGBA")
        image.putpixel((0, 0), (0, 0, 0, 0))
        image.save(path)

    def foreign(image, path):
        image = image.convert("RGB")
        image.putpixel((1, 1), (1, 2, 3))
        image.save(path)

    def unnamed(image, path):
        image = image.convert("RGB")
        image.putpixel((1, 1), tuple(palette()[7].tolist()))
        image.save(path)

    def too_bright(image, path):
        Image.fromarray(np.full((4, 4, 3), 3, np.uint8)).save(path)

    yield names, jpeg, "a JPEG changes the numbers of pixels: save it as PNG"
    yield names, blurred, r"\d+ pixels are of no region.*0 to 2.*soft brushes.*hard pencil"
    yield names, erased, "1 pixels are transparent"
    yield names, foreign, "1 pixels are of no region"
    yield names, unnamed, "1 pixels are of no region"
    yield names, too_bright, "16 pixels are of no region"


@pytest.mark.parametrize(
    "names, spoil, says", [*spoilt()], ids=lambda x: getattr(x, "__name__", "")
)
def test_a_lossy_or_soft_copy_is_told(tmp_path, names, spoil, says):
    path = tmp_path / "regions.png"
    save_regions(path, (NUMBERS.repeat(4, 0).repeat(4, 1), names))
    with Image.open(path) as image:
        image.load()
    spoil(image, path)
    with pytest.raises(ValueError, match=f"regions.png.*{says}"):
        open_regions(path)


def test_bad_files_and_shapes(tmp_path):
    with pytest.raises(ValueError, match="4 pixels are of no region.*numbers 0 to 1"):
        open_regions(save(tmp_path, NUMBERS, ["a", "b"]))
    with pytest.raises(FileNotFoundError):
        open_regions(tmp_path / "nowhere.png")
    with pytest.raises(ValueError, match=r"\(N, 3, 4\)"):
        variance_explained(np.zeros((2, 4, 3)), NUMBERS)


def test_a_mask_is_of_all_regions_whose_names_begin_so():
    regions = np.array([[0, 1], [2, 3]]), ["sky", "wing/near", "wing/far", "win"]
    assert region_mask(regions, "wing/").tolist() == [[False, True], [True, False]]
    assert region_mask(regions, "sky", "win").all()
    assert not region_mask(regions, "tail").any()
