"""Finds in a folder which files are programs, and which are modules that these import."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerastut.lint import uses_keras
from kerastut.migration.places import nodes, trees_of

WORK = "far/down/work"  # of a program in its scratch folder: it may go some folders up
_LONGEST = 200  # bytes of a name of a file
_NO_PROGRAMS = ("setup.py", "conftest.py", "__init__.py")


@dataclass(frozen=True)
class Program:
    """A file that is run.

    Args:
        path: From the folder of all.
        helpers: Modules of the folder that it imports, also through others.
        package: That it belongs to, as its relative imports want; "" for most.
    """

    path: Path
    helpers: tuple[Path, ...] = ()
    package: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """Its own file, and its helpers."""
        return self.path, *self.helpers


def find_programs(contents: Mapping[Path, bytes]) -> list[Program]:
    """Returns the programs that use Keras, themselves or through their helpers.

    Args:
        contents: Scripts, notebooks and documents by their paths from one folder, in a form that
            today's Python reads.
    """
    trees = {path: [*trees_of(text, str(path))] for path, text in contents.items()}
    imports = {
        path: {*_candidates(path, own)} & trees.keys() - {path} for path, own in trees.items()
    }
    imported = set().union(*imports.values()) if imports else set()
    programs = []
    for path, content in contents.items():
        helpers, waiting = set[Path](), [path]
        while waiting:
            new = imports[waiting.pop()] - helpers - {path}
            helpers |= new
            waiting += new
        uses = any(map(uses_keras, (content, *(contents[one] for one in helpers))))
        if uses and trees[path] and _is_run(path, imported, content):
            package = _package(path, contents) if _is_relative(trees[path]) else ""
            programs.append(Program(path, tuple(sorted(helpers)), package))
    return programs


def _is_run(path: Path, imported: set[Path], content: bytes) -> bool:
    if path.suffix != ".py":
        return True
    if path.name in _NO_PROGRAMS or path.name.startswith("test_") or path.stem.endswith("_test"):
        return False
    return path not in imported or b"__main__" in content


def _is_relative(trees: list[ast.Module]) -> bool:
    nodes = (node for tree in trees for node in tree.body)
    return any(isinstance(node, ast.ImportFrom) and node.level for node in nodes)


def _package(path: Path, contents: Mapping[Path, bytes]) -> str:
    """Returns the dotted name of the folders above that are packages, the nearest at least."""
    names = [path.parent.name] if path.parent.name else []
    for folder in path.parents[1:-1]:
        if folder / "__init__.py" in contents:
            names.insert(0, folder.name)
    return ".".join(names)


def imported_files(path: Path, content: bytes) -> Iterator[Path]:
    """Yields the files that a program may import."""
    yield from dict.fromkeys(_candidates(path, [*trees_of(content, str(path))]))


def named_files(path: Path, content: bytes, home: Path) -> Iterator[Path]:
    """Yields the files that a module may import or open, by the names that it gives.

    Names are tried from its own folder and from `home`, where the program is started.
    """
    trees = [*trees_of(content, str(path))]
    yield from imported_files(path, content)
    folders = dict.fromkeys((path.parent, home))
    yield from (folder / text for text in _names(trees) for folder in folders)


def starting_folder(root: Path, path: Path, content: bytes) -> Path:
    """Returns the folder, its own or one above, from which most of a program's files are there."""
    names = {*_names([*trees_of(content, str(path))])}
    return max(path.parents, key=lambda home: sum((root / home / one).exists() for one in names))


def _names(trees: list[ast.Module]) -> Iterator[str]:
    for node in nodes(trees):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and 0 < len(text.encode()) < _LONGEST and text.isprintable():
            yield text


def _candidates(path: Path, trees: list[ast.Module]) -> Iterator[Path]:
    """Yields where the modules may lie that a file imports."""
    for node in nodes(trees):
        homes = [*path.parents]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            if node.level:
                homes = [path.parents[min(node.level, len(path.parents)) - 1]]
        else:
            continue
        for place in (Path(*filter(None, name.split("."))) for name in names):
            for home in homes:
                yield from (home / f"{place}.py", home / place / "__init__.py")


def lines_of(blocks: Sequence[tuple[int, str]]) -> list[str]:
    """Returns the lines of a program, each block at its place."""
    lines: list[str] = []
    for first, source in blocks:
        lines[len(lines) :] = [""] * (first - 1 - len(lines))
        lines += source.split("\n")
    return lines
