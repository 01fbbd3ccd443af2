"""Runs a program's blocks in this process, cut short; it has been closed in before."""

import argparse
import ast
import builtins
import contextlib
import inspect
import linecache
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from kerastut.migration.adapting import SOME, Loops, Moved
from kerastut.migration.datasets import serve, served
from kerastut.migration.programs import lines_of
from kerastut.migration.standins import stand_in
from kerastut.migration.wanted import Wanted

STEPS = 3  # batches of a training, an evaluation or a prediction
ROWS = 30  # batches of arrays that a training is given, some of which it may keep for validation
MANY = 10  # items from which on a list is no list of arrays
OFTEN = 3  # times that a model does the same; then it gives the last result again
SHARE = 4  # part of its time after which a program's own loops end that train
LONGEST = 100_000  # characters of a traceback
_OURS = Path(__file__).parent
_ENDLESS = -1  # `tf.data.INFINITE_CARDINALITY`: a program has its own end for these


class LimitError(BaseException):
    """The time is over."""


class _Some:
    """The first elements of a data set, which the program itself goes through."""

    def __init__(self, whole: Any) -> None:
        self._whole, self._left = whole, STEPS

    def __iter__(self) -> "_Some":
        return self

    def __next__(self) -> Any:
        self._left -= 1
        if self._left < 0:
            raise StopIteration
        return next(self._whole)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


class _Drawing:
    """Stands in for a graph that another program would draw."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        return lambda *_, **__: "<svg/>"


class _Answer(str):
    """Stands in for what nobody types: an empty line, or 1 where a number is wanted."""

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0


class _Arguments(list[str]):
    """Answers for the command line that nobody has given."""

    def __getitem__(self, place: Any) -> Any:
        given = isinstance(place, slice) or -len(self) <= place < len(self)
        return super().__getitem__(place) if given else "1"


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Runs a program and tells how it ended.

    Args:
        task: `name`, that of its file; `blocks`, pairs of a first line and the source; `script`,
            whether it is Python's own file; `package`, the one that it is a module of; `scratch`,
            the folder that holds its files; `helpers`, the texts of its modules; `hints`, what
            earlier runs have told of its data.

    Returns:
        `end`: `ran`, `raised` or `limit`; `traceback`; `lines`, those of the program that were
        being run, outermost first; `trained`, the number of trainings; `made_up`, the names of data
        that are not there and were made up.
    """
    name, blocks = task["name"], task["blocks"]
    lines = lines_of(blocks)
    linecache.cache[name] = (sum(map(len, lines)), None, [f"{line}\n" for line in lines], name)
    module = types.ModuleType("__main__")
    if task["script"]:
        module.__file__ = name
        module.__package__ = task["package"] or None
    sys.modules["__main__"] = module
    sys.argv = _Arguments([name])
    os.environ.pop("KERAS_BACKEND", None)
    root, made_up = Path(task["scratch"]), list[str]()
    wanted = Wanted([*(source for _, source in blocks), *task["helpers"]], task["hints"])
    trained = cut(root, wanted, made_up)
    moved = Moved(str(root / "work"))
    loops = Loops()
    module.__dict__[SOME] = _some_of(task["seconds"] / SHARE)
    found: dict[str, Any] = {"end": "ran", "traceback": "", "lines": []}
    signal.signal(signal.SIGXCPU, _stop)
    first = 0
    try:
        for first, source in blocks:
            tree = loops.visit(moved.visit(ast.parse("\n" * (first - 1) + source, name)))
            exec(compile(tree, name, "exec", dont_inherit=True), module.__dict__)
        first = len(lines)
        _check_backend()
    except SystemExit as end:
        if end.code not in (None, 0):
            found = _failure("raised", name, end)
    except LimitError as error:
        found = _failure("limit", name, error)
    except BaseException as error:
        found = _failure("raised", name, error)
        if not found["lines"]:  # it could not even be read
            found["lines"] = [first]
    return found | {"trained": trained[0], "made_up": made_up}


