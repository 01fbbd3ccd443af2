"""The house style of every plot, and how a plot is saved."""

import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.errors import printable
from kerastut.language import spoken
from kerastut.plotting.translation import in_chinese, translated

# Okabe and Ito's, which differ for the colour-blind too; orange is too light for text.
BLUE, ORANGE, GREEN, RED, GREY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#6b7280"
COLOURS = (BLUE, ORANGE, GREEN, RED, "#cc79a7", "#56b4e9")
# And lines that differ in grey.
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
}


Drawing = TypeVar("Drawing", bound=Callable[..., Any])


def house_style(draw: Drawing) -> Drawing:
    """Decorates a function so that it draws in the house style, whatever the reader's own."""

    @wraps(draw)
    def styled(*args: Any, **options: Any) -> Any:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(cast(Any, STYLE))
            return draw(*args, **options)

    return cast(Drawing, styled)


def new_figure(width: float = 6.4, height: float = 4.0, **subplots: Any) -> tuple[Figure, Any]:
    """Returns a figure and its axes, known to no window system."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**subplots)


def plain(name: str) -> str:
    """Returns a name that comes with data as matplotlib draws it letter by letter.

    A `$` begins no formula, and what has no shape is written out.
    """
    return printable(name).replace("$", r"\$")


@house_style
def save(axes: Axes, path: Path) -> None:
    """Writes the figure that the axes belong to; the same figure gives the same bytes.

    Its texts are in the language that is spoken.
    """
    figure = cast(Figure, axes.figure)
    is_chinese = spoken() == "zh"
    with warnings.catch_warnings(), translated(figure, in_chinese) if is_chinese else nullcontext():
        # Of characters that no font has, `family` has told.
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(path, metadata={"Software": None})
