"""Makes the edits that fixes are made of. LibCST keeps the formatting of what is rewritten."""

import ast
from collections.abc import Callable

from kerastut.lint.finding import Edit, Span, span_of


def replace(node: ast.AST, text: str) -> Edit:
    """Puts a text in a node's place."""
    return Edit(span_of(node), text)


def rename_keyword(keyword: ast.keyword, name: str) -> Edit:
    """Gives a keyword argument another name."""
    length = len((keyword.arg or "").encode())
    start = span_of(keyword)
    return Edit(
        Span(start.line, start.column, start.line, start.column + length),
        name,
    )


def rename_attribute(node: ast.Attribute, name: str) -> Edit:
    """Gives the last attribute of a chain another name."""
    span = span_of(node)
    start = span.end_column - len(node.attr.encode())
    return Edit(Span(span.end_line, start, span.end_line, span.end_column), name)


def replace_string(node: ast.Constant, source: str, text: str) -> Edit:
    """Puts another string in a literal's place, in the same quotes.

    Args:
        node: The literal.
        source: As it is written.
        text: What it shall say; without quotes or backslashes.
    """
    quote = source[-1] if source[-1] in "'\"" else '"'
    return Edit(span_of(node), f"{quote}{text}{quote}")


def remove_arguments(
    node: ast.Call, source: str, unwanted: Callable[[int, str | None], bool]
) -> Edit:
    """Takes arguments out of a call.

    Args:
        node: The call.
        source: As it is written.
        unwanted: Told the index and the keyword of an argument.
    """
    import libcst

    call = libcst.ensure_type(libcst.parse_expression(source), libcst.Call)
    kept: list[libcst.Arg] = []
    for index, argument in enumerate(call.args):
        if not unwanted(index, argument.keyword.value if argument.keyword else None):
            kept.append(argument)
    if kept and kept[-1] is not call.args[-1]:
        kept[-1] = kept[-1].with_changes(
            comma=call.args[-1].comma, whitespace_after_arg=call.args[-1].whitespace_after_arg
        )
    return Edit(span_of(node), libcst.Module([]).code_for_node(call.with_changes(args=kept)))


def insert_before(statement: ast.stmt, text: str) -> Edit:
    """Puts a line before a statement that begins its line."""
    span = span_of(statement)
    indentation = " " * span.column
    return Edit(Span(span.line, span.column, span.line, span.column), f"{text}\n{indentation}")
