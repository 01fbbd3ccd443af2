"""Symbolic tensors: what a functional model is put together of."""

import ast
import re
from collections.abc import Mapping

from ..rules.renames import find_gone
from ..semantics.facts import Access, Call, Definition, Reference, Result
from ..semantics.models import layer_call, model_values
from ..semantics.program import Program
from ..semantics.scopes import LAYERS, Instance, UserClass, UserFunction, kind_of
from ..semantics.values import (
    Attribute,
    Constant,
    Display,
    Join,
    Operation,
    Parameter,
    Part,
    Value,
    options,
    remembered,
)
from .arrays import as_predicted, attribute, has_rows_left, is_row, rank, reduced_along

_ENDS = ("input", "output", "inputs", "outputs")
# What stores in a variable, and what optimizers and layers call theirs.
_STORES = re.compile(r"keras\.backend\.(set_value|update(_add|_sub)?)")
_VARIABLES = {"learning_rate", "lr", "iterations", "kernel", "bias"}
_MERGING = ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")
_DEPTH = 300
_GIVEN_SHAPES = ("build", "compute_output_shape")  # what Keras calls with a tuple, or several
_ASKS_KIND = re.compile(r"\b(isinstance|hasattr|type)\(")
_LAMBDAS = ("keras.layers.Lambda", "keras.layers.merge")
_PREDICTS = ("predict", "predict_on_batch", "predict_classes", "predict_proba")
# What leads further back, of the operands of an operator.
_LEADS = (Result, Part, Join, Operation, Attribute)


@remembered
def is_symbolic(value: Value) -> bool:
    """Tells whether a value is a Keras tensor: what an `Input` has led to, or a model's end."""
    roots = _roots(value)
    return bool(roots) and all(map(_is_root, roots))


@remembered
def may_be_symbolic(value: Value) -> bool:
    """Tells whether a value is what layers that are made for it make of a parameter."""
    roots = _roots(value)
    applied = isinstance(value, Result) and layer_call(value.call.callee) is not None
    return applied and bool(roots) and all(isinstance(one, Parameter) for one in roots)


def is_given_to_lambda(program: Program, access: Access) -> bool:
    """Tells whether a value is computed of the tensors that a `Lambda` or `merge` is called on."""
    function = program.around(access.node, ast.Lambda)
    around = program.parents.get(id(function))
    node = program.parents.get(id(around)) if isinstance(around, ast.keyword) else around
    call = program.calls_at.get(id(getattr(node, "func", None)))
    if function is None or call is None or call.name not in _LAMBDAS or not function.args.args:
        return False
    first, roots = function.args.args[0].arg, _roots(access.of)
    return bool(roots) and all(isinstance(one, Parameter) and one.name == first for one in roots)


def _roots(value: Value) -> list[Value]:
    """Follows the first tensor of each layer back; returns nothing where that leads too far."""
    waiting, roots, seen = [value], list[Value](), set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if len(seen) > _DEPTH:
            return []
        if isinstance(one, Display) and one.items:
            waiting.append(one.items[0])
        elif isinstance(one, Part) and (one.node is not None or _is_list(one.of)):  # x[:, 0]
            waiting.append(one.of)
        elif isinstance(one, Operation) and _is_list(one):
            waiting.append(one.operands[0])
        elif isinstance(one, UserFunction) and "property" in one.marks and one.returned:
            waiting.append(one.returned)
        elif isinstance(one, Join):
            waiting += [each for each in one.options if not isinstance(each, Constant)]
        elif isinstance(one, Operation) and isinstance(one.node, (ast.BinOp, ast.UnaryOp)):
            leads = [each for each in one.operands if isinstance(each, _LEADS)]
            waiting += leads[:1] or one.operands[:1]
        elif isinstance(one, Result) and _takes_tensors(one.call) and one.call.args:
            waiting.append(one.call.args[0])
        else:
            roots.append(one)
    return roots


