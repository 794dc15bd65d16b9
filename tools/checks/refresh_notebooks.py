"""Run notebooks from scratch and store their outputs: the only way stored outputs change.

    python tools/checks/refresh_notebooks.py [notebook ...]        (default: all in notebooks/)

A cell whose fresh outputs equal the stored ones, by the rules of the checks, keeps the stored
ones: a second run changes no byte. A notebook with a cell that fails, or that writes to stderr,
is left as it was, and the run stops there.
"""

import argparse
import copy
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from notebook_outputs import IMAGES, RELEASE, same_outputs
from notebook_rules import pages

from ensembles_lib._files import replacing

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TIMEOUT = 600  # seconds for one cell
# What is true on every machine; Jupyter adds the version of Python, which is not.
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


class Client(NotebookClient):
    """Keeps the outputs that nbval will see.

    Jupyter moves what a slider draws into the slider's output area, and clears it on each move;
    nbval does neither. Here the first picture stays in the cell, where it is compared, and where
    a reader without a running kernel sees it.
    """

    def process_message(self, msg, cell, cell_index):
        """Handle a message of the kernel, except those to widgets and those to clear outputs."""
        if msg["msg_type"] == "clear_output" or msg["msg_type"].startswith("comm"):
            return None
        return super().process_message(msg, cell, cell_index)


def refusal(cell):
    """Why the outputs of a cell must not be stored, or an empty string."""
    for out in cell.get("outputs", []):
        if out.output_type == "error":
            return f"raises {out.ename}: {out.evalue}"
        if out.output_type == "stream" and out.name == "stderr":
            return f"writes to stderr:\n{out.text}"
    return ""


def execute(nb, path):
    """Run all cells of `nb` in place in a new kernel; SystemExit at the first that fails."""
    client = Client(
        nb,
        kernel_name="python3",
        timeout=TIMEOUT,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--Application.log_level=ERROR"],  # a kernel warns on every start
        resources={"metadata": {"path": str(path.parent)}},
    )
    with client.setup_kernel():
        for index, cell in enumerate(nb.cells):
            where = f"{path.name}, cell {index + 1}"
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                sys.exit(f"{where} fails, notebook left as it was:\n{error}")
            if reason := refusal(cell):
                sys.exit(f"{where} {reason}\nnotebook left as it was")


def has_image(outputs):
    """Is there a picture among the outputs?"""
    return any(set(IMAGES) & set(out.get("data", {})) for out in outputs)


def keep_equal_outputs(stored, fresh):
    """Put stored outputs back where fresh ones are equal; the numbers of the other cells.

    Figures that another release of matplotlib drew are always replaced, so that all are of one.
    """
    changed, redraw = [], stored.metadata.get("drawn_by", RELEASE) != RELEASE
    for number, (old, new) in enumerate(zip(stored.cells, fresh.cells, strict=True), start=1):
        if new.cell_type != "code":
            continue
        if same_outputs(old.outputs, new.outputs) and not (redraw and has_image(new.outputs)):
            new.outputs = old.outputs
        else:
            changed.append(number)
        for out in new.outputs:
            if out.output_type == "execute_result":
                out.execution_count = new.execution_count
    return changed


def normalise(nb):
    """Drop from metadata what differs between machines and runs."""
    nb.metadata.pop("widgets", None)
    nb.metadata.update(kernelspec=KERNELSPEC, language_info=LANGUAGE_INFO, drawn_by=RELEASE)
    for cell in nb.cells:
        cell.metadata.pop("execution", None)


def refresh(path):
    """Run one notebook, store what changed, and say so in a line."""
    start = time.perf_counter()
    text = path.read_text(encoding="utf-8")
    stored = nbformat.reads(text, as_version=4)
    fresh = copy.deepcopy(stored)
    execute(fresh, path)
    changed = keep_equal_outputs(stored, fresh)
    normalise(fresh)
    new_text = nbformat.writes(fresh) + "\n"
    if new_text != text:
        with replacing(path) as temporary:
            temporary.write_text(new_text, encoding="utf-8", newline="\n")
    state = f"outputs changed in cells {changed}" if changed else "outputs unchanged"
    state += "" if changed or new_text == text else ", file tidied"
    print(f"{path.name}: {time.perf_counter() - start:.1f} s, {state}", flush=True)


def main():
    """Refresh the notebooks named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", nargs="*", type=Path)
    for path in parser.parse_args().notebook or pages(NOTEBOOKS):
        refresh(path.resolve())


if __name__ == "__main__":
    main()
