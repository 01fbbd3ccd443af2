"""What stands for things of Keras: strings that name none or hide a strength, initializers."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import chain

from ..finding import span_of
from ..fixes.calls import initialized
from ..fixes.edits import insert, literal_of, replace, replace_string
from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import load_rules
from ..semantics.facts import Call, Result
from ..semantics.models import layer_call
from ..semantics.program import Program
from ..semantics.scopes import UserFunction, is_instance_of
from ..semantics.values import Constant, options

_WORDS = re.compile(r"[\w -]*")  # but neither `package>Name` nor what is left out of a page
_KINDS = ("activation", "constraint", "initializer", "padding")
_OWN = re.compile(
    r"(?mi)custom_?object|register_keras_serializable|segmentation_models|^from (metric|loss)"
)
# The layers of the first ResNet50; today `conv2_block1_1_conv` and the like.
_RESNET = re.compile(r"(res|bn)\d\w+|bn_conv1|(activation|add|max_pooling2d|flatten)_\d+|fc1000")
_BRANCH = re.compile(r"(?P<kind>res|bn)(?P<stage>\d)(?P<block>[a-f])_branch(?P<part>\w+)|bn_conv1")
_STAGES = (("2", 3), ("3", 4), ("4", 6), ("5", 3))
_BLOCKS = [f"conv{stage}_block{n + 1}" for stage, count in _STAGES for n in range(count)]
_NETS = "keras.applications."
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
    """Finds `kernel_initializer="unifrom"`, `loss=""` and others that name nothing."""
    has_own = cache(lambda: _OWN.search(program.document.text) is not None)
    made, told = program.calls("keras.layers.*"), program.method_calls("add_weight", "compile")
    for call in chain(made, told):
        for kind, text, at in _strings(program, call):
            known = api.strings(kind)
            small = text.lower() if kind in ("optimizer", "padding") else text
            named = any(one in known or one in _stale() for one in (small, text))
            if _WORDS.fullmatch(text) and not named and not has_own():
                # Letters that changed places say more than how much is alike.
                same = [one for one in known if sorted(one) == sorted(small)]
                like = [one for one in known if _kept(one) == _kept(text)]
                hint = api.likely(text, same[:1] or like, "there is", 0.7 if same else 0.86)
                new = hint[len("; there is `") : -1]
                literal = at if isinstance(at, ast.Constant) else None
                edits = [replace_string(program, literal, new)] if literal and new else []
                if literal and not text and kind == "loss":
                    edits = [replace(literal, "None")]  # as Keras 2 took it
                yield from program.report("KT259", call, edits, at, kind=kind, name=text, hint=hint)


def _kept(name: str) -> str:
    """Returns what a slip of the pen leaves alone: neither `rmse` is `mse` nor `f2` is `r2`."""
    return name[:1].lower() + re.sub(r"\D", "", name)


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
        listed = getattr(call.value(None, "metrics"), "node", None)
        for node in listed.elts if isinstance(listed, ast.List) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield "metric", node.value, node
    for kind, position, keyword in asked:
        text = call.literal(position, keyword)
        if isinstance(text, str):
            yield kind, text, call.expression(position, keyword)


@cache
def _stale() -> set[str]:
    """Returns the strings that rules of their own speak of."""
    tables = [rule.match.get("values", {}) for rule in load_rules().values()]
    return {text for table in tables for texts in table.values() for text in texts}


@detects("KT332")
def names_of_applications(program: Program) -> Findings:
    """Finds `get_layer("fc1000")` of a ResNet50, whose layers had other names before Keras 2.3."""
    nets = [call for call in program.all_calls if call.last == "ResNet50"]
    for call in program.all_calls if any(one.name.startswith(_NETS) for one in nets) else ():
        asks = call.method == "get_layer"
        models = [program.model_of(one) for one in (call.receiver, *call.args) if one]
        known = any(one and one.call and one.call.last == "ResNet50" for one in models)
        named = call.given(None, "name") if asks else None
        pairs = [*zip(call.args, call.node.args, strict=False), *([named] if named else [])]
        for value, node in pairs:
            name = getattr(value, "value", None)
            if isinstance(name, str) and (_RESNET if known else _BRANCH).fullmatch(name):
                new, literal = _name_today(name), literal_of(program, node)
                changes = [replace_string(program, literal, new)] if new and literal else []
                at = None if asks else node
                yield from program.report("KT332", call, changes, at, callee="ResNet50", name=name)


def _name_today(name: str) -> str:
    """Returns what a layer of the first ResNet50 is called today, "" if nobody knows."""
    told = {"conv1": "conv1_conv", "bn_conv1": "conv1_bn", "fc1000": "predictions"}
    told |= {"activation_1": "conv1_relu", "max_pooling2d_1": "pool1_pool"}
    kind, _, number = name.rpartition("_")
    match = _BRANCH.fullmatch(name)
    if match is not None and match["block"]:
        part = {"1": "0", "2a": "1", "2b": "2", "2c": "3"}.get(match["part"], "")
        block = f"conv{match['stage']}_block{ord(match['block']) - ord('a') + 1}"
        return f"{block}_{part}_{'conv' if match['kind'] == 'res' else 'bn'}" if part else ""
    count = int(number) - 1 if number.isdigit() else -1
    index, step = divmod(count - 1, 3) if kind == "activation" else (count, 3)
    if name in told or kind not in ("activation", "add") or not 0 <= index < len(_BLOCKS):
        return told.get(name, "")
    end = "add" if kind == "add" else ("1_relu", "2_relu", "out")[step]
    return f"{_BLOCKS[index]}_{end}"


@detects("KT336")
def numbered_names(program: Program) -> Findings:
    """Finds `get_layer("flatten_1")` where only one Flatten is made, which is "flatten"."""
    if any(model.kind not in ("sequential", "functional") for model in program.models):
        return
    asked = [(call, call.expression(0, "name")) for call in program.methods("get_layer")]
    compares = program.nodes_of(ast.Compare)
    named = [one for one in compares if getattr(one.left, "attr", "") == "name"]
    compared = [(one, one.comparators[0]) for one in named]
    places: list[tuple[Call | ast.Compare, ast.expr | None]] = [*asked, *compared]
    made: dict[str, list[Call]] = {}
    for call in program.all_calls if places else ():
        if layer_call(call.result) and not call.has("name"):
            made.setdefault(api.snake(call.last), []).append(call)
    once = cache(lambda name: all(_is_once(program, one) for one in made.get(name, ())))
    for place, given in places:
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


def _is_once(program: Program, call: Call) -> bool:
    """Tells whether a call is made once: in no loop, and in no function called more often."""
    node: ast.AST | None
    node = program.around(call.node, ast.For, ast.While, ast.ListComp, ast.FunctionDef)
    if isinstance(node, ast.FunctionDef):
        calls = program.calls_of[id(node)]
        return len(calls) == 1 and not calls[0].scope and _is_once(program, calls[0])
    return node is None


@detects("KT447")
def shared_initializers(program: Program) -> Findings:
    """Finds `kernel_initializer=start` of several layers, where nothing seeds `start`."""
    first: dict[int, Call] = {}
    reported: set[int] = set()
    for call in program.calls("keras.layers.*"):
        given = call.value(None, "kernel_initializer")
        made = given.call if isinstance(given, Result) else None
        seeded = made and made.has("seed") and made.literal(None, "seed") is not None
        if made is None or not made.name.startswith("keras.initializers.") or seeded:
            continue
        other = first.setdefault(id(given), call)
        random = made.last not in ("Constant", "Zeros", "Ones", "Identity", "get")
        if random and other is not call and id(given) not in reported:
            reported.add(id(given))
            yield from program.report("KT447", made, name=program.source(made.node))


@detects("KT273")
def initializers_of_keras1(program: Program) -> Findings:
    """Finds functions without `dtype` as initializers, and initializers called with a name."""
    seen: set[int] = set()
    for call in program.all_calls:
        named = call.has("name", "scale")
        keyword = (call.keyword("name") or call.keyword("scale")) if named else None
        weight = isinstance(call.callee, Result) and call.scope.endswith("build")
        weight = weight and "trainable_weights" in program.document.text
        built = weight and isinstance(program.parents.get(id(call.node)), ast.Assign)
        if (keyword is not None or built) and _is_initializer(call):
            changes = initialized(program, call, keyword)
            yield from program.report("KT273", call, changes, at=keyword)
        layer = call.name.startswith("keras.layers.") or call.method == "add_weight"
        given = call.keywords.items() if layer else ()
        values = [value for word, value in given if word.endswith(("init", "initializer"))]
        for one in (one for value in values for one in options(value)):
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
