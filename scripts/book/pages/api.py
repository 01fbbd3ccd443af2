"""API pages from the docstrings: one for each module that readers may import."""

from collections.abc import Iterator
from pathlib import Path

from book import ROOT
from book.words import word

# Rooms that readers enter by the command line, not from Python.
_INNER = frozenset({"cli", "lint", "data/files"})


def modules() -> Iterator[str]:
    """Yields the names of the public modules, sorted."""
    package = ROOT / "kerastut"
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        private = any(part.startswith("_") and part != "__init__.py" for part in inside.parts)
        # What lies in no package is a text, which goes into a program of the reader's.
        packed = path.with_name("__init__.py").exists()
        if packed and not private and inside.parts[0] not in _INNER:
            parts = inside.parent.parts if path.stem == "__init__" else inside.with_suffix("").parts
            yield ".".join(("kerastut", *parts))


def write(folder: Path, language: str) -> None:
    """Writes the pages and their index."""
    pages = folder / "api"
    pages.mkdir()
    names = list(modules())
    for name in names:
        title = name.removeprefix("kerastut.")
        # A name is described where it is defined, not where a package passes it on.
        options = "   :members:\n   :ignore-module-all:\n"
        text = f"# {title}\n\n```{{eval-rst}}\n.. automodule:: {name}\n{options}```\n"
        (pages / f"{name}.md").write_text(text, encoding="utf-8")
    intro = word("The public names, from their docstrings.", language)
    text = f"# {word('API', language)}\n\n{intro}\n\n```{{toctree}}\n:maxdepth: 1\n\n"
    (pages / "index.md").write_text(text + "\n".join(names) + "\n```\n", encoding="utf-8")
