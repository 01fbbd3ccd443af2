"""The public names and arguments of Keras 3 and TensorFlow 2, read off what is installed."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache

from .renames import canonical
from .rule import read_api

# Strings that Keras takes besides the names in its modules.
_SHORT = ("bce", "kld", "mae", "mse", "mape", "msle")
_ALIASES = {
    "initializer": {"normal", "one", "uniform", "zero"},
    "activation": {"hard_swish", "swish"},
    "loss": {"ce", "crossentropy", *_SHORT, *map(str.upper, _SHORT)},
    "padding": {"causal", "same", "valid"},
}
_ALIASES["metric"] = {"acc", "accuracy"} | _ALIASES["loss"]
# Functions of these are so many, and named so plainly, that a name says nothing.
_PLAIN = ("keras.ops", "keras.random", "keras.tree", "keras.backend", "keras.config")
_FIRST = ("keras.layers", "keras.models", "keras.optimizers", "keras.callbacks", "keras.utils")


@cache
def modules(package: str = "keras") -> dict[str, frozenset[str]]:
    """Returns the public modules of a package, `keras` or `tensorflow`, with their names."""
    found = ((name, names) for name, names in read_api()["modules"].items())
    ours = ((name, names) for name, names in found if name.partition(".")[0] == package)
    return {name: frozenset(names.split()) for name, names in ours}


@cache
def names() -> frozenset[str]:
    """Returns the names that any public module of Keras has."""
    return frozenset().union(*modules().values())


@cache
def members(base: str) -> frozenset[str]:
    """Returns every attribute that an object may have: a `Model`, a `Layer`, a `Dataset`, ..."""
    return frozenset(read_api()["members"][base].split())


@cache
def first_version() -> frozenset[str]:
    """Returns the names of TensorFlow 1 that `tf.compat.v1` still has, and TensorFlow 2 has not."""
    return frozenset(read_api()["tf.compat.v1"]["tensorflow"].split())


@lru_cache(10_000)
def arguments(name: str) -> tuple[str, ...] | None:
    """Returns the arguments that a callable takes; None if it is not known or takes any."""
    given = read_api()["calls"].get(name, "**").split()
    return None if "**" in given else tuple(one for one in given if one[0] != "*")


@lru_cache(10_000)
def positions(name: str) -> tuple[str, ...] | None:
    """Returns the arguments that a callable takes by position; None if it is not known, or any."""
    given = read_api()["calls"].get(name, "*args").split()
    end = [*given, "*"].index("*")
    return None if "*args" in given else tuple(given[:end])


def has(module: str, name: str, via: str | None = "keras") -> bool:
    """Tells whether a module of Keras 3, `tf.keras` or TensorFlow has a name, or is one."""
    known = modules(module.partition(".")[0])
    if via == "tf" and name in read_api()["not tf.keras"].get(module, "").split():
        return False  # a copy that calls its losses by their short names alone
    return (
        name in known.get(module, ())
        or f"{module}.{name}" in known
        or (via != "keras" and name in read_api()["tf.keras"].get(module, "").split())
    )


def short(module: str, name: str) -> str:
    """Returns the name that `tf.keras` alone has for a loss or metric: `mse`, or ""."""
    alike = (one for one in read_api()["tf.keras"].get(module, "").split() if one.islower())
    return next((one for one in alike if canonical(f"{module}.{one}") == f"{module}.{name}"), "")


def required(name: str) -> tuple[str, ...]:
    """Returns the arguments that a layer or callback cannot do without, in order."""
    return tuple(read_api()["required"].get(name, "").split())


@lru_cache(1000)
def home(name: str) -> str | None:
    """Returns the module of Keras that a name is best imported from; None if it may be several."""
    homes = [module for module, names in modules().items() if name in names]
    known = [module for module in _FIRST if module in homes and name[:1].isupper()]
    if known:
        return known[0]
    inner = [module for module in homes if module != "keras" and not module.startswith(_PLAIN)]
    if len(inner) > 1:
        return None
    return inner[0] if inner else "keras" if "keras" in homes else None


@lru_cache(1000)
def alike(name: str) -> str:
    """Returns the module or name that differs from a missing one by underscores or an s, or ""."""
    known, (home, _, _) = modules(name.partition(".")[0]), name.rpartition(".")
    names = (*known, *(f"{home}.{one}" for one in known.get(home, ())))
    return next((one for one in names if _plain(one) == _plain(name)), "")


def _plain(name: str) -> str:
    return name.replace("_", "").rstrip("s")


def likely(name: str, known: Iterable[str], phrase: str, cutoff: float) -> str:
    """Returns the end of a message: the known name that is most like one, or nothing."""
    close = get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"; {phrase} `{close[0]}`" if close else ""


@lru_cache(1000)
def snake(name: str) -> str:
    """Returns the name that Keras makes of a class's: `mean_squared_error`, `max_pooling2d`."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


@cache
def strings(kind: str) -> frozenset[str]:
    """Returns the strings that name an `initializer`, an `activation`, a `loss`, ..."""
    names = modules().get("keras.losses" if kind == "loss" else f"keras.{kind}s", frozenset())
    # Every class has a name in small letters as well.
    found = {one.lower() if kind == "optimizer" else snake(one) for one in names} | names
    return frozenset(found | _ALIASES.get(kind, set()))
