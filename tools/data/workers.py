"""What runs a study: this process, several, or a Dask cluster."""

import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path


def add_workers(parser, jobs=1):
    """Add what `executor` reads to a parser of arguments."""
    parser.add_argument("--jobs", type=int, default=jobs, help="processes")
    parser.add_argument("--scheduler", help="address of a Dask cluster to run on")


@contextmanager
def executor(asked):
    """Give what runs the work; None for this process."""
    if asked.scheduler:
        try:
            from dask.distributed import Client
        except ImportError:
            sys.exit("--scheduler needs Dask, an optional extra: pip install -e '.[cluster]'")
        with Client(asked.scheduler) as client, tempfile.TemporaryDirectory() as folder:
            # Workers have the library installed, but not what lies here.
            tools, packed = Path(__file__).parent, Path(folder) / "measuring"
            client.upload_file(shutil.make_archive(str(packed), "zip", tools, "measuring"))
            yield client.get_executor()
    elif asked.jobs > 1:
        with ProcessPoolExecutor(asked.jobs) as pool:
            yield pool
    else:
        yield None
