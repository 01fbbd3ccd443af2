"""A tutorial's settings in plain Keras: seconds of `fit` and the test metric at its end."""

import time
from typing import Any

import numpy as np

from benchmarks.counterparts import Counterpart, counterpart


def measure(
    name: str, seed: int, epochs: int | None = None, limit: int | None = None
) -> dict[str, Any]:
    """Trains; `epochs` and `limit` shorten it."""
    import keras

    from benchmarks import models

    chosen = counterpart(name)
    train, test = _arrays(chosen, seed, limit)
    keras.utils.set_random_seed(seed)
    net = getattr(models, chosen.model)()
    optimizer = keras.optimizers.get(chosen.optimizer)
    if chosen.rate is not None:
        optimizer.learning_rate = chosen.rate
    net.compile(
        optimizer=optimizer, loss=_loss(net, test[1]), metrics=_metrics(chosen), jit_compile=False
    )
    validation: dict[str, Any] = {"validation_data": test} if chosen.validation == "test" else {}
    if isinstance(chosen.validation, float):
        validation = {"validation_split": chosen.validation}
    began = time.perf_counter()
    net.fit(
        *train,
        batch_size=chosen.batch_size,
        epochs=epochs or chosen.epochs,
        verbose=2,
        **validation,
    )
    seconds = time.perf_counter() - began
    found = net.evaluate(*test, batch_size=1000, verbose=0, return_dict=True)
    return {"seconds": seconds, "metric": found[chosen.metric]}


def _arrays(chosen: Counterpart, seed: int, limit: int | None) -> list[tuple[Any, Any]]:
    """Returns training and test arrays as the tutorials prepare them.

    Images are float32 from 0 to 1 and labels of ten classes one-hot float64.
    """
    from kerastut.registry import get_recipe, load_module, resolve
    from kerastut.train import load_data

    recipe = get_recipe(chosen.recipe)
    data = load_data(resolve(recipe, {}, seed=seed, limit=limit))
    module = load_module(recipe)
    if hasattr(module, "encoder"):
        from kerastut.train import encoded

        data = encoded(data, module.encoder(data.train.x))
    x, y = data.train.x, data.train.y
    if chosen.everything:
        x = np.concatenate([x, data.validation.x])
        y = np.concatenate([y, data.validation.y])
    return [_prepared(x, y, data.classes), _prepared(data.test.x, data.test.y, data.classes)]


def _prepared(x: Any, y: Any, classes: tuple[str, ...]) -> tuple[Any, Any]:
    if x.dtype == np.uint8:
        x = x.astype("float32") / 255
    return x, np.eye(len(classes))[y] if len(classes) > 2 else y


def _loss(net: Any, y: Any) -> str:
    if y.ndim == 2:
        return "categorical_crossentropy"
    return "mse" if net.layers[-1].activation.__name__ == "linear" else "binary_crossentropy"


def _metrics(chosen: Counterpart) -> list[str]:
    return [] if chosen.metric == "loss" else [chosen.metric]
