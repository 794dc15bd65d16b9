"""The house: which rooms there are, which way imports run, and what is exported."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import ensembles_lib

LIBRARY = Path(ensembles_lib.__file__).parent
NUMERICAL = {"core", "sweeps", "properties", "ensembles", "planted"}
# What each room may import from; the files beside the rooms count as rooms.
MAY_IMPORT = {
    "_files": set(),
    "no_delay": set(),  # of a server, which needs no more
    "_images": set(),
    "core": {"_files", "_images"},
    "exchange": {"_files", "core"},
    "samples": {"core"},
    "sweeps": {"_files", "core"},
    "properties": {"_files", "_images", "core"},
    "ensembles": {"_files", "core", "sweeps", "properties"},
    "planted": {"_files", "core", "sweeps", "properties", "ensembles"},  # one way to move a border
    "plots": {"_files", *NUMERICAL},
    "widgets": {"_files", "plots", *NUMERICAL},
    "study": {"_files", *NUMERICAL},
}
TOOLS = LIBRARY.parent / "tools"
MAX_LINES = 300
MAX_CORE = 1800
MAX_NAMES = 50
MEASURING = sorted((TOOLS / "data" / "measuring").glob("*.py"))


def files():
    return sorted(path for path in LIBRARY.rglob("*.py") if path.parent != LIBRARY / "_data")


def room_of(path):
    return path.relative_to(LIBRARY).with_suffix("").parts[0]


def rooms_imported(path):
    """Yield (line, room) for every import of the library in a file, also inside functions."""
    package = ["ensembles_lib", *path.relative_to(LIBRARY).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            stem = above + (node.module.split(".") if node.module else [])
            targets = [[*stem, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            if target[0] == "ensembles_lib":
                yield node.lineno, target[1] if len(target) > 1 else "everything"


def test_these_are_the_rooms():
    assert {room_of(path) for path in files()} - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(LIBRARY).as_posix())
def test_imports_run_downwards(path):
    if path == LIBRARY / "__init__.py":
        pytest.skip("the front door shows what all rooms offer")
    allowed = MAY_IMPORT[room_of(path)] | {room_of(path)}
    wrong = [(line, room) for line, room in rooms_imported(path) if room not in allowed]
    assert not wrong, f"{room_of(path)} may import from {sorted(allowed)} only"


def test_an_import_upwards_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr("test_house.LIBRARY", tmp_path)
    path = tmp_path / "core" / "bad.py"
    path.parent.mkdir()
    path.write_text("import ensembles_lib.study.claims\ndef f():\n    from ..plots import style\n")
    assert list(rooms_imported(path)) == [(1, "study"), (3, "plots")]


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(LIBRARY).as_posix())
def test_the_library_does_without_the_tools(path):
    """It is installed without them: what makes data, site and checks imports it, never it them."""
    tools = {one.stem for one in TOOLS.rglob("*.py")} - {"__init__"} | {"measuring"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            named = [node.module]
        else:
            continue
        assert not {name.split(".")[0] for name in named} & tools


@pytest.mark.parametrize("path", MEASURING, ids=lambda path: path.name)
def test_what_made_the_data_can_be_read(path):
    """In one sitting; each module and each public function says what it does."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert text.count("\n") <= MAX_LINES and ast.get_docstring(tree)
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_only_so_many_names_are_exported_and_all_are_there():
    names = ensembles_lib.__all__
    assert len(names) <= MAX_NAMES and len(set(names)) == len(names)
    assert all(hasattr(ensembles_lib, name) for name in names)


@pytest.mark.parametrize(
    "name, where",
    [
        ("participation_ensemble", "called participants"),
        ("control_ensemble", "called ensemble"),
        ("gram_condition", "imported from ensembles_lib.properties"),
        ("to_layers", "imported from ensembles_lib.exchange"),
        ("border_sensitivities", "imported from ensembles_lib.planted"),
        ("compare_bases", "no part of the library"),
        ("psnr", "no part of the library"),
    ],
)
def test_a_name_that_moved_says_where_it_went(name, where):
    with pytest.raises(ImportError, match=f"^{name} is {where} now"):
        getattr(ensembles_lib, name)
    with pytest.raises(ImportError, match=f"^{name} is {where} now"):
        exec(f"from ensembles_lib import {name}")


def test_a_name_that_never_was_is_missing_as_usual():
    with pytest.raises(AttributeError, match="no attribute 'peahen'"):
        getattr(ensembles_lib, "peahen")  # noqa: B009


def test_no_module_is_hidden_by_a_name():
    for found in pkgutil.walk_packages(ensembles_lib.__path__, "ensembles_lib."):
        module = importlib.import_module(found.name)
        parent, name = found.name.rsplit(".", 1)
        assert getattr(importlib.import_module(parent), name) is module, f"{found.name} is hidden"


@pytest.mark.parametrize("room", [room for room in MAY_IMPORT if (LIBRARY / room).is_dir()])
def test_rooms_export_what_they_say(room):
    module = importlib.import_module(f"ensembles_lib.{room}")
    assert module.__doc__ and all(hasattr(module, name) for name in module.__all__)
    assert not any(inspect.ismodule(getattr(module, name)) for name in module.__all__)


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(LIBRARY).as_posix())
def test_a_file_can_be_read_in_one_sitting(path):
    assert path.read_text(encoding="utf-8").count("\n") <= MAX_LINES


def test_the_core_can_be_read_in_one_sitting():
    lines = [
        path.read_text(encoding="utf-8").count("\n") for path in (LIBRARY / "core").glob("*.py")
    ]
    assert sum(lines) <= MAX_CORE


def test_importing_the_library_imports_only_what_is_always_needed_of_scipy():
    slow = ("stats", "optimize", "spatial", "ndimage", "interpolate", "special", "fft")
    code = f"import ensembles_lib, sys; print([x for x in {slow} if 'scipy.' + x in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
