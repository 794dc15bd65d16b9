"""One look for all figures: colours, and the settings of matplotlib."""

import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

INK, QUIET, FAINT = "#26323a", "#7a868c", "#e6e4dc"
BLUE, OCHRE, GREEN, RUST = "#2859ac", "#c07f2e", "#2f8573", "#ab4f33"
COLOURS = (BLUE, OCHRE, GREEN, RUST, INK)
# Blue to ochre over paper white: for what has a sign. Distinct to every kind of colour vision.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#123c7c", BLUE, "#f7f5ef", OCHRE, "#7a4508"])
# From paper to deep blue: for what has no sign.
STRENGTH = LinearSegmentedColormap.from_list("strength", ["#f7f5ef", "#9db4d8", BLUE, "#0d2a58"])
ACTIVATION = "cividis"
DASHED = {"color": QUIET, "linewidth": 0.8, "linestyle": (0, (4, 3))}


def colours_of(names):
    """Return pairs of a name and its colour; a ValueError says if there are not colours enough."""
    if len(names) > len(COLOURS):
        raise ValueError(f"{len(names)} to draw: at most {len(COLOURS)} have a colour of their own")
    return list(zip(names, COLOURS, strict=False))


def set_style():
    """Set matplotlib up for the notebooks; call it once, at the top.

    Examples
    --------
    >>> with plt.rc_context():  # undone at the end
    ...     set_style()
    ...     plt.rcParams["axes.spines.top"]
    False
    """
    plt.rcParams.update(
        {
            "axes.edgecolor": QUIET,
            "axes.labelcolor": INK,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": INK,
            "axes.titlesize": 10,
            "figure.dpi": 100,
            "font.size": 10,
            "text.color": INK,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
        }
    )
    try:
        from matplotlib_inline.config import InlineBackend
    except ImportError:  # outside of Jupyter there is nothing to set
        return
    # Without this the size of a stored figure would follow the width of its text.
    InlineBackend.instance().print_figure_kwargs = {"bbox_inches": None}
