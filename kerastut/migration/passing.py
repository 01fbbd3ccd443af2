"""Passes over statements that made-up data cannot get through, and trains on data that models take.

This is the last resort: nobody has the data, and nothing has told how they must be. What builds,
compiles, trains and saves models still runs, and what is passed over is named.
"""

import ast
import contextlib
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from inspect import BoundArguments
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any

import numpy as np

from kerastut.migration.making import COUNTED, Making
from kerastut.migration.packages import Nothing
from kerastut.migration.places import name_of
from kerastut.migration.uses import Use
from kerastut.migration.wanted import COLUMNS, FEWEST, LONG, OLD, Wanted
from kerastut.train import all_layers, compiled_again

# The names of what decides, of what stands in for values, for an argument of a training, and for
# what is entered by `with`.
LETS, GIVES, TRIES, ENTERS = map("_kerastut_{}".format, ("lets", "gives", "tries", "enters"))
_TRAINS = re.compile(r"(?:fit|evaluate|predict|(?:train|test)_on_batch)(?:_generator)?$")
_OURS = Path(__file__).parent
_ERROR, _TOLD = "_kerastut_error", "_kerastut_told"
_LONGEST = 4000  # characters of a traceback
_MOST = 40  # of them
_ROWS = 64  # of data for a model
_SIDE = 32  # of an axis whose length a model leaves open
_SHAPES = (_SIDE,), (_SIDE, COLUMNS), (_SIDE, _SIDE, 3)  # of rows, of series, of pictures
_FEW = 5  # times that all else may be the same

# Statements that stay as they are: a `raise` is answered by what has called.
_KEPT = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Global, ast.Nonlocal, ast.Pass, ast.Break, ast.Continue, ast.Raise),
)
_INNER = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)
Spec = str | tuple[Any, ...]

# What a call, or a name, tells of a value.
_CALLS = {
    "number": "int|len|round|float|ceil|floor|nunique",
    "text": "join|str|format|read|decode|strftime|lower|strip",
    "list": "list|sorted|split|listdir|i?glob|readlines|splitlines|tolist|unique",
    "dict": "dict|Counter|defaultdict|to_dict",
    "table": "merge|concat|dropna|fillna|drop|get_dummies|reset_index|set_index|resample",
}
_TEXT = re.compile(r"(?i)(?:path|dir|file|folder|name)$")
_TABLE = re.compile(r"(?i)^(?:df|data_?frame)|_df\d?$")

# What is no matter of the data: names and arguments that are gone, and what Python 2 had.
_OTHERS = (
    *(ImportError, NameError, SyntaxError, StopIteration, StopAsyncIteration, MemoryError),
    *(NotImplementedError, RecursionError),
)
_CALLED = re.compile(
    r"unexpected keyword|positional argument|takes no (?:keyword )?arg|required keyword"
)
_PAST = {
    *(*OLD, "has_key", "iteritems", "iterkeys", "itervalues", "next", "decode", "encode"),
    *("tostring", "itemset", "newbyteorder", "ptp"),
}
_OF_DATA = ("builtins", "numpy", "pandas")  # what these lack tells that other values were meant
_LIBRARY = re.compile(r"[\\/](?:keras|tensorflow)[\\/]")
# Where Keras and TensorFlow take data in.
_TAKES_DATA = re.compile(
    r"keras[\\/]src[\\/](?:utils|(?:legacy[\\/])?preprocessing)[\\/](?!traceback_utils)"
    r"|tensorflow[\\/]python[\\/](?!keras|saved_model)"
)


