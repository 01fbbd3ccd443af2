"""What a classifier takes for what."""

from collections.abc import Mapping, Sequence
from typing import cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from kerastut.arrays import Array
from kerastut.errors import shown
from kerastut.plotting.fonts import family
from kerastut.plotting.style import BLUE, GREEN, ORANGE, house_style, new_figure, plain

# Letters of a class name that is short, to which a long one is cut, of all names in a row, and to
# which one is cut at an axis.
SHORT, LONG, ROW, LONGEST = 3, 16, 40, 32
MOST_COUNTS = 30  # classes whose counts are written


@house_style
def confusion_matrix(
    truth: Array, predicted: Array, classes: Sequence[str], ax: Axes | None = None
) -> Axes:
    """Draws how often each class was taken for each other one.

    Args:
        truth: Class numbers `(n,)`.
        predicted: Class numbers `(n,)`.
        classes: Class names by class number.
        ax: Where to draw; a new axes if `None`.
    """
    mpl.rcParams["font.family"] = family(classes)
    side = max(4.8, 0.4 * min(len(classes), MOST_COUNTS))
    ax = ax or cast(Axes, new_figure(side + 0.4, side)[1])
    counts = confusion(truth, predicted, len(classes))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts) if len(classes) <= MOST_COUNTS else ():
        colour = "white" if shares[row, column] > 0.5 else "black" if count else "#c0c4cc"
        ax.text(column, row, f"{count}", ha="center", va="center", color=colour, fontsize=8)
    wrong = int(counts.sum() - np.trace(counts))
    names = [plain(shown(name, LONGEST)) for name in classes]
    ax.set(
        title=f"{wrong} of {counts.sum()} test samples wrong",
        xlabel="predicted",
        ylabel="true",
        xticks=range(len(classes)),
        yticks=range(len(classes)),
        xticklabels=names,
        yticklabels=names,
    )
    if len(names) * max(map(len, names)) > ROW:
        ax.tick_params(axis="x", labelrotation=90)
    ax.grid(visible=False)
    return ax


@house_style
def class_scores(scores: Mapping[str, Mapping[str, float]], ax: Axes | None = None) -> Axes:
    """Draws recall, precision and F1 of each class.

    Args:
        scores: `recall`, `precision` and `f1` by class name.
        ax: Where to draw; a new axes if `None`.
    """
    mpl.rcParams["font.family"] = family(scores)
    ax = ax or cast(Axes, new_figure(6.4, 1.4 + 0.5 * len(scores))[1])
    kinds = {"recall": BLUE, "precision": ORANGE, "f1": GREEN}
    for place, (kind, colour) in enumerate(kinds.items()):
        heights = np.arange(len(scores)) + 0.25 * (place - 1)
        widths = [score[kind] for score in scores.values()]
        ax.barh(heights, widths, 0.22, color=colour, label="F1" if kind == "f1" else kind)
    ax.set_yticks(range(len(scores)), labels=[plain(shown(name, LONGEST)) for name in scores])
    ax.set(title="recall, precision and F1 of each class", xlim=(0, 1))
    ax.invert_yaxis()
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """Counts pairs of true and predicted class; rows are the true ones."""
    pairs = truth.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


@house_style
def mistakes(
    images: Array,
    truth: Array,
    probabilities: Array,
    classes: Sequence[str],
    most: int = 24,
    of: str = "test images",
) -> list[Axes]:
    """Draws misclassified images, the most confident mistakes first.

    Args:
        images: Images `(n, height, width, channels)`, in grey or in colour.
        truth: Class numbers `(n,)`.
        probabilities: Class probabilities `(n, classes)`.
        classes: Class names by class number.
        most: How many to draw.
        of: What the images are, for the title.

    Returns:
        One axes for each image drawn; a single empty one if there is no mistake.
    """
    mpl.rcParams["font.family"] = family(classes)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != truth)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
    rows = max(1, -(-len(worst) // 8))
    figure, grid = new_figure(9.6, 1.5 * rows + 0.4, nrows=rows, ncols=8, squeeze=False)
    drawn = len(worst) if len(worst) < len(wrong) else "all"
    figure.suptitle(
        f"{len(wrong)} of {len(truth)} {of} wrong; {drawn} shown, surest first (true → predicted)",
        x=0.01,
        ha="left",
        fontsize=11,
    )
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, index in zip(grid.flat, worst, strict=False):
        _show(axes, images[index])
        names = classes[truth[index]], classes[predicted[index]]
        _name(axes, *names, confidence[index])
    return list(grid.flat[: max(1, len(worst))])


def _show(axes: Axes, image: Array) -> None:
    if image.shape[-1] == 3:
        axes.imshow(np.clip(image, 0, 255).astype(np.uint8))
    else:
        axes.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=255)


def _name(axes: Axes, true: str, predicted: str, confidence: float) -> None:
    """Writes what an image is and was taken for; long names on two lines, cut."""
    short = max(len(true), len(predicted)) <= SHORT
    between, size = (" → ", 9) if short else (" →\n", 7)
    text = f"{plain(true[:LONG])}{between}{plain(predicted[:LONG])}  {confidence:.2f}"
    axes.set_title(text, fontsize=size, loc="center")
