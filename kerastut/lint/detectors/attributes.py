"""Attributes that objects of Keras no longer have, or no longer let a program set."""

import ast
import re
from functools import cache

from ..documents.text import has_word
from ..finding import Edit, span_of
from ..fixes.calls import member_today, rename_called
from ..fixes.edits import remove_statement, rename_attribute
from ..fixes.models import validation_of_callbacks
from ..questions.arrays import attribute
from ..questions.callbacks import is_board, is_logged
from ..questions.classes import finds_weights, is_class_of, is_optimizer, lacks
from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import Applicability, load_rules
from ..semantics.facts import Access, Result
from ..semantics.models import layer_call
from ..semantics.program import Program
from ..semantics.scopes import LAYERS, Instance, is_instance_of
from ..semantics.values import Attribute, Operation, Part, Value, options
from .names import is_tried
from .optimizers import gone_of_optimizers

_CALLED = {"get_output_at": "output", "get_input_at": "input"}
_CALLED |= {"get_output_shape_at": "output.shape", "get_input_shape_at": "input.shape"}
_SHAPES = {"output_shape", "input_shape", *_CALLED}
_READ_ONLY = {"weights", "trainable_weights", "non_trainable_weights", "losses", "metrics"}
_PRIVATE = ("_trainable_weights", "_non_trainable_weights")
_TOLD = {"lr", "reset_states", "layers", "add_loss", "metrics_names", *_SHAPES}
_COLLECTS, _COMPILED = {"add_metric", "add_update"}, {"compiled_loss", "compiled_metrics"}
_RENAMED = {"reset_states": "reset_state", "output_shape": "output.shape"}
_RENAMED |= {"input_shape": "input.shape"}
# What models and callbacks of Keras 2 had; those of other files may have more of their own.
_OF_MODELS = {"_feed_inputs", "_feed_input_names", "_feed_targets", "_feed_sample_weights"}
_OF_MODELS |= {"targets", "sample_weights", "total_loss", "updates", "state_updates"}
_OF_MODELS |= {"uses_learning_phase", "metrics_tensors", "loss_functions", "_standardize_user_data"}
_OF_MODELS_ALONE = {"metrics_tensors", "uses_learning_phase", "inbound_nodes", "outbound_nodes"}
_OF_MODELS_ALONE |= {"loss_functions", "_standardize_user_data", "container_nodes"}
_OF_MODELS_ALONE |= {"_feed_inputs", "_feed_input_names", "_feed_targets", "_feed_sample_weights"}
_OF_OPTIMIZERS = {"decay", "weights", "get_weights", "initial_decay", "get_gradients", "updates"}
_OF_LAYERS = {"inbound_nodes", "outbound_nodes", "batch_input_shape", "uses_learning_phase"}
_OF_BOARDS = {"writer", "merged", "sess"}
# What only iterators of `ImageDataGenerator` and nodes of graphs were asked for.
_ASKED_OF = {"nb_sample": ("iterator", "samples"), "nb_class": ("iterator", "num_classes")}
_ASKED_OF |= {"inbound_layers": ("node", "parent_nodes")}  # whose `operation` is a layer
_OF_ARRAYS = ("item", "numpy", "astype", "mean", "max", "min")
_OF_VARIABLES = {"get_value": "numpy", "set_value": "assign"}
_ASKED = re.compile(r"\b(isinstance|hasattr|type)\(")
_NAMED = re.compile(r"(^|_)layer\d?$|(^|_)layers\[[^\[\]]+\]$")
_WEIGHTS = {"weights", "trainable_weights", "non_trainable_weights"}


@detects("KT316", "KT318", "KT321", "KT322", "KT326", "KT327")
def gone_attributes(program: Program) -> Findings:
    """Finds `layer.output_shape`, `metric.reset_states` and the like."""
    own = program.function_names | program.stored_names
    for access in program.accesses:
        code, new = _code(program, access), _RENAMED.get(access.name)
        if not code and access.name in _SHAPES - own and _is_called_layer(program, access):
            code = "KT316"
        changes = [rename_attribute(access.node, new)] if new else []
        if access.name in _CALLED:
            changes = rename_called(program, access.node, _CALLED[access.name], 0)
        if code == "KT318":
            code = "" if access.name in own else code
            changes = validation_of_callbacks(program, access)
        if code == "KT322" and finds_weights(access):
            changes = [remove_statement(program, access.statement)]  # the base finds them itself
        if code:
            how: Applicability | None = "unsafe" if code == "KT318" else None
            yield from program.report(code, access, changes, None, how, name=access.name)


