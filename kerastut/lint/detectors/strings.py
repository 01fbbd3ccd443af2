"""What stands for things of Keras: strings that name none or hide a strength, initializers."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from ..finding import span_of
from ..fixes.calls import initialized
from ..fixes.edits import insert, replace
from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import Rule, load_rules
from ..semantics.facts import Call, Result
from ..semantics.models import layer_call
from ..semantics.program import Program
from ..semantics.scopes import UserFunction, is_instance_of
from ..semantics.values import Constant, Display, Value, options

_KINDS = ("activation", "constraint", "initializer", "padding")
_OWN = re.compile(r"custom_object|register_keras_serializable|CustomObject")
# The layers of the first ResNet50; today `conv2_block1_1_conv` and the like.
_RESNET = re.compile(r"(res|bn)\d\w+|bn_conv1|(activation|add|max_pooling2d|flatten)_\d+|fc1000")
_NUMBERED = re.compile(r"([a-z][a-z0-9_]*?)_(\d{1,3})")
_BACKENDS = re.compile(r"theano|cntk|mxnet|plaidml|paddle|mindspore")
_NO_STRENGTH = ("l1_l2", "l1l2", "L1L2", "L1_L2")


@detects("KT207", "KT413")
def regularizers_in_short(program: Program) -> Findings:
    """Finds strings that Keras refuses, reads as strength 0 or hides a strength, and `l1_l2()`."""
    for call in program.calls("keras.layers.*"):
        for keyword in call.node.keywords:
            name = call.literal(None, keyword.arg or "")
            if not (keyword.arg or "").endswith("_regularizer"):
                continue
            if name in _NO_STRENGTH:
                yield from program.report("KT207", call, at=keyword)
            elif name in ("l1", "l2", "L1", "L2"):
                yield from program.report("KT413", call, at=keyword.value, name=name)
    for call in program.calls("keras.regularizers.l1_l2", "keras.regularizers.L1L2"):
        if not call.node.args and not call.node.keywords:
            yield from program.report("KT207", call)


@detects("KT259")
def unknown_strings(program: Program) -> Findings:
    """Finds `kernel_initializer="unifrom"`, and other strings that are no name of Keras."""
    told = frozenset().union(*map(_stale, load_rules().values()))
    for call in program.all_calls if not _OWN.search(program.document.text) else ():
        for kind, text, at in _strings(program, call):
            known = api.strings(kind)
            small = text.lower() if kind in ("optimizer", "padding") else text
            if text.isidentifier() and {small, text}.isdisjoint(known | told):
                hint = api.likely(text, known, "there is", 0.7)
                yield from program.report("KT259", call, at=at, kind=kind, name=text, hint=hint)


def _strings(program: Program, call: Call) -> Iterator[tuple[str, str, ast.expr | None]]:
    """Yields the strings that a call is given for things of Keras, with their kinds and places."""
    layer = call.name.startswith("keras.layers.")
    adds = call.method == "add_weight" and is_instance_of(call.receiver, "keras.")
    asked: list[tuple[str, int | None, str]] = []
    for keyword in call.keywords if layer or adds else ():
        kind = keyword.rpartition("_")[2]
        if kind in _KINDS and (layer or kind == "initializer"):
            asked.append((kind, None, keyword))
    if call.name in ("keras.layers.Activation", "keras.layers.Dense") and call.args:
        asked.append(("activation", 1 if call.last == "Dense" else 0, ""))
    if call.method == "compile" and call.receiver and program.is_model(call.receiver):
        asked += [("optimizer", 0, "optimizer"), ("loss", 1, "loss")]
        given = call.value(None, "metrics")
        nodes = (
            given.node.elts
            if isinstance(given, Display) and isinstance(given.node, ast.List)
            else []
        )
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield "metric", node.value, node
    for kind, position, keyword in asked:
        text = call.literal(position, keyword)
        if isinstance(text, str):
            yield kind, text, call.expression(position, keyword)


def _stale(rule: Rule) -> set[str]:
    """Returns the strings that a rule of its own speaks of."""
    return {text for table in rule.match.get("values", {}).values() for text in table}


@detects("KT332")
def names_of_applications(program: Program) -> Findings:
    """Finds `get_layer("fc1000")` of a ResNet50, whose layers had other names before Keras 2.3."""
    for call in program.methods("get_layer"):
        model, name = program.model_of(call.receiver), call.literal(0, "name")
        made = model.call.last if model is not None and model.call is not None else ""
        if made == "ResNet50" and isinstance(name, str) and _RESNET.fullmatch(name):
            yield from program.report("KT332", call, callee=made, name=name)


@detects("KT281")
def inputs_of_applications(program: Program) -> Findings:
    """Finds `VGG16(input_tensor=K.variable(image))`, which is no tensor of Keras."""
    for call in program.all_calls:
        given = call.given(None, "input_tensor")
        if (
            given is not None
            and call.name.startswith("keras.applications.")
            and _is_array(given[0])
        ):
            yield from program.report("KT281", call, at=call.keyword("input_tensor"))


def _is_array(value: Value) -> bool:
    """Tells whether a value is surely a variable or an array, or some of them joined."""
    made = value.call if isinstance(value, Result) else None
    if made is None or not made.name.startswith(("keras.", "tensorflow.", "numpy.")):
        return False
    inputs = made.value(0, "tensors", "xs", "values", "arrays")
    parts = inputs.items if isinstance(inputs, Display) else ()
    joins = made.last.startswith("concat") and any(map(_is_array, parts))
    return joins or made.last in ("variable", "Variable", "constant", "convert_to_tensor", "array")


@detects("KT336")
def numbered_names(program: Program) -> Findings:
    """Finds `get_layer("flatten_1")` where only one Flatten is made, which is "flatten"."""
    made: dict[str, list[Call]] = {}
    for call in program.all_calls:
        if layer_call(call.result) and not call.has("name"):
            made.setdefault(api.snake(call.last), []).append(call)
    once = cache(lambda name: all(_is_once(program, one) for one in made.get(name, ())))
    foreign = any(model.kind not in ("sequential", "functional") for model in program.models)
    asked = [(call, call.expression(0, "name")) for call in program.methods("get_layer")]
    named = [node for node in program.nodes if isinstance(node, ast.Compare)]
    compared = [(one, one.comparators[0]) for one in named if _is_name(one.left)]
    places: list[tuple[Call | ast.Compare, ast.expr | None]] = [*asked, *compared]
    for place, given in () if foreign else places:
        name = getattr(given, "value", None)
        match = _NUMBERED.fullmatch(name) if isinstance(name, str) else None
        calls = made.get(match[1], []) if match and once(match[1]) else []
        count = len(calls)
        if isinstance(place, Call):
            count = bisect_left(calls, place.order, key=lambda one: one.order)
        if match and count and int(match[2]) >= count:
            last = match[1] + (f"_{count - 1}" if count > 1 else "")
            changes = [replace(given, f'"{last}"')] if count == 1 and given else []
            yield from program.report("KT336", place, changes, at=given, name=name, last=last)


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "name"


def _is_once(program: Program, call: Call) -> bool:
    """Tells whether a call is made once: in no loop, and in no function called more often."""
    node: ast.AST | None = call.node
    while node is not None and not isinstance(node, (ast.For, ast.While, ast.ListComp)):
        if isinstance(node, ast.FunctionDef):
            calls = program.calls_of[id(node)]
            return len(calls) == 1 and not calls[0].scope and _is_once(program, calls[0])
        node = program.parents.get(id(node))
    return node is None


@detects("KT447")
def shared_initializers(program: Program) -> Findings:
    """Finds `kernel_initializer=start` of several layers, where nothing seeds `start`."""
    first: dict[int, Call] = {}
    reported: set[int] = set()
    for call in program.calls("keras.layers.*"):
        given = call.value(None, "kernel_initializer")
        made = given.call if isinstance(given, Result) else None
        if made is None or not made.name.startswith("keras.initializers.") or _is_seeded(made):
            continue
        other = first.setdefault(id(given), call)
        random = made.last not in ("Constant", "Zeros", "Ones", "Identity", "get")
        if random and other is not call and id(given) not in reported:
            reported.add(id(given))
            yield from program.report("KT447", made, name=program.source(made.node))


def _is_seeded(made: Call) -> bool:
    return made.has("seed") and made.literal(None, "seed") is not None


@detects("KT273")
def initializers_of_keras1(program: Program) -> Findings:
    """Finds functions without `dtype` as initializers, and initializers called with a name."""
    seen: set[int] = set()
    for call in program.all_calls:
        keyword = call.keyword("name") or call.keyword("scale")
        around = program.parents.get(id(call.node))
        weight = isinstance(call.callee, Result) and isinstance(around, ast.Assign)
        weight = weight and "trainable_weights" in program.document.text
        built = weight and call.scope.endswith("build")
        if (keyword is not None or built) and _is_initializer(call):
            changes = initialized(program, call, keyword)
            yield from program.report("KT273", call, changes, at=keyword)
        layer = call.name.startswith("keras.layers.") or call.method == "add_weight"
        words = call.keywords.items() if layer else ()
        given = [value for word, value in words if word.endswith(("init", "initializer"))]
        for one in [one for value in given for one in options(value)]:
            if isinstance(one, UserFunction) and id(one) not in seen and not one.takes("dtype"):
                seen.add(id(one))
                taken = one.node.args
                bare = taken.args[1 : len(taken.args) - len(taken.defaults)]
                ends: dict[ast.expr | ast.arg, str] = dict.fromkeys(bare, "=None")
                for node in (taken.defaults or taken.args)[-1:] if taken.vararg is None else []:
                    ends[node] = f"{ends.get(node, '')}, dtype=None"
                changes = [insert(span_of(node).end, text) for node, text in ends.items()]
                yield from program.report("KT273", one.node, changes)


def _is_initializer(call: Call) -> bool:
    """Tells whether an initializer is called, or one of Keras 1 that was a function."""
    made = call.callee.call.name if isinstance(call.callee, Result) else ""
    name = call.ref.canonical if call.ref is not None else made
    function = call.ref is None or call.last not in ("get", "VarianceScaling")
    return name.startswith("keras.initializers.") and function


@detects("KT154")
def backends_gone(program: Program) -> Findings:
    """Finds `os.environ["KERAS_BACKEND"] = "theano"`, or another one that is gone."""
    for item in program.subscripts if program.imports_keras else ():
        told = item.stores and isinstance(item.key, Constant) and item.key.value == "KERAS_BACKEND"
        value = getattr(item.statement, "value", None) if told else None
        name = value.value if isinstance(value, ast.Constant) else None
        if isinstance(name, str) and _BACKENDS.match(name):
            yield from program.report("KT154", item, at=value, name=name)