class Passing(ast.NodeTransformer):
    """Has every statement that fails ask whether it may be passed over."""

    def visit(self, node: ast.AST) -> Any:
        """Guards a statement; a `try` catches by itself what is in it."""
        if isinstance(node, ast.Try) and node.handlers:
            body, node.body = node.body, []
            self.generic_visit(node)
            node.body = body
        else:
            self.generic_visit(node)
        if isinstance(node, ast.Call) and _TRAINS.match(name_of(node.func)):
            for one in node.keywords:
                one.value = _later(TRIES, one.value)
            node.args = [_later(TRIES, one) for one in node.args]
        if isinstance(node, ast.Subscript) and name_of(node.value) == "shape":
            # A layer is made all the same, whatever of the data tells how large it is.
            loads = isinstance(node.ctx, ast.Load)
            return _later(TRIES, node, ast.Constant(COLUMNS)) if loads else node
        if isinstance(node, ast.With):
            for item in node.items:
                item.context_expr = _later(ENTERS, item.context_expr)
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not isinstance(node, ast.stmt) or isinstance(node, _KEPT) or is_text:
            return node
        if isinstance(node, ast.If):
            # Whether it is so is asked before: where that fails, what else there is runs.
            told, given = ast.Name(_TOLD, ast.Store()), [] if node.orelse else _given(node)
            test = ast.UnaryOp(ast.Not(), ast.UnaryOp(ast.Not(), node.test))  # which asks it
            asked = ast.copy_location(ast.Assign([told], test), node)
            fails = ast.Assign([ast.Name(_TOLD, ast.Store())], ast.Constant(False))
            node.test = ast.copy_location(ast.Name(_TOLD, ast.Load()), node)
            return [_guarded(asked, [fails, *given]), node]
        return _guarded(node, _given(node) or [ast.Pass()])


def _guarded(node: ast.stmt, given: list[ast.stmt]) -> ast.stmt:
    test = ast.Call(ast.Name(LETS, ast.Load()), [ast.Name(_ERROR, ast.Load())], [])
    decide = ast.If(test, given, [ast.Raise()])
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), _ERROR, [decide])
    return ast.fix_missing_locations(ast.copy_location(ast.Try([node], [handler], [], []), node))


def _given(node: ast.stmt) -> list[ast.stmt]:
    """Returns what gives values to the names to which a statement would have given some."""
    if isinstance(node, ast.Return) and node.value is not None:
        return [ast.Return(_gives(_spec(node.value) or "", _kind(node.value)))]
    if isinstance(node, ast.Assign):
        told = ((target, _spec(target)) for target in node.targets)
        kind = _kind(node.value)
        return [ast.Assign([target], _gives(spec, kind)) for target, spec in told if spec]
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.Expr)):
        return []
    names = dict.fromkeys(_stored(node))
    return [ast.Assign([ast.Name(one, ast.Store())], _gives(one, "")) for one in names]


def _later(name: str, node: ast.expr, *given: ast.expr) -> ast.expr:
    """Returns what has a function of ours find the value of an expression, though that may fail."""
    if isinstance(node, (ast.Name, ast.Constant, ast.Starred)):
        return node
    later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), node)
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [later, *given], []), node)


def _gives(spec: Spec, kind: str) -> ast.expr:
    known = ast.Call(ast.Name("locals", ast.Load()), [], [])
    named = ast.parse(repr(spec), mode="eval").body
    values: list[ast.expr] = [named, ast.Constant(kind), known]
    return ast.Call(ast.Name(GIVES, ast.Load()), values, [])


def _spec(node: ast.expr) -> Spec | None:
    """Returns the name of what is stored, with a point before that of a part, or several."""
    if isinstance(node, (ast.Tuple, ast.List)):
        found = tuple(map(_spec, node.elts))
        return found if all(found) else None
    if isinstance(node, ast.Attribute) and name_of(node.value) == "self":  # others may refuse
        return f".{node.attr}"
    return node.id if isinstance(node, ast.Name) else None


def _kind(node: ast.expr) -> str:
    """Returns what an expression is, as far as it shows: a kind of `_CALLS`."""
    if isinstance(node, ast.Call):
        name = name_of(node.func)
        return next((kind for kind, names in _CALLS.items() if re.fullmatch(names, name)), "")
    if isinstance(node, ast.Subscript) and name_of(node.value) == "shape":
        return "number"
    if isinstance(node, ast.BinOp):
        return _kind(node.left) or _kind(node.right)
    if isinstance(node, ast.Constant):
        return "text" if isinstance(node.value, str) else ""
    kinds = {
        "mask": (ast.Compare,),
        "text": (ast.JoinedStr,),
        "list": (ast.List, ast.ListComp),
        "dict": (ast.Dict, ast.DictComp),
    }
    return next((kind for kind, types in kinds.items() if isinstance(node, types)), "")


