"""Wraps functions of libraries."""

from collections.abc import Callable
from functools import wraps
from inspect import BoundArguments, signature
from typing import Any


def taken(original: Callable[..., Any], put: Callable[[BoundArguments], Any]) -> Callable[..., Any]:
    """Returns a function that takes the arguments of another, and gives them to a third by name."""
    own = signature(original)

    @wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = own.bind(*args, **kwargs)
        except TypeError:
            return original(*args, **kwargs)  # says it in its own words
        bound.apply_defaults()
        return put(bound)

    return function
