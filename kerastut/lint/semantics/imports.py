"""The ways to reach Keras, made one."""

from ..rules.renames import aliases, canonical
from .values import Ref


def refer(name: str, legacy: bool = False) -> Ref:
    """Returns the reference for an absolute name.

    Args:
        name: As Python would import it: `tensorflow.keras.layers.Dense`.
        legacy: Whether `tensorflow.keras` is Keras 2 here.
    """
    if name.startswith("keras.api.") and not name.startswith("keras.api._v"):
        return Ref(name, canonical(f"keras.{name.removeprefix('keras.api.')}"), "keras")
    for root, normal, via in aliases()["roots"]:
        if name == root or name.startswith(f"{root}."):
            qualified = normal + name[len(root) :]
            way = "tf_keras" if legacy and via == "tf" else via
            return Ref(qualified, canonical(qualified), way)
    return Ref(name, name)
