"""The bare script beside `kerastut run`: `python -m benchmarks.bare_fit RECIPE EPOCHS BATCH`.

It imports Keras, loads the same data, builds the recipe's model and calls `fit` as Keras has it.
"""

import sys
from importlib import import_module
from inspect import signature
from typing import Any

import keras

from benchmarks.first_step import FirstStep

VALIDATION = 5000


def pairs(recipe: str, module: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Returns the recipe's training and validation arrays, by the shortest way."""
    if recipe.endswith("mnist"):
        from benchmarks import data

        (x, y), _ = data.mnist()
        x = x[..., None]
        return (x[:-VALIDATION], y[:-VALIDATION]), (x[-VALIDATION:], y[-VALIDATION:])
    from kerastut.data import load
    from kerastut.train import encoded

    splits = load(module.RECIPE.dataset)
    if hasattr(module, "encoder"):
        splits = encoded(splits, module.encoder(splits.train.x))
    return (splits.train.x, splits.train.y), (splits.validation.x, splits.validation.y)


def main() -> None:
    """Trains."""
    recipe, epochs, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    module = import_module(f"kerastut.recipes.{recipe.replace('-', '_')}")
    keras.utils.set_random_seed(0)
    train, validation = pairs(recipe, module)
    steps = -(-len(train[1]) // batch) * epochs
    scheduled = "total_steps" in signature(module.build).parameters
    model = module.build(**({"total_steps": steps} if scheduled else {}))
    model.fit(
        *train,
        batch_size=batch,
        epochs=epochs,
        validation_data=validation,
        callbacks=[FirstStep()],
        verbose=2,
    )


if __name__ == "__main__":
    main()
