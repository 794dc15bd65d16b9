"""Teach a network a picture: the loop, its history, and mini-batch backprop.

A way of training is a generator of ever newer weights, which minimise the mean squared error plus
`energy_restriction` times the mean squared weight. One loop around it keeps the history, draws the
progress bar, and returns the best network when it ends, for whatever reason.
"""

import numbers
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from tqdm.auto import tqdm

from .._files import read_arrays, reading, replacing
from .network import Network
from .passes import loss_gradient, respond
from .picture import Picture

DEAREST = 1e12  # energy restriction; steps are in float32, in which squares of more overflow


@dataclass(frozen=True)
class History:
    """What happened in a training, one row per record; row 0 is the start.

    Attributes
    ----------
    step, rmse, energy, seconds : (T,) arrays
        Epochs of backprop or iterations of Levenberg–Marquardt, the error against the picture,
        the mean squared weight, and the time since the start.
    weights : (T, S) array
    stopped
        Why it ended: "steps", "seconds", "target", "converged", "interrupted" or "diverged".

    Examples
    --------
    >>> picture = network.with_weight(20, 1.5).paint(16)
    >>> _, history = train_levenberg_marquardt(network, picture, iterations=5, progress=False)
    >>> len(history.step), history.stopped
    (6, 'steps')
    """

    step: np.ndarray
    rmse: np.ndarray
    energy: np.ndarray
    seconds: np.ndarray
    weights: np.ndarray
    stopped: str

    def save(self, path: str | Path) -> None:
        """Write the history to one .npz file, whole or not at all; OSError if that fails."""
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **vars(self))

    @classmethod
    def load(cls, path: str | Path) -> "History":
        """Read a history that `save` wrote; FileFormatError if it is not one."""
        with reading(path, "a saved history"):
            arrays = read_arrays(path, None)
            return cls(**arrays | {"stopped": str(arrays["stopped"])})

    def __repr__(self):
        return (
            f"History({len(self.step)} records, rmse {self.rmse[0]:.3f} to {self.rmse.min():.3f}, "
            f"stopped by {self.stopped})"
        )


class Diverged(ArithmeticError):
    """A training whose numbers became too large, with what was reached until then.

    Attributes
    ----------
    network : Network
        The one of the lowest RMSE.
    history : History
        Up to the last step whose error is finite.
    """

    def __init__(self, network, history):
        self.network, self.history = network, history
        super().__init__(
            f"the training diverged after step {history.step[-1]}, to numbers beyond single "
            f"precision. The best network so far, RMSE {history.rmse.min():.3f}, is the "
            "`network` of this error; try a smaller learning rate, or start from smaller weights"
        )


def train(
    steps, network, picture, n_steps, energy_restriction, seconds, target, progress, callback
):
    """Run a generator of weights from inputs and targets; return the best network, the history.

    Weights whose errors are not finite, or a FloatingPointError of the generator, are the end.
    """
    picture = Picture.open(picture)
    network.check_paints()
    _check_restriction(energy_restriction, len(network.weights))
    inputs = network.inputs(picture.size, dtype=np.float32)
    targets = np.ascontiguousarray(picture.pixels.reshape(-1, 3).T, dtype=np.float32)
    target, seconds = -1 if target is None else target, np.inf if seconds is None else seconds
    records, stopped, start = [], "converged", time.perf_counter()
    bar = tqdm(total=n_steps, disable=not progress, desc="training")
    with bar, np.errstate(over="ignore", invalid="ignore"):  # `Diverged` says it better
        try:
            for number, weights in enumerate(chain([network.weights], steps(inputs, targets))):
                errors = respond(network.wiring, weights.astype(np.float32), inputs) - targets
                error = float(np.sqrt(np.vdot(errors, errors) / errors.size))
                elapsed = time.perf_counter() - start
                if not (np.isfinite(error) and np.isfinite(weights).all()):
                    if not records:
                        raise ValueError("outputs overflow float32: start from smaller weights")
                    stopped = "diverged"
                    break
                records.append((error, elapsed, np.array(weights, float)))
                bar.set_postfix_str(f"RMSE {error:.4f}", refresh=False)
                bar.update(number > 0)
                if callback:
                    callback(Network(network.wiring, weights), error)
                reached = error <= target, elapsed >= seconds, number == n_steps
                if number and any(reached):
                    stopped = ("target", "seconds", "steps")[reached.index(True)]
                    break
        except FloatingPointError:
            stopped = "diverged"
        except KeyboardInterrupt:
            stopped = "interrupted"
    if not records:  # interrupted before the first record
        raise KeyboardInterrupt
    errors, elapsed, weights = (np.array(column) for column in zip(*records, strict=True))
    step, energy = np.arange(len(errors)), np.mean(weights**2, axis=1)
    history = History(step, errors, energy, elapsed, weights, stopped)
    best = int(errors.argmin())
    provenance = network.provenance | {
        "energy_restriction": np.asarray(energy_restriction, float).tolist(),
        "trained_at": list(picture.size),
        "steps": best,
        "rmse": round(float(errors[best]), 5),
    }
    trained = Network(network.wiring, weights[best], provenance)
    if stopped == "diverged":
        raise Diverged(trained, history)
    return trained, history


