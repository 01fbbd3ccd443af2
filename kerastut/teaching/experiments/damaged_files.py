"""What goes wrong with files, on purpose."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kerastut.arrays import Array
from kerastut.errors import KerastutError
from kerastut.teaching.experiments.bit_flip_plot import flipped


class Gift:
    """What looks like data and is a call: pickle stores the function's name and its arguments."""

    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("this ran while loading; it could have been any program",)


def damage(path: Path) -> None:
    """Turns over one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def digest_changes(array: Array, places: Sequence[int]) -> list[int]:
    """Turns over the lowest bit of one number after another; counts what changes in the SHA-256."""
    arrays = array, *(flipped(array, place, 0) for place in places)
    own, *others = (int(hashlib.sha256(one.tobytes()).hexdigest(), 16) for one in arrays)
    return [(own ^ other).bit_count() for other in others]


def refusal(load: Callable[[Path], Any], path: Path) -> str:
    """Returns the beginning of what a loader says when it refuses a file."""
    try:
        load(path)
    except (ValueError, KerastutError) as error:
        text = str(error).replace(str(path), path.name)
        return f"{type(error).__name__}: {text.partition('. ')[0]}."
    return f"{path.name} was loaded."
