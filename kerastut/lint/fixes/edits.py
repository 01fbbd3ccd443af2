"""Makes the edits that fixes are made of. What is not rewritten keeps its formatting."""

import ast
import re

from ..finding import Edit, Span, span_of
from ..semantics.program import Program

_CLOSING = re.compile(r"(?:(?:[\s\\]|#[^\n]*\n)*\))*")


def replace(node: ast.AST, text: str) -> Edit:
    """Puts a text in a node's place."""
    return Edit(span_of(node), text)


def insert(place: Span, text: str) -> Edit:
    """Puts a text where a stretch begins."""
    return Edit(place.start, text)


def rename_keyword(keyword: ast.keyword, name: str) -> Edit:
    """Gives a keyword argument another name."""
    start = span_of(keyword).start
    return Edit(start._replace(end_column=start.column + len((keyword.arg or "").encode())), name)


def rename_attribute(node: ast.Attribute, name: str) -> Edit:
    """Gives the last attribute of a chain another name."""
    end = span_of(node).end
    return Edit(end._replace(column=end.column - len(node.attr.encode())), name)


def replace_string(program: Program, node: ast.Constant, text: str) -> Edit:
    """Puts another string, without quotes or backslashes, in a literal's place, in its quotes."""
    source = program.source(node)
    quote = source[-1] if source[-1] in "'\"" else '"'
    return Edit(span_of(node), f"{quote}{text}{quote}")


def remove_keyword(program: Program, call: ast.Call, keyword: ast.keyword) -> Edit:
    """Takes an argument out of a call, with the comma that goes with it."""
    items = sorted(map(span_of, (*call.args, *call.keywords)))
    span, whole = span_of(keyword), span_of(call)
    index = items.index(span)
    if index + 1 < len(items):
        return Edit(span.to(items[index + 1].start), "")
    if index == 0:
        return Edit(span.to(whole.end)._replace(end_column=whole.end_column - 1), "")
    # An argument before it may stand in parentheses, which are not part of its node.
    between = program.source(items[index - 1].end.to(span.start))
    closing = _CLOSING.match(between)
    kept = closing[0] if closing else ""
    return Edit(items[index - 1].end.to(span), kept)
