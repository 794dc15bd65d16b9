"""Trainings: what the networks of the study were taught, by which their files are named."""

from typing import NamedTuple

LM, BACKPROP = METHODS = "levenberg-marquardt", "backprop"
REACH = 0.12  # RMSE at which networks of all sizes are stopped


class Training(NamedTuple):
    """What is learnt, from which start, how, and until when.

    Attributes
    ----------
    wiring : str
        An entry of `article_wiring`, such as "narrow" or "8"; "quiet", the narrow one whose
        second entry starts from 0 and costs so much energy that it stays there; or "1500
        synapses" of `scaled_wiring`.
    method : str
        One of `METHODS`.
    restriction : str
        Energy restriction.
    seed : int
    picture : str
        "peacock", "lighthouse" or "portrait".
    target : float, optional
        RMSE at which to stop; all steps unless given.

    Examples
    --------
    >>> Training("narrow", "backprop", "0", 3).name
    'narrow-backprop-0-seed3'
    >>> Training("8", seed=3, target=0.081234).name
    '8-levenberg-marquardt-0.001-equal-seed3'
    """

    wiring: str
    method: str = LM
    restriction: str = "0.001"
    seed: int = 0
    picture: str = "peacock"
    target: float | None = None

    @property
    def group(self):
        """The name without the seed: what networks are compared by."""
        picture = [] if self.picture == "peacock" else [self.picture]
        equal = [] if self.target is None else ["equal"]
        return "-".join([*picture, self.wiring, self.method, self.restriction, *equal])

    @property
    def name(self):
        """Name of the file, without its ending."""
        return f"{self.group}-seed{self.seed}".replace(" ", "-")
