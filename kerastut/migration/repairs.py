"""Repairs what a run has told and no reading could: names, types and arguments of older days.

Each repair is keyed by the message of an exception. It is made where the program stopped, or at all
places of the file that have the same fault.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kerastut.lint import edited
from kerastut.migration import libraries, python2, rewriting, tensors
from kerastut.migration.places import nodes, span, trees_of
from kerastut.migration.programs import Program
from kerastut.migration.running import Execution

_FRAME = re.compile(r'^ +File "([^"\n]+)", line (\d+)', re.M)
_REPAIRS = (*rewriting.REPAIRS, *libraries.REPAIRS, *tensors.REPAIRS, *python2.REPAIRS)
# What shows where it is; other faults may be in a file that is not running any more. A tuple comes
# from what was called.
_THERE = re.compile(
    r"(?m)^(?:(?:Name|Import|ModuleNotFound|Syntax)\w*Error\b|AttributeError: (?!'tuple'))"
)
_GONE = re.compile(r"ModuleNotFoundError: No module named '(\w+)'$")


def repairs(
    program: Program, texts: Mapping[Path, bytes], run: Execution
) -> Iterator[tuple[str, dict[Path, bytes]]]:
    """Yields what may be wrong, and the program's files with it put right.

    Args:
        program: That has raised.
        texts: Its files.
        run: What it has raised.
    """
    frames = [(Path(name), int(line)) for name, line in _FRAME.findall(run.traceback)]
    ours = [(program.path, 1), *(frame for frame in frames if frame[0] in texts)]
    if run.end != "raised":
        return
    (path, line), last = ours[-1], run.traceback.strip()
    gone = _GONE.search(last)
    if gone and path != program.path and path.with_name(f"{gone[1]}.py") in texts:
        yield gone[0], _relative(texts, path.parent)
    trees = {path: list(trees_of(text, str(path))) for path, text in texts.items()}
    for pattern, mend in _REPAIRS:
        matches = list(re.finditer(pattern, last))
        afar = () if _THERE.search(last) else texts.keys() - {path}
        for place in (path, *sorted(afar)) if matches else ():
            edits = list(mend(trees[place], line if place == path else 0, matches[-1]))
            if edits:
                spans = [(*span(node), text) for node, text in edits]
                new = edited(texts[place], str(place), spans)
                yield matches[-1][0], {**texts, place: new}
                break


def _relative(texts: Mapping[Path, bytes], folder: Path) -> dict[Path, bytes]:
    """Returns all files, those of a package with imports from beside them as they are now."""
    new = dict(texts)
    beside = {path.stem for path in texts if path.parent == folder}
    for path in (path for path in texts if path.parent == folder):
        edits = []
        for node in nodes(list(trees_of(texts[path], str(path)))):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            names = ", ".join(map(ast.unparse, node.names))
            if isinstance(node, ast.Import):
                if {one.name for one in node.names} <= beside:
                    edits.append((*span(node), f"from . import {names}"))
            elif node.module in beside and not node.level:
                edits.append((*span(node), f"from .{node.module} import {names}"))
        new[path] = edited(texts[path], str(path), edits)
    return new
