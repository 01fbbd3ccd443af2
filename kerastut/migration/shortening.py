"""Cuts short what models do, and remembers which do something."""

import math
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from inspect import BoundArguments
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from kerastut.migration.wanted import Wanted
from kerastut.migration.wrapping import taken

STEPS = 3  # batches of a training, an evaluation or a prediction
ROWS = 30  # batches of arrays that a training is given, some of which it may keep for validation
MANY = 10  # items from which on a list is no list of arrays
SLOW = 8  # seconds of the processor after which no batch follows
LARGEST, LEAST = 2**19, 4  # numbers of a batch of pictures, and pictures in it
Fits = Callable[[Callable[..., Any], BoundArguments, Exception], Any]
DRAWN = 500  # points of a drawing that takes the longer the more there are
OFTEN = 3  # times that a model does the same; then it gives the last result again


def with_last(
    original: Callable[..., Any],
    models: "WeakKeyDictionary[Any, Any]",
    wanted: Wanted,
    made_up: list[str],
) -> Callable[..., Any]:
    """Returns what loads a model: where there is none, the last one that the program has used.

    A program that builds none gets one of a single layer.

    Args:
        original: Takes the name of a file, or the text of one that may be made up.
        models: Those that the program has used.
        wanted: What it expects.
        made_up: Takes the names of what is made up.
    """
    import keras

    @wraps(original)
    def load(*args: Any, **kwargs: Any) -> Any:
        used, source = list(models), next(iter((*args, *kwargs.values())), None)
        named = isinstance(source, (str, Path))
        if not named or _is_there(str(source)) or not (used or wanted.loads):
            return original(*args, **kwargs)
        made_up.extend([str(source)] * ("\n" not in str(source)))
        if used:
            return used[-1]
        last = keras.layers.Dense(wanted.classes, "softmax")
        inputs = keras.Input(wanted.loaded or wanted.shape)
        model = keras.Sequential([inputs, keras.layers.Flatten(), last])
        model.compile("adam", lambda _, found: keras.ops.mean(found, -1), metrics=["accuracy"])
        return model

    return load


def _is_there(source: str) -> bool:
    """Tells whether a file is there, or this is a model as JSON tells it."""
    with suppress(OSError):  # a text that is too long for a name
        return '"class_name"' in source or Path(source).exists()
    return False


def cut_model(
    keras: Any, trained: list[int], fits: Fits | None = None
) -> "WeakKeyDictionary[Any, Any]":
    """Cuts short what models do; returns those that do something, in their order.

    Args:
        keras: The package.
        trained: Counts the trainings.
        fits: Does once more what a model could not do with the data that it was given.
    """

    class Cut(keras.callbacks.Callback):  # type: ignore[misc]
        """Ends after some batches, be they of one epoch or of several, or after a slow one."""

        def __init__(self) -> None:
            super().__init__()
            self.batches, self._began = 0, time.process_time()

        def _ends(self) -> bool:
            self.batches += 1
            return self.batches >= STEPS or time.process_time() - self._began > SLOW

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_training |= self._ends()

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_evaluating |= self._ends()

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_predicting |= self._ends()

    done: WeakKeyDictionary[Any, dict[Any, list[Any]]] = WeakKeyDictionary()
    for step, *names in (("train", "fit"), ("test", "evaluate"), ("predict", "predict")):
        for name in (*names, f"{step}_on_batch"):
            original = getattr(keras.Model, name)
            setattr(keras.Model, name, _shortened(original, Cut, done, trained, fits))
    for name in ("save", "save_weights"):
        setattr(keras.Model, name, _linked(getattr(keras.Model, name)))
    for name in ("train_step", "test_step", "predict_step"):
        setattr(keras.Model, name, _lightened(getattr(keras.Model, name)))
    return done


