"""What the interpreter records while it walks through a program, in order."""

import ast
from dataclasses import dataclass, field

from kerastut.lint.semantics.values import Constant, Ref, Value


@dataclass(frozen=True)
class Guard:
    """What a place depends on.

    Attributes:
        test: The condition of an `if` or a conditional expression around the place, or None.
        handles: The exceptions that a `try` around the place catches (`ImportError`, ...), or, with
            `handler`, those that had been raised.
        handler: Whether the place is in an `except` clause.
    """

    test: ast.expr | None = None
    handles: tuple[str, ...] = ()
    handler: bool = False


@dataclass(eq=False, repr=False)
class Fact:
    """Something seen at a node.

    Attributes:
        node: Has the place.
        statement: The statement that it is part of.
        guards: What the place depends on, outermost first.
        order: Grows along the execution.
        scope: The name of the function that it is in, "" at the top.
    """

    statement: ast.stmt
    guards: tuple[Guard, ...]
    order: int
    scope: str
    node: ast.AST


@dataclass(eq=False, repr=False)
class Call(Fact):
    """A call.

    Attributes:
        callee: What is called: a `Ref`, an `Attribute` (a method), a `Result` (a layer applied to
            a tensor), a `UserFunction`, ...
        args: The positional arguments; a starred one is Unknown.
        keywords: The keyword arguments.
        result: What it returns.
    """

    node: ast.Call
    callee: Value
    args: tuple[Value, ...]
    keywords: dict[str, Value]
    receiver: Value | None = None
    method: str | None = None
    result: Value = field(init=False)

    @property
    def ref(self) -> Ref | None:
        """The imported name that is called, or None."""
        return self.callee if isinstance(self.callee, Ref) else None

    @property
    def name(self) -> str:
        """The name that Keras 3 has for what is called, or ""."""
        return self.callee.canonical if isinstance(self.callee, Ref) else ""

    def has(self, *keywords: str) -> bool:
        """Tells whether one of the keywords is given."""
        return any(keyword in self.keywords for keyword in keywords)

    def value(self, position: int | None, *names: str) -> Value | None:
        """Returns an argument's value, by position (None: keyword only) or by any of the names."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        if position is not None and position < len(self.args) and self.certain(position):
            return self.args[position]
        return None

    def literal(self, position: int | None, *names: str) -> object:
        """Returns an argument that is a constant; an ellipsis where it is absent or not known."""
        value = self.value(position, *names)
        return value.value if isinstance(value, Constant) else ...

    def expression(self, position: int | None, *names: str) -> ast.expr | None:
        """Returns an argument's expression, by position or by any of the names."""
        for keyword in self.node.keywords:
            if keyword.arg in names:
                return keyword.value
        if position is not None and position < len(self.node.args) and self.certain(position):
            return self.node.args[position]
        return None

    def keyword(self, name: str) -> ast.keyword | None:
        """Returns the node of a keyword argument."""
        return next((item for item in self.node.keywords if item.arg == name), None)

    def certain(self, position: int) -> bool:
        """Tells whether no starred argument comes before the position."""
        return not any(isinstance(arg, ast.Starred) for arg in self.node.args[: position + 1])


@dataclass(eq=False, repr=False)
class Import(Fact):
    """One name that an import binds.

    Attributes:
        alias: The part of the statement, with its place.
        local: The name that it binds; "*" for a star.
        ref: What it is bound to. `import a.b` binds `a` and has the ref `a.b`.
    """

    node: ast.Import | ast.ImportFrom
    alias: ast.alias
    local: str
    ref: Ref


@dataclass(eq=False, repr=False)
class Reference(Fact):
    """A use of something imported, with all its attributes: `keras.utils.np_utils`.

    Attributes:
        node: The whole chain.
        ref: What it names.
        root: The definition of the chain's first name.
    """

    node: ast.Name | ast.Attribute
    ref: Ref
    root: "Definition | None"


@dataclass(eq=False, repr=False)
class Subscript(Fact):
    """`of[key]`; `key` is an `Unknown` for a slice."""

    node: ast.Subscript
    of: Value
    key: Value
    stores: bool


@dataclass(eq=False, repr=False)
class Access(Fact):
    """An attribute of a value that is not a module, read or stored: `model.optimizer.lr`."""

    node: ast.Attribute
    of: Value
    name: str
    stores: bool


@dataclass(eq=False, repr=False)
class Definition(Fact):
    """A name that gets a value: by assignment, import, def, class, for, with, ..."""

    node: ast.AST
    name: str
    value: Value
    uses: list["Use"] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Use(Fact):
    """A name that is read; `definition` is None where it was not defined."""

    node: ast.Name
    name: str
    definition: Definition | None
