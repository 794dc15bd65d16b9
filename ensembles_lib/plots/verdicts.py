"""Figures of the verdicts: bases compared, the stiffness spectrum, neurons against mixtures."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..ensembles.spectrum import random_overlap
from .style import BLUE, GREEN, INK, QUIET, RUST, colour_bar, panel, sheet
from .style import _show as show

MEASURES = {
    "moved": "effective number of properties moved",
    "moved_weighted": "effective number of properties moved, weighted",
    "disentanglement": "disentanglement",
}
VARIANTS = {"": "", "_linear": ", to first order", "_pooled": ", by random moves"}
PREDICTED = ("single synapses", "within a neuron", "near neurons", "anywhere", "global")
BESIDE = ("gain of a neuron", "offset of a neuron", "stiff eigenvectors", "all eigenvectors")


def bases_compared(reports, measure="moved", controls=(), bases=None, ax=None):
    """Draw what each basis scores, a dot per network, joined by a line; bars are medians.

    Parameters
    ----------
    reports : sequence of dict
        From `compare_bases`, one for each network; the median over draws is shown.
    measure : str
        Key of the reports, such as "moved" or "disentanglement_linear".
    controls : sequence of dict
        Reports of untrained networks, drawn as open grey circles.
    bases : sequence of str, optional
        Which ones, from above. Unless given, those of the prediction, joined by lines, and
        below them those that there was none for; not those made from the properties' gradients.
    ax : matplotlib axes, optional

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> from ensembles_lib.ensembles.bases import compare_bases
    >>> network = Network.random(layered_wiring((2, 6, 3)), seed=1)
    >>> mixes = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    >>> whole = np.ones((8, 8), bool)
    >>> properties = [colour_property(whole, mix, name) for name, mix in mixes.items()]
    >>> report = compare_bases(network, properties, 8, draws=2, count=3)
    >>> ax = bases_compared([report])
    >>> ax.get_xlabel()
    'effective number of properties moved'
    """
    groups = (PREDICTED, BESIDE) if bases is None else (tuple(bases),)
    bases, names = sum(groups, ()), list(reports[0]["bases"])
    unknown = [name for name in bases if name not in names]
    if unknown:
        raise ValueError(f"no basis {unknown[0]!r}: the reports have {', '.join(names)}")
    rows = np.concatenate([np.full(len(group), 0.5 * g) for g, group in enumerate(groups)])
    rows += np.arange(len(bases))
    joined = slice(len(groups[0]))

    def score(report):
        place = [list(report["bases"]).index(name) for name in bases]
        return np.median(report[measure][place], axis=1)

    ax = ax or panel(5.0, 0.38 * (rows[-1] + 1.2), (1.8, 0.25, 0.52, 0.1))
    scores = np.array([score(report) for report in reports])
    for values in scores:
        ax.plot(values[joined], rows[joined], color=BLUE, linewidth=0.7, alpha=0.35, zorder=1)
        ax.plot(values, rows, "o", color=BLUE, alpha=0.55, markersize=5, mew=0, zorder=2)
    middle = np.median(scores, axis=0)
    ax.vlines(middle, rows - 0.28, rows + 0.28, color=INK, linewidth=2, zorder=3)
    for control in controls:
        ax.plot(score(control), rows, "o", color=QUIET, mfc="none", markersize=5.5, zorder=1)
    if controls:
        place = {"xytext": (0, 7), "textcoords": "offset points", "ha": "center", "fontsize": 8}
        middle = np.mean([score(control)[0] for control in controls])
        ax.annotate("untrained", (middle, 0), color=QUIET, **place)
    plain = measure.removesuffix("_linear").removesuffix("_pooled")
    label = MEASURES.get(plain, plain) + VARIANTS[measure.removeprefix(plain)]
    ax.set_yticks(rows, bases, color=INK)
    ax.set(ylim=(rows[-1] + 0.6, -0.75), xlabel=label)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return ax


def stiff_and_sloppy(reports, control=None):
    """Draw eigenvalues of R JᵀJ R / ε², how many synapses are involved, and stiff overlaps.

    Parameters
    ----------
    reports : sequence of dict
        From `stiff_overlaps`, one for each network. Overlaps are medians over all networks and
        properties; the grey band is where 90 % of random subspaces lie.
    control : dict, optional
        Report of an untrained network, drawn dashed.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> from ensembles_lib.ensembles.spectrum import stiff_overlaps
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> figure = stiff_and_sloppy([stiff_overlaps(network, [red], size=8, draws=2)])
    >>> len(figure.axes)
    3
    """
    figure, axes = sheet(1, 3, (2.55, 2.4), (0.68, 0), (0.7, 0.15, 0.5, 0.3))
    spectrum, involved, inside = axes[0]
    n = len(reports[0]["values"])
    rank = np.arange(1, n + 1)
    for report in reports:
        thin = {"linewidth": 0.9, "alpha": 0.6} if len(reports) > 1 else {"linewidth": 1.8}
        spectrum.plot(rank, report["values"], color=BLUE, **thin)
    involved.plot(rank, _smooth([r["participation"] for r in reports]), color=BLUE, linewidth=1.6)
    if control is not None:
        dashed = {"color": QUIET, "linewidth": 1.2, "linestyle": (0, (4, 2))}
        spectrum.plot(rank, control["values"], **dashed)
        involved.plot(rank, _smooth([control["participation"]]), **dashed)
        spectrum.text(0.05, 0.05, "dashed: untrained", transform=spectrum.transAxes, color=QUIET)
    spectrum.set(yscale="log", title="stiffness", xlabel="eigenvector")
    involved.set(title="synapses involved", xlabel="eigenvector", ylim=(0, None))
    low, middle, high = random_overlap(n).T
    inside.fill_between(rank, low, high, color=QUIET, alpha=0.25, linewidth=0)
    inside.plot(rank, middle, color=QUIET, linewidth=1)
    labels = {
        "noise": ("noise", QUIET),
        "elsewhere": ("elsewhere", GREEN),
        "gradients": ("gradients", BLUE),
        "moves": ("lone moves", RUST),
    }
    for rank_of, (key, (name, colour)) in enumerate(labels.items()):
        share = np.median(np.concatenate([report[key] for report in reports]), axis=0)
        style = {"linestyle": (0, (1, 1))} if key == "noise" else {}
        inside.plot(rank, share, color=colour, linewidth=1.6, **style)
        inside.text(0.04, 0.95 - 0.085 * rank_of, name, color=colour, va="center",
                    transform=inside.transAxes, fontsize=9)  # fmt: skip
    inside.text(0.98, 0.06, "random", color=QUIET, ha="right", va="center",
                transform=inside.transAxes, fontsize=9)  # fmt: skip
    inside.set(xscale="log", ylim=(0, 1.02), title="share in the stiffest n", xlabel="n")
    inside.set_xticks([1, 10, 100], ["1", "10", "100"])
    inside.set_xlim(1, n)
    for ax in (spectrum, involved):
        ax.set_xticks([1, 100, 200, 300, 400] if n > 250 else [1, n // 2, n])
        ax.set_xlim(1, n)
    return figure


def _smooth(rows, width=9):
    """Return the running median over ranks of the median over networks."""
    middle = np.median(rows, axis=0)
    padded = np.pad(middle, width // 2, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)


def neurons_and_mixtures(natural, mixed, labels, captions=("neurons", "random\nmixtures")):
    """Draw maps of single neurons above maps of their mixtures, each on its own scale.

    Parameters
    ----------
    natural, mixed : (n, H, W) arrays
        Every map is divided by its largest magnitude.
    labels : (n labels, n labels)
    captions : (str, str)
        At the left of the rows.

    Returns
    -------
    matplotlib figure

    Examples
    --------
    >>> maps = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8))
    >>> figure = neurons_and_mixtures(maps, maps[::-1], (["29", "31"], ["a", "b"]))
    >>> len(figure.axes)
    5
    """
    if len(natural) != len(mixed):
        raise ValueError(f"{len(natural)} neurons and {len(mixed)} mixtures: give as many")
    count = len(natural)
    side = (9.0 - 0.5 - 0.65 - 0.08 * (count - 1)) / count
    height = side * natural[0].shape[0] / natural[0].shape[1]
    figure, axes = sheet(2, count, (side, height), (0.08, 0.3), (0.5, 0.65, 0.08, 0.28))
    for row, (maps, names) in enumerate(zip((natural, mixed), labels, strict=True)):
        for ax, one, name in zip(axes[row], maps, names, strict=True):
            show(ax, np.asarray(one) / max(np.abs(one).max(), 1e-12))
            ax.set_title(name, pad=4, fontsize=8)
            ax.axis("off")
        axes[row, 0].text(-0.12, 0.5, captions[row], rotation=90, ha="right", va="center",
                          transform=axes[row, 0].transAxes)  # fmt: skip
    bar = {"height": 2 * height + 0.3, "ticks": [-1, 0, 1]}
    colour_bar(axes[0, -1], "activation over its largest", **bar)
    return figure
