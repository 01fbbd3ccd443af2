"""Writes the tables of names that `kerastut check` reads: those of Keras, TensorFlow and others.

It needs scikit-learn besides what the tests need.
"""

import ast
import enum
import importlib
import inspect
import json
import pkgutil
import re
import sys
import types
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from keras._tf_keras import keras as tf_keras

_BASES = (keras.Model, keras.Layer, keras.Optimizer, keras.Metric)
_CALLED = (keras.Model, keras.Optimizer)  # whose methods' arguments are looked at
# What of TensorFlow tutorials do not meet, or what has tables or rules of its own.
_LEFT_OUT = {"tensorflow.compat", "tensorflow.raw_ops", "tensorflow.keras", "tensorflow.security"}
_LEFT_OUT |= {"tensorflow.dtensor", "tensorflow.experimental", "tensorflow.tools"}
# What programs use beside Keras, and the parts that are imported but once others are.
BESIDE = ("numpy", "pandas", "scipy", "sklearn", "matplotlib", "pylab")
_ENABLING = ("enable_halving_search_cv", "enable_iterative_imputer")
_INNER = re.compile(
    r"((sklearn|scipy)\.\w+|sklearn\.feature_extraction\.\w+|pandas\.(api|errors|plotting|testing|tseries)"
    r"|numpy\.(char|fft|lib|linalg|ma|polynomial|random|rec|testing)"
    r"|matplotlib\.(animation|cm|colors|dates|gridspec|image|patches|pylab|pyplot|ticker))"
)
_NOT_READ = {"tests", "conftest", "setup", "externals"}
_OTHER_MACHINES = {"numpy": ["complex192", "complex256", "float128", "float96"]}
TABLE = Path(__file__).parent.parent / "kerastut" / "lint" / "rules" / "api.json"


def read_api() -> dict[str, dict[str, str]]:
    """Returns the names of every public module and the arguments of every public callable."""
    modules, calls = _read_package("keras", keras)
    copy, _ = _read_package("keras", tf_keras)
    extra = {name: sorted(set(names) - set(modules.get(name, ()))) for name, names in copy.items()}
    inner = {name for name in modules if "." in name}
    lacks = {
        name: sorted(
            one for one in set(modules.get(name, ())) - set(names) if f"{name}.{one}" not in inner
        )
        for name, names in copy.items()
    }
    for base, method in ((kind, one) for kind in _CALLED for one in dir(kind)):
        function = getattr(base, method)
        arguments = _arguments(function) if method[0] != "_" and callable(function) else None
        calls |= {f"{base.__name__}.{method}": arguments} if arguments is not None else {}
    known = inspect.signature(keras.Model.evaluate).parameters
    calls["Model.evaluate"] = [name for name in known if name not in ("self", "kwargs")]
    wholes, functions = _read_package("tensorflow", tf)
    first = set(dir(tf.compat.v1)) - set(dir(tf))
    tables = {
        "modules": modules | wholes | _private(),
        "tf.keras": {name: names for name, names in extra.items() if names},
        "not tf.keras": {name: names for name, names in lacks.items() if names},
        "tf.compat.v1": {"tensorflow": sorted(name for name in first if name[0] != "_")},
        "calls": calls | functions,
        "required": _required("keras.layers", keras.layers)
        | _required("keras.callbacks", keras.callbacks),
        "members": {base.__name__: _members(base) for base in _BASES}
        | {"Sequential": _public(_trained()), "Dataset": _public(tf.data.Dataset)},
    }
    return {
        table: {name: " ".join(names) for name, names in sorted(entries.items())}
        for table, entries in tables.items()
    }


