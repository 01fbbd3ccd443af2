"""Runs one recipe and draws its figures in both languages.

Usage: PYTHONPATH=scripts python -m book.drawing RECIPE FOLDER [--reduced]

A process of its own for each recipe, so that nothing is remembered. The Chinese figures lie in the
run's folder as NAME.zh.png.
"""

import sys
from pathlib import Path
from typing import Any, cast

from matplotlib.figure import Figure

import kerastut
from kerastut.language import speaking
from kerastut.plotting import save, translated
from kerastut.teaching import in_chinese

REDUCED: dict[str, Any] = {"limit": 600, "epochs": 1}


def draw(recipe: str, folder: Path, reduced: bool) -> None:
    """Runs a recipe with seed 0 and writes the figures of its run."""
    with speaking("both"):  # a figure's text without a Chinese twin is told
        run = kerastut.run(recipe, output_dir=folder, verbose=0, **(REDUCED if reduced else {}))
        for name, axes in run.figures().items():
            with translated(cast(Figure, axes.figure), in_chinese):
                save(axes, folder / f"{name}.zh.png")


if __name__ == "__main__":
    draw(sys.argv[1], Path(sys.argv[2]), "--reduced" in sys.argv)