def _is_list(value: Value) -> bool:
    """Tells whether a value is a list that a comprehension makes."""
    return isinstance(value, Operation) and isinstance(value.node, (ast.ListComp, ast.GeneratorExp))


def _is_root(value: Value) -> bool:
    """Tells whether a value is an input, or a tensor of a model or of one of its layers."""
    if isinstance(value, Result):
        return value.call.name == "keras.Input"
    owner = value.of if isinstance(value, Attribute) and value.name in _ENDS else None
    while isinstance(owner, Part):  # layers[-1]
        owner = owner.of
    if isinstance(owner, Attribute) and owner.name == "layers":
        owner = owner.of
    elif isinstance(owner, Result) and owner.call.method == "get_layer":
        owner = owner.call.receiver
    known = owner is not None and not isinstance(owner, Instance)
    return known and bool(model_values(owner) or layer_call(owner))


def _takes_tensors(call: Call) -> bool:
    """Tells whether a call gives a symbolic tensor for one, or raises there."""
    return tensorflow_name(call) is not None or applies_layer(call)


def applies_layer(call: Call) -> bool:
    """Tells whether a call applies a layer or model: `Dense(3)(x)`, `concatenate([x, y])`."""
    merged = call.name.startswith("keras.layers.") and call.name[13:] in _MERGING
    kind = kind_of(call.callee) if isinstance(call.callee, Result) else None
    own = kind is not None and kind.inherits(*LAYERS)
    return merged or own or bool(layer_call(call.callee) or model_values(call.callee))


def tensorflow_name(call: Call) -> str | None:
    """Returns how one writes a function of TensorFlow; `tf.keras.backend` holds some as well."""
    if call.name.startswith("tensorflow."):
        return "tf." + call.name.removeprefix("tensorflow.")
    ref = call.ref
    there = ref is not None and find_gone(ref.name, ref.via) is None
    asks = call.last in ("int_shape", "is_keras_tensor")
    backend = ref is not None and ref.name.startswith("keras.backend.") and not asks
    if ref is not None and there and ref.via == "tf" and backend:
        return f"tf.{ref.name}"
    return None


def is_tensor(program: Program, value: Value) -> bool:
    """Tells whether a value is a symbolic tensor: of an Input, a layer or a model."""
    if isinstance(value, Part) and (value.key is not None or value.node is None):  # of a loop
        value = value.of
    if isinstance(value, Attribute) and value.name in _ENDS:
        return program.is_model(value.of) or layer_call(value.of) is not None
    made = [value.call] if isinstance(value, Result) else []
    made += [one.call for one in getattr(value, "options", ()) if isinstance(one, Result)]
    return any(call.name == "keras.Input" or applies_layer(call) for call in made)


def may_be_tensor(program: Program, value: Value) -> bool:
    """Tells whether a value is an input or output of something, or made by what, nobody knows."""
    if isinstance(value, Part):
        value = value.of
    owner = value.of if isinstance(value, Attribute) and value.name in _ENDS else None
    while isinstance(owner, Part):
        owner = owner.of
    owner = owner.call.callee if isinstance(owner, Result) else owner
    known = owner is None or not (program.imports_keras and program.may_use_keras)
    return not known and owner is not None and program.is_unknown(owner)


def is_of_shape(program: Program, access: Access) -> bool:
    """Tells whether `as_list` or `value` is asked of what is a tuple, or an integer, today."""
    whole = access.of.of if isinstance(access.of, Part) else access.of
    owner = attribute(whole, "shape")
    if owner is not None and is_tensor(program, owner):
        return True
    if isinstance(whole, Parameter):
        return _is_given_shape(program, access)
    # The sizes of TensorFlow's own shapes are integers as well.
    got = isinstance(whole, Result) and whole.call.method == "get_shape"
    size = access.name == "value" and whole is not access.of and (owner is not None or got)
    first = "disable_v2" in program.document.text or program.is_graph
    return size and program.imports_keras and not first


