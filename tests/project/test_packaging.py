"""The list of packages stands in two places, the samples in two: here they are held together.

And the library, built and installed without the laboratory, does what the README shows.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from check_versions import specs
from notebook_rules import pages

from ensembles_lib import samples

ROOT = Path(__file__).resolve().parents[2]
CONDA_NAMES = {"matplotlib-base": "matplotlib"}  # conda's build without a window toolkit
FIXED = {"jupyterlab", "numpy", "matplotlib", "ipywidgets", "scipy", "nbval"}
LIBRARY = {"numpy", "scipy", "pillow", "tqdm"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pyproject():
    return tomllib.loads(read("pyproject.toml"))


def names(specs):
    return {re.split(r"[>=\[]", spec)[0] for spec in specs}


def of_pyproject():
    """Return the packages of the library, the laboratory and the tests, with their bounds."""
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    assert "ensembles-lib[lab]" in extras["test"]
    return {*project["dependencies"], *extras["lab"], *extras["test"]} - {"ensembles-lib[lab]"}


def of_environment():
    # The file is ours and plain: a YAML parser would be one more package to install.
    lines = read("environment.yml").splitlines()
    specs = [m[1] for line in lines if (m := re.fullmatch(r" +- ([a-z-]+(?:>=[\d.]+)?)", line))]
    packages = [spec for spec in specs if spec not in ("conda-forge", "pip")]
    return {CONDA_NAMES.get(n, n) + b for n, b in (re.split(r"(?=>=)", s) for s in packages)}


def test_both_lists_name_the_same_packages_and_bounds():
    python = f"python{pyproject()['project']['requires-python']}"
    assert of_environment() == of_pyproject() | {python}


def test_the_packages_that_the_project_stands_on_are_there():
    assert names(of_pyproject()) >= FIXED


def test_other_versions_are_tried_of_all_that_the_library_and_the_notebooks_need():
    """The oldest are those of the lower bounds; the library itself is never asked of an index."""
    newest, oldest = specs("newest"), specs("oldest")
    assert names(newest) >= FIXED | LIBRARY | {"pytest"} and "ensembles-lib" not in names(newest)
    bounds = {spec.split(">=")[0]: spec.split(">=")[1] for spec in of_pyproject()}
    for name in FIXED | LIBRARY:
        assert f"{name}=={bounds[name]}" in oldest


def test_the_library_alone_needs_four_packages():
    assert names(pyproject()["project"]["dependencies"]) == LIBRARY


def test_the_environment_installs_the_library_itself():
    assert read("environment.yml").endswith("\n      - -e .\n")


def test_the_make_targets_of_the_readme_exist():
    # As code: in a line of its own, or between backticks.
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", read("README.md"), re.MULTILINE))
    assert {"lab", "test"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def test_all_rooms_are_packaged():
    folders = {path.parent for path in (ROOT / "ensembles_lib").rglob("__init__.py")}
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(pyproject()["tool"]["setuptools"]["packages"]) == packages | {"ensembles_lib._data"}


def test_the_samples_named_are_those_that_are_packaged():
    packaged = pyproject()["tool"]["setuptools"]["package-data"]["ensembles_lib._data"]
    assert tuple(packaged) == samples.FILES
    assert all((ROOT / "data" / name).is_file() for name in samples.FILES)


def test_a_sample_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(FileNotFoundError, match=r"(?s)'parrot.png'.*peacock.png.*checkout"):
        samples.path("parrot.png")


def code_to_copy():
    """Yield (place, code) of what readers copy: README, notebooks, examples in docstrings."""
    yield "README.md", "\n".join(re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL))
    for path in pages(ROOT / "notebooks"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield path.name, "\n".join(sources)
    for path in sorted((ROOT / "ensembles_lib").rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield path.name, "\n".join(x for x in lines if re.match(r" *(>>>|\.\.\.) ", x))


def test_what_readers_copy_works_from_any_folder():
    """Samples are named by `samples.path`, never by a place beside the working folder."""
    places = dict(code_to_copy())
    assert len(places) > 60 and "samples.path(" in places["README.md"]
    for place, code in places.items():
        found = re.findall(r"""["'](?:\.\./|\./)*data(?:/[^"']*)?["']""", code)
        assert not found, f"{place} opens {found}: give samples.path(...)"


def test_the_hosted_run_is_the_one_that_can_be_made_anywhere():
    """It adds nothing to .ci/run, which starts on a bare machine, on oldest and newest Python."""
    workflow = read(".github/workflows/tests.yml")
    assert re.findall(r"^ +- run: (.*)", workflow, re.MULTILINE) == ["bash .ci/run"]
    pythons = re.findall(r'"([\d.]+)"', re.search(r"python: \[(.*)\]", workflow)[1])
    assert f">={pythons[0]}" == pyproject()["project"]["requires-python"] and pythons[1] == "3"
    for name in ("apt-get install", "make lint", "make test"):
        assert name in read(".ci/run")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The library as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # building leaves files behind
    source.mkdir()
    tracked = ["pyproject.toml", "README.md", "LICENSE", "ensembles_lib", "data"]
    subprocess.run(["cp", "-r", *(str(ROOT / name) for name in tracked), str(source)], check=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    built = subprocess.run(
        [*pip, "--wheel-dir", str(folder), str(source)], capture_output=True, text=True
    )
    if built.returncode and not os.environ.get("CI"):
        pytest.skip("no wheel without the package index: " + built.stderr[-200:])
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_samples_and_what_pages_load(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {f"ensembles_lib/_data/{name}" for name in samples.FILES} <= held
    beside = [p for p in (ROOT / "ensembles_lib").rglob("*") if p.suffix in (".js", ".css")]
    assert {path.relative_to(ROOT).as_posix() for path in beside} <= held
    assert "ensembles_lib/py.typed" in held
    assert not [name for name in held if "/data/" in name or name.startswith(("tests", "tools"))]


def test_the_readme_runs_elsewhere_without_the_laboratory(wheel, tmp_path):
    """In an environment of its own, from a folder of its own, with nothing but the wheel."""
    snippets = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    assert len(snippets) == 1
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = next(environment.glob("*/python"), environment / "Scripts" / "python.exe")
    pip = [str(python), "-m", "pip", "install", "--quiet", str(wheel)]
    installed = subprocess.run(pip, capture_output=True, text=True)
    if installed.returncode and not os.environ.get("CI"):
        pytest.skip("no package index: " + installed.stderr[-200:])
    assert installed.returncode == 0, installed.stderr
    bare = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    told = "\nimport sys\nassert 'matplotlib' not in sys.modules and 'IPython' not in sys.modules\n"
    ran = subprocess.run(
        [str(python), "-c", snippets[0] + told],
        cwd=tmp_path,
        env=bare | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    laboratory = subprocess.run(
        [str(python), "-c", "from ensembles_lib import plots"],
        cwd=tmp_path,
        env=bare,
        capture_output=True,
        text=True,
    )
    assert "pip install 'ensembles-lib[lab]'" in laboratory.stderr
