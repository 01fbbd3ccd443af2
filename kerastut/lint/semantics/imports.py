"""The ways to reach Keras, made one."""

from ..rules.renames import canonical
from .values import Ref

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