def _is_given_shape(program: Program, access: Access) -> bool:
    """Tells whether a place in `build` or `compute_output_shape` of a layer asks its argument."""
    function = program.around(access.node, ast.FunctionDef)
    node = program.around(function, ast.ClassDef) if function is not None else None
    kinds = [one.value for one in program.definitions_at[id(node)]]
    layer = any(isinstance(kind, UserClass) and kind.inherits(*LAYERS[:2]) for kind in kinds)
    asked = any(program.asks(test, _ASKS_KIND) for test in access.tests)
    return layer and not asked and getattr(function, "name", "") in _GIVEN_SHAPES


def stores_in_variable(program: Program, reference: Reference) -> bool:
    """Tells whether a copy in `tf.keras` is given a variable of Keras 3, which it fails on."""
    if reference.ref.via != "tf" or not _STORES.fullmatch(reference.ref.name):
        return False
    call = program.calls_at.get(id(reference.node))
    given = call.node.args[0] if call is not None and call.certain(0) else None
    return isinstance(given, ast.Attribute) and given.attr in _VARIABLES


def is_array(program: Program, value: Value) -> bool:
    """Tells whether a value is what a model predicts, a row of it, weights, or made by NumPy."""
    whole = reduced_along(value)
    if whole is not None:  # which had two dimensions at least
        predicts = not isinstance(whole, Part) and rank(whole) != 1 and is_array(program, whole)
        return predicts or has_rows_left(value)
    row = isinstance(value, Part) and is_row(program, value)
    if rank(value.of if isinstance(value, Part) and row else value) > row:
        return True
    made = as_predicted(value.of if isinstance(value, Part) and row else value)
    call = made.call if isinstance(made, Result) else None
    if call is None or not (program.may_be_model(call.receiver) or program.method_of(call)):
        one = isinstance(value, Part) and type(value.key) is int
        return one and call is not None and call.method == "get_weights"
    if row and call.method == "predict_classes":  # of several units each class is a number
        model = program.model_of(call.receiver)
        return model is not None and model.units == 1
    return call.method in _PREDICTS or (row and call.method == "get_weights")


def keeps_tensors(fields: Mapping[int, Access], method: UserFunction, most: int = 3) -> bool:
    """Tells whether a method reads tensors that its object keeps, or calls one that does."""
    parts = [*ast.walk(method.node)] if method.owner is not None and most else []
    shapes = {id(one.value) for one in parts if isinstance(one, ast.Attribute)}
    read = [fields[id(one)] for one in parts if id(one) in fields and id(one) not in shapes]
    own = [one.value for one in read if isinstance(one.of, Instance) and one.value]
    called = [one for one in own if isinstance(one, UserFunction) and one is not method]
    return any(map(is_symbolic, own)) or any(keeps_tensors(fields, one, most - 1) for one in called)


def tensors_read(program: Program, function: Value) -> list[Definition]:
    """Returns the tensors of the model that a function reads by names of the program's."""
    if not isinstance(function, UserFunction):
        return []
    own = function.parameters
    parts = [*ast.walk(function.node)]
    shapes = {id(one.value) for one in parts if isinstance(one, ast.Attribute)}
    found = [*filter(None, (program.read_at(one) for one in parts if id(one) not in shapes))]
    inside = set(map(id, parts))
    outer = [one for one in found if one.name not in own and id(one.node) not in inside]
    return [one for one in outer if any(map(is_symbolic, options(one.value)))]


def is_input_layer(program: Program, value: Value) -> bool:
    """Tells whether a value is `model.layers[0]` of a model that begins with an `InputLayer`."""
    layers = value.of if isinstance(value, Part) and value.key == 0 else None
    model = program.model_of(attribute(layers, "layers"))
    call = model.call if model is not None and model.kind in ("functional", "application") else None
    return call is not None and call.ref is not None