def _stored(node: ast.AST) -> Iterator[str]:
    """Yields the names that a statement gives something, in whatever it consists of."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif not isinstance(inner, _INNER):
            yield from _stored(inner)


class Passed:
    """Decides what may be passed over, and gives what stands in for its values.

    Args:
        root: The folder that holds the program's files.
        wanted: What the program expects of its data.
        made_up: The names of data that were made up so far: without such, nothing is passed over.

    Attributes:
        told: The tracebacks of what was passed over, each place once.
    """

    def __init__(self, root: Path, wanted: Wanted, made_up: list[str]) -> None:
        self._root, self._wanted, self._made_up = str(root), wanted, made_up
        self._making = Making(wanted, [], [])
        self._chance = np.random.default_rng(0)
        self._places = dict[tuple[str, int, type], str]()

    @property
    def told(self) -> list[str]:
        return [*self._places.values()][:_MOST]

    def lets(self, error: Exception) -> bool:
        """Tells whether the statement that raises this may be passed over, and remembers it."""
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename in (__file__, contextlib.__file__):
            frame = frame.f_back
        place = frame.f_code.co_filename, frame.f_lineno, type(error)
        if place not in self._places:
            if not (self._made_up or isinstance(error, OSError)) or not _is_of_data(error, frame):
                return False
            self._remember(place, error)
        return True

    def _place(self, error: Exception) -> tuple[str, int, type]:
        """Returns where the program is, which has called Keras."""
        frame = sys._getframe(1)
        while frame.f_back and not frame.f_code.co_filename.startswith(self._root):
            frame = frame.f_back
        return frame.f_code.co_filename, frame.f_lineno, type(error)

    def _remember(self, place: tuple[str, int, type], error: Exception) -> None:
        told = without_ours(error)
        if place[0] not in {one.filename for one in told.stack}:  # to which it has not come yet
            told.stack.insert(0, traceback.FrameSummary(place[0], place[1], "fit"))
        self._places[place] = "".join(told.format(chain=False))[-_LONGEST:]

    def gives(self, spec: Spec, kind: str, known: dict[str, Any]) -> Any:
        """Returns values for names: what they have had before, or what they tell of."""
        if isinstance(spec, tuple):
            return tuple(self.gives(one, kind if kind == "table" else "", known) for one in spec)
        if spec in known:
            return known[spec]
        name = spec.lstrip(".")
        if kind == "number" or (not kind and COUNTED.search(name)):
            return self._making.number(name)
        if kind == "mask":
            return np.ones(self._wanted.rows, bool)
        if kind == "text" or (not kind and _TEXT.search(name)):
            return name or "text"
        if kind == "table" or (not kind and _TABLE.search(name)):
            return self._making.frame()
        if kind == "list":
            return [self._making.value(Use(name), row) for row in range(FEWEST)]
        value = self._making.value(Use(name))
        return dict(enumerate(value)) if kind == "dict" and not isinstance(value, dict) else value

    def tries(self, later: Callable[[], Any], other: Any = None) -> Any:
        """Returns an argument of a training, or nothing, with which it gets other data."""
        try:
            return later()
        except Exception as error:
            if not self.lets(error):
                raise
            return other

    @contextmanager
    def enters(self, later: Callable[[], Any]) -> Iterator[Any]:
        """Enters what a statement wants to, or nothing, where that fails and may be passed over."""
        with ExitStack() as stack:
            try:
                entered = stack.enter_context(later())
            except Exception as error:
                if not self.lets(error):
                    raise
                entered = Nothing(of="with", gives=lambda _: None)
            yield entered

    def fits(self, original: Any, bound: BoundArguments, error: Exception) -> Any:
        """Has a model do with data of its own shapes what it could not do with others.

        Raises:
            Exception: The error, if it cannot do it with such data either.
        """
        given = {**bound.arguments}
        for data in self._data(given) if self._made_up else ():
            bound.arguments.update({**given, **data})
            with suppress(Exception):
                compiled_again(given["self"])
                result = original(*bound.args, **bound.kwargs)
                if given["x"] is not None:  # or the reason for it is known
                    self._remember(self._place(error), error)
                return result
        raise error

    def _data(self, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields arguments with data that a model takes: targets as its outputs are, or classes."""
        model = given["self"]
        if getattr(model, "inputs", None) is None:  # the data that it was given were to tell
            spec = getattr(next(iter(model.layers), None), "input_spec", None)
            axes = getattr(spec, "ndim", None) or getattr(spec, "min_ndim", None) or 2
            with suppress(Exception):
                model.build((None, *_SHAPES[axes - 2]))
        inputs, outputs = (getattr(model, name, None) or () for name in ("inputs", "outputs"))
        if not inputs:
            return
        limits = [getattr(layer, "input_dim", None) for layer in all_layers(model)]
        words = min((one for one in limits if isinstance(one, int)), default=0)
        rows = _rows(inputs)
        made = [self._input(one.shape[1:], rows, words) for one in inputs]
        x = made if len(made) > 1 else made[0]
        rest = {"sample_weight": None, "class_weight": None}
        if "y" not in given:
            yield {"x": x}
            return
        for target in (_columns, _classes, _column):
            targets = [target(self._chance, (rows, *_sides(one.shape[1:]))) for one in outputs]
            y = targets if len(targets) > 1 else targets[0]
            held = {"validation_data": (x, y)} if given.get("validation_data") else {}
            data = {"x": x, "y": y, **held, **rest}
            yield {name: value for name, value in data.items() if name in given}

    def _input(self, shape: tuple[int | None, ...], rows: int, words: int) -> Any:
        sides = (rows, *_sides(shape))
        if words:
            return self._chance.integers(0, words, sides)
        return self._chance.random(sides, dtype=np.float32)


