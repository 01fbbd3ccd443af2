"""Models as a whole: what they can learn, and the names they share."""

import ast
from bisect import bisect_right
from itertools import pairwise, takewhile

from ..fixes.edits import rename_attribute, replace, without_statement
from ..questions.arrays import attribute, root
from ..questions.labels import is_choice
from ..questions.tensors import is_input_layer
from ..questions.training import (
    FITS,
    TRAINS,
    fits,
    freed_again,
    freezes,
    holds,
    losses,
    switch_of,
    training_after,
)
from ..registering import Findings, detects
from ..semantics.facts import Access, Call, Result, origins
from ..semantics.models import Model, activation_name, activation_of
from ..semantics.program import Program
from ..semantics.scopes import is_instance_of
from ..semantics.values import Constant, Operation, Part, Value, remembered
from .metrics import strings_in

# What is given a model and does not call it on a tensor.
_LOOKING = ("builtins.", "keras.utils.", "keras.models.", "keras.saving.", "keras.callbacks.")
_ENDS = ("input", "output")
_PLAIN = ("keras.Input", "keras.layers.Flatten", "keras.layers.Normalization")
_CURVES = {
    f"numpy.{name}"
    for name in ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "square", "abs", "power")
}


@detects("KT412")
def affine_model(program: Program) -> Findings:
    """Finds models without any nonlinearity whose target is a curve over their input."""
    affine = (model for model in program.models if _is_affine(model))
    for fit in (fit for model in affine for fit in model.called(*FITS)):
        x, y = fit.value(0, "x"), fit.value(1, "y")
        if x is None or y is None:
            continue
        curve = next((one for one in origins(y) if _bends(one, root(x))), None)
        if isinstance(curve, Operation):
            yield from program.report("KT412", curve.node)
        elif isinstance(curve, Result):
            yield from program.report("KT412", curve.call)


def _is_affine(model: Model) -> bool:
    layers = [layer for layer in model.layers if layer.name not in _PLAIN]
    linear = [activation_name(layer.value(1, "activation")) == "linear" for layer in layers]
    dense = all(layer.name == "keras.layers.Dense" for layer in layers)
    return model.complete and bool(layers) and dense and all(linear)


def _bends(value: Value, x: Value) -> bool:
    """Tells whether a value is x², x·x, sin(x) and the like, of just this array."""
    if isinstance(value, Result) and value.call.name in _CURVES and value.call.args:
        return _is_scaled(value.call.args[0], x)
    if not isinstance(value, Operation) or not isinstance(value.node, ast.BinOp):
        return False
    left, right = value.operands
    if isinstance(value.node.op, ast.Pow):
        power = right.value if isinstance(right, Constant) else None
        return _is_scaled(left, x) and power not in (0, 1)
    return isinstance(value.node.op, ast.Mult) and all(_is_scaled(one, x) for one in (left, right))


@remembered
def _is_scaled(value: Value, x: Value) -> bool:
    """Tells whether a value is x, or x times or plus a number."""
    source = root(value)
    if isinstance(source, Operation):
        return any(_is_scaled(one, x) for one in source.operands)
    return source is x


@detects("KT424")
def accuracy_of_regression(program: Program) -> Findings:
    """Finds accuracy as the metric of a regression."""
    for model, call, loss in losses(program):
        metrics = call.value(3, "metrics")
        named = strings_in(metrics) if metrics is not None else set()
        linear = model.units == 1 and model.activation == "linear"
        if not (loss.measures_distance and linear and named & {"accuracy", "acc"}):
            continue
        # Of labels that are 0 and 1, accuracy asks whether the output is above a half.
        if not any(is_choice(fit.value(1, "y")) for fit in model.called(*FITS)):
            where = call.expression(3, "metrics")
            yield from program.report("KT424", call, at=where, loss=loss.name)


@detects("KT415")
def shared_names(program: Program) -> Findings:
    """Finds the training of a model whose name an earlier block's trained model had."""
    trained: dict[str, Model] = {}
    reported: set[str] = set()
    for model, fit in sorted(fits(program), key=lambda pair: pair[1].order):
        names = [d.name for d in program.definitions_of[id(model.value)] if not d.scope]
        for name in dict.fromkeys(names):
            before = trained.setdefault(name, model)
            if name not in reported and before is not model and _apart(program, before, model):
                reported.add(name)
                yield from program.report("KT415", fit, name=name)


@detects("KT430")
def frozen_after_compile(program: Program) -> Findings:
    """Finds models that are compiled, then frozen or freed, and trained so."""
    switches: dict[int, list[Access]] = {}
    for item in program.accesses:
        if item.stores and item.name == "trainable":
            model = program.model_of(_frozen(item.of))
            switches.setdefault(id(model), []).append(item)
    for model in program.models:
        calls, items = model.called("compile"), switches.get(id(model), [])
        compiled = [call.order for call in calls]
        if calls:  # what is set before, one after the other, is past by then
            items = [i for i in items if i.order > compiled[-1] or i.scope != calls[-1].scope]
        for item in items if compiled and all(freezes(program, one) for one in items) else ():
            trained = model.called(*TRAINS)
            after = [call for call in trained if call.order > item.order or call.scope]
            # What grows after it is compiled again, and has new layers to train; what was trained
            # before goes on as it did.
            grows = any(call.order > item.order for call in model.called("add", "pop"))
            begun = any(call.order < item.order and not call.scope for call in trained)
            frozen = compiled[-1] < item.order and not grows and not begun
            if frozen and after and not any(map(item.excludes, after)):
                place, given = switch_of(program, item)
                yield from program.report("KT430", place, name=program.source(given))
                break
    for item, name in freed_again(program):
        yield from program.report("KT430", item, name=name)


