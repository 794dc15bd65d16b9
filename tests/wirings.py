"""Wirings that tests run on: the article's, a layered one, and one with every awkwardness."""

from ensembles_lib import Wiring, article_wiring, layered_wiring

# Gaps between sources, and outputs that hear each other.
ODD = Wiring(
    [[0, 2], [1, 2], [2, 3], [0, 3, 5], [1, 4, 6], [2, 3, 7], [4, 8]], n_inputs=3, n_outputs=3
)
WIRINGS = {"article": article_wiring(), "layered": layered_wiring((2, 7, 5, 3)), "odd": ODD}
