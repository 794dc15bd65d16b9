"""What the numbers in an image file mean.

Oracles: the formats' own definitions (PNG 3rd edition, TIFF 6.0), files put together here byte by
byte; the primaries of Display P3 and Adobe RGB (1998) with the curves of sRGB and of 2.2; other
readers, libvips and OpenCV, where they are installed.
"""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from ensembles_lib import Picture, PictureError, rmse
from ensembles_lib.core import open_square

# Chromaticities of red, green and blue; white is D65 in both, as in sRGB.
P3 = [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]
ADOBE = [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)]
SRGB = [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)]
D65 = (0.3127, 0.3290)
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def chunk(kind, data):
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png(size, depth, colour, rows, key=b"", palette=b""):
    """Return a PNG of one row per byte string, with a transparent colour (tRNS)."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [chunk(b"IHDR", head)]
    parts += [chunk(b"PLTE", palette)] if palette else []
    parts += [chunk(b"tRNS", key)] if key else []
    parts += [chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def tiff(pixels, black_is_zero=True, bits=None, kind=None, packed=None):
    """Return an uncompressed little-endian TIFF of grey pixels (H, W) of any type."""
    height, width = pixels.shape
    bits = bits or 8 * pixels.itemsize
    kind = kind or {"u": 1, "i": 2, "f": 3}[pixels.dtype.kind]
    data = packed or pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    tags = [(256, width), (257, height), (258, bits), (259, 1), (262, int(black_is_zero))]
    tags += [(273, 8), (277, 1), (278, height), (279, len(data)), (339, kind)]
    listed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    end = struct.pack("<I", 0)
    where = 8 + len(data)
    return b"II*\0" + struct.pack("<I", where) + data + struct.pack("<H", len(tags)) + listed + end


def to_xyz(primaries):
    """Return the matrix from linear colours to XYZ (Lindbloom's, from primaries and white)."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in primaries]).T
    x, y = D65
    return columns * np.linalg.solve(columns, [x / y, 1, (1 - x - y) / y])


def profile(primaries, exponent=None):
    """Return an ICC profile (version 2) of these primaries; the curve is a power, or sRGB's."""
    from_white = BRADFORD @ to_xyz(SRGB).sum(axis=1)
    to_white = BRADFORD @ [0.9642, 1, 0.8249]
    adapted = np.linalg.inv(BRADFORD) @ np.diag(to_white / from_white) @ BRADFORD

    def fixed(numbers):
        return struct.pack(">3i", *np.rint(np.asarray(numbers) * 65536).astype(int))

    xyz = [b"XYZ \0\0\0\0" + fixed(column) for column in (adapted @ to_xyz(primaries)).T]
    if exponent:
        curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(exponent * 256))
    else:
        steps = np.rint(linear(np.linspace(0, 1, 1024)) * 65535).astype(">u2")
        curve = b"curv\0\0\0\0" + struct.pack(">I", len(steps)) + steps.tobytes()
    curve += b"\0" * (-len(curve) % 4)
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"mine\0" + b"\0" * 79
    text = b"text\0\0\0\0none"
    white = b"XYZ \0\0\0\0" + fixed([0.9642, 1, 0.8249])
    parts = [(b"desc", name), (b"cprt", text), (b"wtpt", white)]
    parts += list(zip((b"rXYZ", b"gXYZ", b"bXYZ"), xyz, strict=True))
    parts += [(b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, body, at = struct.pack(">I", len(parts)), b"", 128 + 4 + 12 * len(parts)
    for sign, part in parts:
        table += sign + struct.pack(">II", at + len(body), len(part))
        body += part + b"\0" * (-len(part) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", at + len(body), b"\0" * 4, 0x02400000, b"mntr", b"RGB ", b"XYZ "
    )
    head += struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28 + white[8:]
    return head.ljust(128, b"\0") + table + body


def linear(values):
    """Return what sRGB levels from 0 to 1 stand for (IEC 61966-2-1)."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def unlinear(values):
    """Return the sRGB levels of linear colours."""
    values = np.clip(values, 0, 1)
    return np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)


def saved(image, kind="png", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def levels(source):
    return Picture.open(source).to_bytes()


def colours():
    """Colours that both sRGB and the wider spaces have: 8 × 8 mixtures, none of them extreme."""
    return np.random.default_rng(0).integers(70, 180, (8, 8, 3), np.uint8)


@pytest.mark.parametrize("primaries, exponent", [(P3, None), (ADOBE, 2.2), (ADOBE[::-1], 1.8)])
@pytest.mark.parametrize("kind", ["png", "tiff", "webp"])
def test_colours_are_those_that_the_profile_means(primaries, exponent, kind):
    given = colours() / 255
    light = given**exponent if exponent else linear(given)
    meant = 255 * unlinear(light @ (np.linalg.inv(to_xyz(SRGB)) @ to_xyz(primaries)).T)
    lossless = {"lossless": True} if kind == "webp" else {}
    file = saved(
        Image.fromarray(colours()), kind, icc_profile=profile(primaries, exponent), **lossless
    )
    found = levels(file)
    inside = ((meant > 1) & (meant < 254)).all(axis=2)  # what sRGB does not have is clipped
    assert np.abs(found[inside] - meant[inside]).max() <= 1.5
    assert np.abs(colours()[inside] - meant[inside]).max() > 10
    # Opened again from Pillow, and squared, nothing is done twice.
    with Image.open(io.BytesIO(file)) as image:
        np.testing.assert_array_equal(levels(image), found)
    enlarged = saved(
        Image.fromarray(colours().repeat(2, 0).repeat(2, 1)),
        icc_profile=profile(primaries, exponent),
    )
    assert rmse(open_square(enlarged, 8).pixels, found / 127.5 - 1) < 1e-6


def test_a_profile_holds_where_there_is_transparency_too():
    alpha = np.full((8, 8), 255, np.uint8)
    alpha[0] = 0
    image = Image.fromarray(np.dstack([colours(), alpha]))
    found = levels(saved(image, icc_profile=profile(P3)))
    assert (found[0] == 255).all()
    plain = levels(saved(Image.fromarray(colours()), icc_profile=profile(P3)))
    np.testing.assert_array_equal(found[1:], plain[1:])


@pytest.mark.parametrize("broken", [b"no profile", profile(P3)[:200], profile(P3)[:-400]])
def test_a_profile_that_is_broken_or_of_other_colours_is_passed_over(broken):
    np.testing.assert_array_equal(
        levels(saved(Image.fromarray(colours()), icc_profile=broken)), colours()
    )
    grey = Image.fromarray(colours()[..., 0])  # with a profile of red, green and blue
    found = levels(saved(grey, icc_profile=profile(P3)))
    np.testing.assert_array_equal(found, np.dstack([colours()[..., 0]] * 3))


def test_the_cielab_of_a_tiff():
    """Converted there by Pillow, and here back."""
    meant = ImageCms.profileToProfile(
        Image.new("RGB", (4, 4), (200, 30, 60)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert np.abs(levels(meant).astype(int) - (200, 30, 60)).max() <= 2


@pytest.mark.parametrize(
    "depth, rows, expected",
    [
        (1, [0b01100000], [0, 255, 255, 0]),
        (2, [0b00011011], [0, 85, 170, 255]),
        (4, [0x05, 0xAF], [0, 85, 170, 255]),
        (8, [0, 85, 170, 255], [0, 85, 170, 255]),
        (16, [0, 0, 0x55, 0x55, 0xAA, 0xAA, 255, 255], [0, 85, 170, 255]),
    ],
)
def test_a_transparent_grey_of_any_depth(depth, rows, expected):
    """The key is of the depth that is stored; transparent is white, here the second pixel."""
    key = {1: 1, 2: 1, 4: 5, 8: 85, 16: 0x5555}[depth]
    plain = levels(png((4, 1), depth, 0, [bytes(rows)]))
    assert plain[0, :, 0].tolist() == expected
    found = levels(png((4, 1), depth, 0, [bytes(rows)], struct.pack(">H", key)))
    keyed = [255 if level == expected[1] else level for level in expected]
    assert found[0, :, 0].tolist() == keyed


@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour(depth):
    values = np.array([[[10, 20, 30], [10, 20, 31]]])
    values = values if depth == 8 else values * 256 + 7
    kind = np.uint8 if depth == 8 else np.dtype(">u2")
    key = struct.pack(">3H", *map(int, values[0, 0]))
    found = levels(png((2, 1), depth, 2, [values.astype(kind).tobytes()], key))
    assert found.tolist() == [[[255, 255, 255], [10, 20, 31]]]


def test_transparent_entries_of_a_palette():
    palette = bytes([9, 9, 9, 100, 0, 0, 0, 100, 0])
    found = levels(png((3, 1), 8, 3, [bytes([0, 1, 2])], bytes([0, 255, 51]), palette))
    assert found.tolist() == [[[255, 255, 255], [100, 0, 0], [204, 224, 204]]]


RAMP = np.linspace(0, 1, 12).reshape(3, 4)
EXPECTED = np.rint(RAMP * 255)


@pytest.mark.parametrize("black_is_zero", [True, False])
@pytest.mark.parametrize(
    "kind, white",
    [
        (np.uint8, 255),
        (np.uint16, 65535),
        (np.uint32, 2**32 - 1),
        (np.uint32, 65535),
        (np.int32, 65535),
        (np.float32, 1),
        (np.float32, 255),
    ],
)
def test_greys_of_a_tiff_of_every_depth_and_either_way_up(kind, white, black_is_zero):
    values = RAMP if black_is_zero else 1 - RAMP
    stored = (np.rint(values * white) if white > 1 else values).astype(kind)
    if kind in (np.uint32, np.int32) and not black_is_zero:  # Pillow does not know these
        with pytest.raises(PictureError, match="save it as PNG"):
            Picture.open(tiff(stored, black_is_zero))
        return
    found = levels(tiff(stored, black_is_zero))[..., 0]
    assert np.abs(found - EXPECTED).max() <= 1


def test_twelve_bits():
    values = [0, 4095, 1365, 2730]
    packed = bytes([0x00, 0x0F, 0xFF, 0x55, 0x5A, 0xAA])  # two values in three bytes
    found = levels(tiff(np.array([values], np.uint16), bits=12, packed=packed))
    assert found[0, :, 0].tolist() == [0, 255, 85, 170]


def test_floats_may_leave_their_range_a_little_as_resampled_ones_do():
    for white in (1, 255, 65535):
        stored = (RAMP * 1.12 - 0.06) * white
        found = levels(tiff(stored.astype(np.float32)))[..., 0]
        assert np.abs(found - np.rint((RAMP * 1.12 - 0.06).clip(0, 1) * 255)).max() <= 1
    dim = levels(tiff((RAMP * 0.1).astype(np.float32)))[..., 0]  # plain below 1
    np.testing.assert_array_equal(dim, np.rint(RAMP * 25.5))


@pytest.mark.parametrize(
    "values",
    [
        (RAMP * 2 - 1).astype(np.float32),  # -1 to 1
        (RAMP * 1000 - 300).astype(np.float32),  # heights of a landscape
        (RAMP * 7).astype(np.float32),
        (RAMP * 1e9).astype(np.float32),
        (RAMP * 20).astype(np.int32),
        (RAMP * 2**20).astype(np.uint32),
        (RAMP * 1000 - 500).astype(np.int32),
        (RAMP * 1000 - 500).astype(np.int16),
        (RAMP * 100 - 50).astype(np.int8),
    ],
)
def test_greys_whose_white_is_not_told_are_refused_in_words(values):
    with pytest.raises(PictureError, match="white.*(bring them to|save it as PNG)"):
        Picture.open(tiff(values))


def test_what_is_not_finite_is_refused():
    with pytest.raises(PictureError, match="not finite"):
        Picture.open(tiff(np.array([[np.nan, 1]], np.float32)))


def test_a_grey_map_of_more_than_eight_bits():
    """PGM says which number is white; a dim one is dim."""
    values = np.array([[0, 300, 600, 1023]])
    file = b"P5 4 1 1023\n" + values.astype(">u2").tobytes()
    assert levels(file)[0, :, 0].tolist() == np.rint(values[0] / 1023 * 255).tolist()
    assert levels(file.replace(b"1023\n", b"9999\n"))[0, 3, 0] == round(1023 / 9999 * 255)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "HEIC.*JPEG.*pillow-heif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 99, "HEIC.*JPEG"),
        (b'<?xml version="1.0"?>\n<!-- a bird -->\n<svg xmlns="x"></svg>', "SVG.*PNG"),
        (b"<svg width='3'/>", "SVG.*export it as PNG"),
        (b"%PDF-1.7\n", "PDF.*export it as PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "EPS.*PNG"),
        (b"words", "not an image that can be read: save it as PNG or JPEG"),
        (b"", "not an image"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_remedy(content, says, tmp_path):
    (tmp_path / "mine.jpg").write_bytes(content)
    for source in (tmp_path / "mine.jpg", content, io.BytesIO(content)):
        with pytest.raises(PictureError, match=says):
            Picture.open(source)


def foreign_files():
    """Yield (name, bytes) of images that other readers show as well."""
    noise = np.random.default_rng(3).integers(0, 256, (16, 24, 3), np.uint8)
    grey = noise[..., 0]
    deep = np.random.default_rng(4).integers(0, 65536, (16, 24), np.uint16)
    yield "8 bits", saved(Image.fromarray(noise))
    yield "16 bits", saved(Image.fromarray(deep))
    yield "16 bits, tiff", tiff(deep)
    yield "16 bits of colour", png((8, 16), 16, 2, [row.tobytes() for row in deep.astype(">u2")])
    yield "2 bits", png((96, 16), 2, 0, [row.tobytes() for row in grey])
    yield "palette", saved(Image.fromarray(noise).quantize(16))
    yield "white is zero", tiff(grey, False)
    yield "bmp", saved(Image.fromarray(noise), "bmp")
    yield "webp", saved(Image.fromarray(noise), "webp", lossless=True)


FOREIGN = dict(foreign_files())


@pytest.mark.parametrize("name", FOREIGN)
def test_opencv_reads_the_same(name):
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    if name == "white is zero":
        pytest.skip("OpenCV does not mind which end is white")
    read = cv2.imdecode(np.frombuffer(FOREIGN[name], np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    # Of 16 bits it takes the upper eight, we the nearest.
    assert np.abs(levels(FOREIGN[name]) - read.astype(int)).max() <= ("16" in name)


def through_vips(pyvips, content):
    """Return (H, W, 3) levels as libvips makes them: profile, depth, transparency on white."""
    image = pyvips.Image.new_from_buffer(content, "")
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, intent="perceptual")
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.cast("uchar").numpy()


@pytest.mark.parametrize("name", [*FOREIGN, "profile", "key", "key of 2 bits", "cmyk"])
def test_libvips_reads_the_same(name):
    pyvips = pytest.importorskip("pyvips", reason="libvips is not installed")
    own = {
        "profile": saved(Image.fromarray(colours()), icc_profile=profile(P3)),
        "key": png((4, 1), 8, 0, [bytes([0, 85, 170, 255])], b"\0\x55"),
        "key of 2 bits": png((4, 1), 2, 0, [bytes([0b00011011])], b"\0\1"),
        "cmyk": saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "jpeg", quality=100),
    }
    if name == "bmp":
        pytest.skip("libvips does not read it")
    content = (FOREIGN | own)[name]
    # Inks without a profile mean what each reader likes: pure red is red.
    near = 60 if name == "cmyk" else 1.5
    assert np.abs(levels(content) - through_vips(pyvips, content).astype(int)).max() <= near