def _read_package(
    root: str, package: types.ModuleType
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    modules: dict[str, list[str]] = {}
    calls: dict[str, list[str]] = {}
    waiting = [(root, package)]
    while waiting:
        name, module = waiting.pop()
        modules[name] = sorted(item for item in dir(module) if item[0] != "_" and item != "src")
        for item in list(modules[name]):
            member, full = getattr(module, item), f"{name}.{item}"
            if isinstance(member, types.ModuleType):
                of_its_own = (f"{module.__name__}.{item}", full.replace(root, f"{root}._api.v2", 1))
                if full in _LEFT_OUT:
                    continue
                if member.__name__ in of_its_own:
                    waiting.append((full, member))
                elif root != "tensorflow":  # which has parts of Keras under names of its own
                    modules[name].remove(item)
            elif callable(member):
                arguments = _arguments(member)
                if arguments is not None:
                    calls[full] = arguments
    return modules, calls


def _private() -> dict[str, list[str]]:
    """Returns the modules of each package below `tensorflow.python` that has no code of its own."""
    root, found = Path(tf.__file__).parent / "python", {}
    for file in root.rglob("__init__.py"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        parts = file.parent.relative_to(root).parts
        empty = all(isinstance(one, ast.Expr) for one in body) or not parts
        if empty and parts[:1] != ("keras",):  # of which the records tell
            inner = pkgutil.iter_modules([str(file.parent)])
            found[".".join(("tensorflow", "python", *parts))] = sorted(one.name for one in inner)
    return found


def read_beside(root: str) -> dict[str, str]:
    """Returns the names of every public module of a package that stands beside Keras."""
    for name in _ENABLING if root == "sklearn" else ():
        importlib.import_module(f"sklearn.experimental.{name}")
    found, waiting = dict[str, set[str]](), [root]
    while waiting:
        name = waiting.pop()
        with warnings.catch_warnings(action="ignore"):  # of what will go
            module = importlib.import_module(name)
        inner = {one.name for one in pkgutil.iter_modules(getattr(module, "__path__", ()))}
        names = {*dir(module), *inner, *_OTHER_MACHINES.get(name, ())}
        found[name] = {one for one in names if one[0] != "_"}
        full = (f"{name}.{one}" for one in inner if one[0] != "_" and one not in _NOT_READ)
        waiting += [one for one in full if _INNER.fullmatch(one)]
    if root == "matplotlib":
        found["matplotlib.pyplot.cm"] = found["matplotlib.cm"]
    return {name: " ".join(sorted(names)) for name, names in sorted(found.items())}


def _arguments(member: Any) -> list[str] | None:
    """Returns the names of the arguments, `*` before those that are taken by name alone.

    It is `*args` where any number is taken, and `**` the last where any name is; None where
    nothing is known.
    """
    if isinstance(member, enum.EnumType):  # what it takes depends on the Python
        return None
    try:
        parameters = inspect.signature(member).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = {item.kind.name for item in parameters}
    bare = [item for item in parameters if item.kind.name[:3] != "VAR" and item.name != "self"]
    names = [item.name for item in bare if item.kind is not item.KEYWORD_ONLY]
    more = [item.name for item in bare if item.kind is item.KEYWORD_ONLY]
    if "VAR_KEYWORD" in kinds:
        if isinstance(member, type) and issubclass(member, keras.optimizers.Optimizer):
            more += ["clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor"]
        elif isinstance(member, type) and issubclass(member, keras.layers.Layer):
            more += _layer_arguments(member)
        else:
            more.append("**")
    star = ["*args"] if "VAR_POSITIONAL" in kinds else ["*"] if more else []
    return [*names, *star, *(one for one in dict.fromkeys(more) if one not in names)]


def _required(module: str, package: types.ModuleType) -> dict[str, list[str]]:
    """Returns the arguments that the classes of a module cannot do without, in order."""
    found = {}
    for name, member in vars(package).items():
        given = inspect.signature(member).parameters.values() if isinstance(member, type) else ()
        bare = [one for one in given if one.default is one.empty and one.kind.name[:3] == "POS"]
        found[f"{module}.{name}"] = [one.name for one in bare]
    return {name: names for name, names in found.items() if names}


def _layer_arguments(member: type) -> list[str]:
    """Returns what a layer takes by name besides its own arguments: what every layer passes on."""
    if issubclass(member, keras.Model):
        return ["**"]
    base = ["name", "dtype", "trainable", "activity_regularizer", "autocast"]
    shapes = ["input_shape", "batch_shape", "batch_input_shape", "input_dtype", "batch_size"]
    shapes += ["weights", "input_dim", "input_length"]  # with a warning, or rules of their own
    taken = re.findall(r"kwargs\.pop\(\s*\"(\w+)\"", inspect.getsource(member))
    return [*base, *shapes, *taken]


def _public(value: Any) -> list[str]:
    return [name for name in dir(value) if not name.startswith("__")]


def _trained() -> keras.Sequential:
    """Returns a model that was trained, with all that training gives it."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(keras.ops.ones((1, 1)), keras.ops.ones((1, 1)), verbose=0)
    return model


def _members(base: type) -> list[str]:
    """Returns every attribute that an object of a public class derived from this one may have."""
    names = {"history"} if base is keras.Model else set()  # `fit` sets it
    for kind in _derived(base):
        for parent in kind.__mro__[:-1]:
            names |= {*vars(parent), *_own(parent.__module__)}
    return sorted(name for name in names if not name.startswith("__"))


def _derived(base: type) -> set[type]:
    kinds, waiting = set[type](), [base]
    while waiting:
        kind = waiting.pop()
        if kind not in kinds and kind.__module__.startswith("keras."):
            kinds.add(kind)
            waiting += kind.__subclasses__()
    return kinds


@cache
def _own(module: str) -> set[str]:
    """Returns the attributes that the methods in a module of Keras give or ask of `self`."""
    if not module.startswith("keras."):
        return set()
    return set(re.findall(r"\bself\.(\w+)", inspect.getsource(sys.modules[module])))


if __name__ == "__main__":
    beside = {name: names for root in BESIDE for name, names in read_beside(root).items()}
    tables = read_api() | {"beside": beside}
    TABLE.write_text(json.dumps(tables, indent=0) + "\n", encoding="utf-8")