def _some_of(seconds: float) -> Callable[[Any], Iterator[Any]]:
    """Returns what goes through a loop's elements: the first ones, and more while there is time."""

    def some(whole: Any) -> Iterator[Any]:
        for number, element in enumerate(whole):
            if number >= STEPS and time.process_time() > seconds:
                return
            yield element

    return some


def _stop(*_: Any) -> None:
    raise LimitError


def _check_backend() -> None:
    """Fails as Keras, which was imported before, does for a backend of the past."""
    wanted = os.environ.get("KERAS_BACKEND", "tensorflow")
    if wanted not in ("tensorflow", "jax", "torch", "openvino"):
        raise ValueError(f"Unable to import backend : {wanted}")


def _failure(end: str, name: str, error: BaseException) -> dict[str, Any]:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent != _OURS
    ]
    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list(frames)
    text = "".join(told.format())
    lines = [frame.lineno for frame in frames if frame.filename == name]
    return {"end": end, "traceback": text[-LONGEST:], "lines": lines}


def cut(root: Path, wanted: Wanted, made_up: list[str]) -> list[int]:
    """Cuts short what takes long, answers what waits, and gives data that are not there.

    Args:
        root: The folder of its files, whose own loops over data sets end early.
        wanted: What the program expects of its data.
        made_up: Takes the names of data that are made up.

    Returns:
        The number of trainings so far, as the only item.
    """
    import keras
    import matplotlib
    import matplotlib.pyplot as plt
    import tensorflow as tf

    trained = [0]
    builtins.input = lambda *_: _Answer()
    builtins.display = print  # type: ignore[attr-defined]
    time.sleep = lambda *_: None
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"):
        # Those of processes want a place outside; there is but this process.
        kind = getattr(threading, name)
        setattr(multiprocessing.context.BaseContext, name, staticmethod(kind))
        setattr(multiprocessing, name, kind)
    matplotlib.use = lambda *_, **__: None  # a window, which nobody would see
    plt.show = lambda *_, **__: plt.close("all")
    np.random.seed(0)
    for home in (keras, tf.keras):
        for name, functions in served().items():
            for function, put in functions.items():
                with contextlib.suppress(AttributeError):
                    serve(getattr(home.datasets, name), function, put)
        _without_weights(home.applications)
        home.utils.plot_model = lambda *_, **__: None  # which starts another program
        home.utils.model_to_dot = lambda *_, **__: _Drawing()
    stand_in((keras, tf.keras), root, wanted, made_up)
    argparse.ArgumentParser.parse_args = _answered(argparse.ArgumentParser.parse_args)  # type: ignore[method-assign]
    models = _cut_model(keras, trained)
    for home in (keras.models, keras.saving, tf.keras.models):
        home.load_model = _with_last(home.load_model, models, made_up)
    iterate = tf.data.Dataset.__iter__

    def some(dataset: Any) -> Any:
        whole = iterate(dataset)
        ours = sys._getframe(1).f_code.co_filename.startswith(str(root))
        return _Some(whole) if ours and int(dataset.cardinality()) != _ENDLESS else whole

    tf.data.Dataset.__iter__ = some
    return trained


def _answered(original: Callable[..., Any]) -> Callable[..., Any]:
    """Returns what gives the arguments that a command line lacks."""

    def parse_args(parser: Any, args: Any = None, namespace: Any = None) -> Any:
        given = sys.argv[1:] if args is None else list(args)
        for action in parser._actions if not given else ():
            if action.required:
                choice = next(iter(action.choices or ()), None)
                value = str(choice or ("1" if action.type in (int, float) else action.dest))
                count = action.nargs if isinstance(action.nargs, int) else 1
                given += [*action.option_strings[:1], *[value] * count]
        return original(parser, given, namespace)

    return parse_args


def _without_weights(applications: Any) -> None:
    """Has networks begin with chance where they would download ImageNet's weights."""
    modules = [item for item in vars(applications).values() if inspect.ismodule(item)]
    for module in (applications, *modules):
        for name, function in list(vars(module).items()):
            if inspect.isfunction(function) and "weights" in inspect.signature(function).parameters:
                setattr(module, name, _with_chance(function))
            elif name == "decode_predictions":
                module.decode_predictions = _decoded