def _frozen(value: Value) -> Value | None:
    """Returns the model whose `trainable` is set, or that of every layer in turn."""
    each = isinstance(value, Part) and value.node is None
    return attribute(value.of, "layers") if isinstance(value, Part) and each else value


@detects("KT440")
def shared_optimizers(program: Program) -> Findings:
    """Finds optimizers that train a second model, or the same one after layers were freed."""
    owners: dict[int, tuple[Model, Call, Call]] = {}
    frozen, freed, freeing = set[int](), set[int](), list[int]()
    for one in program.accesses:
        if one.stores and one.name == "trainable":
            model_id = id(program.model_of(_frozen(one.of)))
            if not freezes(program, one) and (frozen or _loops(program, one.node)):
                freed.add(model_id)  # what is set before all else frees nothing
                freeing.append(one.order)
            frozen.add(model_id)
    frozen -= freed
    compiled = [(call, model) for model in program.models for call in model.called("compile")]
    trained = [(fit, *pair) for pair in compiled if (fit := training_after(*pair)) is not None]
    for fit, call, model in sorted(trained, key=lambda one: (one[0].order, one[1].order)):
        made, given = call.value(0, "optimizer"), call.expression(0, "optimizer")
        known = isinstance(made, Result) and made.call.name.startswith("keras.optimizers.")
        if not isinstance(made, Result) or not known or given is None or id(model) in frozen:
            continue
        owner, first, before = owners.setdefault(id(made), (model, call, fit))
        other = not holds(owner, model) and first is not call and not first.excludes(call)
        since = bisect_right(freeing, before.order) < bisect_right(freeing, call.order)
        refreshed = owner is model and first is not call and since
        if other or refreshed or _is_rebuilt(program, model, made.call, call, fit):
            text = program.source(given)
            plain = isinstance(given, (ast.Name, ast.Attribute))
            changes = [replace(given, f"{text}.from_config({text}.get_config())")] if plain else []
            yield from program.report("KT440", call, changes, at=given, name=text)


def _is_rebuilt(program: Program, model: Model, made: Call, call: Call, fit: Call) -> bool:
    """Tells whether a loop makes a model again and again, and its optimizer before it."""
    rounds = _loops(program, call.node) & _loops(program, fit.node) - _loops(program, made.node)
    names = program.definitions_of[id(model.value)][:1] if rounds else []
    return any(rounds & _loops(program, one.node) for one in names)


def _loops(program: Program, node: ast.AST) -> set[int]:
    """Returns the ids of the loops around a node, up to its function."""
    around = program.outward(program.parents.get(id(node)))
    inside = takewhile(lambda one: not isinstance(one, (ast.FunctionDef, ast.ClassDef)), around)
    return {id(one) for one in inside if isinstance(one, (ast.For, ast.While))}


def _apart(program: Program, one: Model, other: Model) -> bool:
    """Tells whether two models are made in different blocks."""
    if one.call is None or other.call is None:
        return False
    place = program.document.chunk_at
    return place(one.call.node.lineno) != place(other.call.node.lineno)


@detects("KT340")
def ends_of_sequential(program: Program) -> Findings:
    """Finds the `input` of a Sequential that nothing calls, and of an `InputLayer`, which is []."""
    asked = [one for one in program.accesses if one.name in _ENDS and not one.stores]
    others = [one for one in program.all_calls if asked and not one.name.startswith(_LOOKING)]
    inner = [item for call in others for item in call.args]
    applied = {id(part) for item in inner for part in (item, *getattr(item, "items", ()))}
    for access in asked:
        old, new = program.source(access.node), f"{access.name}s[0]"
        if access.name == "input" and is_input_layer(program, access.of):
            new = f"{old.rpartition('.layers')[0]}.{new}"
            changes = [replace(access.node, new)]
            yield from program.report("KT340", access, changes, old=old, new=new)
            continue
        model = program.model_of(access.of)
        trains = is_instance_of(attribute(access.of, "model"), "keras.callbacks.")
        if trains and {one.kind for one in program.models} == {"sequential"}:
            model = next(iter(program.models))  # what a callback is for
        if model is None or model.kind != "sequential" or model.call is None:
            continue
        current = model.call.ref is not None and model.call.ref.via in ("keras", "tf")
        if current and id(model.value) not in program.applied and id(model.value) not in applied:
            changes, new = [rename_attribute(access.node, new)], f"{old.rpartition('.')[0]}.{new}"
            yield from program.report("KT340", access, changes, old=old, new=new)


@detects("KT445")
def activation_twice(program: Program) -> Findings:
    """Finds `Dense(3, activation="softmax")` with a softmax layer behind it."""
    for model in program.models:
        for layer, after in pairwise(model.layers) if model.complete else ():
            first, second = activation_of(layer), activation_of(after)
            behind = after.last in ("Activation", "Softmax")
            if behind and first == second and first in ("softmax", "sigmoid"):
                yield from program.report("KT445", after, activation=first)


@detects("KT344")
def input_behind_layers(program: Program) -> Findings:
    """Finds `model.add(Input(shape))` behind other layers of a Sequential."""
    for model in (one for one in program.models if one.kind == "sequential"):
        added = {id(call.value(0, "layer")): call for call in model.called("add")}
        places = [added.get(id(layer.result), model.call) for layer in model.layers]
        for layer, call in zip(model.layers[1:], places[1:], strict=True):
            first = places[0]
            if call is None or first is None or call.scope != first.scope or call.excludes(first):
                continue
            if layer.last in ("Input", "InputLayer"):
                changes = without_statement(program, call) if call is not model.call else []
                yield from program.report("KT344", layer, changes, name=layer.last)
