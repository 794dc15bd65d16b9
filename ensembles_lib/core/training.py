"""Teach a network a picture: mini-batch backprop and Levenberg–Marquardt.

Both minimise the mean squared error plus `energy_restriction` times the mean squared weight.
Each is a generator of ever newer weights; one loop around them keeps the history, draws the
progress bar, and returns the best network when it ends, for whatever reason.
"""

import numbers
import time
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from tqdm.auto import tqdm

from .._files import check_sizes, replacing
from .network import Network
from .passes import curvature, loss_gradient, normal_equations, respond, weight_matrix
from .picture import Picture

ROUGH = 0.1  # RMSE above which a part of the pixels tells enough about the rest


@dataclass(frozen=True)
class History:
    """What happened in a training, one row per record; row 0 is the start.

    Attributes
    ----------
    step : (T,) int array
        Epochs of backprop, iterations of Levenberg–Marquardt.
    rmse : (T,) array
        Against the picture, over all pixels and channels.
    energy : (T,) array
        Mean squared weight.
    seconds : (T,) array
        Since the start.
    weights : (T, S) array
    stopped : str
        Why it ended: "steps", "seconds", "target", "converged", "diverged" or "interrupted".

    Examples
    --------
    >>> start = Network.random(layered_wiring((2, 8, 3)), seed=0)
    >>> half = Picture(np.where(np.arange(16)[:, None, None] < 8, 0.5, -0.5) * np.ones((16, 16, 3)))
    >>> _, history = train_levenberg_marquardt(start, half, iterations=5, progress=False)
    >>> len(history.step), history.stopped, history.seconds_to(0.0)
    (6, 'steps', inf)
    """

    step: np.ndarray
    rmse: np.ndarray
    energy: np.ndarray
    seconds: np.ndarray
    weights: np.ndarray
    stopped: str

    def seconds_to(self, rmse):
        """Return the seconds until the error first was at most `rmse`; infinite if never."""
        reached = np.flatnonzero(self.rmse <= rmse)
        return float(self.seconds[reached[0]]) if len(reached) else float("inf")

    def thinned(self, count):
        """Return about `count` of the records, dense at the start: learning slows down."""
        last = len(self.step) - 1
        kept = np.unique(np.rint(np.geomspace(1, last + 1, count)).astype(int)) - 1
        rows = {name: getattr(self, name)[kept] for name in _COLUMNS}
        return History(**rows, stopped=self.stopped)

    def save(self, path):
        """Write the history to one .npz file, whole or not at all; OSError if that fails."""
        rows = {name: getattr(self, name) for name in _COLUMNS}
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **rows, stopped=np.array(self.stopped))

    @classmethod
    def load(cls, path):
        """Read a history that `save` wrote; ValueError if it is not one."""
        try:
            check_sizes(path)
            with np.load(path, allow_pickle=False) as file:
                rows = {name: file[name] for name in _COLUMNS}
                return cls(**rows, stopped=str(file["stopped"]))
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            raise
        except Exception as error:  # foreign archives make the reader raise almost anything
            raise ValueError(f"{path} is not a saved history: {error}") from error

    def __repr__(self):
        return (
            f"History({len(self.step)} records, rmse {self.rmse[0]:.3f} to {self.rmse.min():.3f}, "
            f"stopped by {self.stopped})"
        )


_COLUMNS = ("step", "rmse", "energy", "seconds", "weights")