def _code(program: Program, access: Access) -> str:
    """Returns the code of the rule about an attribute, or ""."""
    name, of = access.name, access.of
    members = of.kind.members if isinstance(of, Instance) else {}
    if name == "reset_states":
        return "KT321" if _is_metric(of) else ""
    if name in _PRIVATE and isinstance(of, Instance) and name not in members:
        return "KT322" if of.kind.inherits(*LAYERS) else ""
    if name in _READ_ONLY and access.stores and isinstance(of, Instance):
        own = {getattr(item, "name", "") for item in of.kind.node.body}  # such as properties
        layer = of.kind.inherits(*LAYERS)
        return "KT322" if layer and not own & _READ_ONLY & members.keys() else ""
    if name in _SHAPES and not access.stores:
        asked = _is_layer(program, of, unknown=program.imports_keras)
        model = program.is_model(of) or (program.imports_keras and program.is_unknown(of))
        return "KT316" if asked or (name in _CALLED and model) else ""
    if name == "validation_data" and not access.stores and name not in members:
        owner = attribute(of, "model") or of
        return "KT318" if is_instance_of(owner, "keras.callbacks.") else ""
    if name in _COLLECTS and name not in members:
        inside = is_instance_of(of, *LAYERS)
        return "KT326" if inside and not access.stores else ""
    compiled = name in _COMPILED and not access.stores
    return "KT327" if compiled and is_instance_of(of, "keras.Model", "keras.Sequential") else ""


@detects("KT399")
def unknown_attributes(program: Program) -> Findings:
    """Finds `optimizer.minimize` and the like: what no other rule knows."""
    torch = has_word(program.document.text, "torch")
    passed = program.stored_names | _told()
    for access, owner, hint, changes in gone_of_optimizers(program):
        values = {"kind": owner, "name": access.name, "hint": hint}
        yield from program.report("KT399", access, changes, None, "unsafe", **values)
    for access in program.accesses:
        name, made = access.name, access.of
        got = isinstance(made, Result) and made.call.name == "keras.initializers.get"
        if name == "__name__" and got:
            changes = [rename_attribute(access.node, "__class__.__name__")]
            values = {"kind": "initializer", "name": name, "hint": ""}
            yield from program.report("KT399", access, changes, None, "unsafe", **values)
        if name in passed or name.startswith("__") or is_tried(access):
            continue
        if name in _ASKED_OF and program.imports_keras and not isinstance(made, Instance):
            kind, new = _ASKED_OF[name]
            changes = [rename_attribute(access.node, new)] if kind == "iterator" else []
            values = {"kind": kind, "name": name, "hint": f"; it has `{new}`"}
            yield from program.report("KT399", access, changes, None, None, **values)
        if name in _OF_BOARDS and is_board(made, name):
            yield from program.report("KT399", access, kind="callback", name=name, hint="")
        if name in _OF_VARIABLES and _is_weight(program, access.of):
            changes = [rename_attribute(access.node, _OF_VARIABLES[name])]
            values = {"kind": "variable", "name": name, "hint": f"; it has `{_OF_VARIABLES[name]}`"}
            yield from program.report("KT399", access, changes, None, None, **values)
        array = name in _OF_ARRAYS and program.imports_keras and is_logged(program, made, name)
        if array and not any(program.asks(test, _ASKED) for test in access.tests):
            call, end = program.parents.get(id(access.node)), span_of(access.node.value).end
            number = name in _OF_ARRAYS[:3] and not isinstance(made, Result)
            called = isinstance(call, ast.Call) and number
            changes = [Edit(end.to(span_of(call)), "")] if call and called else []
            values = {"kind": "log", "name": name, "hint": "; they are `float`"}
            yield from program.report("KT399", access, changes, None, None, **values)
        base = _kind(program, access)
        if torch and base in ("Model", "Sequential", "Layer"):
            continue  # they are modules of torch as well there
        if base is not None and name not in api.members(base):
            public = [member for member in api.members(base) if member[0] != "_"]
            hint = api.likely(name, public, "it has", 0.8)
            shown = "model" if base == "Sequential" else base.lower()
            changes = member_today(program, access, base)
            values = {"kind": shown, "name": name, "hint": hint}
            yield from program.report("KT399", access, changes, None, "unsafe", **values)


