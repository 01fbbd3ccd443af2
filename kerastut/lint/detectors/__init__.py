"""The detectors: functions that look for one rule, or a family of them, in a program.

Every module here registers its functions with `@detects`; there is nothing else to do. A detector
takes a `Program` and yields what `program.report` returns.
"""

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from ..finding import Finding
from ..semantics.program import Program

Findings = Iterator[Finding]
Detector = Callable[[Program], Findings]

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
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(_DETECTORS)
