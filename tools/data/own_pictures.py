"""Make the folders of data/own that notebook 09 takes up.

    nice python tools/data/own_pictures.py

Our lighthouse and the portrait of Grace Hopper that comes with matplotlib go through all steps of
an `OwnPicture`, each into a folder of data/own. What is there already, made from the same picture
in the same way, is kept.
"""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # must precede NumPy

from matplotlib.cbook import get_sample_data

from ensembles_lib import OwnPicture

OWN = Path(__file__).resolve().parents[2] / "data" / "own"


def make_folder(source, folder):
    """Take a picture through all steps; the atlas is remade in seconds and not stored."""
    own = OwnPicture(source, folder, progress=False)
    for step in (own.forecast, own.network, own.regions, own.ensembles):
        step()
    (own.folder / "atlas.npz").unlink(missing_ok=True)
    print(f"{own.folder.name} is whole", flush=True)


def main():
    """Make what is missing."""
    make_folder(OWN / "lighthouse.png", OWN / "lighthouse")
    make_folder(get_sample_data("grace_hopper.jpg", asfileobj=False), OWN / "hopper")


if __name__ == "__main__":
    main()
