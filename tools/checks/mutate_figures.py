"""Break the plots on purpose, and see whether a figure of the pages would look different.

    python tools/checks/mutate_figures.py [--sample 10] [--seed 1] [plots/curves ...]

Runs the pages once and keeps what they hand to each function of `plots`. A mutant is then given
the same again: it is caught if a figure differs by more than `notebook_outputs.py` allows, so that
`make test` would fail on it, or if it raises. The mutants are those of `mutate.py`, same seed.
"""

import argparse
import contextlib
import io
import os
import pickle
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["MPLBACKEND"] = "agg"

# Loaded here, so that a fork has nothing left to load but the library.
import ipywidgets  # noqa: F401
import matplotlib.pyplot as plt
import nbformat
import scipy.linalg  # noqa: F401
from mutate import ROOT, changed_line, in_fork, interval, mutants
from notebook_outputs import SAME_RELEASE, rms_difference
from PIL import Image

PAGES = sorted(ROOT.glob("notebooks/**/[0-9]*.ipynb"))
OF_EACH = 2  # calls of a function that are drawn again
MODULES = tuple(f"plots/{path.stem}" for path in sorted(ROOT.glob("ensembles_lib/plots/[a-z]*.py")))


def recorded(path):
    """Run the code of a page; return what it handed to plots: [(function, pickled arguments)]."""
    from IPython.core.interactiveshell import InteractiveShell

    from ensembles_lib import plots

    calls, own = [], {name: getattr(plots, name) for name in plots.__all__}

    def recording(name, function):
        def call(*args, **kwargs):
            with contextlib.suppress(pickle.PicklingError, AttributeError, TypeError):
                calls.append((name, pickle.dumps((args, kwargs))))
            return function(*args, **kwargs)

        return call

    for name, function in own.items():
        if callable(function) and not isinstance(function, type):
            setattr(plots, name, recording(name, function))
    os.chdir(path.parent)
    shell = InteractiveShell.instance()
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source, silent=True)
    return calls


def draw(call):
    """Return the figure of a recorded call as an image."""
    from ensembles_lib import plots

    plt.close("all")
    plots.set_style()
    name, (args, kwargs) = call[0], pickle.loads(call[1])
    made = getattr(plots, name)(*args, **kwargs)
    if isinstance(made, Image.Image):
        return made.convert("RGBA")
    if not plt.get_fignums():
        return None if not hasattr(made, "to_png") else Image.open(io.BytesIO(made.to_png()))
    buffer = io.BytesIO()
    plt.gcf().savefig(buffer, format="png", dpi=100, bbox_inches="tight")
    return Image.open(buffer).convert("RGBA")


def differs(pairs):
    """Does a figure look different from its reference? Pairs of (call, image)."""
    block, tolerance = SAME_RELEASE
    for call, old in pairs:
        new = draw(call)
        if old is not None and (
            old.size != new.size or rms_difference(old, new, block) > tolerance
        ):
            return True
    return False


def kept(file):
    """Return all calls of all pages, each page in a fork of its own; `file` keeps them."""
    if not file.exists():
        calls = []
        for page in PAGES:
            with tempfile.TemporaryDirectory() as below:
                part = Path(below) / "calls"

                def work(page=page, part=part):
                    part.write_bytes(pickle.dumps(recorded(page)))
                    return 0

                ended = in_fork(work, 900, Path(below))
                found = pickle.loads(part.read_bytes()) if ended == 0 else []
            print(f"{page.name}: {len(found)} figures", flush=True)
            calls += found
        few = {}
        for call in calls:
            few.setdefault(call[0], []).append(call)
        file.write_bytes(pickle.dumps([call for each in few.values() for call in each[:OF_EACH]]))
    return pickle.loads(file.read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="module")
    parser.add_argument("--sample", type=int, default=10, help="mutants per module (10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=Path, default=Path(tempfile.gettempdir()) / "calls.pickle")
    options = parser.parse_args()
    calls, total = kept(options.calls), [0, 0]
    with tempfile.TemporaryDirectory(prefix="mutants-") as below:
        folder = Path(below).resolve()
        shutil.copytree(ROOT / "ensembles_lib", folder / "ensembles_lib")
        (folder / "data").symlink_to(ROOT / "data")
        references = folder / "references"

        def reference():
            from ensembles_lib import plots

            homes = [getattr(plots, name).__module__ for name, _ in calls]
            references.write_bytes(pickle.dumps([homes, [draw(call) for call in calls]]))
            return 0

        if in_fork(reference, 600, folder) != 0:
            sys.exit("unmutated figures fail:\n" + (folder / "output").read_text(encoding="utf-8"))
        homes, old = pickle.loads(references.read_bytes())
        for module in options.modules:
            file, killed = folder / f"ensembles_lib/{module}.py", 0
            found, _ = mutants(module, options.sample, options.seed)
            drawn, room = [*zip(calls, old, homes, strict=True)], module.replace("/", ".")
            own = [one for one in drawn if one[2].endswith(room) and one[1] is not None]
            own = [one[:2] for one in own or drawn]
            for _, line, name, code in found:
                for stale in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
                    stale.unlink()
                file.write_text(code, encoding="utf-8")
                caught = in_fork(lambda own=own: differs(own), 300, folder) != 0
                killed += caught
                if not caught:
                    print(
                        f"survived {module}.py:{line} {name}",
                        *changed_line(module, code),
                        sep="\n    ",
                    )
            shutil.copy(ROOT / f"ensembles_lib/{module}.py", file)
            print(f"| {module} | {killed}/{len(found)} |", flush=True)
            total = [total[0] + killed, total[1] + len(found)]
    low, high = interval(*total)
    print(f"{total[0]}/{total[1]} killed: {total[0] / total[1]:.1%}, 95 % {low:.1%} to {high:.1%}")


if __name__ == "__main__":
    main()
