"""Tabs: a document that shows the same in several frameworks is read once for each of them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from .document import Chunk, Document

# `#@tab tensorflow` and `%%tab pytorch, mxnet` at the head of a block, as d2l writes it.
_MARK = re.compile(r"\s*(?:#\s*@tab|%%tab)\s+(.+)")
_MOST = 10  # tabs that are read each by itself; further ones are read together
_IMPORT = re.compile(r"^[ \t]*(?:import|from)\s+(?:keras|tensorflow)\b|\btf\.keras\b", re.M)
_OTHERS = re.compile(
    r"\b(?:py)?torch|\bmxnet|\bgluon\b|\bjax\b|\bflax\b|\bpaddle|\bmindspore|\boneflow|\bmegengine"
    r"|\bnumpy\b|\bsklearn|\bscikit|\btinygrad|\bchainer|\bcaffe|\btheano|\bmlx\b",
    re.I,
)


def tabs_of(lines: Sequence[str]) -> frozenset[str]:
    """Returns the tabs that the first line of a block names; none for all."""
    match = _MARK.match(next(filter(str.strip, lines), ""))
    names = {name.strip().lower() for name in match[1].split(",")} if match else set()
    return frozenset() if "all" in names else frozenset(names)


def views(document: Document) -> list[Document]:
    """Returns the documents that the readers of each tab see, without tabs of other frameworks."""
    names = sorted({name for chunk in document.chunks for name in chunk.tabs})
    if not names:
        return [document]
    seen = [name for name in names if not _is_foreign(name, document)]
    groups = [{name} for name in seen[:_MOST]] + [set(seen[_MOST:])] * (len(seen) > _MOST)
    return [
        replace(document, chunks=[c for c in document.chunks if not c.tabs or c.tabs & group])
        for group in groups or [set()]
    ]


def _is_foreign(name: str, document: Document) -> bool:
    own: list[Chunk] = [chunk for chunk in document.chunks if name in chunk.tabs]
    code = "\n".join(line for chunk in own for line in chunk.code or chunk.lines)
    return _OTHERS.search(f"{name}\n{code}") is not None and _IMPORT.search(code) is None
