"""The way forward through a net of one hidden layer, and the way back."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.plotting import BLUE, GREY, ORANGE, house_style

# Left to right: what is computed, its shape, and its gradient.
VALUES = (
    ("$X$", r"$(n, 784)$", ""),
    ("$A$", r"$(n, m)$", r"$G_A = G_H \odot [A > 0]$"),
    ("$H$", r"$(n, m)$", r"$G_H = G_Z W_2^{\top}$"),
    ("$Z$", r"$(n, 10)$", r"$G_Z = (P - Y)\,/\,n$"),
    ("$L$", "a number", "start here: 1"),
)
STEPS = (r"$XW_1 + b_1$", r"$\max(0, A)$", r"$HW_2 + b_2$", "softmax, log")
# Position of the step that uses the weights, their name, and their gradients.
WEIGHTS = (
    (0.5, "$W_1, b_1$", "$X^{\\top} G_A$\n$1^{\\top} G_A$"),
    (2.5, "$W_2, b_2$", "$H^{\\top} G_Z$\n$1^{\\top} G_Z$"),
)
BOX = {"boxstyle": "round,pad=0.45", "fc": "white", "lw": 1.4}


@house_style
def backpropagation() -> Figure:
    """Draws the net as a chain of values: forward in blue, gradients in orange.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(9.0, 3.9), layout="constrained")
    ax: Axes = figure.subplots()
    for place, (name, shape, gradient) in enumerate(VALUES):
        ax.text(place, 0, name, ha="center", va="center", fontsize=15, bbox={**BOX, "ec": BLUE})
        ax.text(place, -0.34, shape, ha="center", va="center", color=GREY)
        ax.text(place, -1.13, gradient, ha="center", va="center", color=ORANGE)
    for place, step in enumerate(STEPS):
        _arrow(ax, (place + 0.2, 0), (place + 0.8, 0), BLUE)
        ax.text(place + 0.5, 0.13, step, ha="center", va="bottom", color=BLUE)
        _arrow(ax, (place + 0.8, -0.78), (place + 0.2, -0.78), ORANGE)
    for middle, name, gradient in WEIGHTS:
        ax.text(middle, 0.95, name, ha="center", va="center", bbox={**BOX, "ec": BLUE})
        _arrow(ax, (middle - 0.08, 0.76), (middle - 0.08, 0.38), BLUE)
        _arrow(ax, (middle + 0.08, 0.38), (middle + 0.08, 0.76), ORANGE)
        ax.text(middle + 0.36, 0.95, gradient, ha="left", va="center", color=ORANGE)
    ax.text(-0.3, 0.42, "forward →", color=BLUE, ha="left", weight="bold")
    ax.text(-0.3, -1.13, "← backward", color=ORANGE, ha="left", va="center", weight="bold")
    ax.set(xlim=(-0.4, 4.5), ylim=(-1.35, 1.3))
    ax.set_axis_off()
    return figure


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
