"""The LSTM cell: three gates around a line that carries the memory."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from kerastut.plotting import BLUE, GREEN, GREY, ORANGE, house_style

Point = tuple[float, float]
MEMORY, STATE, GATES = 4.3, 0.6, 1.75
"""Heights of the memory's line, of the state's line and of the gates."""
BOXES = (
    (2.3, r"$\sigma$", "$f_t$", "forget"),
    (3.9, r"$\sigma$", "$i_t$", "input"),
    (5.5, r"$\tanh$", r"$\tilde{c}_t$", "candidate"),
    (7.1, r"$\sigma$", "$o_t$", "output"),
)


@house_style
def lstm_cell() -> Figure:
    """Draws one time step of an LSTM, left to right.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(8.4, 4.7), layout="constrained")
    ax: Axes = figure.subplots()
    frame = FancyBboxPatch(
        (1.35, 0.1), 8.0, 4.8, boxstyle="round,pad=0.1", fc="#f8fafc", ec="#c7ccd4", lw=1.2
    )
    ax.add_patch(frame)
    _lines(ax)
    for x, text, symbol, name in BOXES:
        _box(ax, (x, GATES), text, GREEN if name == "candidate" else BLUE)
        ax.text(x + 0.12, GATES + 0.5, symbol, fontsize=12, va="center", zorder=5)
        ax.text(x + 0.12, STATE - 0.22, name, ha="center", va="center", color=GREY, fontsize=9)
    _box(ax, (8.5, 3.2), r"$\tanh$", GREEN)
    for place, text in (
        ((2.3, MEMORY), "×"),
        ((5.5, 3.05), "×"),
        ((5.5, MEMORY), "+"),
        ((8.5, GATES), "×"),
    ):
        _circle(ax, place, text)
    _ends(ax)
    ax.set(xlim=(-0.1, 10.8), ylim=(-0.75, 5.1), aspect="equal")
    ax.set_axis_off()
    return figure


def _lines(ax: Axes) -> None:
    _path(ax, [(0.75, MEMORY), (2.02, MEMORY)], ORANGE)
    _path(ax, [(2.58, MEMORY), (5.22, MEMORY)], ORANGE)
    _path(ax, [(5.78, MEMORY), (9.95, MEMORY)], ORANGE)
    _path(ax, [(0.75, STATE), (7.1, STATE), (7.1, GATES - 0.28)])
    _path(ax, [(1.75, -0.3), (1.75, STATE)], arrow=False)
    ax.plot(1.75, STATE, "o", color=GREY, ms=5)
    for x, *_ in BOXES[:-1]:
        _path(ax, [(x, STATE), (x, GATES - 0.28)])
    _path(ax, [(2.3, GATES + 0.28), (2.3, MEMORY - 0.28)])
    _path(ax, [(3.9, GATES + 0.28), (3.9, 3.05), (5.22, 3.05)])
    _path(ax, [(5.5, GATES + 0.28), (5.5, 3.05 - 0.28)])
    _path(ax, [(5.5, 3.05 + 0.28), (5.5, MEMORY - 0.28)])
    _path(ax, [(7.45, GATES), (8.22, GATES)])
    _path(ax, [(8.5, MEMORY), (8.5, 3.48)])
    _path(ax, [(8.5, 2.92), (8.5, GATES + 0.28)])
    _path(ax, [(8.5, GATES - 0.28), (8.5, STATE), (9.95, STATE)])


def _ends(ax: Axes) -> None:
    for place, text in (
        ((0.35, MEMORY), "$c_{t-1}$"),
        ((0.35, STATE), "$h_{t-1}$"),
        ((10.35, MEMORY), "$c_t$"),
        ((10.35, STATE), "$h_t$"),
        ((1.75, -0.52), "$x_t$"),
    ):
        ax.text(*place, text, ha="center", va="center", fontsize=14)


def _path(ax: Axes, points: Sequence[Point], colour: str = GREY, arrow: bool = True) -> None:
    """Draws a line along the points, with a head at the last."""
    ax.plot(*zip(*points, strict=True), color=colour, lw=1.6, solid_capstyle="butt", zorder=2)
    if arrow:
        style = {"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", xy=points[-1], xytext=points[-2], arrowprops=style, zorder=2)


def _box(ax: Axes, place: Point, text: str, colour: str) -> None:
    corner = (place[0] - 0.27, place[1] - 0.2)
    shape = FancyBboxPatch(
        corner, 0.54, 0.4, boxstyle="round,pad=0.08", fc="white", ec=colour, lw=1.8, zorder=3
    )
    ax.add_patch(shape)
    ax.text(*place, text, ha="center", va="center", fontsize=12, zorder=4)


def _circle(ax: Axes, place: Point, text: str) -> None:
    ax.add_patch(Circle(place, 0.28, fc="white", ec=ORANGE, lw=1.8, zorder=3))
    ax.text(*place, text, ha="center", va="center", fontsize=14, zorder=4)
