"""A program that was read: what detectors ask about."""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal

from kerastut.lint.documents.document import Document
from kerastut.lint.finding import Edit, Finding, Fix, Span, span_of
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics.facts import Call, Fact, Guard
from kerastut.lint.semantics.models import Model, find_models, model_values
from kerastut.lint.semantics.recorder import Recorder
from kerastut.lint.semantics.values import (
    Attribute,
    Instance,
    Parameter,
    Result,
    Undefined,
    Value,
    options,
)

_FITS = ("fit", "fit_generator", "train")


class Program:
    """What a document's chunks do, as lists of facts in the order of execution.

    Attributes:
        document: The file.
        all_calls: Every call.
        imports: Every name that an import binds.
        references: Every use of something imported, as a whole chain.
        subscripts: Every `of[key]`.
        accesses: Every attribute of a value that is not a module.
        definitions: Every name that gets a value.
        uses: Every name that is read; those without a definition are undefined.
        functions: Every function of the document.
        legacy: Whether the document uses Keras 2 through `tf_keras`.
    """

    def __init__(self, document: Document, facts: Recorder) -> None:
        self.document = document
        self.all_calls = facts.calls
        self.imports = facts.imports
        self.references = facts.references
        self.subscripts = facts.subscripts
        self.accesses = facts.accesses
        self.definitions = facts.definitions
        self.uses = facts.uses
        self.functions = facts.functions
        ways = {item.ref.via for item in facts.imports}
        self.legacy = "keras" not in ways and ("tf_keras" in ways or facts.legacy)

    def calls(self, *names: str) -> Iterator[Call]:
        """Returns the calls of these names of Keras 3, whatever they are called in the document.

        Args:
            *names: Qualified: `keras.layers.Dense`; a final `.*` stands for one more part.
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
    def models(self) -> list[Model]:
        """The models, in the order in which they are made."""
        return find_models(self.all_calls)

    def model_of(self, value: Value | None) -> Model | None:
        """Returns the model that a value is, or None."""
        if value is None:
            return None
        for option in model_values(value):
            for model in self.models:
                if model.value is option or (
                    isinstance(option, Instance)
                    and isinstance(model.value, Instance)
                    and option.kind is model.value.kind
                ):
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
                call = option.call
                if call.name == "keras.callbacks.History":
                    return True
                if call.method in _FITS and self.may_be_model(call.receiver):
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
        applicability: Literal["safe", "unsafe"] | None = None,
        at: ast.AST | None = None,
        **values: object,
    ) -> Iterator[Finding]:
        """Returns the finding of a rule at a place, or nothing where the place is guarded.

        Args:
            code: Of the rule. A code without a record gives nothing.
            place: A fact or a node of the syntax tree.
            edits: Mend it; none if it cannot be mended here.
            applicability: Of the fix; default: the rule's.
            at: A part of the fact's node, where the finding is shown.
            **values: Fill the placeholders of the rule's message.
        """
        rule = load_rules().get(code)
        if rule is None or (rule.legacy and self.legacy):
            return
        node = at or (place.node if isinstance(place, Fact) else place)
        if isinstance(place, Fact) and any(map(self._checks_version, place.guards)):
            return
        span, changes = span_of(node), tuple(edits)
        how = applicability or ("unsafe" if rule.fix == "unsafe" else "safe")
        yield Finding(
            rule=rule,
            span=span,
            filename=self.document.filename,
            location=self.document.locate(span.line, span.column),
            end=self.document.locate(span.end_line, span.end_column),
            values=values,
            fix=Fix(changes, how) if changes else None,
        )

    def _checks_version(self, guard: Guard) -> bool:
        if guard.test is None:
            return False
        source = self.document.source(guard.test)
        return "version" in source.lower() or "hasattr" in source


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tells whether a qualified name is one of the patterns."""
    head = name.rpartition(".")[0]
    return any(name == item or (item.endswith(".*") and head == item[:-2]) for item in patterns)
