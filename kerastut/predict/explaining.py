"""A figure of how a picture was read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from kerastut.arrays import Array
from kerastut.errors import ParameterError, shown_path, unwritable
from kerastut.files import placed
from kerastut.language import told
from kerastut.plotting import BLUE, GREY, ORANGE, RED, house_style, new_figure, plain, save
from kerastut.predict.answering import Reading
from kerastut.predict.inputs import Inputs
from kerastut.predict.pictures import Fitted

MOST, BEST = 8, 5  # digits that are shown, and classes of each


def explain(path: Path, inputs: Inputs, read: Mapping[int, Sequence[Reading]]) -> None:
    """Writes a PNG of how a picture was read.

    Args:
        path: A file; one that exists is replaced.
        inputs: The picture, and nothing else.
        read: What the model says of its digits.

    Raises:
        ParameterError: If that is no picture in which digits were looked for, or there are more.
        OutputError: If the file cannot be written.
    """
    if len(inputs.pictures) != 1 or path.suffix.lower() != ".png":
        raise ParameterError(
            f"--explain {shown_path(path)}: expected a name that ends in .png and one picture for a"
            f" model of MNIST's digits, received {len(inputs.pictures)}. Explain one at a time."
        )
    ((first, name, picture),) = inputs.pictures
    figure = explained(plain(name), picture, read.get(first, ()))
    try:
        with placed(path.parent) as staging:
            save(figure.axes[0], staging / path.name)
    except OSError as error:
        raise unwritable(error, shown_path(path), "Choose another file.") from error


@house_style
def explained(name: str, picture: Fitted, readings: Sequence[Reading]) -> Figure:
    """Draws a picture with what was found and removed, and what reached the net.

    Args:
        name: What to call the picture.
        picture: As it was read.
        readings: What the model says of its digits.
    """
    assert picture.found is not None
    shown = readings[:MOST]
    rows = max(1, len(shown))
    figure, axes = new_figure(10, max(4.0, 1.6 * rows), nrows=1, ncols=1)
    axes.remove()
    grid = figure.add_gridspec(rows, 3, width_ratios=(4, 1, 1.6))
    page = figure.add_subplot(grid[:, 0], title=name)
    page.imshow(marked(picture))
    reason = "" if readings else f"no digit found: {picture.found.reason}"
    page.set_xlabel("\n".join(map(told, [*picture.notes, reason])).strip())
    for row, reading in enumerate(shown):
        seen = figure.add_subplot(grid[row, 1])
        seen.imshow(reading.pixels[..., 0], cmap="gray", vmin=0, vmax=255)
        bars = figure.add_subplot(grid[row, 2], xlim=(0, 1))
        best = reading.prediction.best(BEST)
        bars.barh(range(len(best)), list(best.values()), color=RED if reading.is_doubtful else BLUE)
        bars.set_yticks(range(len(best)), list(best))
        bars.invert_yaxis()
    for axes in figure.axes:
        axes.grid(False)
        if axes.images:
            axes.set_xticks([])
            axes.set_yticks([])
    return figure


def marked(picture: Fitted) -> Array:
    """Returns the picture with boxes around its digits, grey ones around what was left out.

    Lines of the paper that were removed are orange. The pixels are `(height, width, 3)` uint8.
    """
    assert picture.pixels is not None
    assert picture.found is not None
    image = Image.fromarray(picture.pixels)
    if picture.found.removed is not None:
        image.paste(ORANGE, (0, 0), Image.fromarray(picture.found.removed))
    pen = ImageDraw.Draw(image)
    boxes = [(box, GREY) for box in picture.found.left_out]
    boxes += [(digit.box, BLUE) for digit in picture.found.digits]
    for (top, left, bottom, right), colour in boxes:
        pen.rectangle((left, top, right, bottom), outline=colour, width=1 + max(image.size) // 250)
    return np.asarray(image)