def _linked(original: Callable[..., Any]) -> Callable[..., Any]:
    """Returns what writes a model a few times; then its last file gets the further names.

    A network that is kept after each of a hundred epochs would fill the disk with the same numbers.
    """
    written: WeakKeyDictionary[Any, dict[str, list[Path]]] = WeakKeyDictionary()

    def save(bound: BoundArguments) -> None:
        given = bound.arguments["filepath"]
        path = Path(given) if isinstance(given, (str, Path)) else None  # or a file that is open
        kept = written.setdefault(bound.arguments["self"], {})
        files = kept.setdefault(path.suffix if path else "", [])
        if path is None or len(files) < OFTEN or not files[-1].is_file():
            original(*bound.args, **bound.kwargs)
            files += [path] if path else []
        elif not path.exists() and hasattr(os, "link"):  # programs run where it is
            os.link(files[-1], path)

    return taken(original, save)


def count_sessions(tf: Any, trained: list[int]) -> None:
    """Counts the steps of trainings that sessions of TensorFlow 1 run."""
    optimizer, session = tf.compat.v1.train.Optimizer, tf.compat.v1.Session
    apply, run = optimizer.apply_gradients, session.run
    steps = set[int]()

    def applied(*args: Any, **kwargs: Any) -> Any:
        step = apply(*args, **kwargs)
        steps.add(id(step))
        return step

    def ran(self: Any, fetches: Any, *args: Any, **kwargs: Any) -> Any:
        result = run(self, fetches, *args, **kwargs)
        trained[0] += any(id(one) in steps for one in tf.nest.flatten(fetches))
        return result

    optimizer.apply_gradients, session.run = applied, ran


