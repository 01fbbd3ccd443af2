"""Checks that fail a chapter, and with it the build."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from kerastut.errors import KerastutError
from kerastut.registry import in_band
from kerastut.teaching.experiments import scaling
from kerastut.teaching.telling.figures import in_chinese
from kerastut.teaching.telling.showing import tell
from kerastut.train import Run


class CheckError(KerastutError):
    """A result of a chapter that is not what the chapter says."""

    exit_status = 1


def match(name: str, got: Any, expected: Any, tolerance: float = 1e-6) -> None:
    """Prints whether two computations agree, and by how much they differ at the most.

    Args:
        name: What is compared, in English; it has a Chinese twin as the texts of figures have.
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
    en, zh = ("exact", "完全相等") if difference == 0 else ("approximate", "近似相等")
    tell(
        en=f"{name}: {en}, largest difference {difference:.1e}",
        zh=f"{in_chinese(name)}：{zh}，最大差异 {difference:.1e}",
    )


def hold(
    run: Run,
    *,
    full: Mapping[str, tuple[float, float]] | None = None,
    **reduced: tuple[float, float],
) -> None:
    """Holds a run's metrics on the test data against their bands.

    A run with the recipe's own settings is held against the recipe's own band.

    Args:
        run: What `kerastut.run` returned.
        full: For each metric the lowest and highest right value of this run in the published
            edition, which trains in full (`FULL=1`).
        **reduced: The same for the reduced edition.

    Raises:
        CheckError: If a metric lies outside, is not a number, or no band is given for the edition.
    """
    recipe = run.settings.recipe
    expected = recipe.expect if run.settings.full else full if scaling.FULL else reduced
    if not expected:
        raise CheckError(
            f"{recipe.name}: expected a band for this size of the run; received none. Pass one for"
            " each size, such as accuracy=(0.9, 0.95), full={'accuracy': (0.97, 0.99)}."
        )
    for metric, (low, high) in expected.items():
        value = run.metrics.get(metric, float("nan"))
        if not in_band(value, (low, high)):
            raise CheckError(
                f"{recipe.name}: expected {metric} within {low:g} to {high:g};"
                f" received {value:.4g}. The text no longer agrees with the run."
            )
        tell(
            en=f"{recipe.name}: {metric} {value:.4g}, within {low:g} to {high:g}",
            zh=f"{recipe.name}：{metric} {value:.4g}，在 {low:g}～{high:g} 之内",
        )
