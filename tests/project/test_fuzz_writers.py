"""Writers that are killed, out of room or refused leave the old file or the new one, whole.

Oracle: every file holds the number of its writing, which is read back.
"""

import itertools
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from fuzzing import FACTOR, SEED

import ensembles_lib._files as files
from ensembles_lib import Atlas, Network, OwnPicture, Picture, atlas, layered_wiring
from ensembles_lib.properties import open_regions, save_regions

NETWORK = Network.random(layered_wiring((2, 16, 16, 3)), seed=1)


@cache
def swept():
    return atlas(NETWORK, size=8, steps=3, progress=False)


class Sequence:
    """Files of one kind that each hold a number, which can be read back.

    Reading fails, with any error, unless the file is whole.
    """

    WHAT = {"network": ".npz", "atlas": ".npz", "picture": ".png"}
    PAIRS = {"regions": ".png"}  # with a second file beside it

    def __init__(self, what):
        self.what = what

    def write(self, path, number):
        if self.what == "network":
            NETWORK.with_weight(0, number).save(path)
        elif self.what == "atlas":
            swept().squares[0, 0] = number
            swept().save(path)
        elif self.what == "regions":  # the number is told twice: the image and the names must fit
            n_names = 2 + number % 250
            numbers = np.random.default_rng(0).integers(0, n_names, (99, 99))
            numbers[0, 0] = n_names - 1
            save_regions(path, (numbers, [f"{number}, {name}" for name in range(n_names)]))
        else:
            levels = np.random.default_rng(0).integers(0, 256, (99, 99, 3))
            levels[0, 0] = number % 256, number // 256 % 256, number // 65536
            Picture(levels / 127.5 - 1).save(path)

    def read(self, path):
        if self.what == "network":
            return Network.load(path).weights[0]
        if self.what == "atlas":
            return Atlas.load(path).squares[0, 0]
        if self.what == "regions":
            numbers, names = open_regions(path)
            assert numbers[0, 0] == len(names) - 1
            return int(names[0].split(",")[0])
        red, green, blue = map(int, Picture.open(path).to_bytes()[0, 0])
        return red + 256 * green + 65536 * blue


def write_for_ever(what, path, start):
    """Write the file with `start` + 1 in it, then `start` + 2, and so on."""
    sequence = Sequence(what)
    for number in itertools.count(start + 1):
        sequence.write(path, number)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("what", Sequence.WHAT | Sequence.PAIRS)
def test_a_killed_writer_leaves_a_whole_file(what, tmp_path):
    endings = Sequence.WHAT | Sequence.PAIRS
    path, rng = tmp_path / f"a{endings[what]}", random.Random(SEED)
    sequence, last = Sequence(what), 0
    sequence.write(path, 0)  # what takes long is ready in every process made from this one
    context = multiprocessing.get_context("fork")  # the library is imported: quick to start
    for _ in range(40 * FACTOR):
        writer = context.Process(target=write_for_ever, args=(what, path, last))
        before = path.stat().st_mtime_ns
        writer.start()
        while path.stat().st_mtime_ns == before:  # until it is at work
            assert writer.is_alive()
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.012))
        writer.kill()
        writer.join()
        number = sequence.read(path)
        assert number > last
        last = number
    left = [entry for entry in tmp_path.iterdir() if entry != path]
    print(f"{what}: {40 * FACTOR} kills, {len(left)} in the midst of writing")
    sequence.write(path, last + 1)  # what was left behind is in nobody's way
    assert sequence.read(path) == last + 1


def save_pairs_for_ever(path, start):
    """Save pairs that say the number `start`, then `start` + 2, and so on, twice."""
    for number in itertools.count(start, 2):
        save_regions(path, pair(number))


