"""The edits of calls that are written otherwise today, by the templates of the records.

A record says `"argmax(x, axis=-1)" = "keras.ops.argmax({x}, axis={axis})"`: what the old call took,
and what takes its place. A part in brackets, `[, dtype={dtype}]`, stands where the argument is
given (`dtype=...`); another default is written out. `mode == "sum"` asks for just this argument,
`size == ()` for one that is written out as a tuple.
"""

import ast
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from ..finding import Edit, Span, span_of
from ..rules.rule import Rule, load_rules
from ..semantics.facts import Call, Fact
from ..semantics.program import Program
from ..semantics.scopes import Instance
from ..semantics.values import Display, Parameter, Part
from .edits import insert, replace
from .moving import reach

_PART = re.compile(r"\[(, [^][]*)\]|\{(\w+)\}")
_NAME = re.compile(r"\b(?:keras|numpy|pandas|tensorflow|PIL)(?:\.\w+)+")
_BLANK = r"(?:[\s\\]|#[^\n]*\n)*"
_KEYWORD = r"(?:\w+[ \t]*=[ \t]*)?"
_OPENING = re.compile(rf"\({_BLANK}({_KEYWORD})")
_BETWEEN = re.compile(rf"{_BLANK},{_BLANK}({_KEYWORD})")
_NOTHING = re.compile("()")
_METHOD = re.compile(rf"\.\w+\({_BLANK}({_KEYWORD})")
_CLOSING = re.compile(rf"{_BLANK},?{_BLANK}\)")
_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


def rewrite_call(
    program: Program, call: Call, place: Fact, rule: Rule, name: str, key: str = "rewrites"
) -> list[Edit]:
    """Returns the edits that write a call by the first template that fits; none if none does.

    Args:
        program: Of the call.
        call: The call.
        place: The use of what is called.
        rule: Whose record has the templates.
        name: What is called, as the record has it.
        key: The table of the record.
    """
    for signature, template in templates(rule.code, key).get(name, ()):
        given = _bind(program, call.node, signature)
        if given is None:
            continue
        if "{self}" in template and isinstance(call.node.func, ast.Attribute):
            given = {"self": call.node.func.value, **given}
        edits = _fill(program, call.node, place, template, given)
        if edits:
            return edits
    return []


def as_lambda(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that put a function of one tensor into a `Lambda` layer."""
    given = call.node.args[0] if call.certain(0) else None
    reached = reach(program, call, "keras.layers.Lambda") if given is not None else None
    if given is None or reached is None:
        return []
    name = given.id if isinstance(given, ast.Name) else "tensor"
    span, text = span_of(call.node), program.source(given)
    plain = [] if isinstance(given, ast.Name) else [replace(given, name)]
    before, after = f"{reached[0]}(lambda {name}: ", f")({text})"
    return [*reached[1], insert(span, before), *plain, insert(span.end, after)]


@cache
def templates(code: str, key: str) -> dict[str, list[tuple[str, str]]]:
    """Returns a record's templates, with what each call took, by the name of what is called."""
    found: dict[str, list[tuple[str, str]]] = {}
    for signature, template in load_rules()[code].match.get(key, {}).items():
        found.setdefault(signature.partition("(")[0], []).append((signature, template))
    return found


@lru_cache(1000)
def _parsed(signature: str) -> ast.Call:
    parsed = ast.parse(signature, mode="eval").body
    assert isinstance(parsed, ast.Call)
    return parsed


def _bind(program: Program, node: ast.Call, signature: str) -> dict[str, ast.expr | str] | None:
    """Returns the arguments by their old names, defaults as texts; None if they do not fit."""
    old = _parsed(signature)
    names = [getattr(getattr(arg, "left", arg), "id", "") for arg in old.args]
    names += [keyword.arg or "" for keyword in old.keywords]
    odd = any(isinstance(arg, (ast.Starred, ast.GeneratorExp)) for arg in node.args)
    if odd or len(node.args) > len(names):
        return None
    bound: dict[str, ast.expr | str] = dict(zip(names, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg not in names or keyword.arg in bound:
            return None
        bound[keyword.arg] = keyword.value
    for name, wanted in zip(names, old.args, strict=False):
        if isinstance(wanted, ast.Compare) and isinstance(wanted.comparators[0], ast.Tuple):
            if not _is_tuple(program, bound.get(name)):
                return None
        elif isinstance(wanted, ast.Compare):
            given, asked = bound.pop(name, None), getattr(wanted.comparators[0], "value", ...)
            if not isinstance(given, ast.Constant) or given.value != asked:
                return None
            names = [one for one in names if one != name]
    defaults = {one.arg or "": ast.unparse(one.value) for one in old.keywords}
    if not set(names) <= {*bound, *defaults}:
        return None
    return {name: text for name, text in defaults.items() if text != "..."} | bound


def _is_tuple(program: Program, node: ast.expr | str | None) -> bool:
    """Tells whether an expression is a tuple or list that is written out, there or before.

    A part of one is one, as `image.shape[:2]` is.

    That may be the default of a parameter, and a field of an object that was given it.
    """
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Tuple, ast.List)):
        return isinstance(node, ast.expr)
    value = program.value_at(node)
    part = value.node if isinstance(value, Part) else node
    if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice):
        return getattr(part.value, "attr", "") == "shape"
    owner = program.value_at(node.value) if isinstance(node, ast.Attribute) else None
    if isinstance(owner, Instance) and isinstance(node, ast.Attribute):
        value = owner.kind.members.get(node.attr)
    return isinstance(value.default if isinstance(value, Parameter) else value, Display)


