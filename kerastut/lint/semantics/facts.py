"""What the interpreter records while it walks through a program, in order."""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from .values import Attribute, Constant, Display, Join, Mapping, Operation, Part, Ref, Value

_MOST = 200  # values that one is followed back to


@dataclass(frozen=True)
class Guard:
    """What a place depends on: a condition around it, or what a `try` around it catches.

    In an `except` clause, `handles` is what had been raised.
    """

    test: ast.expr | None = None
    handles: tuple[str, ...] = ()
    holds: bool = True  # whether the condition is met there
    tells: bool = False  # whether whatever is raised is only told of
    # The ids of the nodes that the block and what it falls back on both ask for: neither saves it.
    alike: frozenset[int] = frozenset()


@dataclass(eq=False, repr=False, slots=True)
class Fact:
    """Something seen at a node."""

    statement: ast.stmt  # that the node is part of
    guards: tuple[Guard, ...]  # what the place depends on, outermost first
    order: int  # grows along the execution
    scope: str  # the name of the function that it is in, "" at the top
    node: ast.AST  # has the place

    def is_caught(self, *exceptions: str) -> bool:
        """Tells whether the program is prepared for one of the exceptions here, or for any."""
        if not self.guards:
            return False
        caught = {"Exception", "BaseException", *exceptions}
        return any(
            caught.intersection(guard.handles) and id(self.node) not in guard.alike
            for guard in self.guards
        )

    @property
    def tests(self) -> list[ast.expr]:
        """The conditions that the place depends on."""
        return [guard.test for guard in self.guards if guard.test is not None]

    def excludes(self, other: "Fact") -> bool:
        """Tells whether this and another place lie in opposite branches."""
        sides = {id(guard.test): guard.holds for guard in self.guards if guard.test is not None}
        return any(sides.get(id(one.test), one.holds) != one.holds for one in other.guards)


@dataclass(eq=False, repr=False, slots=True)
class Call(Fact):
    """A call.

    The callee is a `Ref`, an `Attribute` (a method), a `Result` (a layer applied to a tensor), ...
    """

    node: ast.Call
    callee: Value
    args: tuple[Value, ...]  # a starred one is Unknown
    keywords: dict[str, Value]
    receiver: Value | None = None  # whose method it is
    method: str | None = None
    result: Value = field(init=False)
    plain: int = field(init=False)  # how many arguments stand before a starred one
    ref: Ref | None = field(init=False)  # the imported name that is called, or None
    name: str = field(init=False)  # that Keras 3 has for what is called, or ""
    last: str = field(init=False)  # the last part of the name: `Dense`

    def __post_init__(self) -> None:
        kinds = [*map(type, self.node.args), ast.Starred]
        self.plain = kinds.index(ast.Starred)
        self.ref = self.callee if isinstance(self.callee, Ref) else _either(self.callee)
        self.name = self.ref.canonical if self.ref is not None else ""
        self.last = self.name.rpartition(".")[2]

    @property
    def owner(self) -> ast.expr:
        """What a method is called on, as it is written; the whole call where nothing is."""
        return self.node.func.value if isinstance(self.node.func, ast.Attribute) else self.node

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement by itself, so that nothing takes its result."""
        return isinstance(self.statement, ast.Expr) and self.statement.value is self.node

    def has(self, *keywords: str) -> bool:
        """Tells whether one of the keywords is given."""
        return not self.keywords.keys().isdisjoint(keywords)

    def value(self, position: int | None, *names: str) -> Value | None:
        """Returns an argument's value, by position (None: keyword only) or by any of the names."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.args[position] if position is not None and position < self.plain else None

    def literal(self, position: int | None, *names: str) -> object:
        """Returns an argument that is a constant; an ellipsis where it is absent or not known."""
        value = self.value(position, *names)
        return value.value if isinstance(value, Constant) else ...

    def expression(self, position: int | None, *names: str) -> ast.expr | None:
        """Returns an argument's expression, by position or by any of the names."""
        for keyword in self.node.keywords:
            if keyword.arg in names:
                return keyword.value
        known = position is not None and position < self.plain
        return self.node.args[position] if position is not None and known else None

    def given(self, position: int | None, *names: str) -> tuple[Value, ast.expr] | None:
        """Returns an argument's value and expression, if it has both."""
        value = self.value(position, *names)
        node = self.expression(position, *names) if value is not None else None
        return (value, node) if value is not None and node is not None else None

    def keyword(self, name: str) -> ast.keyword | None:
        """Returns the node of a keyword argument."""
        given = self.node.keywords if name in self.keywords else ()
        return next((item for item in given if item.arg == name), None)

    def certain(self, position: int) -> bool:
        """Tells whether there is an argument at the position, and no starred one before it."""
        return position < self.plain


