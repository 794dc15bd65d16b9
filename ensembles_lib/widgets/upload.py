"""An upload button: a picture of one's own, a network that learns it, and its playground."""

import html
import threading
import time
from collections.abc import Callable

import anywidget
import ipywidgets as widgets

from ..core import (
    Diverged,
    History,
    Network,
    Picture,
    PictureError,
    open_square,
    scaled_wiring,
    train_levenberg_marquardt,
)
from .playground import Playground
from .turns import take_turns

SHOWN = 288  # side of a picture on the screen, in CSS pixels
MAX_BYTES = 20 << 20  # of a file; larger ones would block the notebook's connection
SIZES = (150, 460, 1000, 1500, 3000, 5000)  # synapses to choose from
LARGE, SMALL = 1000, 64  # networks of more synapses learn a copy of so many pixels
EVERY = 0.25  # seconds between the paintings shown while it learns


def teach(
    picture: Picture, n_synapses: int, iterations: int, callback: Callable | None = None
) -> tuple[Network, History]:
    """Teach a picture to a network of about so many synapses; return the network and its history.

    By Levenberg–Marquardt; to more than 1,000 synapses a copy of 64 pixels is taught, since a step
    takes a time that grows with the pixels and with the square of the synapses.

    Examples
    --------
    >>> from ensembles_lib.widgets.upload import teach
    >>> network, history = teach(samples.peacock(16), 150, 3)
    >>> network.wiring.n_synapses, int(history.step[-1])
    (147, 3)
    """
    start = Network.random(scaled_wiring(n_synapses), seed=0)
    if n_synapses > LARGE and max(picture.size) > SMALL:
        picture = picture.resized(SMALL)
    return train_levenberg_marquardt(start, picture, iterations, progress=False, callback=callback)


class PassingImage(anywidget.AnyWidget):
    """A picture that is shown but no part of the widget's state, which notebooks may save.

    `png`, its bytes, is what is shown.
    """

    _esm = f"""
    export default {{ render({{ model, el }}) {{
      const image = document.createElement("img");
      image.alt = "the picture that was chosen";
      image.width = {SHOWN};
      image.hidden = true; // in a saved page there is nothing to show
      el.append(image);
      const show = (_, [png]) => {{
        URL.revokeObjectURL(image.src);
        image.src = URL.createObjectURL(new Blob([png], {{ type: "image/png" }}));
        image.hidden = false;
      }};
      model.on("msg:custom", show);
      model.send("a view is there");
      return () => model.off("msg:custom", show);
    }} }};
    """

    def __init__(self, picture: Picture):
        super().__init__()
        self.on_msg(lambda *_: self.show(self.png))
        self.show(picture.to_png())

    def show(self, png):
        """Show this in all views."""
        self.png = png
        self.send("the picture", [png])