def _check_restriction(energy_restriction, n_synapses):
    """Raise a ValueError unless it is a number from 0 up, or as many as there are synapses."""
    right = f"give numbers from 0 up to {DEAREST:g}"
    try:  # neither texts nor complex numbers
        given = np.asarray(energy_restriction).astype(float, casting="same_kind")
    except (TypeError, ValueError):
        raise ValueError(f"energy_restriction {energy_restriction!r}: {right}") from None
    if given.shape not in ((), (n_synapses,)):
        raise ValueError(
            f"energy_restriction of shape {given.shape}: give one number, or one for each "
            f"of {n_synapses} synapses"
        )
    good = (given >= 0) & (given <= DEAREST)
    if not good.all():
        where = f" of synapse {good.argmin()}" if given.ndim else ""
        raise ValueError(f"energy_restriction {given.flat[good.argmin()]}{where}: {right}")


def check_positive(**given):
    """Raise a ValueError that names a number unless it is above 0, and whole if it counts."""
    for name, number in given.items():
        if not (isinstance(number, numbers.Real) and np.isfinite(number) and number > 0):
            raise ValueError(f"{name} {number!r}: give a number above 0")
        if name != "learning_rate" and number != int(number):
            raise ValueError(f"{name} {number}: give a whole number")


def adam_steps(weights):
    """Return a function of slope and rate that gives one step of Adam's after the other.

    To be subtracted from the weights (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1).
    """
    mean, square, number = np.zeros_like(weights), np.zeros_like(weights), 0

    def step(slope, rate):
        nonlocal mean, square, number
        number += 1
        mean += 0.1 * (slope - mean)
        square += 0.001 * (slope * slope - square)
        unbiased = np.sqrt(square / (1 - 0.999**number)) + 1e-8
        return rate / (1 - 0.9**number) * mean / unbiased

    return step


def train_backprop(
    network: Network,
    picture: Picture,
    epochs: int = 200,
    batch_size: int = 256,
    learning_rate: float = 0.01,
    energy_restriction: ArrayLike = 1e-3,
    seed: int = 0,
    seconds: float | None = None,
    target: float | None = None,
    progress: bool = True,
    callback: Callable[[Network, float], None] | None = None,
) -> tuple[Network, History]:
    """Train by mini-batch backprop with energy restriction, at the picture's own size.

    Steps are Adam's (see `adam_steps`), the learning rate falls to zero along half a cosine
    (Loshchilov & Hutter 2017, arXiv 1608.03983, equation 5).

    Returns the network of the lowest RMSE; of those so far where it is interrupted (the stop
    button, Ctrl-C). ValueError if a number is out of range, or the network does not paint;
    `Diverged`, which has the best so far, if weights grow without end.

    Parameters
    ----------
    epochs
        Passes over all pixels.
    batch_size
        Pixels per step, drawn without repeats; the seed is that of their order.
    energy_restriction
        Weight of the mean squared weight in the loss; 0 switches it off. Or (S,) numbers, one for
        each synapse: the loss then has the mean of each squared weight times its own.
    seconds, target
        Stop early after this time, or at this RMSE.
    callback
        Called with the network and its RMSE at every record.

    Examples
    --------
    >>> picture = network.with_weight(20, 1.5).paint(16)
    >>> trained, history = train_backprop(network, picture, epochs=30, progress=False)
    >>> rmse(trained.paint(16), picture) < 0.5 * rmse(network.paint(16), picture)
    True
    """
    check_positive(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)

    def steps(inputs, targets):
        wiring, weights = network.wiring, network.weights.astype(np.float32)
        rng, n_points = np.random.default_rng(seed), inputs.shape[1]
        per_epoch = -(-n_points // batch_size)
        adam_step = adam_steps(weights)
        restriction = (2 * np.asarray(energy_restriction, float) / len(weights)).astype(np.float32)
        for epoch in range(epochs):
            for number, batch in enumerate(np.array_split(rng.permutation(n_points), per_epoch)):
                step = epoch * per_epoch + number
                _, slope = loss_gradient(wiring, weights, inputs[:, batch], targets[:, batch])
                slope += restriction * weights
                rate = learning_rate * 0.5 * (1 + np.cos(np.pi * step / (epochs * per_epoch)))
                weights = weights - adam_step(slope, rate)
            yield weights

    return train(
        steps, network, picture, epochs, energy_restriction, seconds, target, progress, callback
    )