@dataclass(eq=False, repr=False, slots=True)
class Result(Value):
    """What a call returns."""

    call: Call


@dataclass(eq=False, repr=False, slots=True)
class Import(Fact):
    """One name that an import binds."""

    node: ast.Import | ast.ImportFrom
    alias: ast.alias  # the part of the statement, with its place
    local: str  # the name that it binds; "*" for a star
    ref: Ref  # what it is bound to; `import a.b` binds `a` and has the ref `a.b`


@dataclass(eq=False, repr=False, slots=True)
class Reference(Fact):
    """A use of something imported, with all its attributes: `keras.utils.np_utils`."""

    node: ast.Name | ast.Attribute | ast.Call  # the whole chain, or a call of `getattr`
    ref: Ref
    root: "Definition | None"  # of the chain's first name


@dataclass(eq=False, repr=False, slots=True)
class Subscript(Fact):
    """`of[key]`; `key` is an `Unknown` for a slice."""

    node: ast.Subscript
    of: Value
    key: Value
    stores: bool


@dataclass(eq=False, repr=False, slots=True)
class Access(Fact):
    """An attribute of a value that is not a module, read or stored: `model.optimizer.lr`."""

    node: ast.Attribute
    of: Value
    name: str
    stores: bool
    value: Value | None = None  # what it is


@dataclass(eq=False, repr=False, slots=True)
class Definition(Fact):
    """A name that gets a value: by assignment, import, def, class, for, with, ..."""

    name: str
    value: Value
    uses: list["Use"] = field(default_factory=list)


@dataclass(eq=False, repr=False, slots=True)
class Use(Fact):
    """A name that is read; `definition` is None where it was not defined."""

    node: ast.Name
    name: str
    definition: Definition | None


def _either(callee: Value) -> Ref | None:
    """Returns one of several layers or optimizers of Keras that may be called here."""
    refs = callee.options if isinstance(callee, Join) else ()
    first = refs[0] if refs and isinstance(refs[0], Ref) else None
    home = first.canonical.rpartition(".")[0] if first is not None else ""
    alike = all(isinstance(one, Ref) and one.canonical.startswith(f"{home}.") for one in refs)
    return first if alike and home in ("keras.layers", "keras.optimizers") else None


def read_elsewhere(names: Iterable[Definition], places: Collection[int]) -> bool:
    """Tells whether names are read at other nodes than these, given by their ids."""
    return any(id(use.node) not in places for one in names for use in one.uses)


def origins(*values: Value, most: int | None = None) -> Iterator[Value]:
    """Returns every value that these are made of, themselves first, each once, up to so many."""
    most = most or _MOST
    seen: set[int] = set()
    waiting = list(values[::-1])
    while waiting and len(seen) < most:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(reversed([*islice(_parts(one), most)]))


def _parts(value: Value) -> Iterable[Value]:
    """Returns the values that this one is made of; of a call, the receiver or callee as well."""
    match value:
        case Part(of=whole) | Attribute(of=whole):
            return (whole,)
        case Operation(operands=items) | Display(items=items) | Join(options=items):
            return items
        case Mapping(items=entries):
            return entries.values()
        case Result(call=call):
            head = call.receiver or call.callee
            inputs = chain(call.args, call.keywords.values())
            return inputs if isinstance(head, Ref) else chain((head,), inputs)
    return ()
