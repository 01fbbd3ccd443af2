"""A net of two layers as a chain of values: forward, and back by the chain rule."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.plotting import BLUE, GREY, ORANGE, house_style

# Left to right: the value, its shape, and the gradient of the loss with respect to it.
VALUES = (
    ("$X$", "$(n, 1)$", ""),
    ("$Z$", "$(n, m)$", r"$\Delta = \delta w_2^{\top} \odot (1 - H^2)$"),
    ("$H$", "$(n, m)$", r"$\delta w_2^{\top}$"),
    (r"$\hat{y}$", "$(n, 1)$", r"$\delta = \frac{2}{n}(\hat{y} - y)$"),
    ("$L$", "one number", "$1$"),
)
STEPS = (r"$XW_1 + b_1$", r"$\tanh Z$", r"$Hw_2 + b_2$", r"$\frac{1}{n}\sum(\hat{y} - y)^2$")
# Step that uses the weights, and the gradients with respect to them.
WEIGHTS = (
    (0, r"$\frac{\partial L}{\partial W_1} = X^{\top}\Delta$"),
    (2, r"$\frac{\partial L}{\partial w_2} = H^{\top}\delta$"),
)
BOX = {"boxstyle": "round,pad=0.45", "fc": "white", "lw": 1.6}
WIDTH = 2.0


@house_style
def chain() -> Figure:
    """Draws the chain with what goes forward (blue) and what comes back (orange).

    Returns:
        The figure.
    """
    figure = Figure(figsize=(8.8, 3.5), layout="constrained")
    ax: Axes = figure.subplots()
    for number, (name, shape, gradient) in enumerate(VALUES):
        place = WIDTH * number
        ax.text(place, 0, name, ha="center", va="center", fontsize=15, bbox={**BOX, "ec": BLUE})
        ax.text(place, -0.42, shape, ha="center", va="center", color=GREY)
        ax.text(place, -1.18, gradient, ha="center", va="center", color=ORANGE, fontsize=12)
    for number, step in enumerate(STEPS):
        middle = WIDTH * (number + 0.5)
        _arrow(ax, (middle - 0.62, 0), (middle + 0.62, 0), BLUE)
        ax.text(middle, 0.12, step, ha="center", va="bottom", color=BLUE, fontsize=12)
        if number > 0:
            _arrow(ax, (middle + 0.62, -0.82), (middle - 0.62, -0.82), ORANGE)
    for number, gradient in WEIGHTS:
        middle = WIDTH * (number + 0.5)
        _arrow(ax, (middle + 0.45, -1.42), (middle + 0.1, -1.68), ORANGE)
        ax.text(middle, -1.95, gradient, ha="center", va="center", color=ORANGE, fontsize=14)
    ax.text(0, 0.72, "forward →", color=BLUE, ha="left", weight="bold")
    ax.text(WIDTH * 4, 0.72, "← backward", color=ORANGE, ha="right", weight="bold")
    ax.set(xlim=(-0.6, WIDTH * 4 + 0.7), ylim=(-2.25, 0.95))
    ax.set_axis_off()
    return figure


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
