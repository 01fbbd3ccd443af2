"""Runs a program's blocks in this process, cut short; it has been closed in before."""

import argparse
import ast
import builtins
import concurrent.futures
import contextlib
import inspect
import linecache
import multiprocessing
import optparse
import os
import re
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from itertools import islice
from multiprocessing import dummy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from kerastut.migration.adapting import SOME, Loops, Moved
from kerastut.migration.datasets import serve, served
from kerastut.migration.maker import TREES
from kerastut.migration.making import SIDE
from kerastut.migration.packages import Nothing
from kerastut.migration.passing import ENTERS, GIVES, LETS, TRIES, Passed, Passing, without_ours
from kerastut.migration.places import parsed
from kerastut.migration.programs import WORK, lines_of
from kerastut.migration.shortening import STEPS, count_sessions, cut_model, with_last
from kerastut.migration.standins import stand_in
from kerastut.migration.wanted import Wanted
from kerastut.migration.wrapping import taken

RUN = "_kerastut_run"  # the name of what runs a file that a cell has written
SHARE = 4  # part of its time after which a program's own loops end that train
LONGEST = 100_000  # characters of a traceback
_HOMES = "keras.", "keras._tf_keras.keras."  # of modules; the latter count for TensorFlow
_TRAINS = re.compile(r"\.(?:fit|fit_generator|train_on_batch)\(")
_NAMED = re.compile(r"\s*(\w+) *=[^=]")  # what a line gives a value to
# A cell that is a file, and lines that run such; the sign of a comment is the reader's.
_WRITTEN = re.compile(r"\s*#%(?:write)?file +(?:-a +)?[\"']?([\w./-]+\.py)\b.*")
_RUN = re.compile(r"(?m)^#(?:run|python3?)(?: +-\w+)* +[\"']?([\w./-]+?)(?:\.py)?[\"']?(?: .*)?$")
_ENDLESS = -1  # `tf.data.INFINITE_CARDINALITY`: a program has its own end for these

# What a program shows how it is called for the lack of.
_ASKED = re.compile(r"if not \w+\.(\w+)\b[^\n]*:\s+\w+\.(?:error|print_help|print_usage)")
_PLACE = re.compile(
    r"(?i)^(?!.*(?:model|weight|resume|load|out|save|log)).*(?:path|dir|folder|data)"
)


class LimitError(BaseException):
    """The time is over."""


def _trains(word: object) -> bool:
    return isinstance(word, str) and "train" in word.lower()


class _Answer(str):
    """Stands in for what nobody types: a text, or 1 where a number is wanted, or to train."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) is True or _trains(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0


class _Arguments(list[str]):
    """Answers for the command line that nobody has given."""

    words: Mapping[int, str] = MappingProxyType({})  # that the program compares with, by place

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice) or (
            place not in self.words and -len(self) <= place < len(self)
        ):
            return super().__getitem__(place)
        return self.words.get(place, _Answer("1"))

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or _trains(word)


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
        that are not there and were made up, and `parts`, of what these consist of; `passed`, the
        tracebacks of statements that were passed over.
    """
    name, blocks = task["name"], task["blocks"]
    lines = lines_of(blocks)
    linecache.cache[name] = (sum(map(len, lines)), None, [f"{line}\n" for line in lines], name)
    # A cell that cannot be read leaves the others.
    cells = parsed("\n" * (first - 1) + source for first, source in blocks)
    TREES[name] = ast.Module([node for cell in cells for node in cell.body], [])
    module = types.ModuleType("__main__")
    if task["script"]:
        module.__file__ = name
        module.__package__ = task["package"] or None
    if name.endswith(".ipynb"):
        shell = Nothing(of="shell", gives=lambda _: None)
        builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    os.environ.pop("KERAS_BACKEND", None)
    root, made_up, parts = Path(task["scratch"]), list[str](), list[str]()
    sources = [*(source for _, source in blocks), *task["helpers"]]
    wanted = Wanted(sources, task["hints"])
    sys.argv = arguments = _Arguments([name, *["1"] * (wanted.argued - 1)])
    arguments.words = wanted.arguments
    passed = Passed(root, wanted, made_up) if wanted.passing else None
    trained = cut(root, wanted, made_up, parts, passed)
    moved, loops = Moved(str(root / WORK)), Loops(parsed(sources))
    setattr(builtins, SOME, _some_of(task["seconds"] / SHARE))
    if passed:
        for word in (LETS, GIVES, TRIES, ENTERS):
            setattr(builtins, word, getattr(passed, word.rpartition("_")[2]))

    def adapted(source: Any, path: str) -> types.CodeType:
        tree = loops.visit(moved.visit(ast.parse(source, path)))
        tree = Passing().visit(tree) if passed else tree
        return compile(tree, path, "exec", dont_inherit=True)

    files = dict[str, str]()  # that cells have written

    def runs(told: re.Match[str]) -> str:
        known = f"{told[1]}.py" in files
        return f"{RUN}({told[1] + '.py'!r})" if known else told[0]

    setattr(builtins, RUN, lambda path: exec(adapted(files[path], name), module.__dict__))
    _adapt_modules(root, adapted)
    found: dict[str, Any] = {"end": "ran", "traceback": "", "lines": []}
    signal.signal(signal.SIGXCPU, _stop)
    first = 0
    try:
        for first, source in blocks:
            padded = "\n" * (first - 1) + source
            if written := _WRITTEN.match(source):
                Path(written[1]).parent.mkdir(parents=True, exist_ok=True)
                Path(written[1]).write_text(padded, encoding="utf-8")
                files[written[1]] = padded
            else:
                exec(adapted(_RUN.sub(runs, padded), name), module.__dict__)
        first = len(lines)
        _check_backend()
    except SystemExit as end:
        trains = _TRAINS.search("".join(source for _, source in blocks)) and not trained[0]
        if trains or end.code not in (None, 0):
            found = _failure("raised", name, end)
    except LimitError as error:
        found = _failure("limit", name, error)
    except BaseException as error:
        found = _failure("raised", name, error)
        if not found["lines"]:  # it could not even be read
            found["lines"] = [first]
    told = {"trained": trained[0], "made_up": made_up, "parts": parts}
    return found | told | {"passed": passed.told if passed else []}


