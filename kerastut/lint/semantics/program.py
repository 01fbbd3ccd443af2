"""A program that was read: what detectors ask about."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from ..documents.document import Document
from ..finding import Edit, Finding, Fix, Span, span_of
from ..rules.rule import load_rules
from .facts import Access, Call, Definition, Fact, Import, Reference, Result, Subscript, Use
from .models import Model, find_models, key_of, model_values
from .scopes import Instance, UserFunction
from .values import Attribute, Parameter, Undefined, Value, options

_FITS = ("fit", "fit_generator", "train")
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

    @cached_property
    def legacy(self) -> bool:
        """Whether the document uses Keras 2 through `tf_keras`."""
        ways = {item.ref.via for item in self.imports}
        return "keras" not in ways and ("tf_keras" in ways or self.sets_legacy)

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
        for call in self.all_calls:
            if call.method in names and call.receiver is not None and self.is_model(call.receiver):
                yield call

    @cached_property
    def _models(self) -> dict[int, Model]:
        return find_models(self.all_calls)

    @property
    def models(self) -> list[Model]:
        """The models, in the order in which they are made."""
        return list(self._models.values())

    @property
    def built(self) -> Iterator[Model]:
        """The models that are put together here, layer by layer."""
        return (model for model in self.models if model.kind in ("sequential", "functional"))

    def model_of(self, value: Value | None) -> Model | None:
        """Returns the model that a value is, or None."""
        known = (self._models.get(key_of(option)) for option in model_values(value))
        return next((model for model in known if model is not None), None)

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
                fits = option.call.method in _FITS and self.may_be_model(option.call.receiver)
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

    def source(self, node: ast.AST | Span) -> str:
        """Returns the text of a node as it stands in the file."""
        return self.document.source(node)

    def report(
        self,
        code: str,
        place: Fact | ast.AST,
        edits: Iterable[Edit] = (),
        at: ast.AST | None = None,
        **values: object,
    ) -> Iterator[Finding]:
        """Returns the finding of a rule at a place, or nothing where the place is guarded.

        Args:
            code: Of the rule.
            place: A fact or a node of the syntax tree.
            edits: Mend it; none if it cannot be mended here.
            at: A part of the fact's node, where the finding is shown.
            **values: Fill the placeholders of the rule's message.
        """
        rule = load_rules()[code]
        if rule.legacy and self.legacy:
            return
        if isinstance(place, Fact):
            if any(map(self._checks_version, place.tests)):
                return
            place = at or place.node
        changes = tuple(edits)
        fix = Fix(changes, "unsafe" if rule.fix == "unsafe" else "safe") if changes else None
        yield self.document.finding(rule, span_of(at or place), values, fix)

    def _checks_version(self, test: ast.expr) -> bool:
        source = self.document.source(test)
        return "version" in source.lower() or "hasattr" in source


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tells whether a qualified name is one of the patterns."""
    head = name.rpartition(".")[0]
    return any(name == item or (item.endswith(".*") and head == item[:-2]) for item in patterns)
