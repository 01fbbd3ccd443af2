"""What was met in a program, in order, and where it is found again: by name, node or place."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from ..documents.document import Document
from ..documents.neighbours import only_keras
from ..documents.text import has_word
from .facts import Access, Call, Definition, Import, Reference, Result, Subscript, Use
from .scopes import UserClass, UserFunction
from .values import Constant, Parameter, Part, Ref, Value, options

_ORDER = attrgetter("order")
_Key = TypeVar("_Key")
_Item = TypeVar("_Item")
_Node = TypeVar("_Node", bound=ast.AST)

# Fields without nodes with a place.
_PLAIN = {"ctx", "op", "ops", "id", "attr", "arg", "kind", "asname", "module", "level"}
_KINDS = (one for one in vars(ast).values() if isinstance(one, type) and issubclass(one, ast.AST))
_FIELDS = {kind: [name for name in kind._fields if name not in _PLAIN] for kind in _KINDS}
_FIELDS[ast.Constant] = []
# What may stand in front of an assignment's sign, and that; and what else may define a name.
_TARGETS = re.compile(r"[\w\s,.()\[\]]+")
_ASSIGNS = re.compile(r"=[^=]")
_HEADS = re.compile(r"\b(?:def|class|for|as)\b[^:\n]*|\bimport\b.*")
_SIMILAR = ("torch", "tensorlayer", "mxnet", "gluon", "paddle", "flax", "optax", "lightning")
BATCH_SIZE = re.compile(r"(?i)(?:\w+[._])?batch_?size|bs")
_ADDS = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*(?:\+=|=[ \t]*\1[ \t]*\+)")
_SETS = re.compile(r"\bsetattr\(|__dict__|__getattr|\bhasattr\(self")
_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS['\"]?\]?\s*[=,:]\s*['\"]?(1|[Tt]rue)")


class Record:
    """What a document's chunks do, as lists of facts in the order of execution."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.all_calls: list[Call] = []
        self.imports: list[Import] = []  # every name that an import binds
        self.references: list[Reference] = []  # uses of something imported, as whole chains
        self.subscripts: list[Subscript] = []
        self.accesses: list[Access] = []  # attributes of values that are no modules
        self.definitions: list[Definition] = []  # every name that gets a value
        self.uses: list[Use] = []  # names that are read; without a definition: undefined
        self.functions: list[UserFunction] = []
        self.told: dict[tuple[int, object], Value] = {}  # options of a parser of arguments, by name
        self.shared: set[int] = set()  # ids of what a function returns to several calls
        self.brought_keras = False  # by a module that everything is imported of
        self.sets_legacy = _LEGACY.search(document.text) is not None

    def add_option(self, call: Call) -> None:
        """Keeps the default of an option of a parser: `parser.add_argument("--out", default=x)`."""
        names = [one.value for one in call.args if isinstance(one, Constant)]
        long = [one for one in names if str(one).startswith("--")] or names
        name = str(call.literal(None, "dest") if call.has("dest") else (long or [""])[0])
        name = name.lstrip("-").replace("-", "_")
        self.told[id(call.receiver), name] = Parameter(name, call.keywords.get("default"))

    def option_of(self, value: Value, name: object) -> Value | None:
        """Returns the option that `parser.parse_args().name` is, or `vars(...)["name"]`."""
        if not self.told:
            return None
        call = value.call if isinstance(value, Result) else None
        if call is not None and call.name == "builtins.vars" and call.args:
            return self.option_of(call.args[0], name)
        if isinstance(value, Part) and value.key == 0:  # of `parse_known_args()`
            return self.option_of(value.of, name)
        parses = call is not None and call.method in ("parse_args", "parse_known_args")
        return self.told.get((id(call.receiver), name)) if call is not None and parses else None

    @cached_property
    def code(self) -> str:
        """The lines of its blocks, where those of a notebook stand in JSON."""
        return "\n".join(line for chunk in self.document.chunks for line in chunk.lines)

    @cached_property
    def sums(self) -> set[str]:
        """The names of what something is added to, line by line."""
        return {found[1] for found in _ADDS.finditer(self.code)}

    @cached_property
    def legacy(self) -> bool:
        """Whether the document uses Keras 2 through `tf_keras`."""
        return "keras" not in self.ways and ("tf_keras" in self.ways or self.sets_legacy)

    @cached_property
    def ways(self) -> set[str | None]:
        """The ways in which Keras is reached; None for other modules."""
        return {item.ref.via for item in self.imports}

    @cached_property
    def imports_keras(self) -> bool:
        """Whether Keras is imported, under whatever name, also behind a star."""
        facts: Iterable[Import | Reference] = (*self.imports, *self.references)
        return self.brought_keras or any(item.ref.via is not None for item in facts)

    @cached_property
    def may_use_keras(self) -> bool:
        """Whether names of unknown modules may be Keras's: it is used, and nothing like it."""
        text = self.document.text
        return ("keras" in text.lower() or only_keras(text)) and not has_word(text, *_SIMILAR)

    @cached_property
    def packages(self) -> set[str]:
        """The packages that anything is imported of."""
        return {one.ref.name.partition(".")[0] for one in self.imports}

    @cached_property
    def first_imports(self) -> dict[tuple[int, str | None], ast.ImportFrom]:
        """The first import from a module at the top of each chunk, by the id of its tree."""
        found: dict[tuple[int, str | None], ast.ImportFrom] = {}
        for tree in filter(None, (chunk.tree for chunk in self.document.chunks)):
            for one in tree.body:
                if isinstance(one, ast.ImportFrom) and one.names[0].name != "*":
                    found.setdefault((id(tree), one.module), one)
        return found

    def calls(self, *names: str) -> Sequence[Call]:
        """Returns the calls of these names of Keras 3, whatever they are called in the document.

        The names are qualified, `keras.layers.Dense`; a final `.*` stands for one more part.
        """
        return in_order(self._calls_by_name, names)

    def method_calls(self, *names: str) -> Sequence[Call]:
        """Returns the calls of these methods, whatever they are called on."""
        return in_order(self._calls_by_method, names)

    @cached_property
    def _calls_by_method(self) -> Mapping[str, list[Call]]:
        return _grouped((call.method, call) for call in self.all_calls if call.method)

    @cached_property
    def _calls_by_name(self) -> Mapping[str, list[Call]]:
        """The calls by their whole name, and by the module with a final `.*`."""
        named = [call for call in self.all_calls if call.name]
        keys = [(call.name, f"{call.name.rpartition('.')[0]}.*") for call in named]
        pairs = zip(keys, named, strict=True)
        return _grouped((key, call) for both, call in pairs for key in dict.fromkeys(both))

    @cached_property
    def definitions_of(self) -> Mapping[int, list[Definition]]:
        """The names that get a value, by its id."""
        return _grouped((id(one.value), one) for one in self.definitions)

    @cached_property
    def definitions_at(self) -> Mapping[int, list[Definition]]:
        """The names that get a value at a node, by its id."""
        return _grouped((id(one.node), one) for one in self.definitions)

    @cached_property
    def stored_names(self) -> set[str]:
        """The names of the attributes that are set anywhere: `loss` of `self.loss = 1`."""
        return {one.name for one in self.accesses if one.stores}

    @cached_property
    def stores_hidden(self) -> bool:
        """Whether attributes may be set in other ways than by an assignment to their names."""
        return _SETS.search(self.document.text) is not None

    @cached_property
    def classes(self) -> list[Definition]:
        """The classes of the document, where they get their names."""
        kinds = (one for one in self.definitions if isinstance(one.value, UserClass))
        return [one for one in kinds if isinstance(one.node, ast.ClassDef)]

    @cached_property
    def applied(self) -> set[int]:
        """The ids of what is called: of layers and models, those that are applied to a tensor."""
        return {id(call.callee) for call in self.all_calls}

    @cached_property
    def function_names(self) -> set[str]:
        """The names of the functions and methods that the document defines; "" of a lambda."""
        return {getattr(one.node, "name", "") for one in self.functions}

    @cached_property
    def inner_imports(self) -> Mapping[tuple[str, str], list[Import]]:
        """What functions import for themselves, without a condition, by their scope and name.

        What is of Keras is found by "" as well.
        """
        inner = [one for one in self.imports if one.scope and not one.guards]
        named = [((one.scope, one.ref.name), one) for one in inner]
        return _grouped(named + [((one.scope, ""), one) for one in inner if one.ref.via])

    @cached_property
    def repeating(self) -> set[tuple[int, str]]:
        """The names that an import brings twice, of which the first is used by none, by its id."""
        counts = Counter((id(one.node), one.alias.name) for one in self.imports)
        return {key for key, count in counts.items() if count > 1}

    @cached_property
    def names_of(self) -> Mapping[str, set[str | None]]:
        """What each name is a name for, if that is imported; None for anything else."""
        names: defaultdict[str, set[str | None]] = defaultdict(set)
        for one in self.definitions:
            names[one.name].add(one.value.name if isinstance(one.value, Ref) else None)
        # What no path leads to binds names of its function as well.
        known = self.definitions_at
        for kind in _BINDING:
            for node in self.nodes_of(kind):
                if type(getattr(node, "ctx", None)) is not ast.Load and id(node) not in known:
                    for name in bound_names(node):
                        names[name].add(None)
        for name in self.hidden_names:
            names[name].add(None)
        return names

    def nodes_of(self, kind: type[_Node]) -> Sequence[_Node]:
        """Returns the nodes of a kind, from the outer to the inner ones, block by block."""
        return self._walked[0].get(kind, ())  # type: ignore[return-value]

    @cached_property
    def _walked(self) -> tuple[Mapping[type[ast.AST], list[ast.AST]], dict[int, ast.AST]]:
        """All nodes by kind, and what each is a part of, in one walk: most are never asked for."""
        kinds: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        parents: dict[int, ast.AST] = {}
        for tree in (chunk.tree for chunk in self.document.chunks if chunk.tree is not None):
            reached: list[ast.AST] = [tree]
            for node in reached:  # it grows meanwhile
                kind = node.__class__
                kinds[kind].append(node)
                for name in _FIELDS[kind]:
                    part = getattr(node, name, None)
                    if part.__class__ in _FIELDS:
                        parents[id(part)] = node
                        reached.append(part)
                    elif part.__class__ is list:
                        for one in part:
                            if one.__class__ in _FIELDS:
                                parents[id(one)] = node
                                reached.append(one)
        return kinds, parents

    @cached_property
    def hidden_text(self) -> str:
        """The lines that are not Python, or of IPython."""
        return "\n".join(chunk.masked for chunk in self.document.chunks)

    @cached_property
    def hidden_names(self) -> set[str]:
        """The names that lines which are not Python may define."""
        text = self.hidden_text
        targets = [m[0] for m in _TARGETS.finditer(text) if _ASSIGNS.match(text, m.end())]
        return set(re.findall(r"\w+", " ".join((*targets, *_HEADS.findall(text)))))

    @cached_property
    def hidden(self) -> set[str]:
        """The names that are used in what is not Python or no path leads to, or are strings."""
        runs = {"builtins.exec", "builtins.eval"} & self._calls_by_name.keys()
        used = {id(use.node) for use in self.uses}
        found = set(re.findall(r"\w+", self.hidden_text))
        names = (node for node in self.nodes_of(ast.Name) if id(node) not in used)
        found.update(node.id for node in names if not isinstance(node.ctx, ast.Store))
        for node in self.nodes_of(ast.Constant):
            if isinstance(node.value, str):
                found.update(re.findall(r"\w+", node.value) if runs else (node.value,))
        return found

    @cached_property
    def generators(self) -> dict[int, UserFunction]:
        """The generators of the document, by the id of a call's node and of its result.

        What another function only hands on is what calls of that one give.
        """
        yielded = {id(one.returned): one for one in self.functions if one.yields}
        found: dict[int, UserFunction] = {}
        for call in self.all_calls:
            called = call.callee if isinstance(call.callee, UserFunction) else None
            values = [called.returned] if called and called.yields else options(call.result)
            for value in values if called else ():
                if id(value) in yielded:
                    found[id(call.node)] = found[id(call.result)] = yielded[id(value)]
        return found

    def generator(self, node: ast.expr | None, value: Value | None) -> UserFunction | None:
        """Returns the generator that something given is made by: a call itself, or a variable."""
        return self.generators.get(id(node)) or self.generators.get(id(value))

    @cached_property
    def first_keras(self) -> Import | None:
        """The first import of something of Keras at the top that nothing is a condition of."""
        tops = (one for one in self.imports if not one.scope and not one.guards)
        return next((one for one in tops if one.ref.via is not None), None)

    @cached_property
    def importing_blocks(self) -> Mapping[int, list[Import]]:
        """The imports at the top of each block of a page that imports of Keras what it uses."""
        page = self.imports if self.document.kind == "markdown" else ()
        tops = (one for one in page if not one.scope and not one.guards)
        blocks = _grouped((self.document.chunk_at(one.node.lineno), one) for one in tops)
        has_keras = {at for at, items in blocks.items() if any(one.ref.via for one in items)}
        return {at: items for at, items in blocks.items() if at in has_keras}

    def named(self, name: str) -> Definition | None:
        """Returns the first name at the top for something imported that never means another."""
        found = self._refs.get(name, ())
        return next((one for one in found if self.names_of[one.name] == {name}), None)

    @cached_property
    def _refs(self) -> Mapping[str, list[Definition]]:
        tops = (one for one in self.definitions if not one.scope)
        return _grouped((one.value.name, one) for one in tops if isinstance(one.value, Ref))

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """What each node is a part of, by its id."""
        return self._walked[1]

    def around(self, node: ast.AST, *kinds: type[_Node]) -> _Node | None:
        """Returns the nearest node of these kinds that a node is a part of, or is itself."""
        return next((one for one in self.outward(node) if isinstance(one, kinds)), None)

    def outward(self, node: ast.AST | None) -> Iterator[ast.AST]:
        """Yields a node and what it is a part of, up to the whole block."""
        while node is not None:
            yield node
            node = self.parents.get(id(node))

    @cached_property
    def bodies(self) -> dict[int, tuple[list[ast.stmt], ast.AST]]:
        """The statements among which each stands, and what these are the body of, by its id."""
        found: dict[int, tuple[list[ast.stmt], ast.AST]] = {}
        bodied = (nodes for kind, nodes in self._walked[0].items() if "body" in _FIELDS[kind])
        for node in chain.from_iterable(bodied):
            for name in ("body", "orelse", "finalbody"):
                body: list[ast.stmt] = getattr(node, name, [])
                for one in body if isinstance(body, list) else ():
                    found[id(one)] = body, node
        return found

    @cached_property
    def appended(self) -> Mapping[int, list[Call]]:
        """What appends to each list, by its id."""
        calls = self.method_calls("append")
        return _grouped((id(one.receiver), one) for one in calls if one.args)

    def receivers(self, *methods: str) -> set[int]:
        """Returns the ids of the nodes that these methods are called on."""
        return {id(getattr(one.node.func, "value", None)) for one in self.method_calls(*methods)}

    @cached_property
    def calls_at(self) -> Mapping[int, Call]:
        """The calls by the id of the node that is called."""
        return {id(call.node.func): call for call in self.all_calls}

    @cached_property
    def calls_of(self) -> Mapping[int, list[Call]]:
        """The calls by the id of what is called, of functions of the document that of the node."""
        made = [(one.callee, one) for one in self.all_calls]
        own = [of.node if isinstance(of, UserFunction) else of for of, _ in made]
        return _grouped((id(of), one) for of, (_, one) in zip(own, made, strict=True))

    @cached_property
    def batch_sizes(self) -> Mapping[str, dict[str, Definition]]:
        """What is called the size of batches, by the function in which it is."""
        found: defaultdict[str, dict[str, Definition]] = defaultdict(dict)
        for one in self.definitions:
            if BATCH_SIZE.fullmatch(one.name):
                found[one.scope][one.name] = one
        return found

    @cached_property
    def stars(self) -> set[str]:
        """The modules that are imported with a star."""
        return {item.ref.name.removesuffix(".*") for item in self.imports if item.local == "*"}

    @cached_property
    def imports_at(self) -> dict[int, Import]:
        """The imports by the id of their part of a statement."""
        return {id(item.alias): item for item in self.imports}

    @cached_property
    def uses_at(self) -> Mapping[int, Use]:
        """The uses of names by the id of their node."""
        return {id(one.node): one for one in self.uses}

    @cached_property
    def last_read(self) -> Mapping[int, int]:
        """When each value is last read by a name, by its id."""
        return {id(one.definition.value): one.order for one in self.uses if one.definition}

    def read_at(self, node: ast.AST | None) -> Definition | None:
        """Returns where the name got its value that a node reads."""
        use = self.uses_at.get(id(node))
        return use.definition if use is not None else None

    def value_at(self, node: ast.AST) -> Value | None:
        """Returns what a name or a call at a node stands for, or an item of it by its number."""
        if id(node) in self.uses_at:
            read = self.read_at(node)
            return read.value if read is not None else None
        call = self.calls_at.get(id(getattr(node, "func", None)))
        whole = self.value_at(node.value) if isinstance(node, ast.Subscript) else None
        if isinstance(node, ast.Subscript) and whole is not None:
            return Part(whole, getattr(node.slice, "value", None), node)
        return call.result if call is not None else None

    @cached_property
    def given(self) -> set[str]:
        """The names that the program itself gives a module: `keras.losses.mine = mine`."""
        stores = (one for one in self.references if isinstance(one.node, ast.Attribute))
        return {one.ref.name for one in stores if type(getattr(one.node, "ctx", 0)) is ast.Store}

    @cached_property
    def first_unimported(self) -> Reference | None:
        """The first use of something that a page takes for imported."""
        return next((one for one in self.references if one.root is None), None)

    @cached_property
    def entered(self) -> Mapping[str, list[ast.With]]:
        """The `with graph.as_default():`, by the name of what is used for nothing else."""
        found: defaultdict[str, list[ast.With]] = defaultdict(list)
        inside: set[int] = set()
        for around in self.nodes_of(ast.With):
            for item in around.items:
                func = getattr(item.context_expr, "func", None)
                if isinstance(func, ast.Attribute) and func.attr == "as_default":
                    found[name_of(func.value)].append(around)
                    inside.add(id(func.value))
        kinds = (ast.Name, ast.Attribute) if found else ()
        for node in (node for kind in kinds for node in self.nodes_of(kind)):
            if type(getattr(node, "ctx", None)) is ast.Load and id(node) not in inside:
                found.pop(name_of(node), None)
        return found

    @cached_property
    def references_from(self) -> Mapping[int, list[Reference]]:
        """The uses of something imported, by the id of the definition they begin with."""
        return _grouped((id(one.root), one) for one in self.references)


def name_of(node: ast.AST | None) -> str:
    """Returns the name of a name or an attribute; "" of anything else."""
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _grouped(pairs: Iterable[tuple[_Key, _Item]]) -> Mapping[_Key, list[_Item]]:
    """Returns what belongs to each key; nothing to one that is not there."""
    groups: defaultdict[_Key, list[_Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups


def in_order(groups: Mapping[str, Sequence[Call]], names: Iterable[str]) -> Sequence[Call]:
    """Returns the calls that belong to any of these names, each once."""
    lists = [groups[name] for name in names if name in groups]
    if len(lists) == 1:
        return lists[0]
    return sorted(set(chain.from_iterable(lists)), key=_ORDER)


_BINDING: tuple[type[ast.AST], ...] = (
    *(ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)


def bound_names(node: ast.AST) -> Iterator[str]:
    """Yields the names that a node binds, its parts apart."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.alias():
            yield node.asname or node.name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tells whether a qualified name is one of the patterns."""
    head = name.rpartition(".")[0]
    return any(name == item or (item.endswith(".*") and head == item[:-2]) for item in patterns)
