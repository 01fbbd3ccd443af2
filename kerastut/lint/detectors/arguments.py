"""KT2xx and others: arguments that calls no longer take, by the records, or read otherwise."""

import ast
from collections.abc import Mapping
from functools import cache, lru_cache

from ..finding import Edit, span_of
from ..fixes import calls, edits, steps
from ..fixes.beside import REWRITTEN
from ..fixes.inputs import begin_with_input
from ..fixes.models import each_few_epochs, initial_weights
from ..questions.classes import called_name
from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import Applicability, Rule, load_rules
from ..semantics.facts import Call
from ..semantics.program import Program, matches
from ..semantics.scopes import UserFunction

# Arguments that TensorFlow 2 renamed wherever they stood.
_TENSORFLOW1 = {"keep_dims": "keepdims", "reduction_indices": "axis", "filter": "filters"}
_TENSORFLOW1 |= {"dim": "axis", "dimension": "axis", "squeeze_dims": "axis", "concat_dim": "axis"}
# Rules with a fix of their own.
_OWN = {
    "KT208": calls.decay_as_schedule,
    "KT216": calls.kernel_of_sides,
    "KT224": initial_weights,
    "KT229": steps.batches_of_samples,
    "KT231": calls.accuracy_of_compile,
    "KT310": calls.by_suffix,
}
_REWRITTEN = REWRITTEN | {"period": each_few_epochs}
# What some still take of the arguments that others of their rule have lost.
_KEPT = {"Embedding": "input_dim", "InputLayer": "batch_size", "RandomizedSearchCV": "n_iter"}
_KEPT |= {"eigh": "b", "eigvalsh": "b"}


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules().values() if "calls" in rule.match)


@detects(*(rule.code for rule in _rules()))
def arguments(program: Program) -> Findings:
    """Finds keyword arguments that a call no longer takes, or values that it no longer knows."""
    for call in program.all_calls:
        words, count = (*call.keywords,), len(call.node.args)
        method = call.method or program.method_of(call) if words or count else ""
        rules = _rules_about(call.name, method, words, count) if call.ref or method else ()
        told = {_KEPT.get(call.last, "")}
        for rule in rules:
            if _is_called(program, call, method, rule):
                yield from _check(program, call, rule, told)


@lru_cache(10_000)
def _rules_about(name: str, method: str, words: tuple[str, ...], count: int) -> tuple[Rule, ...]:
    """Returns the rules about one of the arguments, those about the callee by name first.

    Some have a word, and as many a position, of which the name is told where it is known.
    """
    known = api.positions(name or f"Model.{method}") if count else None
    callee = name.rpartition(".")[2] or method
    given = {*words, *(known or ())[:count], *(f"{callee}.{word}" for word in words)}
    about = [rule for rule in _rules() if given & _told(rule)]
    return tuple(sorted(about, key=lambda rule: name not in rule.match["calls"]))


def _told(rule: Rule) -> set[str]:
    """Returns the arguments that a rule speaks of."""
    return {word for key in ("keywords", "values", "positions") for word in rule.match.get(key, ())}


def _is_called(program: Program, call: Call, method: str, rule: Rule) -> bool:
    patterns: list[str] = rule.match["calls"]
    if call.ref is not None and call.ref.via is not None:
        if call.last == "*":  # one of a module's, whichever
            return any(pattern.startswith(call.name[:-1]) for pattern in patterns)
        # An older copy takes what is only deprecated.
        return matches(call.name, patterns) and (call.ref.via, rule.code) != ("private", "KT202")
    # Words that only Keras had tell enough of what else nothing is known of.
    unique = _told(rule) & set(rule.match.get("anywhere", ())) & set(call.keywords)
    if unique and program.method_of(call):
        return f"Model.{method}" in patterns
    if call.ref is not None:
        return matches(call.name, patterns)
    models = f"Model.{method}" in patterns and program.may_be_model(call.receiver)
    return models or not _told(rule).isdisjoint(f"{method}.{word}" for word in call.keywords)


def _check(program: Program, call: Call, rule: Rule, told: set[str]) -> Findings:
    """Reports a rule's keywords, but for those that a more particular rule has told of."""
    renames, values = rule.match.get("keywords", {}), rule.match.get("values", {})
    callee = call.last or getattr(call.node.func, "attr", "")
    named = call.ref is not None or f"Model.{callee}" in rule.match["calls"]
    for now, old in rule.match.get("positions", {}).items():
        place = (api.positions(call.name) or [now]).index(now)
        if call.certain(place) and isinstance(call.literal(place), int):
            given, words = call.node.args[place], {"old": now, "callee": callee, "keyword": old}
            named_so = [edits.insert(span_of(given), f"{old}=")]
            yield from program.report(rule.code, call, named_so, given, None, **words, new="")
    for told_as in (renames or values) if not call.has(*rule.match.get("absent", ())) else ():
        of, _, old = told_as.rpartition(".")
        if of != callee if of else not named:
            continue
        keyword, table = call.keyword(old), values.get(old, {})
        found = [] if renames else _stale(call, old, table)
        if old in told or (old not in call.keywords if renames else not found):
            continue
        told.add(old)
        nodes: list[ast.expr] = [*found] or [keyword.value if keyword else call.node]
        for node in nodes:
            value = str(node.value) if isinstance(node, ast.Constant) else ""
            simple = keyword is not None and node is keyword.value
            changes: list[Edit] = []
            if simple and keyword:
                changes = _changes(program, call, rule, keyword)
            elif isinstance(node, ast.Constant) and found and rule.fix != "none":
                changes = [edits.replace_string(program, node, table[value])]
            before, after = (old, renames[told_as]) if renames else (value, table[value])
            at = keyword if simple or renames else node
            risky = before in rule.match.get("risky", {}).get(old, ())
            fits: Applicability | None = "unsafe" if risky else None
            words = {"old": before, "new": after, "callee": callee, "keyword": old}
            yield from program.report(rule.code, call, changes, at, fits, **words)


