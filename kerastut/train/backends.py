"""What Keras's backends need beside TensorFlow's own."""

from types import ModuleType

import keras

from kerastut.errors import ParameterError
from kerastut.registry import Recipe

BACKENDS = ("tensorflow", "jax")


def require_backend(recipe: Recipe, module: ModuleType) -> None:
    """Refuses a recipe that cannot run on the backend that `KERAS_BACKEND` names.

    Args:
        recipe: What is to run.
        module: Its module.

    Raises:
        ParameterError: Naming the backend that it needs.
    """
    backend = keras.config.backend()
    if backend not in BACKENDS:
        raise ParameterError(
            f"kerastut runs on the backends {' and '.join(BACKENDS)}; received {backend}."
            " Set KERAS_BACKEND to one of them."
        )
    if backend != "tensorflow" and hasattr(module, "encoder"):
        raise ParameterError(
            f"{recipe.name} needs the TensorFlow backend, since its model takes strings; received"
            f" {backend}. Set KERAS_BACKEND=tensorflow."
        )
