"""Attributes that objects of Keras no longer have, or no longer let a program set."""

import re
from collections.abc import Iterator
from functools import cache

from ..finding import Finding
from ..fixes.edits import rename_attribute
from ..questions.arrays import attribute
from ..questions.kinds import is_layer, is_metric, is_optimizer
from ..rules import api
from ..rules.rule import load_rules
from ..semantics import Attribute, Instance, Program, Result, Value, options
from ..semantics.scopes import is_instance_of
from . import detects
from .names import is_tried

_SHAPES = {"output_shape", "input_shape", "get_output_at", "get_input_at"}
_SHAPES |= {"get_output_shape_at", "get_input_shape_at"}
_READ_ONLY = {"weights", "trainable_weights", "non_trainable_weights", "losses", "metrics"}
_PARAMS = ("metrics", "samples", "batch_size", "nb_sample", "nb_epoch", "do_validation")
_TOLD = {"lr", "reset_states", "layers", "validation_data", "add_loss", "add_metric", *_SHAPES}
_TORCH = re.compile(r"\btorch\b")


@detects("KT316")
def layer_shapes(program: Program) -> Iterator[Finding]:
    """Finds `layer.output_shape` and its like."""
    for access in program.accesses:
        if access.name in _SHAPES and not access.stores and is_layer(program, access.of):
            yield from program.report("KT316", access, name=access.name)


@detects("KT317")
def optimizer_rate(program: Program) -> Iterator[Finding]:
    """Finds `optimizer.lr`."""
    for access in program.accesses:
        if access.name == "lr" and _has_rate(program, access.of):
            changes = [rename_attribute(access.node, "learning_rate")]
            yield from program.report("KT317", access, changes)


def _has_rate(program: Program, value: Value) -> bool:
    """Tells whether a value is an optimizer, however it was made, or that of `self.model`."""
    for option in options(value):
        if isinstance(option, Result) and option.call.name.startswith("keras.optimizers."):
            return "schedules" not in option.call.name
        if isinstance(option, Attribute) and option.name == "optimizer":
            callback = attribute(option.of, "model")
            return program.is_model(option.of) or is_instance_of(callback, "keras.callbacks.")
    return False


@detects("KT318")
def callback_data(program: Program) -> Iterator[Finding]:
    """Finds `self.validation_data` in a callback that does not set it."""
    for access in program.accesses:
        owner = access.of
        if access.name != "validation_data" or access.stores or not isinstance(owner, Instance):
            continue
        if owner.kind.inherits("keras.callbacks.") and access.name not in owner.kind.members:
            yield from program.report("KT318", access)


@detects("KT322")
def read_only_weights(program: Program) -> Iterator[Finding]:
    """Finds `self.trainable_weights = [...]` in a layer that has no such property of its own."""
    for access in program.accesses:
        owner = access.of
        if access.stores and access.name in _READ_ONLY and isinstance(owner, Instance):
            own = {getattr(item, "name", "") for item in owner.kind.node.body}
            layer = owner.kind.inherits("keras.Layer", "keras.layers.", "keras.Model")
            if layer and not own & _READ_ONLY & owner.kind.members.keys():
                yield from program.report("KT322", access, name=access.name)


@detects("KT323")
def callback_params(program: Program) -> Iterator[Finding]:
    """Finds `self.params["metrics"]` in a callback."""
    for item in program.subscripts:
        key = getattr(item.key, "value", None)
        gone = key in _PARAMS and not item.stores
        if gone and is_instance_of(attribute(item.of, "params"), "keras.callbacks."):
            yield from program.report("KT323", item, name=key)


@detects("KT399")
def unknown_attributes(program: Program) -> Iterator[Finding]:
    """Finds `optimizer.minimize` and the like: what no other rule knows."""
    torch = _TORCH.search(program.document.text) is not None
    own = {access.name for access in program.accesses if access.stores}
    for access in program.accesses:
        name = access.name
        if name in own or name in _told() or name.startswith("__") or is_tried(access):
            continue
        kind = _kind(program, access.of)
        if torch and kind in ("Model", "Layer"):
            continue  # they are modules of torch as well there
        if kind is not None and name not in api.members(kind):
            public = [member for member in api.members(kind) if member[0] != "_"]
            hint = api.likely(name, public, "has", 0.75)
            yield from program.report("KT399", access, kind=kind.lower(), name=name, hint=hint)


def _kind(program: Program, value: Value) -> str | None:
    model = program.model_of(value)
    if model is not None:
        ref = model.call.ref if model.call else None
        current = ref is not None and ref.via in ("keras", "tf")
        known = model.kind in ("sequential", "functional", "application")
        return "Model" if known and current else None
    if is_metric(value):
        return "Metric"
    if is_optimizer(program, value):
        return "Optimizer"
    return "Layer" if is_layer(program, value) else None


@cache
def _told() -> frozenset[str]:
    """Returns the names that rules of their own speak of."""
    methods = {name for rule in load_rules().values() for name in rule.match.get("methods", {})}
    return frozenset(_TOLD | methods)
