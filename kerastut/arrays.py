"""What samples are made of: NumPy arrays, one or several by name."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


Arrays = Array | dict[str, Array]


def map_arrays(function: Callable[[Array], Any], arrays: Arrays) -> Any:
    """Applies a function to an array, or to each one of a dictionary."""
    if isinstance(arrays, dict):
        return {name: function(array) for name, array in arrays.items()}
    return function(arrays)