def _adapt_modules(root: Path, adapted: Callable[[Any, str], types.CodeType]) -> None:
    """Has the program's own modules adapted as it is itself, when it imports them."""
    original = SourceFileLoader.source_to_code

    def compiled(self: Any, data: Any, path: Any, **options: Any) -> types.CodeType:
        ours = str(path).startswith(str(root))
        return adapted(data, path) if ours else original(self, data, path, **options)

    SourceFileLoader.source_to_code = compiled  # type: ignore[method-assign]


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
    told = without_ours(error)
    text = "".join(told.format())
    lines = [frame.lineno for frame in told.stack if frame.filename == name]
    return {"end": end, "traceback": text[-LONGEST:], "lines": lines}


def cut(
    root: Path,
    wanted: Wanted,
    made_up: list[str],
    parts: list[str],
    passed: Passed | None = None,
) -> list[int]:
    """Cuts short what takes long, answers what waits, and gives data that are not there.

    Args:
        root: The folder of its files, whose own loops over data sets end early.
        wanted: What the program expects of its data.
        made_up: Takes the names of data that are made up.
        parts: Takes these and the names of their parts.
        passed: Has models do with data of their own shapes what they cannot do with others.

    Returns:
        The number of trainings so far, as the only item.
    """
    import keras
    import matplotlib
    import matplotlib.pyplot as plt
    import tensorflow as tf
    import tensorflow.summary as summary  # which is another module as long as nobody has

    trained = [0]
    builtins.input = _answers(wanted)
    builtins.display = print  # type: ignore[attr-defined]
    time.sleep = lambda *_: None
    os.system = lambda *_: 0
    for name in (*dummy.__all__, "Semaphore", "BoundedSemaphore"):
        # Processes, and what they share, want a place outside; there are but threads.
        kind = getattr(dummy, name)
        setattr(multiprocessing.context.BaseContext, name, staticmethod(kind))
        setattr(multiprocessing, name, kind)
    concurrent.futures.ProcessPoolExecutor = concurrent.futures.ThreadPoolExecutor  # type: ignore
    with contextlib.suppress(ImportError):
        if "sklearn" in wanted.source or "joblib" in wanted.source:
            import joblib

            joblib.parallel_config(backend="sequential")
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
        home.utils.model_to_dot = lambda *_, **__: Nothing(of="graph", gives=lambda _: "<svg/>")
    if find_spec("tensorboard") is None:  # which nobody would look at
        for name in ("scalar", "image", "histogram", "text", "graph", "trace_export"):
            setattr(summary, name, lambda *_, **__: True)
    for home in _HOMES:  # `tensorflow.keras` is imported anew else, as what has no stand-ins
        for name, module in [*sys.modules.items()]:
            if name.startswith(home):
                sys.modules[name.replace(home, "tensorflow.keras.", 1)] = module
    _take_devices(tf, str(root))
    stand_in((keras, tf.keras), root, wanted, made_up, parts)
    _answer_commands(wanted)
    models = cut_model(keras, trained, passed.fits if passed else None)
    count_sessions(tf, trained)
    for home in (keras.models, keras.saving, tf.keras.models):
        for name in ("load_model", "model_from_json"):
            if original := getattr(home, name, None):
                setattr(home, name, with_last(original, models, wanted, made_up))
    iterate, steps = tf.data.Dataset.__iter__, "apply_gradients" in wanted.source

    def some(dataset: Any) -> Any:
        whole = iterate(dataset)
        ours = steps and sys._getframe(1).f_code.co_filename.startswith(str(root))
        return islice(whole, STEPS) if ours and int(dataset.cardinality()) != _ENDLESS else whole

    tf.data.Dataset.__iter__ = some
    return trained


