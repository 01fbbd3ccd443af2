"""One neuron: a weighted sum, a bias, an activation."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from kerastut.plotting import BLUE, GREEN, GREY, ORANGE, house_style

# Heights of the inputs that are drawn, with the dots between them.
INPUTS = ((1.1, "1"), (0.35, "2"), (-1.1, "d"))
SUM, ACTIVATION, OUTPUT = (2.3, 0.0), (4.9, 0.0), (6.5, 0.0)


@house_style
def neuron() -> Figure:
    """Draws a neuron with d inputs, left to right.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(8.0, 3.5), layout="constrained")
    ax: Axes = figure.subplots()
    for height, name in INPUTS:
        _circle(ax, (0.0, height), f"$x_{name}$", BLUE)
        _arrow(ax, (0.28, height), (SUM[0] - 0.36, SUM[1] + 0.22 * height), GREY)
        ax.text(1.02, 0.63 * height + 0.16, f"$w_{name}$", color=ORANGE, ha="center", fontsize=14)
    ax.text(0.0, -0.36, "⋮", ha="center", va="center", color=GREY, fontsize=16)
    ax.text(SUM[0], 1.12, "$b$", color=ORANGE, ha="center", va="bottom", fontsize=14)
    _arrow(ax, (SUM[0], 1.08), (SUM[0], 0.42), GREY)
    _circle(ax, SUM, "$+$", BLUE, radius=0.36)
    _arrow(ax, (SUM[0] + 0.38, 0.0), (ACTIVATION[0] - 0.46, 0.0), GREY)
    ax.text(3.56, 0.1, r"$z = w^{\top}x + b$", ha="center", va="bottom", fontsize=12)
    _box(ax, ACTIVATION, r"$\varphi(z)$")
    _arrow(ax, (ACTIVATION[0] + 0.46, 0.0), (OUTPUT[0] - 0.3, 0.0), GREY)
    _circle(ax, OUTPUT, r"$\hat{y}$", GREEN)
    for place, text in ((0.0, "inputs"), (SUM[0], "sum"), (ACTIVATION[0], "activation")):
        ax.text(place, -1.62, text, ha="center", va="center", color=GREY)
    ax.text(OUTPUT[0], -1.62, "prediction", ha="center", va="center", color=GREY)
    ax.text(1.02, -1.62, "weights", ha="center", va="center", color=ORANGE)
    ax.set(xlim=(-0.5, 7.1), ylim=(-1.85, 1.6), aspect="equal")
    ax.set_axis_off()
    return figure


def _circle(
    ax: Axes, place: tuple[float, float], text: str, colour: str, radius: float = 0.28
) -> None:
    ax.add_patch(Circle(place, radius, fc="white", ec=colour, lw=1.8, zorder=3))
    ax.text(*place, text, ha="center", va="center", fontsize=14, zorder=4)


def _box(ax: Axes, place: tuple[float, float], text: str) -> None:
    corner = (place[0] - 0.36, place[1] - 0.26)
    shape = FancyBboxPatch(
        corner, 0.72, 0.52, boxstyle="round,pad=0.08", fc="white", ec=BLUE, lw=1.8, zorder=3
    )
    ax.add_patch(shape)
    ax.text(*place, text, ha="center", va="center", fontsize=14, zorder=4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
