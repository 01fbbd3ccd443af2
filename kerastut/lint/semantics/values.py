"""Values as a reader sees them: where a thing comes from rather than what it will be.

A value is a node of a graph: `x_train / 255` is an `Operation` on the `Part` of the `Result` of a
`Call` of `keras.datasets.mnist.load_data`.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, TypeVar

from ..rules.renames import LONGEST, canonical
from ..rules.rule import read_table

_DEEPEST = 100  # values within values
_MOST = 8  # values that one may be

Question = TypeVar("Question", bound=Callable[..., Any])


@dataclass(eq=False, repr=False, slots=True)
class Value:
    """Anything; two values are the same if they are the same object."""

    # How often values lie within values, down to where a call returns one.
    depth: int = field(default=0, init=False)
    answers: dict[tuple[object, ...], object] = field(init=False)  # what it was `remembered` for
    compiled: bool = field(default=False, init=False)  # as models of Keras are


@dataclass(eq=False, repr=False, slots=True)
class Unknown(Value):
    """Something that cannot be known."""


@dataclass(eq=False, repr=False, slots=True)
class Constant(Value):
    """A literal: number, string, bytes, bool, None or an ellipsis."""

    value: object


@dataclass(eq=False, repr=False, slots=True)
class Ref(Value):
    """Something imported, or an attribute of it: `keras.layers.Dense`.

    Attributes:
        name: The qualified name as it is written, with the ways to reach Keras made one:
            `tf.keras.layers.core.Dense` is `keras.layers.core.Dense`.
        canonical: The name that Keras 3 has for the same thing: `keras.layers.Dense`.
        via: How Keras was reached: `keras`, `tf` (`tf.keras`), `tf_keras`, `private` (a copy that
            TensorFlow keeps to itself) or `src` (its own sources); None if it is not Keras.
    """

    name: str
    canonical: str
    via: str | None = None


@dataclass(eq=False, repr=False, slots=True)
class Part(Value):
    """An item of a value: of an unpacked tuple, or a subscript."""

    of: Value
    key: object = None  # an index or key if it is a literal; None if it is a slice or not known
    node: ast.Subscript | None = None  # the subscript, if it is one


@dataclass(eq=False, repr=False, slots=True)
class Attribute(Value):
    """An attribute of a value that is not a module: `history.history`."""

    of: Value
    name: str


@dataclass(eq=False, repr=False, slots=True)
class Operation(Value):
    """An operator applied to values: `x / 255`, `a < b`, `not c`, an f-string."""

    node: ast.expr
    operands: tuple[Value, ...]


@dataclass(eq=False, repr=False, slots=True)
class Display(Value):
    """A tuple, list or set that is written out."""

    node: ast.expr
    items: tuple[Value, ...]


@dataclass(eq=False, repr=False, slots=True)
class Mapping(Value):
    """A dictionary that is written out; keys that are not literals are left out."""

    node: ast.expr
    items: dict[object, Value]


@dataclass(eq=False, repr=False, slots=True)
class Parameter(Value):
    """A parameter of a function that nobody calls in the document."""

    name: str
    default: Value | None = None


@dataclass(eq=False, repr=False, slots=True)
class Undefined(Value):
    """The value of a name that was not defined where it was used."""

    name: str


@dataclass(eq=False, repr=False, slots=True)
class Join(Value):
    """One of several values, depending on a branch."""

    options: tuple[Value, ...]


def options(value: Value | None) -> tuple[Value, ...]:
    """Returns the values that this one may be: itself, or the options of a `Join`."""
    if isinstance(value, Join):
        return value.options
    return () if value is None else (value,)


def join(values: Iterable[Value]) -> Value:
    """Returns one of several values; of many, nothing is known."""
    known = {id(option): option for value in values for option in options(value)}
    if len(known) > _MOST:
        return Unknown()
    return Join(tuple(known.values())) if len(known) != 1 else known.popitem()[1]


def nested(value: Value, *parts: Value) -> Value:
    """Returns a value that is made of these parts; of one too deep, nothing is known."""
    value.depth = 1 + max([part.depth for part in parts], default=0)
    return value if value.depth <= _DEEPEST else Unknown()


def remembered(question: Question) -> Question:
    """Has a function of a value compute its answer once.

    Values share their parts, so that the ways from a value to its parts may be far more than these.
    """

    @wraps(question)
    def ask(value: Value | None, *more: object) -> object:
        if value is None:
            return question(value, *more)
        if not hasattr(value, "answers"):
            value.answers = {}
        key = question, *more
        if key not in value.answers:
            value.answers[key] = question(value, *more)
        return value.answers[key]

    return ask  # type: ignore[return-value]


def refer(name: str, legacy: bool = False) -> Ref:
    """Returns the reference for a name as Python would import it: `tensorflow.keras.layers.Dense`.

    With `legacy`, `tensorflow.keras` is Keras 2.
    """
    return Ref(*_known_as(name, legacy))


@lru_cache(10_000)
def _known_as(name: str, legacy: bool) -> tuple[str, str, str | None]:
    """Returns what a reference has, of which a document makes many for one name."""
    if len(name) > LONGEST:
        return name, name, None
    if name.startswith("keras.api.") and not name.startswith("keras.api._v"):
        return name, canonical(f"keras.{name.removeprefix('keras.api.')}"), "keras"
    for root, normal, via in read_table("aliases.toml")["roots"]:
        if name == root or name.startswith(f"{root}."):
            qualified = normal + name[len(root) :]
            way = "tf_keras" if legacy and via == "tf" else via
            return qualified, canonical(qualified), way
    return name, name, None
