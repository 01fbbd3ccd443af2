"""The detectors: functions that look for one rule, or a family of them, in a program.

A module whose name begins with `kt` registers its functions with `@detects`; there is nothing else
to do. A detector takes a `Program` and yields what `program.report` returns.
"""

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program

Detector = Callable[[Program], Iterator[Finding]]

_DETECTORS: list[tuple[tuple[str, ...], Detector]] = []


def detects(*codes: str) -> Callable[[Detector], Detector]:
    """Registers a detector for the codes it may report."""

    def register(detector: Detector) -> Detector:
        _DETECTORS.append((codes, detector))
        return detector

    return register


@cache
def detectors() -> tuple[tuple[tuple[str, ...], Detector], ...]:
    """Returns all detectors with their codes."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if module.name.startswith("kt"):
            import_module(f"{__name__}.{module.name}")
    return tuple(_DETECTORS)