def _answers(wanted: Wanted) -> Callable[..., str]:
    """Returns what answers a question: a word that the program compares with, to train at best."""

    def answer(*_: Any) -> str:
        frame = sys._getframe(1)
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        name = _NAMED.match(line)
        words = wanted.values.get(name[1], ()) if name else ()
        return _Answer(next(filter(_trains, words), next(iter(words), "")))

    return answer


def _take_devices(tf: Any, root: str) -> None:
    """Has a program that asks for a graphics card find one by name; it works without."""
    original, card = tf.config.list_physical_devices, "/physical_device:GPU:0"

    def devices(device_type: str | None = None) -> list[Any]:
        ours = sys._getframe(1).f_code.co_filename.startswith(root)
        asked = ours and device_type == "GPU"
        return [tf.config.PhysicalDevice(card, "GPU")] if asked else original(device_type)

    for home in (tf.config, tf.config.experimental):
        home.list_physical_devices = devices
        for name in filter(
            re.compile("set_(?:memory|virtual|logical|visible)_.*").match, dir(home)
        ):
            setattr(home, name, lambda *_, **__: None)
    tf.test.gpu_device_name = lambda: "/device:GPU:0"
    tf.test.is_gpu_available = lambda *_, **__: True


def _answer_commands(wanted: Wanted) -> None:
    """Gives the arguments that a command line lacks, whatever reads them."""
    asked, argparser = {*_ASKED.findall(wanted.source)}, argparse.ArgumentParser
    options, parse_options = optparse.OptionParser, optparse.OptionParser.parse_args
    parse_arguments = argparser.parse_known_args
    sources = re.sub(r"\b(?:args|FLAGS|opt)\.", "", wanted.source)

    def parsed_arguments(parser: Any, args: Any = None, namespace: Any = None) -> Any:
        given = sys.argv[1:] if args is None else list(args)
        for action in parser._actions if not given else ():
            choices = [*map(str, action.choices or wanted.values.get(action.dest, ()))]
            trains = [*filter(_trains, choices)]
            asks = _trains(action.dest) and action.default in (False, None)
            required = action.required or (action.dest in asked and action.default is None)
            if required or (trains and action.default not in trains):
                choice = next(iter(trains or choices), None)
                number = action.type in (int, float)
                folder = "out/" * (f"dirname({action.dest})" in sources)
                size = "64" if SIDE.search(action.dest) else "1"
                value = str(choice) if choice else size if number else _Answer(folder + action.dest)
                count = action.nargs if isinstance(action.nargs, int) else 1
                given += [*action.option_strings[:1], *[value] * count]
            elif asks and (action.nargs == 0 or action.type is bool):
                given += [*action.option_strings[:1], *["1"] * (action.nargs != 0)]
        for action in parser._actions if given and not sys.argv[1:] else ():
            # Who says what is to be done says with what, too.
            plain = action.default is None and action.type in (None, str) and action.nargs is None
            if plain and _PLACE.search(action.dest) and action.option_strings:
                given = [action.option_strings[0], _Answer(action.dest), *given]
        return parse_arguments(parser, given, namespace)

    def parsed_options(parser: Any, *given: Any, **named: Any) -> Any:
        values, left = parse_options(parser, *given, **named)
        for name in asked:
            if getattr(values, name, "") is None:
                setattr(values, name, _Answer(name))
        return values, left

    argparser.parse_known_args = parsed_arguments  # type: ignore[method-assign, assignment]
    options.parse_args = parsed_options  # type: ignore[method-assign, assignment]
    with contextlib.suppress(ImportError):
        if "click" in wanted.source:
            answer_click()


def answer_click() -> None:
    """Gives commands of click the arguments that they lack, and a group of them one of these."""
    import click

    make_context = click.Command.make_context

    def context(command: Any, name: Any, args: list[str], *given: Any, **named: Any) -> Any:
        if known := [*getattr(command, "commands", ())] if not args else []:
            args = [next(filter(_trains, known), known[0])]  # of a group, which asks for one
        for one in command.params if not args else ():
            if one.required:
                choices = getattr(one.type, "choices", ())
                number = one.type.name in ("integer", "float")
                value = next(iter(choices), "1" if number else _Answer(one.name))
                args = [*args, *[one.opts[0]] * (one.param_type_name == "option"), value]
        return make_context(command, name, args, *given, **named)

    click.Command.make_context = context  # type: ignore[method-assign, assignment]


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
    def build(bound: inspect.BoundArguments) -> Any:
        weights = bound.arguments["weights"]
        if isinstance(weights, str) and not Path(weights).exists():
            bound.arguments["weights"] = None
        return function(*bound.args, **bound.kwargs)

    return taken(function, build)


def _decoded(preds: Any, top: int = 5) -> list[list[tuple[str, str, float]]]:
    return [[("n0", "class", float(one)) for one in sorted(row)[: -top - 1 : -1]] for row in preds]
