"""How a detector makes itself known."""

from collections.abc import Callable, Iterator

from .finding import Finding
from .semantics.program import Program

Findings = Iterator[Finding]
Detector = Callable[[Program], Findings]

# In the order of their modules' names; each with the codes that it may report.
DETECTORS: list[tuple[tuple[str, ...], Detector]] = []


def detects(*codes: str) -> Callable[[Detector], Detector]:
    """Registers a detector for the codes it may report."""

    def register(detector: Detector) -> Detector:
        DETECTORS.append((codes, detector))
        return detector

    return register
