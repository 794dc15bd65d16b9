"""Networks written for other programs: what is read there is what is painted here."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from wirings import mixed

from ensembles_lib import Network, layered_wiring, open_genome, samples
from ensembles_lib.core.activations import ACTIVATIONS
from ensembles_lib.exchange.exports import CODE

NETWORKS = {
    "narrow": samples.peacock_network(),
    "wide": samples.peacock_network("wide"),
    "evolved": open_genome(samples.path("own/genome.zip")),
    "mixed, signed": mixed("signed"),
    "mixed, unit": mixed("unit", n_inputs=3),
    "mixed, hsv": mixed("hsv", seed=3),
    # Few functions: what others need is not written.
    "layers": Network.random(layered_wiring((2, 4, 3)), seed=1),
}
EACH = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def test_every_activation_has_code():
    assert CODE.keys() == ACTIVATIONS.keys()


def levels_apart(found, network, size):
    return np.abs(found.astype(int) - network.paint(size).to_bytes())


@EACH
def test_the_python_code_paints_the_picture(network, tmp_path):
    """Oracle: the library; a sum in another order may round another way where it is a tie."""
    network.export(tmp_path / "painter.py")
    names = {}
    exec((tmp_path / "painter.py").read_text(encoding="utf-8"), names)
    found = names["paint"](17, 23)
    assert found.dtype == np.uint8 and found.shape == (17, 23, 3)
    apart = levels_apart(found, network, (17, 23))
    assert apart.max() <= 1 and np.mean(apart > 0) < 0.001
    assert np.ptp(found, axis=(0, 1)).max() > 30  # it is no flat picture


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@EACH
def test_the_javascript_paints_the_picture(network, tmp_path):
    """Oracle: the library; node runs the code."""
    network.export(tmp_path / "painter.js")
    code = (tmp_path / "painter.js").read_text(encoding="utf-8")
    run = "\nprocess.stdout.write(Buffer.from(paint(17, 23).buffer));\n"
    (tmp_path / "run.cjs").write_text(code + run, encoding="utf-8")
    bytes_ = subprocess.run(["node", tmp_path / "run.cjs"], capture_output=True, check=True).stdout
    found = np.frombuffer(bytes_, np.uint8).reshape(17, 23, 4)
    assert (found[..., 3] == 255).all()
    apart = levels_apart(found[..., :3], network, (17, 23))
    assert apart.max() <= 1 and np.mean(apart > 0) < 0.001


@EACH
def test_the_json_is_the_network(network, tmp_path):
    """Oracle: the wiring and weights, neuron by neuron, and exactly."""
    network.export(tmp_path / "network.JSON")
    found, wiring = json.loads((tmp_path / "network.JSON").read_text()), network.wiring
    assert found["format"] == "ensembles_lib neurons 1" and found["outputs"] == 3
    assert found["inputs"] == (["x", "y", "1"] if wiring.n_inputs == 3 else ["x", "y", "d", "1"])
    assert found["colours"] == wiring.colours and len(found["neurons"]) == wiring.n_neurons
    for neuron, own in enumerate(found["neurons"]):
        assert own["activation"] == wiring.activations[neuron]
        assert own["sources"] == wiring.sources_of(neuron).tolist()
    assert sum((own["weights"] for own in found["neurons"]), []) == network.weights.tolist()


def test_what_cannot_be_exported(tmp_path):
    network = NETWORKS["layers"]
    with pytest.raises(ValueError, match=r"painter.txt: end its name in .json, .py, .js$"):
        network.export(tmp_path / "painter.txt")
    with pytest.raises(ValueError, match="to paint it needs x, y, 1"):
        Network.random(layered_wiring((4, 3))).export(tmp_path / "painter.py")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        network.export(tmp_path / "no" / "painter.py")
    assert list(tmp_path.iterdir()) == []
