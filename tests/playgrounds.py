"""Playgrounds opened as pages of their own, from disk, with the network off."""

import base64
import struct

import numpy as np
import pytest
from browser import settled

PLAIN = "globalThis.WebAssembly = undefined;"  # as in a browser that has no such thing


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a playground as a page of its own; what the page complains of is an error."""
    contexts, errors = [], []

    def opened(live, kernel="wasm", after="", **options):
        given = {"offline": True, "viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.new_context(**given)
        contexts.append(context)
        if kernel == "js":
            context.add_init_script(PLAIN)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        live.save(tmp_path / "page.html")
        page.goto((tmp_path / "page.html").as_uri() + after)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


def chosen(page):
    """The weight of the chosen synapse as it is shown, once it rests."""
    field = page.get_by_label("weight", exact=True)
    return float(settled(field.input_value).replace("−", "-"))


def weights_of(page, network):
    """The weights that the address holds, exactly."""
    weights, text = network.weights.copy(), page.evaluate("location.hash").partition(".")[2]
    for k, weight in struct.iter_unpack(
        "<Hd", base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    ):
        weights[k] = weight
    return weights


def path(network, members, far):
    """Two knots to each side of the network's weights, of some members."""
    step = np.zeros_like(network.weights)
    step[members] = far
    return np.array([-1.0, 0.0, 2.0]), network.weights + np.outer([-1, 0, 3], step)
