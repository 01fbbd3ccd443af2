"""Checks that fail a chapter, and with it the build."""

from typing import Any

import numpy as np

from kerastut.errors import KerastutError
from kerastut.registry import in_band
from kerastut.train import Run


class CheckError(KerastutError):
    """A result of a chapter that is not what the chapter says."""

    exit_status = 1


def match(name: str, got: Any, expected: Any, tolerance: float = 1e-6) -> None:
    """Prints whether two computations agree, and by how much they differ at the most.

    Args:
        name: What is compared.
        got: Number, array or tensor.
        expected: The same by another way, of the same shape.
        tolerance: Largest absolute difference allowed.

    Raises:
        CheckError: If the shapes differ or a difference is above the tolerance, or not a number.
    """
    left, right = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    if left.shape != right.shape:
        raise CheckError(
            f"{name}: expected the shape {right.shape}; received {left.shape}."
            " Compare arrays of one shape."
        )
    difference = float(np.max(np.abs(left - right), initial=0.0))
    if not difference <= tolerance:
        raise CheckError(
            f"{name}: expected a difference of at most {tolerance:g}; received {difference:.2e}."
            " Look for the mistake in one of the two computations."
        )
    word = "exact" if difference == 0 else "approximate"
    print(f"{name}: {word}, largest difference {difference:.1e}")


def hold(run: Run, **bands: tuple[float, float]) -> None:
    """Holds a run's metrics on the test data against their bands.

    Args:
        run: What `kerastut.run` returned.
        **bands: For each metric the lowest and highest right value of a run with reduced settings.
            A run with the recipe's own settings is held against the recipe's own band instead.

    Raises:
        CheckError: If a metric lies outside, is not a number, or no band is given.
    """
    recipe = run.settings.recipe
    expected = recipe.expect if run.settings.full else bands
    if not expected:
        raise CheckError(
            f"{recipe.name}: expected a band for reduced settings; received none."
            " Pass one, such as accuracy=(0.9, 0.95)."
        )
    for metric, band in expected.items():
        value = run.metrics.get(metric, float("nan"))
        within = f"within {band[0]:g} to {band[1]:g}"
        if not in_band(value, band):
            raise CheckError(
                f"{recipe.name}: expected {metric} {within};"
                f" received {value:.4g}. The text no longer agrees with the run."
            )
        print(f"{recipe.name}: {metric} {value:.4g}, {within}")
