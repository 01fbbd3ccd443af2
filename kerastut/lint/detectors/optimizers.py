"""Optimizers: classes derived from those of Keras, their learning rate, and who is given one."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from ..finding import Edit, span_of
from ..fixes.edits import insert, rename_attribute, replace, replace_string
from ..questions.arrays import attribute
from ..questions.classes import classes
from ..questions.training import KERAS1
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Access, Call, Result
from ..semantics.program import Program
from ..semantics.scopes import Instance, UserFunction, is_instance_of, itself
from ..semantics.values import Attribute, Constant, Parameter, Ref, Undefined, Value, options

_BASE = ("keras.optimizers.", "keras.Optimizer")
_ASK_RATES = {f"keras.backend.{name}" for name in ("eval", "get_value", "set_value")}
# What a class derived from an optimizer overrode before Keras 3.
_HOOKS = {"get_updates", "_resource_apply_dense", "_resource_apply_sparse", "_create_slots"}
_HOOKS |= {"_prepare_local", "_resource_apply_sparse_duplicate_indices", "_create_hypers"}
# What it found in its base, and where that is today.
_GONE = dict.fromkeys(("add_slot", "add_weight"), "add_variable_from_reference")
_GONE |= dict.fromkeys(("weights", "get_weights", "_weights", "get_slot_names"), "variables")
_GONE |= dict.fromkeys(("lr", "_decayed_lr", "_decayed_learning_rate"), "learning_rate")
_GONE |= dict.fromkeys(("_resource_scatter_add", "_resource_scatter_update"), "assign_add")
_GONE |= dict.fromkeys(("_create_hypers", "_create_slots", "_create_all_weights"), "build")
_GONE |= dict.fromkeys(("_resource_apply_dense", "_resource_apply_sparse"), "update_step")
_GONE |= dict.fromkeys(
    ("minimize", "_aggregate_gradients", "_compute_gradients"), "apply_gradients"
)
_OTHERS = {"_set_hyper", "_get_hyper", "_hyper", "_serialize_hyperparameter", "_call_if_callable"}
_OTHERS |= {"get_slot", "_slots", "_prepare_local", "_fallback_apply_state", "_initial_decay"}
_OTHERS |= {"_resource_apply_sparse_duplicate_indices", "_assert_valid_dtypes", "_use_locking"}
_OTHERS |= {"_build_learning_rate", "_build_index_dict", "_index_dict", "_transform_gradients"}
_GONE |= dict.fromkeys(_OTHERS, "")
_RATES = {"Adadelta": ("1.0", "0.001"), "Adagrad": ("0.01", "0.001")}
_COUNTED = {"epochs", "nb_epoch", "samples_per_epoch", None}  # None for `**more`
_VARIABLE = re.compile(r"(?:var|variable|weight|param|v|w|p)(?:\[\d\])?\.dtype")
_TRAIN = ("compile", "fit", "fit_generator", "train_on_batch")
_RATE = re.compile(r"[\[(]['\"]learning_rate['\"][\],]\s*=?")  # that is given to a dictionary


@detects("KT329")
def old_optimizers(program: Program) -> Findings:
    """Finds the methods of older bases in classes derived from an optimizer."""
    for definition, kind, methods in classes(program):
        old = kind.inherits(*_BASE) and "update_step" not in methods
        for name, item in methods.items() if old else ():
            if name in _HOOKS:
                yield from program.report("KT329", definition, at=item, name=name)


def gone_of_optimizers(program: Program) -> Iterator[tuple[Access, str, str, list[Edit]]]:
    """Yields `self._set_hyper(...)` and what else optimizers found in their base, for KT399."""
    stored, defined = program.stored_names, program.function_names
    derived = any(one.owner and one.owner.inherits(*_BASE) for one in program.functions)
    for access in program.accesses:
        new, name = _GONE.get(access.name), access.name
        own = name in stored or (name in defined and isinstance(access.of, Instance))
        if new is not None and not own and is_instance_of(access.of, *_BASE):
            hint = f"; it has `{new}`" if new else ""
            yield access, "optimizer", hint, []
        if name == "get_scaled_loss" and program.imports_keras and not own:
            changes = [rename_attribute(access.node, "scale_loss")]
            yield access, "optimizer", "; it has `scale_loss`", changes
        if name == "get_unscaled_gradients" and program.imports_keras and not own:
            yield access, "optimizer", "; `apply_gradients` does it", _argument(program, access)
        typed = derived and name == "base_dtype"
        if typed and _VARIABLE.fullmatch(program.source(access.node.value)):
            yield access, "dtype", "", []


def _argument(program: Program, access: Access) -> list[Edit]:
    """Returns the edit that leaves of a call of a method its only argument."""
    call = program.calls_at.get(id(access.node))
    alone = call is not None and len(call.node.args) == 1 and not call.node.keywords
    return [replace(call.node, program.source(call.node.args[0]))] if call and alone else []


@detects("KT280")
def rates_of_bases(program: Program) -> Findings:
    """Finds `super().__init__(name)` in an optimizer: the learning rate comes first."""
    for call in program.method_calls("__init__"):
        upwards = call.receiver.call if isinstance(call.receiver, Result) else None
        starts = upwards is not None and upwards.name == "builtins.super"
        derived = starts and is_instance_of(call.receiver, *_BASE)
        if derived and _lacks_rate(program, call):
            new = "super().__init__(learning_rate, name=name)"
            yield from program.report("KT280", call, name="Optimizer.__init__", new=new)


def _lacks_rate(program: Program, call: Call) -> bool:
    """Tells whether the base of all optimizers is surely not given a learning rate."""
    node, own = program.around(call.node, ast.FunctionDef), itself(call.receiver)
    bases = own.kind.bases if isinstance(own, Instance) else ()
    base = bases[0].canonical if len(bases) == 1 and isinstance(bases[0], Ref) else ""
    direct = base in ("keras.optimizers.Optimizer", "keras.Optimizer")
    if not direct or node is None or call.has("learning_rate"):
        return False
    if call.args:
        first = call.args[0]
        text = isinstance(first, Constant) and isinstance(first.value, str)
        return text or (isinstance(first, Parameter) and first.name == "name")
    rest = any(keyword.arg is None for keyword in call.node.keywords)
    arguments = node.args
    named = {one.arg for one in (*arguments.args, *arguments.kwonlyargs)}
    told = rest and _RATE.search(program.source(node)) is not None
    return not told and (not rest or not named.isdisjoint(("learning_rate", "lr", "rate")))


@detects("KT280")
def whole_rates(program: Program) -> Findings:
    """Finds `Adadelta(1)` and `SGD(lr=RATE)` of a whole number; `lr=1` gets its `.0` elsewhere."""
    for call in program.calls("keras.optimizers.*"):
        given, known = call.given(0, "learning_rate", "lr"), api.arguments(call.name)
        rate = given[0].value if given and isinstance(given[0], Constant) else None
        if given is None or type(rate) is not int or (known or ("",))[0] != "learning_rate":
            continue
        text, plain = program.source(given[1]), isinstance(given[1], ast.Constant)
        if not (plain and call.has("lr")):
            new = f"{text}.0" if plain else f"float({text})"
            changes = [replace(given[1], new)]
            yield from program.report("KT280", call, changes, given[1], name=call.last, new=new)


@detects("KT263")
def class_for_an_optimizer(program: Program) -> Findings:
    """Finds `compile(optimizer=keras.optimizers.Adam)`, without parentheses."""
    for call in program.methods("compile"):
        given = call.given(0, "optimizer")
        name = given[0].canonical if given and isinstance(given[0], Ref) else ""
        module, _, last = name.rpartition(".")
        if given and module == "keras.optimizers" and last[:1].isupper():
            changes = [insert(span_of(given[1]).end, "()")]
            yield from program.report("KT263", call, changes, at=given[1], name=last)


@detects("KT317")
def rates(program: Program) -> Findings:
    """Finds `optimizer.lr`."""
    guess = program.imports_keras and program.may_use_keras
    trained = {id(call.receiver) for call in program.method_calls(*_TRAIN)}
    told: dict[tuple[int, str], list[Access]] = {}  # `sgd.lr = sgd.lr / 2` is told of once
    for access in program.accesses:
        if access.name != "lr":
            continue
        named = guess and _is_called_optimizer(access.of, trained)
        if _has_rate(program, access.of) or named or _is_asked_of_backend(program, access):
            key = id(access.statement), program.source(access.node)
            told.setdefault(key, []).append(access)
    for same in told.values():
        changes = [rename_attribute(access.node, "learning_rate") for access in same]
        yield from program.report("KT317", same[-1], changes, name="lr")


@detects("KT317")
def rates_insisted_on(program: Program) -> Findings:
    """Finds `if not hasattr(model.optimizer, "lr"): raise`."""
    for call in program.calls("builtins.hasattr"):
        denied = isinstance(program.parents.get(id(call.node)), ast.UnaryOp)
        test = call.statement
        raised = isinstance(test, ast.If) and isinstance(test.body[-1], ast.Raise)
        owner, name = call.value(0), call.expression(1)
        asked = (denied and raised) or isinstance(call.statement, ast.Assert)
        if owner is None or not isinstance(name, ast.Constant) or name.value != "lr" or not asked:
            continue
        if _has_rate(program, owner):
            changes = [replace_string(program, name, "learning_rate")]
            yield from program.report("KT317", call, changes, at=name)


@detects("KT448", "KT611")
def changed_defaults(program: Program) -> Findings:
    """Finds optimizers and trainings that rely on a default that older Keras had."""
    told = [
        (call, call.last, call.ref.via if call.ref else None)
        for call in program.calls("keras.optimizers.*")
        if not call.args and not call.has("learning_rate", "lr")
    ]
    for call in program.methods("compile"):
        name = call.literal(0, "optimizer")
        told.append((call, str(name).title(), "tf" if "tf" in program.ways else "keras"))
    for call, name, via in told:
        old, new = _RATES.get(name, ("", ""))
        code = "KT448" if via == "keras" else "KT611"  # tf.keras has had today's for long
        if old and not _is_scheduled(program):
            values = {"argument": "learning_rate", "name": name, "old": old, "new": new}
            yield from program.report(code, call, [], None, None, **values)
    of_keras1 = cache(lambda: KERAS1.search(program.code) is not None)
    for call in program.methods("fit") if "keras" in program.ways else ():
        named = {keyword.arg for keyword in call.node.keywords}
        if len(call.node.args) < 4 and not named & _COUNTED and of_keras1():
            values = {"argument": "epochs", "name": "fit", "old": "10", "new": "1"}
            yield from program.report("KT448", call, [], None, None, **values)


def _is_scheduled(program: Program) -> bool:
    """Tells whether a file's schedule sets the rate at each epoch, and does not ask for it."""
    made = program.calls("keras.callbacks.LearningRateScheduler")
    given = [itself(call.value(0, "schedule")) for call in made]
    known = [len(one.node.args.args) for one in given if isinstance(one, UserFunction)]
    return bool(given) and max(known, default=1) < 2 and program.document.kind != "markdown"


