"""A program that was read: what detectors ask about."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from ..documents.document import Document
from ..finding import Edit, Finding, Fix, Span, span_of
from ..rules.rule import Applicability, load_rules
from .facts import Access, Call, Definition, Fact, Import, Reference, Result, Subscript, Use
from .models import Model, find_models, key_of, model_values
from .scopes import Instance, UserClass, UserFunction, kind_of
from .values import Attribute, Operation, Parameter, Part, Ref, Undefined, Value, options

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")

_PLAIN = {"ctx", "op", "ops", "id", "attr", "arg"}  # fields without nodes that have a place
_ORIGINS = 20  # values that an object is followed back to
# Packages whose objects are no models of Keras, though some methods are called alike.
_OTHERS = {"sklearn", "torch", "torchvision", "xgboost", "lightgbm", "catboost", "fastai", "mxnet"}
_OTHERS |= {"paddle", "jax", "flax", "art", "pandas", "numpy"}
_KEYWORDS = {
    "steps_per_epoch",
    "samples_per_epoch",
    "nb_epoch",
    "epochs",
    "validation_data",
    "steps",
}
_KEYWORDS |= {"nb_val_samples", "val_samples", "validation_steps", "generator", "callbacks"}
_FITS = ("fit", "fit_generator", "train")
_BINDS = re.compile(r"\b([^\W\d]\w*)\s*=(?!=)")  # in what is not Python
_VERSION = re.compile(r"[Vv][Ee][Rr][Ss][Ii][Oo][Nn]|hasattr")
_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS['\"]?\]?\s*[=,:]\s*['\"]?(1|[Tt]rue)")


class Program:
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
        self.sets_legacy = _LEGACY.search(document.text) is not None
        self._methods: dict[Call, str] = {}
        self._asked: dict[tuple[int, re.Pattern[str]], bool] = {}

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
        """Whether Keras is imported, under whatever name."""
        facts: Iterable[Import | Reference] = (*self.imports, *self.references)
        return any(item.ref.via is not None for item in facts)

    @cached_property
    def first_imports(self) -> dict[tuple[int, str | None], ast.ImportFrom]:
        """The first import from a module at the top of each chunk, by the id of its tree."""
        found: dict[tuple[int, str | None], ast.ImportFrom] = {}
        for tree in filter(None, (chunk.tree for chunk in self.document.chunks)):
            for one in tree.body:
                if isinstance(one, ast.ImportFrom) and one.names[0].name != "*":
                    found.setdefault((id(tree), one.module), one)
        return found

    def calls(self, *names: str) -> Iterator[Call]:
        """Returns the calls of these names of Keras 3, whatever they are called in the document.

        The names are qualified, `keras.layers.Dense`; a final `.*` stands for one more part.
        """
        named = self._calls_by_name
        found = [call for name in named if matches(name, names) for call in named[name]]
        yield from sorted(found, key=lambda call: call.order)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Call]]:
        named: dict[str, list[Call]] = {}
        for call in self.all_calls:
            if call.name:
                named.setdefault(call.name, []).append(call)
        return named

    def methods(self, *names: str) -> Iterator[Call]:
        """Returns the calls of these methods on Keras models."""
        for call in self._called:
            if call.method in names:
                yield call

    @cached_property
    def _called(self) -> list[Call]:
        """The calls of methods on Keras models."""
        methods = [call for call in self.all_calls if call.method is not None]
        return [call for call in methods if call.receiver and self.is_model(call.receiver)]

    @cached_property
    def definitions_of(self) -> Mapping[int, list[Definition]]:
        """The names that get a value, by its id."""
        return _grouped((id(one.value), one) for one in self.definitions)

    @cached_property
    def definitions_at(self) -> Mapping[int, list[Definition]]:
        """The names that get a value at a node, by its id."""
        return _grouped((id(one.node), one) for one in self.definitions)

    @cached_property
    def names_of(self) -> Mapping[str, set[str | None]]:
        """What each name is a name for, if that is imported; None for anything else."""
        names: defaultdict[str, set[str | None]] = defaultdict(set)
        for one in self.definitions:
            names[one.name].add(one.value.name if isinstance(one.value, Ref) else None)
        # What no path leads to binds names of its function as well.
        for node in (node for node in self.nodes if isinstance(node, _BINDING)):
            for name in bound_names(node) if id(node) not in self.definitions_at else ():
                names[name].add(None)
        for chunk in self.document.chunks:
            for name in _BINDS.findall(chunk.masked):
                names[name].add(None)
        return names

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the program."""
        return self._walked[0]

    @cached_property
    def _walked(self) -> tuple[list[ast.AST], dict[int, ast.AST]]:
        """All nodes, and what each is a part of, in one walk: most of them are never asked for."""
        nodes: list[ast.AST] = []
        parents: dict[int, ast.AST] = {}
        for tree in (chunk.tree for chunk in self.document.chunks if chunk.tree is not None):
            reached: list[ast.AST] = [tree]
            for node in reached:  # it grows meanwhile
                for part in [
                    getattr(node, name, None) for name in node._fields if name not in _PLAIN
                ]:
                    for one in part if isinstance(part, list) else (part,):
                        if isinstance(one, ast.AST):
                            parents[id(one)] = node
                            reached.append(one)
            nodes += reached
        return nodes, parents

    @cached_property
    def hidden_text(self) -> str:
        """The lines that are not Python, or of IPython."""
        return "\n".join(chunk.masked for chunk in self.document.chunks)

    @cached_property
    def hidden(self) -> set[str]:
        """The names that are used in what is not Python or no path leads to, or are strings."""
        runs = {"builtins.exec", "builtins.eval"} & self._calls_by_name.keys()
        used = {id(use.node) for use in self.uses}
        found = set(re.findall(r"\w+", self.hidden_text))
        for node in self.nodes:
            if isinstance(node, ast.Name) and id(node) not in used:
                found.update(() if isinstance(node.ctx, ast.Store) else (node.id,))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"\w+", node.value) if runs else (node.value,))
        return found

    @cached_property
    def generators(self) -> dict[int, UserFunction]:
        """The generators of the document, by the id of a call's node and of its result."""
        made = [one for one in self.all_calls if isinstance(one.callee, UserFunction)]
        return {
            key: one.callee
            for one in made
            if isinstance(one.callee, UserFunction) and one.callee.yields
            for key in (id(one.node), id(one.result))
        }

    @cached_property
    def first_keras(self) -> Import | None:
        """The first import of something of Keras at the top that nothing is a condition of."""
        tops = (one for one in self.imports if not one.scope and not one.guards)
        return next((one for one in tops if one.ref.via is not None), None)

    def named(self, name: str) -> Definition | None:
        """Returns the first name at the top for something imported that never means another."""
        for one in self._refs.get(name, ()):
            if self.names_of[one.name] == {name}:
                return one
        return None

    @cached_property
    def _refs(self) -> Mapping[str, list[Definition]]:
        tops = (one for one in self.definitions if not one.scope)
        return _grouped((one.value.name, one) for one in tops if isinstance(one.value, Ref))

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """What each node is a part of, by its id."""
        return self._walked[1]

    @cached_property
    def bodies(self) -> dict[int, tuple[list[ast.stmt], ast.AST]]:
        """The statements among which each stands, and what these are the body of, by its id."""
        found: dict[int, tuple[list[ast.stmt], ast.AST]] = {}
        for node in self.nodes:
            for name in ("body", "orelse", "finalbody"):
                body: list[ast.stmt] = getattr(node, name, [])
                for one in body if isinstance(body, list) else ():
                    found[id(one)] = body, node
        return found

    @cached_property
    def calls_at(self) -> Mapping[int, Call]:
        """The calls by the id of the node that is called."""
        return {id(call.node.func): call for call in self.all_calls}

    @cached_property
    def stars(self) -> set[str]:
        """The modules that are imported with a star."""
        return {item.ref.name.removesuffix(".*") for item in self.imports if item.local == "*"}

    @cached_property
    def imports_at(self) -> dict[int, Import]:
        """The imports by the id of their part of a statement."""
        return {id(item.alias): item for item in self.imports}

    @cached_property
    def references_from(self) -> Mapping[int, list[Reference]]:
        """The uses of something imported, by the id of the definition they begin with."""
        return _grouped((id(one.root), one) for one in self.references)

    @cached_property
    def _models(self) -> dict[int, Model]:
        return find_models(self.all_calls)

    @property
    def models(self) -> Collection[Model]:
        """The models, in the order in which they are made."""
        return self._models.values()

    @property
    def built(self) -> Iterator[Model]:
        """The models that are put together here, layer by layer."""
        return (model for model in self.models if model.kind in ("sequential", "functional"))

    def model_of(self, value: Value | None) -> Model | None:
        """Returns the model that a value is, or None."""
        for option in model_values(value):
            model = self._models.get(key_of(option))
            if model is not None:
                return model
        return None

    def is_model(self, value: Value) -> bool:
        """Tells whether a value is a Keras model."""
        return bool(model_values(value))

    def may_be_model(self, value: Value | None) -> bool:
        """Tells whether a value is a Keras model, or a name that nothing tells more of."""
        return value is not None and (self.is_model(value) or self.is_unknown(value))

    def is_history(self, value: Value) -> bool:
        """Tells whether a value is what a model's `fit` returns."""
        for option in options(value):
            if isinstance(option, Result):
                made = option.call
                fits = made.method in _FITS and (
                    self.may_be_model(made.receiver) or self.method_of(made) in _FITS
                )
                if fits or option.call.name == "keras.callbacks.History":
                    return True
            elif isinstance(option, Attribute) and option.name == "history":
                return self.is_model(option.of)
        return False

    def is_history_dict(self, value: Value) -> bool:
        """Tells whether a value is the `history` of what `fit` returns, a dict of lists."""
        return any(
            isinstance(option, Attribute)
            and option.name == "history"
            and (self.is_history(option.of) or self.is_unknown(option.of))
            for option in options(value)
        )

    def is_unknown(self, value: Value) -> bool:
        """Tells whether a value is a name that nothing tells more of: a parameter, undefined."""
        return isinstance(value, (Parameter, Undefined)) or (
            isinstance(value, Attribute)
            and (self.is_unknown(value.of) or isinstance(value.of, Instance))
        )

    def method_of(self, call: Call) -> str:
        """Returns the method that a call names on whatever it may be, "" if that is known.

        In a program that imports Keras, an object of another module, of a pickle or of a
        parameter may be a model.
        """
        if call not in self._methods:
            self._methods[call] = self._method_of(call)
        return self._methods[call]

    def _method_of(self, call: Call) -> str:
        known = isinstance(call.callee, (UserFunction, UserClass)) or not self.imports_keras
        if known or (call.ref is not None and call.ref.via is not None):
            return ""
        kind = kind_of(call.receiver) if call.receiver else None
        value, last = call.receiver or call.callee, None
        for _ in range(_ORIGINS):
            match value:
                case Part(of=whole) | Attribute(of=whole):
                    value = whole
                case Result(call=made):
                    value, last = made.receiver or made.callee, made
        name = value.name if isinstance(value, Ref) else ""
        other = name.partition(".")[0] in _OTHERS or (kind and not kind.inherits("keras."))
        # An object of an imported class may have methods of its own by these names.
        own = last is not None and name.rpartition(".")[2][:1].isupper()
        if other or (own and not _KEYWORDS.intersection(call.keywords)):
            return ""
        return call.node.func.attr if isinstance(call.node.func, ast.Attribute) else ""

    def source(self, node: ast.AST | Span) -> str:
        """Returns the text of a node as it stands in the file."""
        return self.document.source(node)

    def report(
        self,
        code: str,
        place: Fact | ast.AST,
        edits: Iterable[Edit] = (),
        at: ast.AST | None = None,
        applicability: Applicability | None = None,
        **values: object,
    ) -> Iterator[Finding]:
        """Returns the finding of a rule at a place, or nothing where the place is guarded.

        Args:
            code: Of the rule.
            place: A fact or a node of the syntax tree.
            edits: Mend it; none if it cannot be mended here.
            at: A part of the fact's node, where the finding is shown.
            applicability: Of the edits, where it is not that of the rule.
            **values: Fill the placeholders of the rule's message.
        """
        rule = load_rules()[code]
        if rule.legacy and self.legacy:
            return
        if isinstance(place, Fact):
            if any(self.asks(test, _VERSION) for test in place.tests) or self._by_version(place):
                return
            place = at or place.node
        changes = tuple(edits)
        safe = rule.fix != "unsafe" if applicability is None else applicability == "safe"
        fix = Fix(changes, "safe" if safe else "unsafe") if self._keeps_comments(changes) else None
        yield self.document.finding(rule, span_of(at or place), values, fix)

    def _by_version(self, place: Fact) -> bool:
        """Tells whether a place depends on a name that holds what a version was asked for."""
        names = {
            node.id for test in place.tests for node in ast.walk(test) if isinstance(node, ast.Name)
        }
        return bool(names) and not names.isdisjoint(self._versions)

    @cached_property
    def _versions(self) -> set[str]:
        """The names that are given what some version is asked for: `old = version < "2"`."""
        asked = [one for one in self.definitions if isinstance(one.statement, ast.Assign)]
        return {
            one.name
            for one in asked
            if isinstance(one.value, Operation) and _VERSION.search(self.source(one.statement))
        }

    def _keeps_comments(self, edits: tuple[Edit, ...]) -> bool:
        """Tells whether there are edits, and each comment in their places is in their texts."""
        lost = [one for edit in edits for one in self.document.comments_in(edit.span)]
        text = "\n".join(edit.text for edit in edits) if lost else ""
        return bool(edits) and all(text.count(one) >= lost.count(one) for one in lost)

    def asks(self, test: ast.expr, pattern: re.Pattern[str]) -> bool:
        """Tells whether a condition speaks of something; it may be that of many places."""
        key = id(test), pattern
        if key not in self._asked:
            self._asked[key] = pattern.search(self.document.source(test)) is not None
        return self._asked[key]


def _grouped(pairs: Iterable[tuple[_Key, _Item]]) -> Mapping[_Key, list[_Item]]:
    """Returns what belongs to each key; nothing to one that is not there."""
    groups: defaultdict[_Key, list[_Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups


_BINDING = (
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