class PictureUpload(widgets.VBox):
    """A button that takes an image file, one that trains a network on it, and its playground.

    Until a file is chosen the picture given is trained on. Taken is the middle square. What is
    wrong with a file is said below the button; the picture before it stays. Training shows how far
    it is, and can be stopped: the best so far is kept.

    An uploaded picture is shown, but no part of what a notebook saves, unless its reader ticks
    that it may stay; the network that has learnt it, and paints something like it, can be.

    Attributes
    ----------
    picture : Picture
        `size` pixels wide and high; the one given until a file is uploaded.
    network : Network or None
        What has learnt the picture, when it has been trained.
    playground : Playground or None
        Of that network. It knows the picture, and so goes on learning, if that may stay; the
        picture given always may.
    message : str
        What is said below the buttons.

    Examples
    --------
    >>> upload = PictureUpload(Picture(np.zeros((32, 32, 3))), size=32)
    >>> upload.take("mine.png", Picture(np.ones((20, 50, 3))).to_png())
    >>> upload, float(upload.picture.pixels.min())
    (PictureUpload(mine.png: middle square, 32×32), 1.0)
    >>> upload.synapses.value, upload.iterations = 150, 3
    >>> upload.train()
    >>> upload.network.wiring.n_synapses, upload.playground is not None
    (147, True)
    """

    def __init__(self, picture: Picture, size: int = 128):
        self._size, self.picture, self.message = size, Picture.open(picture, (size, size)), ""
        self.network = self.playground = self._worker = None
        self.iterations, self._stopped = 120, False
        tip = "an image file of any kind, of which the middle square is taken"
        self.button = control(
            widgets.FileUpload, "choose a picture", tip, 200, accept="image/*", multiple=False
        )
        tip = "weights of the network: more paint finer, and take longer to learn"
        self.synapses = control(widgets.Dropdown, "synapses", tip, 170, options=SIZES, value=460)
        tip = "teach the picture to a network: a minute for 460 synapses, more for more"
        self.start = control(widgets.Button, "train", tip, 80)
        self.stop = control(widgets.Button, "stop", "and keep the best so far", 80, disabled=True)
        tip = "the picture becomes part of the notebook, and the playground can go on learning"
        self.stays = control(
            widgets.Checkbox, "the picture may stay in this notebook", tip, 330, indent=False,
            value=True,
        )  # fmt: skip
        self.stays.layout.display = "none"  # asked of an uploaded picture only
        self.progress = widgets.IntProgress(layout=widgets.Layout(width="330px", display="none"))
        self.image = PassingImage(self.picture)
        # No tooltip: ipywidgets 8 looks for a description that images lack, and the browser shows
        # an error in place of the picture.
        self.painting = widgets.Image(value=self.image.png, format="png", width=SHOWN)
        self.painting.layout.display = "none"
        self._line = widgets.HTML()
        row = [self.synapses, self.start, self.stop, self.stays]
        self._row = widgets.HBox(row, layout=widgets.Layout(flex_flow="wrap"))
        self.button.observe(self._uploaded, "value")
        self.start.on_click(lambda _: self._begin())
        self.stop.on_click(lambda _: setattr(self, "_stopped", True))
        pictures = widgets.HBox([self.image, self.painting], layout={"flex_flow": "wrap"})
        super().__init__([pictures, self.button, self._row, self.progress, self._line])
        take_turns(self)
        self._say("no file chosen yet: this picture can be trained on as well")

    def take(self, name, content):
        """Take the bytes of an image file, as the button does."""
        try:
            if len(content) > MAX_BYTES:
                raise PictureError(
                    f"it has {len(content) / 2**20:.0f} MB, more than {MAX_BYTES >> 20}: "
                    "give its path instead"
                )
            self.picture = open_square(content, self._size)
        except PictureError as error:
            return self._say(f"{name}: {str(error).replace('the given file', 'it')}")
        self.image.show(self.picture.to_png())
        self.painting.layout.display = "none"
        if self.stays.layout.display:  # the first of the reader's own
            self.stays.value, self.stays.layout.display = False, ""
        self._say(f"{name}: middle square, {self._size}×{self._size}")

    def train(self):
        """Teach the picture to a network and show its playground, as the button does.

        Returns when that is done, which takes about a minute for 460 synapses at 128×128.
        """
        self._stopped, shown = False, 0.0
        self._working(True)
        begun, self.progress.max, self.progress.value = time.monotonic(), self.iterations, 0

        def follow(network, error):
            nonlocal shown
            now = time.monotonic()
            if now - shown > EVERY:
                shown, step = now, self.progress.value
                self.painting.value = network.paint(self._size, dtype="float32").to_png()
                left = (now - begun) / max(step, 1) * (self.iterations - step)
                about = f", about {left:.0f} s left" if step else ""
                self._say(f"step {step} of {self.iterations}: RMSE {error:.3f}{about}")
            self.progress.value += 1
            if self._stopped:
                raise KeyboardInterrupt

        try:
            self.network, history = teach(
                self.picture, self.synapses.value, self.iterations, follow
            )
            words = "stopped" if history.stopped == "interrupted" else "trained"
            self._play(f"{words} after {history.step[-1]} steps: RMSE {history.rmse.min():.3f}")
        except Diverged as error:
            self.network = error.network
            self._play(str(error))
        except KeyboardInterrupt:  # before there was anything to keep
            self._say("stopped before the first step")
        finally:
            self._working(False)

    def _play(self, words):
        """Show the playground of the network, and say what became of the training."""
        target = self.picture if self.stays.value else None
        size, title = self._size, "What a network makes of a picture"
        self.painting.value = self.network.paint(size).to_png()
        self.playground = Playground(self.network, target, size=size, title=title)
        self.children = (*self.children[:5], self.playground)
        self._say(words)

    def _begin(self):
        """Train aside, so that the stop button is heard."""
        self._worker = threading.Thread(target=self.train, daemon=True)
        self._worker.start()

    def _working(self, is_so):
        """Let only those buttons be pressed that mean something now."""
        for one in (self.button, self.synapses, self.start, self.stays):
            one.disabled = is_so
        self.stop.disabled = not is_so
        self.progress.layout.display = "" if is_so else "none"
        self.painting.layout.display = ""

    def _uploaded(self, change):
        for file in change["new"]:
            self.take(file["name"], bytes(file["content"]))
        self.button.value = ()  # what was sent is no more needed, and would be saved

    def _say(self, words):
        self.message = words
        self._line.value = f'<div role="status">{html.escape(words)}</div>'

    def _repr_mimebundle_(self, **options):
        """The buttons, and a picture where they cannot be shown: none that may not stay."""
        bundle = super()._repr_mimebundle_(**options)
        if self.stays.value:
            bundle["image/png"] = self.picture.resized(2 * self._size).to_png()
        return bundle

    def __repr__(self):
        return f"PictureUpload({self.message})"


def control(kind, description, tooltip, width, **options):
    """Return a control with a name, a tooltip, and a width in CSS pixels."""
    layout = widgets.Layout(width=f"{width}px")
    return kind(description=description, tooltip=tooltip, layout=layout, **options)
