"""Makes the edits that fixes are made of. What is not rewritten keeps its formatting."""

import ast
import re
from collections.abc import Iterator, Sequence

from ..finding import Edit, Span, span_of
from ..semantics.facts import Call
from ..semantics.program import Program

# What is one piece as it stands, and needs no parentheses.
ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute)
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_OF_TENSORFLOW = re.compile(r"\btf\.(?!keras\b)|\bsess")  # what may want its graph or session
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


def add_argument(call: ast.Call, text: str) -> Edit:
    """Puts another argument behind the last one of a call that has some."""
    last = max(map(span_of, (*call.args, *call.keywords)))
    return insert(last.end, f", {text}")


def rename_attribute(node: ast.Attribute, name: str) -> Edit:
    """Gives the last attribute of a chain another name."""
    end = span_of(node).end
    return Edit(end._replace(column=end.column - len(node.attr.encode())), name)


def replace_string(program: Program, node: ast.Constant, text: str) -> Edit:
    """Puts another string, without quotes, in a literal's place, in its quotes."""
    source = program.source(node)
    quote = source[-1] if source[-1] in "'\"" else '"'
    raw = "r" if "\\" in text else ""
    return Edit(span_of(node), f"{raw}{quote}{text}{quote}")


def literal_of(program: Program, node: ast.expr) -> ast.Constant | None:
    """Returns the literal that an expression is, or that the name it is was given."""
    read = program.read_at(node)
    given = getattr(read.statement, "value", None) if read is not None else node
    return given if isinstance(given, ast.Constant) else None


def remove_keyword(program: Program, call: ast.Call, keyword: ast.keyword) -> Edit:
    """Takes an argument out of a call, with the comma that goes with it; its comments stay."""
    return remove_keywords(program, call, [keyword])[0]


def remove_keywords(
    program: Program, call: ast.Call, keywords: Sequence[ast.keyword]
) -> list[Edit]:
    """Takes arguments out of a call, with the commas that go with them; their comments stay."""
    items = sorted(map(span_of, (*call.args, *call.keywords)))
    gone = [items.index(span) for span in sorted(map(span_of, keywords))]
    runs = [index for index in gone if index - 1 not in gone]
    ends = [index for index in gone if index + 1 not in gone]
    pairs = zip(runs, ends, strict=True)
    return [_removed(program, span_of(call), items, *pair) for pair in pairs]


def _removed(program: Program, whole: Span, items: list[Span], index: int, stop: int) -> Edit:
    """Takes the arguments from one to another out of a call."""
    span, end = items[index].to(items[stop]), whole.end_column - 1
    inner = whole.end._replace(column=end, end_column=end)
    follows = stop + 1 < len(items)
    first = span if follows or not index else items[index - 1].end
    last = items[stop + 1].start if follows else span.end if index else inner
    if any(program.document.comments_in(first.to(last))):
        comma = _COMMA.match(program.source(span.end.to(inner)))
        width = len(comma[0].encode()) if comma else 0
        return Edit(span._replace(end_column=span.end_column + width), "")
    # An argument before it may stand in parentheses, which are not part of its node.
    closing = _CLOSING.match(program.source(first.to(span))) if first is not span else None
    return Edit(first.to(last), closing[0] if closing else "")


def wrapped(node: ast.AST, callee: str) -> list[Edit]:
    """Puts a call around an expression."""
    return [insert(span_of(node), f"{callee}("), insert(span_of(node).end, ")")]


def remove_statement(program: Program, node: ast.stmt) -> Edit:
    """Takes a statement away, with its line if it stands alone there; its comments stay."""
    document, span = program.document, span_of(node)
    line, last = document.line(span.line), document.line(span.end_line)
    head = line[: document.column(span.line, span.column)]
    tail = last[document.column(span.end_line, span.end_column) :]
    if head.strip() or (tail.strip() and not tail.lstrip().startswith("#")):
        return Edit(span, "pass")  # there are others on its lines
    body = program.bodies[id(node)]
    only = len(body[0]) == 1 and not isinstance(body[1], ast.Module)
    comments = [*document.comments_in(span), *([tail.lstrip()] if tail.strip() else [])]
    text = f"\n{head}".join([*(["pass"] if only else []), *comments])
    whole = span._replace(end_column=len(last.encode("utf-8", "surrogatepass")))
    chunk = document.chunks[document.chunk_at(span.line)]
    if text or span.end_line - chunk.first_line + 1 >= len(chunk.lines):
        return Edit(whole, text)
    return Edit(Span(span.line, 0, span.end_line + 1, 0), "")


def separator(program: Program, node: ast.stmt) -> str:
    """Returns a new line where the statement stands alone on its lines, else a semicolon."""
    document, span = program.document, span_of(node)
    head = document.line(span.line)[: document.column(span.line, span.column)]
    tail = document.line(span.end_line)[document.column(span.end_line, span.end_column) :]
    if head.strip() or (tail.strip() and not tail.lstrip().startswith("#")):
        return "; "
    return "\n" + head


def without_statement(program: Program, call: Call) -> list[Edit]:
    """Takes away a statement that is nothing but a call."""
    return [remove_statement(program, call.statement)] if call.is_statement else []


def unwrapped(program: Program, node: ast.With) -> list[Edit]:
    """Takes a `with` away from around statements of Keras alone."""
    document, first, last = program.document, span_of(node.body[0]), span_of(node.body[-1])
    bound = node.items[0].optional_vars
    used = any(one.uses for one in program.definitions_at[id(bound)])
    body = program.source(first.to(last.end))
    odd = getattr(node.body[0], "decorator_list", ()) or len(node.items) > 1 or used
    if odd or _OF_TENSORFLOW.search(body) or any(quote in body for quote in ("'''", '"""')):
        return []
    width, begin = first.column - span_of(node).column, first.start
    top = span_of(node.items[0].context_expr).end_line + 1
    if top < begin.line and document.line(top)[: first.column + 1].strip() == "#":
        begin = Span(top, first.column, top, first.column)  # of a comment, which stays
    edits = [Edit(span_of(node).start.to(begin), "")]
    for number in range(begin.line + 1, last.end_line + 1):
        if not document.line(number)[:width].strip():
            edits.append(Edit(Span(number, 0, number, min(width, len(document.line(number)))), ""))
    return edits


def as_tuple(program: Program, node: ast.List) -> Iterator[Edit]:
    """Yields the edits that write a list as a tuple."""
    span = span_of(node)
    end = ",)" if len(node.elts) == 1 and program.source(node)[:-1].rstrip()[-1:] != "," else ")"
    yield Edit(span.start._replace(end_column=span.column + 1), "(")
    yield Edit(span.end._replace(column=span.end_column - 1), end)
