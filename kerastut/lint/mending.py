"""A file as a program: which blocks of it run, and what becomes of it when all is mended."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .documents.document import Chunk, Document
    from .documents.text import Text
    from .finding import Finding

_PRINTED = re.compile(r"(?:[\s\d.,()\[\]e+-]++|#.*+)*+")  # numbers, with remarks
_CHANGED = ("KT611",)  # notes that tell why a program that runs learns something else


@dataclass(frozen=True)
class Mended:
    """A file after its fixes."""

    content: bytes
    fixed: Mapping[str, int]  # how often each rule was found before and no longer is
    left: "tuple[Finding, ...]"  # errors, warnings, and defaults that have changed


def mend(content: bytes, name: str, unsafe: bool, ignore: Iterable[str] = ()) -> Mended:
    """Returns a file after all fixes.

    Args:
        content: Its bytes.
        name: Whose suffix tells what it is.
        unsafe: Whether the fixes that may change the meaning are made as well.
        ignore: Codes of rules whose fixes are not made.

    Raises:
        LintError: It cannot be read.
    """
    # The command does without all of this.
    from dataclasses import replace

    from .check import check_document
    from .documents import parse_document
    from .fixes.fixing import fix_text
    from .selection import Selection

    text, document = _read(content, name)
    before = check_document(document)
    new, made = fix_text(text, name, Selection(ignore=tuple(ignore)), unsafe)
    text = replace(text, content=new)
    mended = parse_document(text, name, Path(name).suffix.lower())
    found = check_document(mended, Selection(select=("ALL",)))
    left = [one for one in found if one.rule.severity != "note" or one.rule.code in _CHANGED]
    counts = [Counter(one.rule.code for one in findings) for findings in (before, left)]
    return Mended(text.encode() if made else content, counts[0] - counts[1], tuple(left))


def blocks_of(content: bytes, name: str) -> list[tuple[int, str]]:
    """Returns what of a file runs, in order: each block's first line in the program, its source.

    Lines of IPython are empty, and blocks for readers of other frameworks are left out, as are
    those that quote how something of Keras is called, and numbers as NumPy prints them. A block
    that is not Python is as it stands.

    Raises:
        LintError: It cannot be read.
    """
    from .documents.recovering import without_magic
    from .documents.tabs import views
    from .semantics.record import bound_names

    _, document = _read(content, name)
    blocks = []
    chunks = views(document)[0].chunks
    if Path(name).suffix.lower() not in (".py", ".ipynb"):
        nodes = (node for chunk in chunks if chunk.tree for node in ast.walk(chunk.tree))
        named = {name for node in nodes for name in bound_names(node)}
        chunks = [one for one in chunks if not (_is_quoted(one, named) or _is_printed(one))]
    for chunk in chunks:
        lines = chunk.parsed
        if chunk.problem or chunk.tree is None:
            lines = chunk.code or chunk.lines
            lines = lines if name.lower().endswith(".py") else without_magic(lines)
        blocks.append((chunk.first_line, "\n".join(lines)))
    return blocks


def _is_printed(chunk: "Chunk") -> bool:
    """Tells whether a block is but numbers that were printed, and no Python."""
    return chunk.problem is not None and bool(_PRINTED.fullmatch("\n".join(chunk.lines)))


def _is_quoted(chunk: "Chunk", named: set[str]) -> bool:
    """Tells whether code is but a call with the names of its arguments, which stand for nothing."""
    from .rules import api

    body = chunk.tree.body if chunk.tree is not None else []
    statement = body[0] if len(body) == 1 else None
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = ast.unparse(call.func).rpartition(".")[2]
    taken = api.arguments(f"{api.home(name)}.{name}") or ()
    return any(
        isinstance(value, ast.Name) and value.id == argument and argument not in named
        for value, argument in zip(call.args, taken, strict=False)
    )


def code_files(folder: Path) -> list[Path]:
    """Returns the scripts, notebooks and documents in a folder, at any depth; see `check`."""
    from .runner import find_files

    return find_files([folder])[0]


def uses_keras(content: bytes) -> bool:
    """Tells whether Keras or TensorFlow is mentioned anywhere."""
    low = content.lower()
    return b"keras" in low or b"tensorflow" in low


def difference(name: str, before: bytes, after: bytes) -> str:
    """Returns what differs between two states of a file, as `diff -u` writes it."""
    from .documents.text import decode
    from .report.people import diff

    old, new = (decode(content, name, name.endswith(".py")).content for content in (before, after))
    return diff(name, old, new)


def _read(content: bytes, name: str) -> "tuple[Text, Document]":
    """Returns a file's text, and the document that it is."""
    from .documents import parse_document
    from .documents.text import decode

    suffix = Path(name).suffix.lower()
    text = decode(content, name, suffix == ".py")
    return text, parse_document(text, name, suffix)


def edited(content: bytes, name: str, edits: Iterable[tuple[int, int, int, int, str]]) -> bytes:
    """Returns a file with other texts at some places, as `ast` counts them in its blocks."""
    from dataclasses import replace

    from .finding import Edit, Span

    text, document = _read(content, name)
    changes = [Edit(Span(*place), new) for *place, new in edits]
    return replace(text, content=document.edited(changes)).encode()
