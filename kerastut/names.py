"""Nearest names for one that does not exist."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Returns the known names that `name` most likely means, best first.

    Args:
        name: What the user wrote.
        known: The names that exist.
        most: Length of the answer at the most.

    Example:

    >>> nearest("mnist_CNN", ["mlp-mnist", "cnn-mnist"])
    ['cnn-mnist', 'mlp-mnist']
    """
    wanted = _normal(name)
    scored = sorted((_distance(wanted, _normal(other)), other) for other in known)
    if scored and scored[0][0] == (0, 0.0):
        return [scored[0][1]]
    return [other for (kind, _), other in scored if kind < 3][:most]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns the end of an error message: the nearest names, or all of them."""
    known = sorted(known)
    close = nearest(name, known)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(known) or 'none'}."


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def _distance(wanted: str, other: str) -> tuple[int, float]:
    """Ranks by kind of likeness (same words, part of the name, spelling), then by spelling."""
    spelling = 1 - difflib.SequenceMatcher(None, wanted, other).ratio()
    if sorted(wanted.split("-")) == sorted(other.split("-")):
        return 0, spelling
    if wanted and (wanted in other or other in wanted):
        return 1, spelling
    return (2, spelling) if spelling < 0.5 else (3, spelling)
