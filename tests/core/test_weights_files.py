"""A weights file is read whole and unchanged, or refused with the reason."""

import contextlib
import zipfile

import numpy as np
import pytest

from ensembles_lib import FileFormatError, Network, article_wiring, layered_wiring


@pytest.fixture
def network():
    return Network.random(article_wiring(), seed=2)


@pytest.fixture
def path(network, tmp_path):
    network.save(tmp_path / "network.npz")
    return tmp_path / "network.npz"


def rewritten(path, **changes):
    with np.load(path) as file:
        fields = {name: file[name] for name in file.files}
    fields.update(changes)
    np.savez(path, **{name: field for name, field in fields.items() if field is not None})
    return path


def test_round_trip(path, network):
    loaded = Network.load(path)
    assert loaded == network
    assert loaded.provenance == {"start": "random, seed 2"}


def test_saving_twice_writes_the_same_bytes(path, network, tmp_path):
    network.save(tmp_path / "again.npz")
    assert path.read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_other_wirings_round_trip(tmp_path):
    network = Network.random(layered_wiring((5, 4, 1)), seed=1)
    network.save(tmp_path / "a.npz")
    assert Network.load(tmp_path / "a.npz") == network


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.99])
def test_truncated(path, keep):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(FileFormatError, match="truncated or not a saved network"):
        Network.load(path)


def test_every_flipped_byte_is_refused_or_harmless(path, network):
    content = bytearray(path.read_bytes())
    for position in range(0, len(content), 37):
        flipped = content.copy()
        flipped[position] ^= 0xFF
        path.write_bytes(flipped)
        with contextlib.suppress(FileFormatError):
            assert Network.load(path) == network


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"weights": np.zeros(460)}, "changed since it was saved"),
        ({"format": np.array("somebody else's 7")}, "has format"),
        ({"format": None}, "format"),
        ({"digest": None}, "digest"),
        ({"provenance": np.array("{}")}, "changed since it was saved"),
    ],
)
def test_tampered_and_foreign(path, changes, says):
    with pytest.raises(FileFormatError, match=says):
        Network.load(rewritten(path, **changes))


def test_a_pickle_inside_is_never_opened(path):
    with pytest.raises(FileFormatError, match="pickle"):
        Network.load(rewritten(path, weights=np.array([{}], object)))


def test_a_text_file_and_a_bare_npy(tmp_path):
    (tmp_path / "a.npz").write_text("weights!")
    np.save(tmp_path / "b.npy", np.zeros(460))
    for name in ("a.npz", "b.npy"):
        with pytest.raises(FileFormatError, match=name):
            Network.load(tmp_path / name)


def test_missing_file_and_unwritable_path(network, tmp_path):
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "nowhere.npz")
    with pytest.raises(FileNotFoundError, match="no folder"):
        network.save(tmp_path / "nowhere" / "a.npz")


def test_an_interrupted_save_leaves_the_old_file(path, network, monkeypatch):
    before = path.read_bytes()

    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", stop)
    with pytest.raises(KeyboardInterrupt):
        network.with_weight(0, 9).save(path)
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_read(path):
    whole = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with whole as archive, archive.open("weights.npy", "w") as entry:
        for _ in range(257):
            entry.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(FileFormatError, match="unpacks to 269,484,032 bytes"):
        Network.load(path)
