"""KT2xx and others: arguments that calls no longer take, by the records, or read otherwise."""

import ast
from collections.abc import Mapping
from functools import cache, lru_cache

from ..finding import Edit, span_of
from ..fixes import edits
from ..fixes.calls import batches_of_samples, decay_as_schedule, kernel_of_sides
from ..fixes.inputs import begin_with_input
from ..registering import Findings, detects
from ..rules import api
from ..rules.renames import find_gone
from ..rules.rule import Rule, load_rules
from ..semantics.facts import Call
from ..semantics.program import Program, matches
from ..semantics.scopes import UserFunction, is_instance_of
from ..semantics.values import Attribute, Constant, Display, Operation, Value

_ADD_WEIGHT = ("name", "shape", "dtype", "initializer")  # the order of Keras 2
_NO_STRENGTH = ("l1_l2", "l1l2", "L1L2", "L1_L2")
_KERAS1 = ("border_mode", "subsample", "dim_ordering", "init", "W_regularizer", "b_regularizer")


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules().values() if "calls" in rule.match)


@detects(*(rule.code for rule in _rules()))
def arguments(program: Program) -> Findings:
    """Finds keyword arguments that a call no longer takes, or values that it no longer knows."""
    for call in program.all_calls:
        given = frozenset(keyword.arg for keyword in call.node.keywords if keyword.arg)
        if not given or not (call.name or call.method):
            continue
        told: set[str] = set()
        for rule in _rules_about(given, call.name):
            if _is_called(program, call, rule.match["calls"]):
                yield from _check(program, call, rule, told)


@lru_cache(1000)
def _rules_about(keywords: frozenset[str], name: str) -> tuple[Rule, ...]:
    """Returns the rules about one of the keywords, those about the callee by name first."""
    about = [rule for rule in _rules() if keywords & _told(rule)]
    return tuple(sorted(about, key=lambda rule: name not in rule.match["calls"]))


def _told(rule: Rule) -> set[str]:
    """Returns the keywords that a rule speaks of."""
    return {*rule.match.get("keywords", ()), *rule.match.get("values", ())}


def _is_called(program: Program, call: Call, patterns: list[str]) -> bool:
    if call.name:
        return matches(call.name, patterns)
    return f"Model.{call.method}" in patterns and program.may_be_model(call.receiver)


def _check(program: Program, call: Call, rule: Rule, told: set[str]) -> Findings:
    """Reports a rule's keywords, but for those that a more particular rule has told of."""
    renames, values = rule.match.get("keywords", {}), rule.match.get("values", {})
    for old in (renames or values) if not call.has(*rule.match.get("absent", ())) else ():
        keyword, table = call.keyword(old), values.get(old, {})
        if keyword is None or old in told:
            continue
        node, new = keyword.value, renames.get(old)
        value = str(node.value) if isinstance(node, ast.Constant) else None
        if not renames and value not in table:
            continue
        told.add(old)
        begins = rule.match.get("begins", False)
        changes = begin_with_input(program, call) if begins else []
        if rule.code == "KT216":
            changes = kernel_of_sides(program, call)
        elif rule.code == "KT229":
            changes = batches_of_samples(program, call, keyword)
        elif rule.code == "KT208":
            changes = decay_as_schedule(program, call)
        elif value not in rule.match.get("removable", {}).get(old, [value]):
            changes = []
        elif not changes and rule.fix != "none" and (not begins or call.last == "Embedding"):
            changes = _edits(program, call, keyword, new, table, rule)
        before, after = (old, new) if renames else (value, table[value])
        callee = call.last or call.method
        yield from program.report(
            rule.code, call, changes, at=keyword, old=before, new=after, callee=callee, keyword=old
        )


def _edits(
    program: Program,
    call: Call,
    keyword: ast.keyword,
    new: str | None,
    table: Mapping[str, str],
    rule: Rule,
) -> list[Edit]:
    """Returns the edits that give a keyword its new name, or none, and its value the new one."""
    node = keyword.value
    value = str(node.value) if isinstance(node, ast.Constant) else None
    if new == "" or (new and value is not None and table.get(value) == ""):
        return [edits.remove_keyword(program, call.node, keyword)]
    known = api.arguments(_called(program, call))
    if new and (call.has(new) or (known is not None and new not in known)):
        return []
    of_any_kind = rule.match.get("open") and not isinstance(
        call.value(None, keyword.arg or ""), UserFunction
    )
    refused = rule.match.get("refused", {}).get(keyword.arg, ())
    if (table and value is None and not of_any_kind) or value in refused:
        return []
    changes = [edits.rename_keyword(keyword, new)] if new else []
    if isinstance(node, ast.Constant) and value is not None and value in table:
        text = table[value]
        quoted = isinstance(node.value, str)
        edit = edits.replace_string(program, node, text) if quoted else edits.replace(node, text)
        changes.append(edit)
    return changes