def _has_rate(program: Program, value: Value) -> bool:
    """Tells whether a value is an optimizer, however it was made, or that of `self.model`."""
    for option in options(value):
        if isinstance(option, Result) and option.call.name.startswith("keras.optimizers."):
            return "schedules" not in option.call.name
        if isinstance(option, Attribute) and option.name == "optimizer":
            callback = attribute(option.of, "model")
            return program.is_model(option.of) or is_instance_of(callback, "keras.callbacks.")
    return False


def _is_called_optimizer(value: Value, trained: set[int]) -> bool:
    """Tells whether nothing is known of a value but its name, which says that it is an optimizer.

    Or it is that of what is trained, whose ids are given. `opt` does not say so: many programs call
    their options like that.
    """
    if isinstance(value, Attribute) and value.name == "optimizer":
        owner = value.of
        known = getattr(owner, "name", "") == "model" or isinstance(owner, Instance)
        return known or id(owner) in trained
    return isinstance(value, (Parameter, Undefined)) and value.name == "optimizer"


def _is_asked_of_backend(program: Program, access: Access) -> bool:
    """Tells whether a rate is what a function of the old backend is called with."""
    outer = program.parents.get(id(access.node))
    call = program.calls_at.get(id(outer.func)) if isinstance(outer, ast.Call) else None
    own = isinstance(access.of, Instance)  # a field of a class of the document
    first = call is not None and call.node.args[:1] == [access.node] and not own
    return first and call is not None and call.name in _ASK_RATES
