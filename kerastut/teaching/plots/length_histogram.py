"""How long texts are."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.plotting import BLUE, ORANGE, house_style

LONGEST = 300


@house_style
def lengths(counts: Sequence[int], kept: int) -> Figure:
    """Draws how many texts have which length; longer ones than 300 stand in the last bar.

    Args:
        counts: Tokens of each text.
        kept: Tokens that a model keeps.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    ax: Axes = figure.subplots()
    shown = [min(count, LONGEST - 1) for count in counts]
    ax.hist(shown, bins=range(0, LONGEST + 1, 10), color=BLUE, rwidth=0.9)
    share = sum(count <= kept for count in counts) / len(counts)
    ax.axvline(kept, color=ORANGE, lw=2, label=f"{kept} tokens are kept: {share:.0%} fit")
    ax.set(xlabel=f"tokens in a review (last bar: {LONGEST - 10} or more)", ylabel="reviews")
    ax.set_title("reviews are short, and of all lengths")
    ax.legend()
    return figure
