"""The detectors: functions that look for one rule, or a family of them, in a program.

Every module here registers its functions with `@detects`; there is nothing else to do. A detector
takes a `Program` and yields what `program.report` returns.
"""

import pkgutil
from functools import cache
from importlib import import_module

from ..registering import DETECTORS, Detector


@cache
def detectors() -> tuple[tuple[tuple[str, ...], Detector], ...]:
    """Returns all detectors with their codes."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(DETECTORS)
