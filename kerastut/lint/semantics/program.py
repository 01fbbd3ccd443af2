"""A program that was read: what detectors ask about."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from ..documents.document import Document
from ..finding import Edit, Finding, Fix, Span, span_of
from ..rules.rule import Applicability, load_rules
from .facts import Call, Fact, Import, Reference, Result
from .models import Model, find_models, is_class, key_of, model_values
from .record import Record, in_order
from .record import bound_names as bound_names
from .record import matches as matches
from .scopes import Instance, UserClass, UserFunction, kind_of
from .values import Attribute, Operation, Parameter, Part, Ref, Undefined, Value, options

_ORIGINS = 20  # values that an object is followed back to
# Packages whose objects are no models of Keras, though some methods are called alike.
_OTHERS = {"sklearn", "torch", "torchvision", "xgboost", "lightgbm", "catboost", "fastai", "mxnet"}
_OTHERS |= {"paddle", "jax", "flax", "art", "pandas", "numpy", "gensim", "spacy"}
_KEYWORDS = {"steps_per_epoch", "samples_per_epoch", "nb_epoch", "epochs", "validation_data"}
_KEYWORDS |= {"nb_val_samples", "val_samples", "validation_steps", "generator", "callbacks"}
_KEYWORDS |= {"save_format", "steps"}
# All that any Keras took where it trains, predicts and saves.
_ALL = _KEYWORDS | {"x", "y", "batch_size", "verbose", "validation_split", "shuffle", "workers"}
_ALL |= {"class_weight", "sample_weight", "initial_epoch", "validation_freq", "max_q_size"}
_ALL |= {"max_queue_size", "nb_worker", "use_multiprocessing", "pickle_safe", "show_accuracy"}
_ALL |= {"sample_per_epoch", "nb_val_worker"}
_ALL |= {"filepath", "overwrite", "include_optimizer", "by_name", "return_dict"}
_FIRST = ("x", "generator", "filepath")  # one of which they all need
_FITS = ("fit", "fit_generator", "train")
_GONE = re.compile(r"(?:backend\(\)|_BACKEND|_backend) *== *['\"](?:theano|cntk|mxnet|plaidml)")
# A file that is asked for may have the version of the program in its name.
_VERSION = re.compile(
    r"(?i:__version__|\bversion_info|hasattr|^(?!.*\b(exists|isfile|isdir)\().*version)", re.DOTALL
)
# What TensorFlow 1 made a graph of or ran it with, and what tells of TensorFlow 2 or of training.
_GRAPH = re.compile(
    r"tensorflow\.(compat\.v1\.)?(placeholder|(Interactive)?Session|variable_scope|get_variable"
    r"|summary\.(merge_all|FileWriter)|train\.(Saver|Supervisor|MonitoredTrainingSession))$"
)
_EAGER = re.compile(r"GradientTape|tf\.function|enable_eager")
_TRAINS = re.compile(r"\.(fit|predict)\w*\(|load_model|Sequential")
_RUNS = re.compile(r"fit(_generator)?|predict|(predict|train)_on_batch")
# Of Keras, what has to do with models; its layers also stand in graphs.
_OF_MODELS = re.compile(r"keras\.(models|applications|callbacks|wrappers|Model|Sequential)\b")
_BACKEND = re.compile(r"keras\.backend\b")
_STORES = re.compile(r"keras\.backend\.(set_value|update(_add|_sub)?|moving_average_update)")


class Program(Record):
    """A program that was read: its models, and what is asked about its values."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._methods: dict[Call, str] = {}
        self._asked: dict[tuple[int, re.Pattern[str]], bool] = {}

    def methods(self, *names: str) -> Sequence[Call]:
        """Returns the calls of these methods on Keras models."""
        return in_order(self._methods_of_models, names)

    @cached_property
    def _methods_of_models(self) -> Mapping[str, list[Call]]:
        return {
            name: [call for call in calls if call.receiver and self.is_model(call.receiver)]
            for name, calls in self._calls_by_method.items()
        }

    @cached_property
    def _models(self) -> dict[int, Model]:
        return find_models(self.all_calls)

    @property
    def models(self) -> Collection[Model]:
        """The models, in the order in which they are made."""
        return self._models.values()

    @cached_property
    def is_graph(self) -> bool:
        """Whether it is of TensorFlow 1: it makes a graph for a session, and trains no model."""
        text = self.document.text
        made = {one.ref.name for one in self.references if _GRAPH.fullmatch(one.ref.name)}
        if not made:
            return False
        facts: Iterable[Import | Reference] = (*self.imports, *self.references)
        # A session that Keras is given may be for models of elsewhere.
        given = all(name.endswith("Session") for name in made)
        names = {one.ref.canonical for one in facts}
        ours = any(_OF_MODELS.match(one) or (given and _BACKEND.match(one)) for one in names)
        trains = ("keras" in text and _TRAINS.search(text)) or any(map(self._runs, self.all_calls))
        return not ours and not self.models and not trains and not _EAGER.search(text)

    def _runs(self, call: Call) -> bool:
        """Tells whether a call may train a model of elsewhere: `agent.model.fit(x, y)`."""
        named = isinstance(call.node.func, ast.Attribute) and _RUNS.fullmatch(call.node.func.attr)
        return bool(named and call.receiver) and not self._is_other(call, "tensorflow")

    def _is_other(self, call: Call, *more: str) -> bool:
        """Tells whether a call is a method of the document's own or of another package."""
        package = self._origin(call)[0].partition(".")[0]
        return package in {*_OTHERS, *more} or isinstance(call.callee, UserFunction)

    def _origin(self, call: Call) -> tuple[str, Call | None]:
        """Returns the name that what a call is a method of begins with, and the call of it."""
        value, last = call.receiver or call.callee, None
        for _ in range(_ORIGINS):
            match value:
                case Part(of=whole) | Attribute(of=whole):
                    value = whole
                case Result(call=made):
                    value, last = made.receiver or made.callee, made
                case _:
                    break
        return value.name if isinstance(value, Ref) else "", last

    @cached_property
    def stored(self) -> Mapping[str, set[str]]:
        """Where `K.set_value(x, value)` and its like store in something, by how that is written."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for call in self.all_calls:
            func = call.node.func
            if _STORES.fullmatch(call.name) and call.certain(0):
                found[self.source(call.node.args[0])].add(call.scope)
            elif isinstance(func, ast.Attribute) and func.attr.startswith("assign"):
                found[self.source(func.value)].add(call.scope)
        return found

    @cached_property
    def first_given(self) -> Mapping[tuple[str, str], Call]:
        """The first call of each name, by its line, that is given a keyword."""
        found: dict[tuple[str, str], Call] = {}
        for call in sorted(self.all_calls, key=lambda one: one.node.lineno, reverse=True):
            found |= dict.fromkeys(((call.name, word) for word in call.keywords), call)
        return found

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
        """Tells whether a value is a Keras model, used as one, or a name that tells nothing."""
        used = any(one.compiled or id(one) in self._used for one in options(value))
        return value is not None and (used or self.is_model(value) or self.is_unknown(value))

    @cached_property
    def _used(self) -> set[int]:
        """The ids of what has its layers listed or is trained in epochs, whatever made it."""
        calls = self.method_calls("summary", "fit") if self.imports_keras else ()
        known = [one for one in calls if one.method == "summary" or one.has("epochs")]
        return {id(one.receiver) for one in known if not self._is_other(one)}

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
        found = (one for one in options(value) if isinstance(one, Attribute))
        of = [one.of for one in found if one.name == "history"]
        return any(self.is_history(one) or self.is_unknown(one) for one in of)

    def is_unknown(self, value: Value) -> bool:
        """Tells whether a value is a name that nothing tells more of: a parameter, undefined."""
        if isinstance(value, Attribute):
            return isinstance(value.of, Instance) or self.is_unknown(value.of)
        return isinstance(value, (Parameter, Undefined))

    def method_of(self, call: Call) -> str:
        """Returns the method that a call names on whatever it may be, "" if that is known.

        In a program that imports Keras, an object of another module, of a pickle or of a
        parameter may be a model.
        """
        if call not in self._methods:
            self._methods[call] = self._method_of(call)
        return self._methods[call]

    def _method_of(self, call: Call) -> str:
        if not isinstance(call.node.func, ast.Attribute):
            return ""
        known = isinstance(call.callee, (UserFunction, UserClass)) or not self.imports_keras
        if known or (call.ref is not None and call.ref.via is not None):
            return ""
        kind = kind_of(call.receiver) if call.receiver else None
        name, last = self._origin(call)
        other = name.partition(".")[0] in _OTHERS or (kind and not kind.inherits("keras."))
        # An object of an imported class may have methods of its own by these names, but not what
        # it returns where it is called, nor the model that is one of its attributes.
        called = isinstance(call.receiver, Result) and isinstance(call.receiver.call.callee, Result)
        inner = called or isinstance(call.receiver, Attribute)
        own = last is not None and is_class(name.rpartition(".")[2]) and not inner
        named = isinstance(call.receiver, Result) and isinstance(call.receiver.call.callee, Ref)
        unlike = not call.keywords.keys() <= _ALL or not (call.node.args or call.has(*_FIRST))
        if own and named and unlike:
            return ""  # a method of its own: no Keras ever took these, or nothing else
        if other or (own and not _KEYWORDS.intersection(call.keywords)):
            return ""
        return call.node.func.attr

    def apart(self, one: Fact, other: Fact) -> bool:
        """Tells whether two places stand in different blocks of a page, which may be parts."""
        blocks = {self.document.chunk_at(span_of(place.node).line) for place in (one, other)}
        return self.document.kind == "markdown" and len(blocks) > 1

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
            if place.guards and self._is_guarded(place):
                return
            place = at or place.node
        changes = tuple(edits)
        safe = rule.fix != "unsafe" if applicability is None else applicability == "safe"
        fix = Fix(changes, "safe" if safe else "unsafe") if self._keeps_comments(changes) else None
        yield self.document.finding(rule, span_of(at or place), values, fix)

    def _is_guarded(self, place: Fact) -> bool:
        """Tells whether a place is for another version or backend than today's."""
        if any(self.asks(test, _VERSION) for test in place.tests) or self._by_version(place):
            return True
        met = [guard.test for guard in place.guards if guard.test is not None and guard.holds]
        return any(self.asks(test, _GONE) for test in met)

    def _by_version(self, place: Fact) -> bool:
        """Tells whether a place depends on a name that holds what a version was asked for."""
        nodes = [node for test in place.tests for node in ast.walk(test)]
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        return bool(names) and not names.isdisjoint(self._versions)

    @cached_property
    def _versions(self) -> set[str]:
        """The names that are given what some version is asked for: `old = version < "2"`."""
        asked = [
            (one.name, one.statement.value)
            for one in self.definitions
            if isinstance(one.statement, ast.Assign) and isinstance(one.value, Operation)
        ]
        return {name for name, value in asked if _VERSION.search(self.source(value))}

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
