"""What runs a study: this process, several, or a Dask cluster."""

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


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
        with Client(asked.scheduler) as client:
            yield client.get_executor()
    elif asked.jobs > 1:
        with ProcessPoolExecutor(asked.jobs) as pool:
            yield pool
    else:
        yield None
