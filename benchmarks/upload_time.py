"""From an image file to its playground, as the upload button goes: one picture, 460 synapses."""

import argparse
import os
import time

import machine  # isort: skip  (one thread each, before the libraries load)

import numpy as np
from matplotlib.cbook import get_sample_data

from ensembles_lib import samples
from ensembles_lib.widgets import PictureUpload

GOAL = 15.0  # seconds, on two quiet cores


def timed(name, content, size):
    """Take a file, train, open the playground; print and return the seconds of each."""
    upload = PictureUpload(samples.peacock(size), size=size)
    times, clocks = [time.perf_counter()], [time.process_time()]
    for step in (lambda: upload.take(name, content), upload.train):
        step()
        times.append(time.perf_counter())
        clocks.append(time.process_time())
    taking, training = np.diff(times)
    print(
        f"{name}: {taking:.2f} s to take, {training:.1f} s to train and open: "
        f"{taking + training:.1f} s (of the processor {clocks[-1] - clocks[0]:.1f}); "
        f"{upload.message}"
    )
    return taking + training


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=128)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(machine.CORES))  # as in a notebook
    print("\n".join(f"{name}: {fact}" for name, fact in machine.describe().items()))
    print("load", " ".join(f"{one:.1f}" for one in os.getloadavg()))
    with open(samples.path("own/lighthouse.png"), "rb") as file:
        pictures = {"lighthouse.png": file.read()}
    pictures["grace_hopper.jpg"] = get_sample_data("grace_hopper.jpg").read()
    took = [timed(name, content, options.size) for name, content in pictures.items()]
    print(f"longest {max(took):.1f} s; the goal is {GOAL:.0f} s")


if __name__ == "__main__":
    main()
