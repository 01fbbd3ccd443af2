"""The public names and arguments of Keras 3, from a table that was read off the installed Keras.

`scripts/lint_api.py` writes the table.
"""

import json
from functools import cache
from importlib.resources import files


@cache
def modules() -> dict[str, frozenset[str]]:
    """Returns the public modules of Keras with their names."""
    return {name: frozenset(names) for name, names in _table()["modules"].items()}


@cache
def tensorflow() -> dict[str, frozenset[str]]:
    """Returns what `tf.keras` has besides, by module."""
    return {name: frozenset(names) for name, names in _table()["tensorflow"].items()}


@cache
def members(base: str) -> frozenset[str]:
    """Returns every attribute that an object may have: `Model`, `Layer`, `Optimizer`, `Metric`."""
    return frozenset(_table()["members"][base])


def arguments(name: str) -> list[str] | None:
    """Returns the arguments that a callable takes; None if it is not known or takes any."""
    return _table()["calls"].get(name)


def has(module: str, name: str, via: str | None = "keras") -> bool:
    """Tells whether a module of Keras 3 has a name, or is one."""
    return (
        name in modules().get(module, ())
        or f"{module}.{name}" in modules()
        or (via != "keras" and name in tensorflow().get(module, ()))
    )


def provides(module: str, name: str) -> bool:
    """Tells whether a star import of a module of Keras brings the name."""
    from kerastut.lint.semantics.imports import canonical

    return has(canonical(module), name, "tf")


def provided(module: str, name: str) -> bool:
    """Tells whether a star import of a module of Keras brought the name before Keras 3."""
    from kerastut.lint.semantics.imports import canonical

    qualified = f"{module}.{name}"
    return name[:1].isalpha() and canonical(qualified) != qualified


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = (files("kerastut.lint") / "api.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = json.loads(text)
    return loaded
