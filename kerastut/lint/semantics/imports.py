"""The ways to reach Keras, made one."""

from functools import cache

from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics.values import Ref

_ROOTS = (  # the longest first
    ("tensorflow.compat.v1.keras", "keras", "tf"),
    ("tensorflow.compat.v2.keras", "keras", "tf"),
    ("tensorflow._api.v2.keras", "keras", "private"),
    ("tensorflow.python.keras.api", "keras", "private"),
    ("tensorflow.python.keras", "keras", "private"),
    ("tensorflow.keras", "keras", "tf"),
    ("tensorflow.optimizers", "keras.optimizers", "tf"),
    ("tensorflow.losses", "keras.losses", "tf"),
    ("tensorflow.metrics", "keras.metrics", "tf"),
    ("tensorflow.initializers", "keras.initializers", "tf"),
    ("tf_keras.src", "keras", "src"),
    ("tf_keras", "keras", "tf_keras"),
    ("keras.api._v2.keras", "keras", "private"),
    ("keras.api._v1.keras", "keras", "private"),
    ("keras.src", "keras", "src"),
    ("keras", "keras", "keras"),
)

# Keras has several names for these; detectors ask for the ones on the right.
_SAME = {
    "keras.models.Sequential": "keras.Sequential",
    "keras.models.Model": "keras.Model",
    "keras.layers.Input": "keras.Input",
    "keras.layers.Layer": "keras.Layer",
    "keras.models.Input": "keras.Input",
    "keras.engine.topology.Layer": "keras.Layer",
    "keras.layers.MaxPool1D": "keras.layers.MaxPooling1D",
    "keras.layers.MaxPool2D": "keras.layers.MaxPooling2D",
    "keras.layers.MaxPool3D": "keras.layers.MaxPooling3D",
    "keras.layers.AvgPool1D": "keras.layers.AveragePooling1D",
    "keras.layers.AvgPool2D": "keras.layers.AveragePooling2D",
    "keras.layers.AvgPool3D": "keras.layers.AveragePooling3D",
    "keras.layers.GlobalMaxPool1D": "keras.layers.GlobalMaxPooling1D",
    "keras.layers.GlobalMaxPool2D": "keras.layers.GlobalMaxPooling2D",
    "keras.layers.GlobalMaxPool3D": "keras.layers.GlobalMaxPooling3D",
    "keras.layers.GlobalAvgPool1D": "keras.layers.GlobalAveragePooling1D",
    "keras.layers.GlobalAvgPool2D": "keras.layers.GlobalAveragePooling2D",
    "keras.layers.GlobalAvgPool3D": "keras.layers.GlobalAveragePooling3D",
    "keras.layers.Convolution1D": "keras.layers.Conv1D",
    "keras.layers.Convolution2D": "keras.layers.Conv2D",
    "keras.layers.Convolution3D": "keras.layers.Conv3D",
    "keras.layers.CuDNNLSTM": "keras.layers.LSTM",
    "keras.layers.CuDNNGRU": "keras.layers.GRU",
    "keras.optimizers.sgd": "keras.optimizers.SGD",
    "keras.optimizers.adam": "keras.optimizers.Adam",
    "keras.optimizers.rmsprop": "keras.optimizers.RMSprop",
    "keras.preprocessing.sequence.pad_sequences": "keras.utils.pad_sequences",
    "keras.losses.mse": "keras.losses.mean_squared_error",
    "keras.losses.MSE": "keras.losses.mean_squared_error",
    "keras.initializers.he_normal": "keras.initializers.HeNormal",
    "tensorflow.random.set_random_seed": "tensorflow.random.set_seed",
}


def refer(name: str, legacy: bool = False) -> Ref:
    """Returns the reference for an absolute name.

    Args:
        name: As Python would import it: `tensorflow.keras.layers.Dense`.
        legacy: Whether `tensorflow.keras` is Keras 2 here.
    """
    if name.startswith("keras.api.") and not name.startswith("keras.api._v"):
        return Ref(name, canonical(f"keras.{name.removeprefix('keras.api.')}"), "keras")
    for root, normal, via in _ROOTS:
        if name == root or name.startswith(f"{root}."):
            qualified = normal + name[len(root) :]
            way = "tf_keras" if legacy and via == "tf" else via
            return Ref(qualified, canonical(qualified), way)
    return Ref(name, name)


@cache
def canonical(name: str) -> str:
    """Returns the name that Keras 3 has for a thing that once had this one."""
    for _ in range(3):
        new = _renamed(name)
        if new == name:
            break
        name = new
    return name


def _renamed(name: str) -> str:
    names, modules = _renames()
    if name in _SAME:
        return _SAME[name]
    if name in names:
        return names[name]
    head = name
    while "." in head:
        head = head.rpartition(".")[0]
        if head in modules:
            return f"{modules[head]}{name[len(head) :]}"
        if head in _SAME or head in names:
            return f"{_SAME.get(head) or names[head]}{name[len(head) :]}"
    return name


@cache
def _renames() -> tuple[dict[str, str], dict[str, str]]:
    """Returns the renamed names and modules of the rules."""
    names: dict[str, str] = {}
    modules: dict[str, str] = {}
    for rule in load_rules().values():
        names |= {old: new for old, new in _table(rule.match, "names").items() if new}
        modules |= {old: new for old, new in _table(rule.match, "modules").items() if new}
    return names, modules


def _table(match: object, key: str) -> dict[str, str]:
    table = match.get(key, {}) if hasattr(match, "get") else {}
    return table if isinstance(table, dict) else {}
