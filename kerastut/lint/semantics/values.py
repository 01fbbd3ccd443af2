"""Values as a reader sees them: where a thing comes from rather than what it will be.

A value is a node of a graph: `x_train / 255` is an `Operation` on the `Part` of the `Result` of a
`Call` of `keras.datasets.mnist.load_data`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kerastut.lint.semantics.facts import Call
    from kerastut.lint.semantics.scopes import Scope


@dataclass(eq=False, repr=False)
class Value:
    """Anything; two values are the same if they are the same object."""

    def parts(self) -> tuple["Value", ...]:
        """Returns the values that this one is made of."""
        return ()


@dataclass(eq=False, repr=False)
class Unknown(Value):
    """Something that cannot be known."""


@dataclass(eq=False, repr=False)
class Constant(Value):
    """A literal: number, string, bytes, bool, None or an ellipsis."""

    value: object


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
class Result(Value):
    """What a call returns."""

    call: "Call"

    def parts(self) -> tuple[Value, ...]:
        """Returns the receiver or callee and the arguments."""
        inputs = (*self.call.args, *self.call.keywords.values())
        head = self.call.receiver or self.call.callee
        return (head, *inputs) if not isinstance(head, Ref) else inputs


@dataclass(eq=False, repr=False)
class Part(Value):
    """An item of a value: of an unpacked tuple, or a subscript.

    Attributes:
        of: The whole.
        key: An index or key if it is a literal; None if it is a slice or not known.
        node: The subscript, if it is one.
    """

    of: Value
    key: object = None
    node: ast.Subscript | None = None

    def parts(self) -> tuple[Value, ...]:
        """Returns the whole."""
        return (self.of,)


@dataclass(eq=False, repr=False)
class Attribute(Value):
    """An attribute of a value that is not a module: `history.history`."""

    of: Value
    name: str

    def parts(self) -> tuple[Value, ...]:
        """Returns the object."""
        return (self.of,)


@dataclass(eq=False, repr=False)
class Operation(Value):
    """An operator applied to values: `x / 255`, `a < b`, `not c`, an f-string."""

    node: ast.expr
    operands: tuple[Value, ...]

    def parts(self) -> tuple[Value, ...]:
        """Returns the operands."""
        return self.operands


@dataclass(eq=False, repr=False)
class Display(Value):
    """A tuple, list or set that is written out."""

    node: ast.expr
    items: tuple[Value, ...]

    def parts(self) -> tuple[Value, ...]:
        """Returns the items."""
        return self.items


@dataclass(eq=False, repr=False)
class Mapping(Value):
    """A dictionary that is written out; keys that are not literals are left out."""

    node: ast.expr
    items: dict[object, Value]

    def parts(self) -> tuple[Value, ...]:
        """Returns the values."""
        return tuple(self.items.values())


@dataclass(eq=False, repr=False)
class Parameter(Value):
    """A parameter of a function that nobody calls in the document."""

    name: str


@dataclass(eq=False, repr=False)
class Undefined(Value):
    """The value of a name that was not defined where it was used."""

    name: str


@dataclass(eq=False, repr=False)
class Join(Value):
    """One of several values, depending on a branch."""

    options: tuple[Value, ...]

    def parts(self) -> tuple[Value, ...]:
        """Returns the options."""
        return self.options


@dataclass(eq=False, repr=False)
class UserFunction(Value):
    """A function that the document defines."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: "Scope"
    owner: "UserClass | None" = None
    returned: Value | None = None
    state: str = "new"  # new, running or done
    yields: bool = False


@dataclass(eq=False, repr=False)
class UserClass(Value):
    """A class that the document defines."""

    node: ast.ClassDef
    bases: tuple[Value, ...]
    members: dict[str, Value] = field(default_factory=dict)

    def inherits(self, *names: str) -> bool:
        """Tells whether a base, near or far, is one of these classes of Keras."""
        return any(
            (isinstance(base, Ref) and base.canonical in names)
            or (isinstance(base, UserClass) and base is not self and base.inherits(*names))
            for base in self.bases
        )


@dataclass(eq=False, repr=False)
class Instance(Value):
    """`self` in the methods of a class that the document defines."""

    kind: UserClass


def origins(value: Value) -> Iterator[Value]:
    """Returns every value that this one is made of, itself first, each once."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(reversed(one.parts()))


def options(value: Value) -> Iterator[Value]:
    """Returns the values that this one may be: itself, or the options of a `Join`."""
    if isinstance(value, Join):
        for option in value.options:
            yield from options(option)
    else:
        yield value


def kind_of(value: Value) -> UserClass | None:
    """Returns the class of the document that a value is an object of."""
    if isinstance(value, Instance):
        return value.kind
    if isinstance(value, Result) and isinstance(value.call.callee, UserClass):
        return value.call.callee
    return None