def train_backprop(
    network,
    picture,
    epochs=200,
    batch_size=256,
    learning_rate=0.01,
    energy_restriction=1e-3,
    seed=0,
    seconds=None,
    target=None,
    progress=True,
    callback=None,
):
    """Train by mini-batch backprop with energy restriction.

    Steps are Adam's (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1), the learning rate falls
    to zero along half a cosine (Loshchilov & Hutter 2017, arXiv 1608.03983, equation 5).

    Parameters
    ----------
    network : Network
        The start; it stays as it is.
    picture : Picture
        Trained at its own size.
    epochs : int
        Passes over all pixels.
    batch_size : int
        Pixels per step, drawn without repeats.
    learning_rate : float
    energy_restriction : float
        Weight of the mean squared weight in the loss; 0 switches it off.
    seed : int
        Of the order of the pixels.
    seconds, target : float, optional
        Stop early after this time, or at this RMSE.
    progress : bool
        Show a progress bar.
    callback : callable(network, rmse), optional
        Called at every record.

    Returns
    -------
    Network, History
        The network of the lowest RMSE. An interruption (the stop button, Ctrl-C) returns the
        best so far.

    Raises
    ------
    ValueError
        If a number is out of range, or the network does not paint.

    Examples
    --------
    >>> start = Network.random(layered_wiring((2, 8, 3)), seed=0)
    >>> half = Picture(np.where(np.arange(16)[:, None, None] < 8, 0.5, -0.5) * np.ones((16, 16, 3)))
    >>> trained, history = train_backprop(start, half, epochs=30, batch_size=64, progress=False)
    >>> rmse(trained.paint(16), half) < 0.5 * rmse(start.paint(16), half)
    True
    """
    _check_positive(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)

    def steps(inputs, targets):
        wiring, weights = network.wiring, network.weights.astype(np.float32)
        rng, n_points = np.random.default_rng(seed), inputs.shape[1]
        per_epoch = -(-n_points // batch_size)
        mean, square = np.zeros_like(weights), np.zeros_like(weights)
        for epoch in range(epochs):
            for number, batch in enumerate(np.array_split(rng.permutation(n_points), per_epoch)):
                step = epoch * per_epoch + number
                _, slope = loss_gradient(wiring, weights, inputs[:, batch], targets[:, batch])
                slope += (2 * energy_restriction / len(weights)) * weights
                mean += 0.1 * (slope - mean)
                square += 0.001 * (slope * slope - square)
                rate = learning_rate * 0.5 * (1 + np.cos(np.pi * step / (epochs * per_epoch)))
                unbiased = np.sqrt(square / (1 - 0.999 ** (step + 1))) + 1e-8
                weights = weights - rate / (1 - 0.9 ** (step + 1)) * mean / unbiased
            yield weights

    return _train(
        steps, network, picture, epochs, energy_restriction, seconds, target, progress, callback
    )


def train_levenberg_marquardt(
    network,
    picture,
    iterations=100,
    energy_restriction=1e-3,
    seed=0,
    seconds=None,
    target=None,
    progress=True,
    callback=None,
):
    """Train by the Levenberg–Marquardt method with energy restriction.

    Marquardt's damping by the diagonal (1963, SIAM J. Appl. Math. 11, 431) with a floor, and
    geodesic acceleration (Transtrum & Sethna 2012, arXiv 1201.5885, section 2). JᵀJ is gathered in
    float32 and solved in float64. As long as the picture is rough, a random quarter of its pixels
    is enough.

    Parameters
    ----------
    network : Network
        The start; it stays as it is.
    picture : Picture
        Trained at its own size.
    iterations : int
    energy_restriction : float
        Weight of the mean squared weight in the loss; 0 switches it off.
    seed : int
        Of the choice of pixels.
    seconds, target : float, optional
        Stop early after this time, or at this RMSE.
    progress : bool
        Show a progress bar.
    callback : callable(network, rmse), optional
        Called at every record.

    Returns
    -------
    Network, History
        The network of the lowest RMSE. An interruption (the stop button, Ctrl-C) returns the
        best so far.

    Raises
    ------
    ValueError
        If a number is out of range, or the network does not paint, or in colours other than
        "signed".

    Examples
    --------
    >>> start = Network.random(layered_wiring((2, 8, 3)), seed=0)
    >>> half = Picture(np.where(np.arange(16)[:, None, None] < 8, 0.5, -0.5) * np.ones((16, 16, 3)))
    >>> trained, history = train_levenberg_marquardt(start, half, iterations=20, progress=False)
    >>> rmse(trained.paint(16), half) < 0.1 * rmse(start.paint(16), half)
    True
    """
    _check_positive(iterations=iterations)
    if network.wiring.colours != "signed":
        # The second derivatives of its steps are those of the outputs.
        raise ValueError(
            f"this network paints in colours {network.wiring.colours!r}: Levenberg–Marquardt "
            "needs 'signed' ones, train_backprop takes any"
        )

    def steps(inputs, targets):
        wiring, weights, n_points = network.wiring, network.weights, inputs.shape[1]
        shuffled = np.random.default_rng(seed).permutation(n_points)
        for share in (4, 1):
            points = np.sort(shuffled[: n_points // share])
            # Fewer than ten errors per weight would be fitted by heart.
            if share > 1 and len(points) * len(targets) < 10 * len(weights):
                continue
            slow, last = 0, np.inf
            for newer, loss in _marquardt_steps(
                wiring, weights, inputs[:, points], targets[:, points], energy_restriction
            ):
                weights = newer
                yield weights
                slow = slow + 1 if loss > 0.997 * last else 0
                last = loss
                if share > 1 and (slow == 3 or loss < ROUGH**2):
                    break

    return _train(
        steps, network, picture, iterations, energy_restriction, seconds, target, progress, callback
    )


def _marquardt_steps(wiring, weights, inputs, targets, energy_restriction):
    """Yield ever better weights and their loss; end where no step is an improvement."""
    restriction = energy_restriction / len(weights)
    diagonal = np.diag_indices(len(weights))

    def errors_of(weights):
        return respond(wiring, weights.astype(np.float32), inputs) - targets

    def loss_of(weights, errors):
        return float(np.vdot(errors, errors)) / errors.size + restriction * float(weights @ weights)

    damping, errors = 1e-2, errors_of(weights)
    loss = loss_of(weights, errors)
    while True:
        gram, slope, _ = normal_equations(wiring, weights.astype(np.float32), inputs, targets)
        slope += restriction * weights
        scale = gram[diagonal]
        gram[diagonal] += restriction
        scale = np.maximum(scale, 1e-2 * scale.max())
        for _ in range(40):
            damped = gram.copy()
            damped[diagonal] += damping * scale
            try:
                factor = cho_factor(damped, lower=True, overwrite_a=True, check_finite=False)
            except np.linalg.LinAlgError:
                damping *= 4
                continue
            step = -cho_solve(factor, slope, check_finite=False)
            bend = _bend(wiring, weights, step, inputs, errors + targets, factor)
            length = np.sqrt(scale)
            if 2 * np.linalg.norm(length * bend) <= 0.75 * np.linalg.norm(length * step):
                new = weights + step + bend / 2
                new_errors = errors_of(new)
                new_loss = loss_of(new, new_errors)
                if new_loss < loss:
                    break
            damping *= 2.5
        else:
            return
        damping = max(damping / 3, 1e-9)
        weights, errors, loss = new, new_errors, new_loss
        yield weights, loss


def _bend(wiring, weights, step, inputs, outputs, factor):
    """Return the geodesic acceleration that belongs to a step."""
    single = weights.astype(np.float32)
    matrix, direction = (weight_matrix(wiring, w) for w in (single, step.astype(np.float32)))
    curving = curvature(wiring, matrix, direction, inputs)
    # The gradient of the squared distance to outputs - curving is 2 Jᵀ curving.
    _, slope = loss_gradient(wiring, single, inputs, outputs - curving)
    return -cho_solve(factor, slope.astype(float) / 2, check_finite=False)


def _train(
    steps, network, picture, n_steps, energy_restriction, seconds, target, progress, callback
):
    """Run a generator of weights, keep its history, return the best network."""
    if not isinstance(picture, Picture):
        raise ValueError(f"{type(picture).__name__} given: train on a Picture")
    network.check_paints()
    if not (isinstance(energy_restriction, numbers.Real) and 0 <= energy_restriction < np.inf):
        raise ValueError(f"energy_restriction {energy_restriction!r}: give a number from 0 up")
    inputs = network.inputs(picture.size, dtype=np.float32)
    targets = np.ascontiguousarray(picture.pixels.reshape(-1, 3).T, dtype=np.float32)
    records, start, stopped = [], time.perf_counter(), "steps"

    def record(weights):
        errors = respond(network.wiring, weights.astype(np.float32), inputs) - targets
        error = float(np.sqrt(np.vdot(errors, errors) / errors.size))
        if not np.isfinite(error):
            return False
        records.append((error, time.perf_counter() - start, np.array(weights, float)))
        bar.set_postfix_str(f"RMSE {error:.4f}", refresh=False)
        if callback:
            callback(Network(network.wiring, weights), error)
        return True

    with tqdm(total=n_steps, disable=not progress, desc="training") as bar:
        try:
            record(network.weights)
            for number, weights in enumerate(steps(inputs, targets), 1):
                if not record(weights):
                    stopped = "diverged"
                    break
                bar.update()
                error, elapsed, _ = records[-1]
                if target is not None and error <= target:
                    stopped = "target"
                    break
                if seconds is not None and elapsed >= seconds:
                    stopped = "seconds"
                    break
                if number == n_steps:
                    break
            else:
                stopped = "converged" if len(records) <= n_steps else "steps"
        except KeyboardInterrupt:
            stopped = "interrupted"
    if not records:  # interrupted before the first record
        raise KeyboardInterrupt
    errors, elapsed, weights = (np.array(column) for column in zip(*records, strict=True))
    history = History(
        np.arange(len(errors)), errors, np.mean(weights**2, axis=1), elapsed, weights, stopped
    )
    best = int(errors.argmin())
    provenance = {
        **network.provenance,
        "energy_restriction": energy_restriction,
        "trained_at": list(picture.size),
        "steps": best,
        "rmse": round(float(errors[best]), 5),
    }
    return Network(network.wiring, weights[best], provenance), history


def _check_positive(**given):
    for name, number in given.items():
        if not (isinstance(number, numbers.Real) and np.isfinite(number) and number > 0):
            raise ValueError(f"{name} {number!r}: give a number above 0")
        if name != "learning_rate" and number != int(number):
            raise ValueError(f"{name} {number}: give a whole number")