def _lightened(original: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a step that takes of large pictures no more than a few, and predicts the rest."""
    import keras
    import tensorflow as tf

    @wraps(original)
    def step(self: Any, data: Any) -> Any:
        first, most = keras.tree.flatten(data)[0], None
        shape = first.shape.as_list() if isinstance(first, tf.Tensor) and first.shape.rank else []
        if len(shape) > 3:  # rows, and texts, are cheap
            most = max(LARGEST // math.prod(one or 1 for one in shape[1:]), LEAST)
            data = keras.tree.map_structure(lambda a: a if a is None else a[:most], data)
        result = original(self, data)
        if most and original.__name__ == "predict_step":
            rows = tf.shape(first)[0]
            return keras.tree.map_structure(lambda a: _repeated(a, rows), result)
        return result

    return step


def _repeated(rows: Any, count: Any) -> Any:
    """Returns rows of a tensor, from the first on again where there are fewer than so many."""
    import tensorflow as tf

    there = tf.shape(rows)[0]
    return tf.gather(rows, tf.range(tf.maximum(count, there)) % there)


def _shortened(
    original: Callable[..., Any],
    ender: type,
    done: "WeakKeyDictionary[Any, dict[Any, list[Any]]]",
    trained: list[int],
    fits: Fits | None,
) -> Callable[..., Any]:
    def method(bound: BoundArguments) -> Any:
        given = bound.arguments
        one_number = original.__name__ in ("train_on_batch", "test_on_batch")
        key = (original.__name__, "" if one_number else str(_shapes(given.get("x"))))
        results = done.setdefault(given["self"], {}).setdefault(key, [])
        if len(results) == OFTEN:
            return results[-1]
        x = given.get("x")
        if "batch_size" in given:
            _lessen(given, ROWS if original.__name__ == "fit" else STEPS)
        if "callbacks" in given:
            callbacks = given["callbacks"] or []
            callbacks = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
            for one in callbacks:
                if getattr(one, "period", 1) != 1:  # of epochs, of which there is but one
                    one.period = 1
            given["callbacks"] = [*callbacks, end := ender()]
        try:
            result = original(*bound.args, **bound.kwargs)
        except Exception as error:
            if fits is None:
                raise
            result = fits(original, bound, error)
            x = x if x is not None and getattr(x, "shape", None) and len(x) else given.get("x")
        if original.__name__ in ("fit", "train_on_batch"):
            trained[0] += 1
        if original.__name__ == "fit":
            _lengthen(result, given["epochs"] - given["initial_epoch"])
        elif original.__name__ == "predict":
            result = _filled(result, x, given["steps"], end.batches)
        results.append(result)
        return result

    return taken(original, method)


def few(original: Callable[..., Any]) -> Callable[..., Any]:
    """Returns what draws the first rows of data, and the others like them."""

    def draw(bound: BoundArguments) -> Any:
        rows = bound.arguments["X"]
        bound.arguments["X"] = rows[:DRAWN]
        found = original(*bound.args, **bound.kwargs)
        return found[np.arange(np.shape(rows)[0]) % len(found)]

    return taken(original, draw)


def filmed(_: Callable[..., Any]) -> Callable[..., str]:
    """Returns what draws the first pictures of an animation, and keeps none."""

    def draw(animation: Any, *_: Any, **__: Any) -> str:
        animation._init_draw()
        for picture in islice(animation.new_saved_frame_seq(), STEPS):
            animation._draw_next_frame(picture, blit=False)
        return ""

    return draw


def _lessen(given: dict[str, Any], batches: int) -> None:
    """Leaves of arrays no more than is used; to hand them over whole can take minutes."""
    rows = batches * (given["batch_size"] or 32)
    names = [name for name in ("x", "y", "sample_weight") if name in given]
    for name, part in zip(names, _first([given[name] for name in names], rows), strict=True):
        given[name] = part
    if isinstance(given.get("validation_data"), (list, tuple)):
        given["validation_data"] = tuple(_first(list(given["validation_data"]), rows))


def _first(parts: list[Any], rows: int) -> list[Any]:
    """Returns the first rows of arrays, if they are such, and alike in length."""
    import keras

    def leaves(part: Any) -> list[Any]:
        several = isinstance(part, (list, tuple, dict)) and len(part) < MANY
        return keras.tree.flatten(part) if several else [part]

    arrays = [leaf for part in parts for leaf in leaves(part) if leaf is not None]
    if (
        all(isinstance(one, np.ndarray) and one.ndim for one in arrays)
        and len({*map(len, arrays)}) < 2
    ):
        parts = keras.tree.map_structure(lambda one: one if one is None else one[:rows], parts)
    return parts


def _lengthen(history: Any, epochs: int) -> None:
    """Repeats the last epoch, so that a history is as long as the program was told."""
    history.epoch = list(range(epochs))
    for values in history.history.values():
        values += values[-1:] * (epochs - len(values))


def _filled(result: Any, x: Any, steps: int | None, done: int) -> Any:
    """Repeats predictions, so that there are as many as the program gave samples."""
    import keras

    first = next(iter(keras.tree.flatten(x)), None) if isinstance(x, (list, tuple, dict)) else x
    shape = getattr(first, "shape", None)
    count = shape[0] if shape else None if steps else getattr(x, "n", None)
    if count is None and not steps and hasattr(x, "cardinality"):
        count = _rows(x)
    elif count is None and (batches := steps or (len(x) if hasattr(x, "__len__") else None)):
        rows = len(keras.tree.flatten(result)[0])
        count = rows // done * batches if batches > done else rows
    if count is None:
        return result
    return keras.tree.map_structure(lambda a: a[np.arange(count) % max(len(a), 1)], result)


def _rows(dataset: Any) -> int | None:
    """Returns how many samples a data set has; None where it has too many to be counted."""
    import keras

    count, began = 0, time.process_time()
    for batch in dataset:
        count += len(keras.tree.flatten(batch)[0])
        if time.process_time() - began > SLOW:
            return None
    return count


def _shapes(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) < MANY:
        return [_shapes(one) for one in value]
    if isinstance(value, dict):
        return {key: _shapes(one) for key, one in value.items()}
    return getattr(value, "shape", type(value))
