"""KT608: a block that stands in the document twice."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program

_LEAST = 2  # statements: one alone is often repeated with good reason


@detects("KT608")
def repeated_block(program: Program) -> Iterator[Finding]:
    """Finds blocks whose text is the same as that of an earlier one."""
    seen: dict[str, int] = {}
    for chunk in program.document.chunks:
        text = "\n".join(line.rstrip() for line in chunk.lines).strip()
        if not text or chunk.tree is None or len(chunk.tree.body) < _LEAST:
            continue
        if text in seen:
            yield from program.report("KT608", _first(chunk.tree), line=seen[text])
        seen.setdefault(text, program.document.locate(chunk.first_line, 0).row)


def _first(tree: ast.Module) -> ast.stmt:
    return tree.body[0]