def _with_chance(function: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @wraps(function)
    def build(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        if bound.arguments["weights"] == "imagenet":
            bound.arguments["weights"] = None
        return function(*bound.args, **bound.kwargs)

    return build


def _decoded(preds: Any, top: int = 5) -> list[list[tuple[str, str, float]]]:
    return [[("n0", "class", float(one)) for one in sorted(row)[: -top - 1 : -1]] for row in preds]


def _with_last(
    original: Callable[..., Any], models: "WeakKeyDictionary[Any, Any]", made_up: list[str]
) -> Callable[..., Any]:
    """Returns what loads a model: where there is none, the last one that the program has used."""

    @wraps(original)
    def load(filepath: Any, *args: Any, **kwargs: Any) -> Any:
        used = list(models)
        if not used or not isinstance(filepath, (str, Path)) or Path(filepath).exists():
            return original(filepath, *args, **kwargs)
        made_up.append(str(filepath))
        return used[-1]

    return load


def _cut_model(keras: Any, trained: list[int]) -> "WeakKeyDictionary[Any, Any]":
    """Cuts short what models do; returns those that do something, in their order."""

    class Cut(keras.callbacks.Callback):  # type: ignore[misc]
        """Ends after some batches, be they of one epoch or of several."""

        trained = 0

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.trained += 1
            if self.trained >= STEPS:
                self.model.stop_training = True

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch + 1 >= STEPS:
                self.model.stop_evaluating = True

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch + 1 >= STEPS:
                self.model.stop_predicting = True

    done: WeakKeyDictionary[Any, dict[Any, list[Any]]] = WeakKeyDictionary()
    for name in (
        "fit",
        "evaluate",
        "predict",
        "train_on_batch",
        "test_on_batch",
        "predict_on_batch",
    ):
        original = getattr(keras.Model, name)
        setattr(keras.Model, name, _shortened(original, Cut, done, trained))
    return done


def _shortened(
    original: Callable[..., Any],
    ender: type,
    done: "WeakKeyDictionary[Any, dict[Any, list[Any]]]",
    trained: list[int],
) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:
            return original(self, *args, **kwargs)  # says it in its own words
        bound.apply_defaults()
        given = bound.arguments
        one_number = original.__name__ in ("train_on_batch", "test_on_batch")
        key = (original.__name__, "" if one_number else str(_shapes(given.get("x"))))
        results = done.setdefault(self, {}).setdefault(key, [])
        if len(results) == OFTEN:
            return results[-1]
        x = given.get("x")
        if "batch_size" in given:
            _lessen(given, ROWS if original.__name__ == "fit" else STEPS)
        if "callbacks" in given:
            callbacks = given["callbacks"] or []
            callbacks = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
            given["callbacks"] = [*callbacks, ender()]
        result = original(*bound.args, **bound.kwargs)
        if original.__name__ in ("fit", "train_on_batch"):
            trained[0] += 1
        if original.__name__ == "fit":
            _lengthen(result, given["epochs"] - given["initial_epoch"])
        elif original.__name__ == "predict":
            result = _filled(result, x, given["steps"])
        results.append(result)
        return result

    return method


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


def _filled(result: Any, x: Any, steps: int | None) -> Any:
    """Repeats predictions, so that there are as many as the program gave samples."""
    import keras

    first = next(iter(keras.tree.flatten(x)), None) if isinstance(x, (list, tuple, dict)) else x
    shape = getattr(first, "shape", None)
    count = shape[0] if shape else None if steps else getattr(x, "n", None)
    if count is None and (batches := steps or (len(x) if hasattr(x, "__len__") else None)):
        rows = len(keras.tree.flatten(result)[0])
        count = rows // STEPS * batches if batches > STEPS else rows
    if count is None:
        return result
    return keras.tree.map_structure(lambda a: a[np.arange(count) % max(len(a), 1)], result)


def _shapes(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) < MANY:
        return [_shapes(one) for one in value]
    if isinstance(value, dict):
        return {key: _shapes(one) for key, one in value.items()}
    return getattr(value, "shape", type(value))