def _changes(program: Program, call: Call, rule: Rule, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that mend a keyword, by the record or in a way of the rule's own."""
    begins = rule.match.get("begins", False)
    if rule.code in _OWN:
        return _OWN[rule.code](program, call, keyword)
    value = str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else None
    if value not in rule.match.get("removable", {}).get(keyword.arg, [value]):
        rewritten = _REWRITTEN.get(keyword.arg or "")
        return rewritten(program, call, keyword) if rewritten is not None else []
    changes = begin_with_input(program, call) if begins else []
    ignored = (call.last, keyword.arg) == ("Embedding", "input_length")
    if changes or rule.fix == "none" or (begins and not ignored):
        return changes
    keys = ("keywords", "values", "elsewhere")
    own = f"{call.last or call.method}.{keyword.arg}"
    arg = own if own in rule.match.get("keywords", ()) else keyword.arg
    new, table, other = (rule.match.get(key, {}).get(arg) for key in keys)
    other = rule.match.get("elsewhere", {}).get(own, other)
    return _edits(program, call, keyword, other or new, table or {}, rule)


def _stale(call: Call, name: str, table: Mapping[str, str]) -> list[ast.Constant]:
    """Returns the values of an argument, by name or position, alone or listed, that are stale."""
    known = api.arguments(call.name or f"Model.{call.method}") or ()
    given = call.expression(known.index(name) if name in known else None, name)
    items = getattr(given, "elts", None) or getattr(given, "values", None) or [given]
    constants = [item for item in items if isinstance(item, ast.Constant)]
    return [item for item in constants if str(item.value) in table]


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
    if new == "" or (value is not None and table.get(value) == ""):
        return [edits.remove_keyword(program, call.node, keyword)]
    known = api.arguments(called_name(program, call))
    if new and (call.has(new) or (known is not None and new not in known)):
        return []
    own = call.value(None, keyword.arg or "")
    lacks_dtype = isinstance(own, UserFunction) and not own.takes("dtype")
    of_any_kind = rule.match.get("open") and not lacks_dtype
    refused = rule.match.get("refused", {}).get(keyword.arg, ())
    if (table and value is None and not of_any_kind) or value in refused:
        return []
    changes = [edits.rename_keyword(keyword, new)] if new else []
    if new and new.startswith("pointwise_"):  # of two kernels, for which there was one argument
        both = f"{new.replace('point', 'depth')}={program.source(node)}, "
        changes.append(edits.insert(span_of(keyword), both))
    if new == "learning_rate" and type(getattr(node, "value", None)) is int:
        changes.append(edits.insert(span_of(node).end, ".0"))  # Keras 3 takes floats alone
    if isinstance(node, ast.Constant) and value is not None and value in table:
        text = table[value]
        quoted = isinstance(node.value, str)
        edit = edits.replace_string(program, node, text) if quoted else edits.replace(node, text)
        changes.append(edit)
    return changes


@detects("KT240")
def automatic_reduction(program: Program) -> Findings:
    """Finds `tf.keras.losses.Reduction.AUTO`, of which no loss takes the value."""
    for one in program.references:
        if one.ref.name == "keras.losses.Reduction.AUTO" and one.ref.via == "tf":
            change = edits.replace(one.node, '"sum_over_batch_size"')
            yield from program.report("KT240", one, [change])


@detects("KT298", "KT299")
def unknown_arguments(program: Program) -> Findings:
    """Finds arguments that the signature does not have and no other rule knows."""
    for call in program.all_calls:
        name = called_name(program, call) if call.keywords or call.node.args else ""
        most, code = api.positions(name), "KT298" if name.startswith("tensorflow.") else "KT299"
        if most is not None and call.certain(len(most)):
            given, values = call.node.args[len(most)], {"callee": name.rpartition(".")[2]}
            values |= {"keyword": program.source(given), "hint": ""}
            yield from program.report(code, call, (), given, None, **values)
        known = api.arguments(name)
        if known is None or call.keywords.keys() <= {*known}:
            continue
        nodes = {item.arg: item for item in call.node.keywords}
        joined = {one.replace("_", ""): one for one in known}  # `batchsize`
        for word in call.keywords:
            told = word == "dynamic" if call.method == "__init__" else is_told(name, word)
            if word in known or told:
                continue
            callee, hint = name.rpartition(".")[2], api.likely(word, known, "it takes", 0.75)
            at = nodes.get(word)
            new = _TENSORFLOW1.get(word, "") if code == "KT298" else joined.get(word, f"{word}s")
            changes = calls.without_effect(program, call, callee, at) if at is not None else []
            if at is not None and new in known and not call.has(new):
                changes = changes or [edits.rename_keyword(at, new)]
            fits: Applicability | None = "unsafe" if word == "reset_metrics" else None
            values = {"callee": callee, "keyword": word, "hint": hint}
            yield from program.report(code, call, changes, at, fits, **values)


@lru_cache(10_000)
def is_told(name: str, keyword: str) -> bool:
    """Tells whether a rule of its own speaks of the keyword."""
    own = keyword in ("name", "scale") and name.startswith("keras.initializers.")  # of KT273
    about = [rule for rule in _rules() if keyword in _told(rule)]
    return own or any(matches(name, rule.match["calls"]) for rule in about)
