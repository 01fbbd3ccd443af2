"""What the readers of inputs share."""

from dataclasses import dataclass
from typing import Any

# What to call a sample, and its pixels, text or numbers.
Sample = tuple[str, Any]


@dataclass(frozen=True)
class Trained:
    """What a model was trained on.

    Args:
        data: Name of the data.
        background: `"dark"`, `"light"`, or `None` where pictures have no background in common.
    """

    data: str
    background: str | None
