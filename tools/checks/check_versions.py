"""Do the stored outputs hold on other versions of the packages, of Python, and of the BLAS?

Runs the tests and the notebooks in fresh environments outside this folder: the oldest packages
that pyproject.toml allows on the oldest Python, the newest ones on every Python found, and these
once more under other kernels of OpenBLAS, which round differently. Ends in a table, and with an
error if anything failed. A configuration takes as long as `make test`; --only makes it shorter.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = [f"python3.{minor}" for minor in range(11, 20)]
KERNELS = ("Nehalem", "Haswell", "SkylakeX")
EVERYTHING = ("ensembles_lib", "tests", "notebooks")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval.cfg")
TELL = """
import sys, numpy, scipy, matplotlib, PIL, IPython, threadpoolctl
blas = {b.get("architecture") for b in threadpoolctl.threadpool_info() if b["user_api"] == "blas"}
print("numpy", numpy.__version__, "scipy", scipy.__version__, "matplotlib",
      matplotlib.__version__, "pillow", PIL.__version__, "kernel", *sorted(map(str, blas)))
"""


def specs(packages):
    """Return what pip is to install: the packages of pyproject.toml, at their lower bounds if
    `packages` is "oldest"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["lab"]]
    if packages == "oldest":
        needed = [spec.replace(">=", "==") for spec in needed]
    # Tests and this tool are no part of what is tested: theirs are always the newest.
    tests = [spec for spec in extras["test"] if not spec.startswith(project["name"])]
    return [*needed, *tests, "threadpoolctl"]


def version_of(python):
    """Return the version of an interpreter as a tuple, or None if it does not run."""
    found = shutil.which(python)
    if not found:
        return None
    asked = [found, "-c", "import sys; print(*sys.version_info[:3])"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return tuple(map(int, told.stdout.split())) if told.returncode == 0 else None


def configurations(pythons, packages, kernels):
    """Return (python, packages, kernels of the BLAS) of every environment that is needed.

    The oldest packages are for the oldest Python: later ones have no builds of them. Kernels
    other than the machine's own (None) are tried on the newest packages of the newest Python.
    """
    found = []
    if "oldest" in packages:
        found.append((pythons[0], "oldest", [None]))
    if "newest" in packages:
        found += [(python, "newest", [None]) for python in pythons[:-1]]
        found.append((pythons[-1], "newest", [None, *kernels]))
    return found


def make_environment(folder, python, packages):
    """Make an environment in `folder` and return its Python; CalledProcessError if pip fails."""
    subprocess.run([shutil.which(python), "-m", "venv", folder], check=True, capture_output=True)
    inside = str(Path(folder) / "bin" / "python")
    install = [inside, "-m", "pip", "install", "--quiet", *specs(packages)]
    subprocess.run(install, check=True, capture_output=True, text=True)
    return inside


def run_tests(python, kernel, only, folder):
    """Run pytest in an environment.

    Returns
    -------
    str, dict, list of str
        The versions in use, the counts by outcome, and the names of what failed.
    """
    # No installation: it would write into this folder. Notebooks find the library by the path.
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"JUPYTER_PREFER_ENV_PATH": "1", "OPENBLAS_NUM_THREADS": "1"}
    env.pop("OPENBLAS_CORETYPE", None)
    if kernel:
        env["OPENBLAS_CORETYPE"] = kernel
    options = {"cwd": ROOT, "env": env, "text": True, "check": False}
    about = subprocess.run([python, "-c", TELL], **options, capture_output=True).stdout.strip()
    report = Path(folder) / f"report-{kernel}.xml"
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    done = subprocess.run([*command, *NBVAL, *only], **options)
    if not report.exists():
        return about, {"error": 1}, [f"pytest ended with code {done.returncode}, without a report"]
    suite = ElementTree.parse(report).getroot().find("testsuite")
    counts = {key: int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")}
    failed = [
        f"{case.get('classname')}::{case.get('name')}: {bad.get('message', '').splitlines()[:1]}"
        for case in suite.iter("testcase")
        for bad in [*case.findall("failure"), *case.findall("error")]
    ]
    bad = counts["failures"] + counts["errors"]
    passed = counts["tests"] - bad - counts["skipped"]
    return about, {"passed": passed, "failed": bad, "skipped": counts["skipped"]}, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", nargs="+", help="interpreters; those on the PATH unless given")
    parser.add_argument("--packages", nargs="+", default=["oldest", "newest"])
    parser.add_argument("--kernels", nargs="*", default=KERNELS, help="of OpenBLAS")
    parser.add_argument("--only", nargs="+", default=EVERYTHING, help="what pytest is to run")
    asked = parser.parse_args()
    if unknown := set(asked.packages) - {"oldest", "newest"}:
        parser.error(f"packages {sorted(unknown)}: there are oldest and newest")
    known = {python: version_of(python) for python in asked.python or PYTHONS}
    for python in asked.python or ():
        if known[python] is None:
            parser.error(f"{python} does not run: give the path of an interpreter")
    pythons = sorted((python for python in known if known[python]), key=known.get)
    if not pythons:
        parser.error("no Python 3.11 or newer is on the PATH: give --python /path/to/one")

    rows, complaints = [], []
    for python, packages, kernels in configurations(pythons, asked.packages, asked.kernels):
        label = f"Python {'.'.join(map(str, known[python]))}, {packages} packages"
        with tempfile.TemporaryDirectory(prefix="ensembles-versions-") as folder:
            print(f"\n== {label}: making the environment", flush=True)
            try:
                inside = make_environment(folder, python, packages)
            except subprocess.CalledProcessError as error:
                rows.append((label, "–", "–", "–", "–", "no environment"))
                complaints.append(f"{label}: {str(error.stderr).strip().splitlines()[-1:]}")
                continue
            for kernel in kernels:
                name = f"{label}, {kernel or 'own'} kernel"
                print(f"== {name}", flush=True)
                start = time.monotonic()
                about, counts, failed = run_tests(inside, kernel, asked.only, folder)
                took = f"{(time.monotonic() - start) / 60:.1f} min"
                found = [str(counts.get(key, "–")) for key in ("passed", "failed", "skipped")]
                rows.append((name, *found, took, about))
                complaints += [f"{name}: {one}" for one in failed]

    head = ("configuration", "passed", "failed", "skipped", "time", "in use")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    print()
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    print(*complaints, sep="\n")
    failing = any(row[2] != "0" for row in rows)
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