@detects("KT299")
def unknown_arguments(program: Program) -> Findings:
    """Finds keywords that the signature does not have and no other rule knows."""
    for call in program.all_calls:
        name = _called(program, call) if call.node.keywords else ""
        known = api.arguments(name)
        for keyword in call.node.keywords if known is not None else ():
            word = keyword.arg
            if word is None or known is None or word in known or is_told(name, word):
                continue
            callee, hint = name.rpartition(".")[2], api.likely(word, known, "takes", 0.75)
            yield from program.report(
                "KT299", call, at=keyword, callee=callee, keyword=word, hint=hint
            )


def _called(program: Program, call: Call) -> str:
    """Returns the name under which the table has a call's signature, or ""."""
    ref = call.ref
    if ref is not None:
        there = find_gone(ref.name, ref.via) is None or ref.name != ref.canonical
        return ref.canonical if ref.via in ("keras", "tf") and there else ""
    model = program.model_of(call.receiver)
    built = model is not None and model.kind in ("sequential", "functional")
    return f"Model.{call.method}" if built else ""


@lru_cache(10_000)
def is_told(name: str, keyword: str) -> bool:
    """Tells whether a rule of its own speaks of the keyword."""
    return any(keyword in _told(rule) and matches(name, rule.match["calls"]) for rule in _rules())


@detects("KT206")
def input_dim_of_a_shape(program: Program) -> Findings:
    """Finds `input_dim=` with a tuple, or with something that is called a shape."""
    for call in program.calls("keras.layers.*"):
        given = call.given(None, "input_dim")
        if given is not None and call.name != "keras.layers.Embedding" and _is_shape(*given):
            changes = begin_with_input(program, call)
            yield from program.report("KT206", call, changes, at=call.keyword("input_dim"))


def _is_shape(value: Value, node: ast.expr) -> bool:
    if isinstance(value, Display) or (isinstance(value, Attribute) and value.name == "shape"):
        return True
    named = isinstance(node, ast.Name) and "shape" in node.id.lower()
    return named and not isinstance(value, (Constant, Operation))


@detects("KT243")
def number_for_a_shape(program: Program) -> Findings:
    """Finds `Input(shape=784)` and `Input(shape=(784))`."""
    for call in program.calls("keras.Input"):
        size, node = call.literal(0, "shape"), call.expression(0, "shape")
        if node is None or not isinstance(size, int) or isinstance(size, bool):
            continue
        # The comma makes a tuple; there may be parentheses already.
        text, start = program.source(node), span_of(call.node.func).end
        enclosed = program.source(start.to(span_of(node).start)).count("(") > 1
        change = edits.replace(node, f"{text}," if enclosed else f"({text},)")
        changes = [change] if isinstance(node, ast.Constant) else []
        yield from program.report("KT243", call, changes, at=node, size=size)


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


@detects("KT247")
def slash_in_name(program: Program) -> Findings:
    """Finds layers and models whose name contains a slash."""
    for call in program.calls("keras.layers.*", "keras.Input", "keras.Model", "keras.Sequential"):
        name, given = call.literal(None, "name"), call.expression(None, "name")
        if isinstance(name, str) and "/" in name:
            yield from program.report("KT247", call, at=given, name=name)


@detects("KT248")
def add_weight_by_position(program: Program) -> Findings:
    """Finds `self.add_weight("kernel", ...)` in a layer of the document."""
    layers = ("keras.Layer", "keras.layers.", "keras.Model")
    for call in program.all_calls:
        named = call.method == "add_weight" and isinstance(call.literal(0), str)
        if named and is_instance_of(call.receiver, *layers):
            args = call.node.args
            odd = any(isinstance(arg, (ast.Starred, ast.GeneratorExp)) for arg in args)
            pairs = zip(_ADD_WEIGHT, args if not odd and len(args) <= 4 else (), strict=False)
            changes = [edits.insert(span_of(arg), f"{name}=") for name, arg in pairs]
            yield from program.report("KT248", call, changes, name=program.source(args[0]))


@detects("KT416")
def kernel_as_two_numbers(program: Program) -> Findings:
    """Finds `Conv2D(32, 3, 3)`, as Keras 1 wrote a kernel of 3 by 3: the last is the stride."""
    for call in program.calls("keras.layers.Conv2D", "keras.layers.Convolution2D"):
        rows, columns = call.literal(1), call.literal(2)
        if not isinstance(rows, int) or not isinstance(columns, int):
            continue
        old = call.ref is not None and call.ref.name.endswith(".Convolution2D")
        if old or call.has(*_KERAS1) or rows == columns >= 3:
            place = span_of(call.node.args[1]).to(span_of(call.node.args[2]))
            arguments = ", ".join(program.source(node) for node in call.node.args[:3])
            changes = [Edit(place, f"({rows}, {columns})")]
            yield from program.report(
                "KT416", call, changes, callee=call.last, arguments=arguments, strides=columns
            )