def without_ours(error: BaseException) -> traceback.TracebackException:
    """Returns what is told of an error, without frames of what runs the program."""
    told = traceback.TracebackException.from_exception(error)
    frames = [one for one in told.stack if Path(one.filename).parent != _OURS]
    told.stack = traceback.StackSummary.from_list(frames)
    return told


def _rows(inputs: Any) -> int:
    """Returns how many rows: as many as fit, whole batches where a model has such alone."""
    batch = next((one.shape[0] for one in inputs if one.shape[0]), None)
    largest = max(int(np.prod(_sides(one.shape[1:]), dtype=np.int64)) for one in inputs)
    return batch * _FEW if batch else max(min(_ROWS, LONG // max(largest, 1)), _FEW)


def _sides(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(side or _SIDE for side in shape)


def _columns(chance: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Returns a 1 for one class of each row, and zeros; where there is one, ones and zeros."""
    labels = chance.integers(0, max(shape[-1], 2), shape[:-1])
    return np.eye(shape[-1], dtype=np.float32)[labels] if shape[-1] > 1 else labels[..., None]


def _classes(chance: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return chance.integers(0, max(shape[-1], 2), shape[:-1])


def _column(chance: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return _classes(chance, shape)[..., None]


def _is_of_data(error: Exception, frame: FrameType) -> bool:
    """Tells whether an error is one of the data that a statement takes, not of its names."""
    if isinstance(error, _OTHERS) or _CALLED.search(str(error)):
        return False
    if isinstance(error, AttributeError):
        home = type(error.obj).__module__.partition(".")[0]
        named = isinstance(error.obj, (ModuleType, type)) or str(error).startswith("module ")
        if named or error.name in _PAST or home not in _OF_DATA:
            return False
    return all(map(_may_fail, [*_files(error.__traceback__), *_above(frame)]))


def _files(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename
        trace = trace.tb_next


def _above(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def _may_fail(file: str) -> bool:
    return not _LIBRARY.search(file) or _TAKES_DATA.search(file) is not None
