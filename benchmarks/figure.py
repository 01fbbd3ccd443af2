"""The figures of the page, in the style of the package's other plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.chinese import twin
from benchmarks.job import Record
from benchmarks.sections import epochs, metric
from benchmarks.summary import median
from kerastut.plotting import BLUE, GREY, ORANGE, house_style, new_figure, save, translated


def write(records: Mapping[str, Sequence[Record]], folder: Path) -> dict[str, str]:
    """Draws the sections that have something to draw, in both languages.

    Args:
        records: By section.
        folder: For the English figures; those in Chinese go into its `zh`.

    Returns:
        The file names by section.
    """
    drawn = {n: competitors(records[n]) for n in ("cnn", "mlp") if _any(records.get(n, ()))}
    if ratios := metric.ratios(records.get("metric", ())):
        drawn["metric"] = metrics(ratios)
    for name, axes in drawn.items():
        save(axes, folder / _file(name))
        with translated(cast(Figure, axes.figure), twin):
            save(axes, folder / "zh" / _file(name))
    return {name: _file(name) for name in drawn}


def _file(name: str) -> str:
    return f"benchmarks-{name}.png"


def _any(records: Sequence[Record]) -> bool:
    return bool(epochs.measured(records))


@house_style
def competitors(records: Sequence[Record], ax: Axes | None = None) -> Axes:
    """Draws microseconds a training image for each competitor, the fastest topmost.

    Args:
        records: Of the section `cnn` or `mlp`.
        ax: Where to draw; a new axes if `None`.
    """
    times = {
        name: [1e6 * seconds for seconds in epochs.per_sample(records, name)]
        for name in epochs.measured(records)
    }
    names = sorted(times, key=lambda name: median(times[name]))
    axes: Axes = ax or new_figure(7.2, 0.9 + 0.3 * len(names))[1]
    for height, name in enumerate(names):
        middle = median(times[name])
        label = f"{middle:.1f}" if middle < 100 else f"{middle:.0f}"
        colour = BLUE if name in (epochs.OURS, epochs.OWN, epochs.HALF) else GREY
        _point(axes, height, times[name], label, colour)
    _finish(axes, names, "µs per training image (point: median; line: lowest to highest)")
    return axes


@house_style
def metrics(ratios: Mapping[str, tuple[float, bool]], ax: Axes | None = None) -> Axes:
    """Draws how many times as long the tutorials' settings take, the largest topmost.

    Args:
        ratios: For each recipe the ratio, and whether the recipe reaches the tutorial's metric.
        ax: Where to draw; a new axes if `None`.
    """
    names = sorted(ratios, key=lambda name: -ratios[name][0])
    axes: Axes = ax or new_figure(7.2, 0.9 + 0.3 * len(names))[1]
    axes.axvline(1, color=GREY, lw=1)
    for height, name in enumerate(names):
        ratio, reached = ratios[name]
        label = f"{ratio:.1f}" + ("" if reached else ", not reached")
        _point(axes, height, [ratio], label, BLUE if reached else ORANGE)
    _finish(axes, names, "the tutorial's seconds / the recipe's, each to its end")
    return axes


def _point(axes: Axes, height: int, values: Sequence[float], label: str, colour: str) -> None:
    """Draws a median, its spread and a label beside them."""
    middle, low, high = median(values), min(values), max(values)
    spread = [[middle - low], [high - middle]]
    axes.errorbar(middle, height, xerr=spread, fmt="o", ms=7, color=colour, capsize=3, lw=1.2)
    axes.annotate(
        label,
        (high, height),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=colour,
    )


def _finish(axes: Axes, names: Sequence[str], label: str) -> None:
    """Names the rows, the first topmost; equal ratios get equal distances."""
    axes.set_yticks(range(len(names)), labels=names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.18)
    axes.set_xlabel(label, loc="right")
