"""The list of packages stands in two places; here they are held together."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONDA_NAMES = {"matplotlib-base": "matplotlib"}  # conda's build without a window toolkit
FIXED = {"jupyterlab", "numpy", "matplotlib", "ipywidgets", "scipy", "nbval"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def of_pyproject():
    return {*project()["dependencies"], *project()["optional-dependencies"]["test"]}


def of_environment():
    # The file is ours and plain: a YAML parser would be one more package to install.
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    specs = [m[1] for line in lines if (m := re.fullmatch(r" +- ([a-z-]+(?:>=[\d.]+)?)", line))]
    packages = [spec for spec in specs if spec not in ("conda-forge", "pip")]
    return {CONDA_NAMES.get(n, n) + b for n, b in (re.split(r"(?=>=)", s) for s in packages)}


def test_both_lists_name_the_same_packages_and_bounds():
    python = f"python{project()['requires-python']}"
    assert of_environment() == of_pyproject() | {python}


def test_the_packages_that_the_project_stands_on_are_there():
    assert {spec.split(">=")[0] for spec in project()["dependencies"]} >= FIXED


def test_the_environment_installs_the_library_itself():
    assert (ROOT / "environment.yml").read_text(encoding="utf-8").endswith("\n      - -e .\n")


def test_the_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert {"lab", "test"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
