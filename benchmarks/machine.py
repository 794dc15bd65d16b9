"""Name the machine, keep to one core of it, and time; import this before NumPy or JAX."""

import contextlib
import importlib.metadata
import os
import platform
import time

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
CORES = os.cpu_count()
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402


def describe():
    """Return a dict that names the processor, the versions and the BLAS."""
    facts = {
        "cpu": _cpu_name(),
        "cores": CORES,
        "cores used": 1,
        "python": platform.python_version(),
    }
    for package in ("numpy", "scipy", "jax", "optax", "torch", "scikit-learn"):
        try:
            facts[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            facts[package] = "not installed"
    facts["blas"] = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    with contextlib.suppress(ImportError):
        from threadpoolctl import threadpool_info

        loaded = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
        if loaded:
            facts["blas core type"] = loaded[0].get("architecture", "unknown")
    return facts


def _cpu_name():
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def interleaved(functions, repeats):
    """Time callables in turn, A B C A B C ..., after two calls that warm up.

    A turn of a quick callable is as many calls as fill 20 ms, so that each meets a cache that
    is its own. Returns {name: (lower quartile, median, upper quartile)} in seconds per call.
    """
    calls, seconds = {}, {name: [] for name in functions}
    for name, function in functions.items():
        function()
        start = time.perf_counter()
        function()
        calls[name] = max(1, round(0.02 / (time.perf_counter() - start)))
    for _ in range(repeats):
        for name, function in functions.items():
            if len(seconds[name]) >= 3 and sum(seconds[name]) > 10:
                continue  # so slow that three turns tell
            start = time.perf_counter()
            for _ in range(calls[name]):
                function()
            seconds[name].append((time.perf_counter() - start) / calls[name])
    return {name: tuple(np.quantile(times, (0.25, 0.5, 0.75))) for name, times in seconds.items()}