def pair(number):
    """Return regions whose first pixels are the digits of a number, and names that tell it."""
    digits = np.array([[number // 200**2, number // 200 % 200, number % 200]])
    return digits.repeat(40, 0), [f"{number}, {name}" for name in range(200)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_writers_at_once_leave_no_image_beside_names_of_the_other(tmp_path):
    """Oracle: each pair says its number in the image and in the names; both are always the same.

    So it is while both write, and where both were killed, again and again.
    """
    path, context = tmp_path / "a.png", multiprocessing.get_context("fork")
    save_regions(path, pair(0))
    seen, mixed = [], []

    def read():
        numbers, names = open_regions(path)
        told = int(names[0].split(",")[0])
        seen.append(told)
        if told != numbers[0] @ [200**2, 200, 1]:
            mixed.append(told)

    for start in range(0, 40000 * FACTOR, 4000):
        writers = [
            context.Process(target=save_pairs_for_ever, args=(path, start + which))
            for which in (2, 3)
        ]
        for writer in writers:
            writer.start()
        ending = time.monotonic() + 0.4
        while time.monotonic() < ending:
            read()
        for writer in writers:
            assert writer.is_alive()
            writer.kill()
            writer.join()
        read()
    assert {number % 2 for number in seen} == {0, 1} and len(seen) > 100
    assert len(set(seen)) > 50
    assert not mixed, f"{len(mixed)} of {len(seen)} are mixtures"


def precious(folder, what):
    path, sequence = Path(folder) / f"a{Sequence.WHAT[what]}", Sequence(what)
    sequence.write(path, 1)
    return path, sequence


@pytest.mark.parametrize("what", Sequence.WHAT)
@pytest.mark.parametrize("room", [0, 100, 1000])
def test_no_room_for_the_file(what, room, tmp_path):
    path, sequence = precious(tmp_path, what)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))  # writing more raises, as a full disk
    try:
        with pytest.raises(OSError):
            sequence.write(path, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sequence.read(path) == 1 and list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 8 MiB in memory, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("left", [0, 4096])  # bytes: no page, or one, which is not enough
@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_full_disk(what, left, small_disk):
    """Oracle: the file that was there, to the byte; and room again, a file again."""
    path, sequence = precious(small_disk, what)
    before, filler = path.read_bytes(), small_disk / "filler"
    assert len(before) > 4096
    free = os.statvfs(small_disk)
    filler.write_bytes(b"0" * (free.f_bavail * free.f_frsize - left))
    with pytest.raises(OSError, match=f"No space left.*{path.name}"):
        sequence.write(path, 2)
    assert path.read_bytes() == before and {*small_disk.iterdir()} == {path, filler}
    filler.unlink()
    sequence.write(path, 2)
    assert sequence.read(path) == 2


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_folder_that_vanishes(what, tmp_path, monkeypatch):
    """Before the writing, or in its midst: an error with the name that was given, and no file."""
    folder = tmp_path / "there"
    folder.mkdir()
    path, sequence = precious(folder, what)
    replace = os.replace

    def vanish(*names):
        shutil.rmtree(folder)
        replace(*names)

    monkeypatch.setattr(files.os, "replace", vanish)
    with pytest.raises(FileNotFoundError, match=path.name):
        sequence.write(path, 2)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError, match=f"{path.name}: there is no folder"):
        sequence.write(path, 3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("what", Sequence.WHAT)
def test_two_processes_write_one_file(what, tmp_path):
    """Oracle: at any time the file is whole, and of one of the two, which both get their turn."""
    path, sequence = precious(tmp_path, what)
    context = multiprocessing.get_context("fork")
    writers = [
        context.Process(target=write_for_ever, args=(what, path, start)) for start in (0, 5_000_000)
    ]
    for writer in writers:
        writer.start()
    seen = {True: 0, False: 0}
    try:
        while min(seen.values()) < 20 * FACTOR:
            seen[bool(sequence.read(path) > 5_000_000)] += 1
            assert all(writer.is_alive() for writer in writers)
    finally:
        for writer in writers:
            writer.kill()
            writer.join()
    sequence.write(path, 7)
    assert sequence.read(path) == 7


def own_folder(folder, results):
    own = OwnPicture(NETWORK.paint(16), folder, n_synapses=100, iterations=6, size=16)
    regions, names = own.regions()
    results.put((own.network().weights, regions, names, own.atlas().change))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_processes_on_one_folder(tmp_path):
    """Oracle: what one process alone makes in another folder."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    own_folder(tmp_path / "alone", results)
    alone = results.get(timeout=60)
    both = [
        context.Process(target=own_folder, args=(tmp_path / "shared", results)) for _ in range(2)
    ]
    for process in both:
        process.start()
    found = [results.get(timeout=120) for _ in both]
    for process in both:
        process.join()
        assert process.exitcode == 0
    for weights, regions, names, change in found:
        np.testing.assert_allclose(weights, alone[0], atol=1e-9)
        np.testing.assert_array_equal(regions, alone[1])
        assert names == alone[2]
        np.testing.assert_allclose(change, alone[3], atol=1e-6)
    assert not [entry for entry in (tmp_path / "shared").iterdir() if "part" in entry.name]


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_folder_that_cannot_be_written_to(what):
    with tempfile.TemporaryDirectory() as folder:
        path, sequence = precious(folder, what)
        os.chmod(folder, 0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)  # root may write anywhere
        try:
            with pytest.raises(OSError, match=path.name):
                sequence.write(path, 2)
        finally:
            if is_root:
                os.seteuid(0)
            os.chmod(folder, 0o755)
        assert sequence.read(path) == 1 and list(Path(folder).iterdir()) == [path]


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_failed_last_step(what, tmp_path, monkeypatch):
    path, sequence = precious(tmp_path, what)

    def fail(*args):
        raise OSError("no")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="no"):
        sequence.write(path, 2)
    monkeypatch.undo()
    assert sequence.read(path) == 1 and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_link_stays_and_what_it_leads_to_is_written(what, tmp_path):
    """Also through a chain of links, by a path that is relative, and where nothing is there yet."""
    (tmp_path / "far").mkdir()
    link, target = tmp_path / f"link{Sequence.WHAT[what]}", tmp_path / "far" / "no ending"
    (tmp_path / "between").symlink_to(Path("far") / "no ending")
    link.symlink_to("between")
    sequence = Sequence(what)
    for number in (1, 2):  # first nothing is there, then a file
        sequence.write(link, number)
        assert sequence.read(link) == sequence.read(target) == number
    assert link.is_symlink() and (tmp_path / "between").is_symlink() and not target.is_symlink()
    assert [entry.name for entry in target.parent.iterdir()] == ["no ending"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("what", Sequence.WHAT)
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_a_file_keeps_its_mode_and_its_owner(what, mode, tmp_path):
    path, sequence = precious(tmp_path, what)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    path.chmod(mode)
    before = path.stat()
    sequence.write(path, 2)
    after = path.stat()
    assert sequence.read(path) == 2 and after.st_ino != before.st_ino
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_a_new_file_has_the_mode_that_the_umask_leaves(what, tmp_path):
    path = tmp_path / f"a{Sequence.WHAT[what]}"
    before = os.umask(0o027)
    try:
        Sequence(what).write(path, 1)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("what", Sequence.WHAT)
@pytest.mark.parametrize("place", ["file", "file behind a link", "folder"])
def test_what_is_read_only_is_refused_whoever_asks(what, place, tmp_path):
    """Root could write it: the mode says that it is not meant to be written."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path, sequence = precious(folder, what)
    target = path
    if place == "file behind a link":
        target = tmp_path / f"link{Sequence.WHAT[what]}"
        target.symlink_to(path)
    shut = folder if place == "folder" else path
    before = shut.stat().st_mode
    shut.chmod(before & ~0o222)
    try:
        with pytest.raises(PermissionError, match=f"cannot write {target}.*is read-only"):
            sequence.write(target, 2)
        assert shut.stat().st_mode == before & ~0o222
    finally:
        shut.chmod(before)
    assert sequence.read(path) == 1 and list(folder.iterdir()) == [path]


@pytest.mark.parametrize("what", Sequence.WHAT)
def test_what_is_no_plain_file_is_refused_and_stays(what, tmp_path):
    pipe, loop = (tmp_path / f"{name}{Sequence.WHAT[what]}" for name in ("pipe", "loop"))
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="pipe.*no plain file"):
        Sequence(what).write(pipe, 1)
    with pytest.raises(OSError, match="loop.*link that leads to itself"):
        Sequence(what).write(loop, 1)
    assert pipe.is_fifo() and loop.is_symlink() and len(list(tmp_path.iterdir())) == 2
