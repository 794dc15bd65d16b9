"""Birds: which networks show the article's first demonstration.

In the article synapse 0 tilts the bird and its neighbour changes its width. Here the first six
synapses, those of the two neurons through which coordinates enter, are moved far, and what an
affine map of the whole picture explains of each move is measured.
"""

import numpy as np

from ensembles_lib.core import Network
from ensembles_lib.properties import affine_fit
from ensembles_lib.study.claims.synapses import PARTS
from ensembles_lib.study.claims.wirings import FIRST
from ensembles_lib.sweeps import working_range

FITTED = (*PARTS, "explained", "turned", "shifted")

FAR = 10  # working ranges


def far_moves(network: Network, ranges_at: int = 64, size: int = 128) -> dict[str, np.ndarray]:
    """Return what moving each of the first six synapses by ±10 R does to the whole picture.

    By name of `FITTED`, the fields of `affine_fit`, an array (6, 2): synapses, down and up; and
    ``half`` (6,), their working ranges, measured at another size than the fits.

    Examples
    --------
    >>> strict = Network.random(article_wiring("strict"), seed=1)
    >>> far_moves(strict, 16, 16)["explained"].shape
    (6, 2)
    """
    half = np.array([working_range(network, k, ranges_at).usable for k in FIRST], float)
    found = {name: np.empty((len(FIRST), 2)) for name in FITTED}
    for k, reach in zip(FIRST, half, strict=True):
        for side, times in enumerate((-FAR, FAR)):
            fit = affine_fit(
                network, network.with_weight(k, network.weights[k] + times * reach), size
            )
            for name in FITTED:
                found[name][k, side] = getattr(fit, name)
    return found | {"half": half}
