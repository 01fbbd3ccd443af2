"""The public names and arguments of Keras 3, from a table that was read off the installed Keras.

`scripts/lint_api.py` writes the table.
"""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from .renames import canonical


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = (files(__package__) / "api.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = json.loads(text)
    return loaded


@cache
def modules() -> dict[str, frozenset[str]]:
    """Returns the public modules of Keras with their names."""
    return {name: frozenset(names) for name, names in _table()["modules"].items()}


@cache
def members(base: str) -> frozenset[str]:
    """Returns every attribute that an object may have: `Model`, `Layer`, `Optimizer`, `Metric`."""
    return frozenset(_table()["members"][base])


def arguments(name: str) -> list[str] | None:
    """Returns the arguments that a callable takes; None if it is not known or takes any."""
    return _table()["calls"].get(name)


def has(module: str, name: str, via: str | None = "keras") -> bool:
    """Tells whether a module of Keras 3, or of `tf.keras`, has a name, or is one."""
    return (
        name in modules().get(module, ())
        or f"{module}.{name}" in modules()
        or (via != "keras" and name in _table()["tensorflow"].get(module, ()))
    )


def provides(module: str, name: str, today: bool) -> bool:
    """Tells whether a star import of a module of Keras brings the name, or did before Keras 3."""
    if today:
        return has(canonical(module), name, "tf")
    qualified = f"{module}.{name}"
    return name[:1].isalpha() and canonical(qualified) != qualified


def likely(name: str, known: Iterable[str], verb: str, cutoff: float) -> str:
    """Returns the end of a message: the known name that is most like one, or nothing."""
    close = get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"; it {verb} `{close[0]}`" if close else ""