def _fill(
    program: Program,
    node: ast.Call,
    place: Fact,
    template: str,
    given: Mapping[str, ast.expr | str],
) -> list[Edit]:
    """Returns the edits that make a template of a call, argument by argument."""
    literals, arguments, edits = [""], [], []
    chosen = _PART.sub(lambda part: part[0] if part[2] else _optional(part[1], given), template)
    end = 0
    for part in _PART.finditer(chosen):
        value = given[part[2]]
        literals[-1] += chosen[end : part.start()] + (value if isinstance(value, str) else "")
        if not isinstance(value, str):
            arguments.append(value)
            literals.append("")
        end = part.end()
    literals[-1] += chosen[end:]
    for index, literal in enumerate(literals):
        for name in _NAME.findall(literal):
            reached = reach(program, place, name)
            if reached is None:
                return []
            edits += reached[1]
            literals[index] = literals[index].replace(name, reached[0])
    if {name for name, value in given.items() if not isinstance(value, str)} - _names(chosen):
        return []
    once = len(set(arguments)) == len(arguments)
    if not all(_is_plain(one) for one in arguments if arguments.count(one) > 1):
        return []
    in_order = once and sorted(arguments, key=span_of) == arguments
    pieces = _pieces(program, node, literals.copy(), arguments) if in_order else []
    if not pieces:
        around = zip(arguments, literals[:-1], literals[1:], strict=True)
        texts = [_enclosed(program, *item) for item in around]
        text = "".join(map("".join, zip(literals, [*texts, ""], strict=True)))
        pieces = [Edit(span_of(node), text)]
    return [*edits, *pieces]


def _names(template: str) -> set[str]:
    return {name for _, name in _PART.findall(template) if name}


def _optional(part: str, given: Mapping[str, ast.expr | str]) -> str:
    return part if _names(part) <= set(given) else ""


def _is_plain(node: ast.expr) -> bool:
    """Tells whether an expression may be evaluated twice."""
    calls = any(isinstance(part, ast.Call) for part in ast.walk(node))
    return isinstance(node, (ast.Constant, ast.Name, ast.Attribute, ast.Subscript)) and not calls


def _binds_loosely(node: ast.expr, before: str, after: str) -> bool:
    alone = before.rstrip()[-1:] in ("(", ",", "=", "[") and after.lstrip()[:1] in (")", ",", "]")
    return not alone and not isinstance(node, _ATOMS)


def _enclosed(program: Program, node: ast.expr, before: str, after: str) -> str:
    text = program.source(node)
    return f"({text})" if _binds_loosely(node, before, after) else text


def _pieces(
    program: Program, node: ast.Call, literals: list[str], arguments: list[ast.expr]
) -> list[Edit]:
    """Returns the edits of what stands around the arguments; as little as can be."""
    edits: list[Edit] = []
    whole, plain = span_of(node), literals[0].endswith("(") and literals[0].count("(") == 1
    shapes = [_OPENING, *[_BETWEEN] * len(arguments)]
    end = span_of(node.func).end
    if isinstance(node.func, ast.Attribute) and node.func.value in arguments:
        end, plain, shapes = whole.start, False, [_NOTHING, _METHOD, *shapes[1:]]
    for index, argument in enumerate(arguments):
        span, literal = span_of(argument), literals[index]
        if _binds_loosely(argument, literal, literals[index + 1]):
            literal += "("
            literals[index + 1] = f"){literals[index + 1]}"
        shape = shapes[index].fullmatch(program.source(end.to(span.start)))
        if shape is None:
            return []  # parentheses around an argument, or one between them that is left out
        keyword = Span(span.line, span.column - len(shape[1].encode()), *span[:2])
        if not index and plain:
            edits += [replace(node.func, literal[:-1]), Edit(keyword, "")]
        elif shapes[index] is _BETWEEN and literal.startswith(", "):
            edits.append(Edit(keyword, literal[2:]))
        else:
            edits.append(Edit((end if index else whole.start).to(span.start), literal))
        end = span.end
    tail = (end if arguments else whole.start).to(whole.end)
    closes = plain and arguments and literals[-1].endswith(")")
    if closes and _CLOSING.fullmatch(program.source(tail)):
        edits.append(insert(tail, literals[-1][:-1]))
    else:
        edits.append(Edit(tail, literals[-1]))
    return [edit for edit in edits if edit.text or edit.span.start != edit.span.end]