def _is_weight(program: Program, value: Value) -> bool:
    """Tells whether a value is one of the weights of a model or layer, or of what may be one."""
    owner = value.of if isinstance(value, Part) else None
    named = isinstance(owner, Attribute) and owner.name in _WEIGHTS
    return named and program.imports_keras and program.may_use_keras


def _kind(program: Program, access: Access) -> str | None:
    value = access.of
    if is_instance_of(attribute(value, "model"), "keras.callbacks."):
        return "Model" if access.name in _OF_MODELS else None
    model = program.model_of(value)
    if model is not None:
        ref = model.call.ref if model.call else None
        current = ref is not None and ref.via in ("keras", "tf")
        known = model.kind in ("sequential", "functional", "application")
        kind = "Sequential" if model.kind == "sequential" else "Model"
        return kind if (known and current) or access.name in _OF_MODELS_ALONE else None
    if access.name in _OF_MODELS_ALONE and program.imports_keras and program.is_unknown(value):
        return "Model"
    if _is_metric(value):
        return "Metric"
    if is_optimizer(program, value) or _is_of_callback(value, access.name):
        return "Optimizer"
    if isinstance(value, Instance) and access.name not in api.members("Layer"):
        return "Layer" if lacks(program, value.kind, access.name) else None
    own = access.name not in _OF_LAYERS and _may_be_own(program, value)
    return "Layer" if _is_layer(program, value) and not own else None


def _may_be_own(program: Program, value: Value) -> bool:
    """Tells whether a layer that a model is asked for may be of a class of the program's own."""
    taken = value.call.receiver if isinstance(value, Result) else value
    while isinstance(taken, Part):
        taken = taken.of
    model = program.model_of(attribute(taken, "layers") or taken)
    return model is not None and model.kind != "application" and not model.complete


@cache
def _told() -> frozenset[str]:
    """Returns the names that rules of their own speak of."""
    methods = {name for rule in load_rules().values() for name in rule.match.get("methods", {})}
    return frozenset(_TOLD | _COLLECTS | _COMPILED | methods)


def _is_metric(value: Value) -> bool:
    """Tells whether a value is a metric of Keras."""
    ref = value.call.ref if isinstance(value, Result) else None
    known = ref is not None and ref.via in ("keras", "tf")
    return known and isinstance(value, Result) and is_class_of(value.call.name, "keras.metrics.")


def _is_of_callback(value: Value, name: str) -> bool:
    """Tells whether a value is the optimizer of a callback's model, by what it is asked."""
    return name in _OF_OPTIMIZERS and any(
        isinstance(option, Attribute)
        and option.name == "optimizer"
        and is_instance_of(attribute(option.of, "model"), "keras.callbacks.")
        for option in options(value)
    )


def _is_layer(program: Program, value: Value, unknown: bool = False) -> bool:
    """Tells whether a value is a layer of Keras: made here, or one of a model's.

    With `unknown`, also of what a function of another module returns.
    """
    if isinstance(value, Part):
        while isinstance(value, Part):
            value = value.of
        model = attribute(value, "layers")
        made = isinstance(model, Result) and model.call.ref is not None
        if model is None or (unknown and (made or program.is_unknown(model))):
            return model is not None
        return program.is_model(model)
    if isinstance(value, Result):
        call = value.call
        if call.method == "get_layer" and call.receiver is not None:
            return program.is_model(call.receiver)
        return layer_call(value) is not None and call.name != "keras.Input"
    return False


def _is_called_layer(program: Program, access: Access) -> bool:
    """Tells whether something that nothing is known of is called a layer, or one of the layers."""
    of, node = access.of, access.node
    if not (program.imports_keras and program.may_use_keras) or program.is_model(of):
        return False
    while isinstance(of, Part):
        of = of.of
    called = id(node) in program.calls_at and access.name not in _CALLED
    made = isinstance(of, Result) and (of.call.ref is None or of.call.ref.via is None)
    unknown = made or program.is_unknown(of) or isinstance(of, Operation)
    return unknown and not called and _NAMED.search(program.source(node.value)) is not None
