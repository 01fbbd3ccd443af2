"""Names that nothing defines: whether they are code at all, and whether a page leaves them out."""

import ast
import re
from collections.abc import Callable

from ..finding import span_of
from ..fixes.missing import MODULES, missing_import
from ..semantics.facts import Definition, Use
from ..semantics.program import Program

_COMMAND = re.compile(r"(cd|ls|ll|pwd|mkdir|rmdir|rm|cp|mv|cat|pip)(?![\w(=.,\[])")
# What else IPython takes for a magic without its sign, where it is all that a cell holds.
_ALONE = re.compile(
    r"(autocall|automagic|autoreload|colors|conda|debug|dhist|edit|env|gui|hist(ory)?|l(dir|[fkx])"
    r"|load(_ext|py)?|lsmagic|magic|matplotlib|page|pdb|popd|pprint|precision|prun|pushd|pylab"
    r"|quickref|recall|rehashx|reload_ext|rerun|reset(_selective)?|run|save|system|tb|time(it)?"
    r"|unload_ext|who(_ls|s)?|xdel|xmode)(?![\w(=.,\[])"
)
_SCRIPT = re.compile(r"\bfunction\b[^\n]*\{")  # of a page, as notebooks keep it for the console
_SHORTEST = 5  # letters of a name that another may be a slip of


def is_aside(program: Program, use: Use) -> bool:
    """Tells whether a name is none of the program's, or is read where nothing leads to."""
    if _is_automagic(program, use) or _is_prose(program, use):
        return True
    return _is_unreached(use) or _fell_out(program, use)


def _is_automagic(program: Program, use: Use) -> bool:
    """Tells whether a line of a notebook is a command, such as `cd /content`, and no division."""
    if program.document.kind != "notebook" or not isinstance(use.statement, ast.Expr):
        return False
    line = program.document.line(use.statement.lineno)
    chunk = program.document.chunks[program.document.chunk_at(use.statement.lineno)]
    command = _COMMAND.match(line)
    if command is None and [*filter(str.strip, chunk.lines)] == [line]:
        command = _ALONE.match(line)
    return command is not None and command[1] not in program.names_of


def _is_unreached(use: Use) -> bool:
    """Tells whether a place asks for a condition under which its function has returned before."""
    met = {(ast.dump(one.test), one.holds) for one in use.guards if one.test is not None}
    return len({test for test, _ in met}) < len(met)


def _is_prose(program: Program, use: Use) -> bool:
    """Tells whether a line between lines that are not Python is none either: `* LSTM`."""
    chunk = program.document.chunks[program.document.chunk_at(use.node.lineno)]
    if chunk.problem is not None and _SCRIPT.search(chunk.masked):
        return True
    alone = chunk.problem is not None and isinstance(use.statement, ast.Expr)
    return alone and not any(isinstance(one, ast.Call) for one in ast.walk(use.statement))


def _fell_out(program: Program, use: Use) -> bool:
    """Tells whether a function has a name, out of which a wrong indentation lets its lines fall."""
    chunk = program.document.chunks[program.document.chunk_at(use.node.lineno)]
    told = chunk.problem is not None and "indent" in chunk.problem[0] and not use.scope
    return told and any(one.scope for one in program.definitions if one.name == use.name)


def is_signature(program: Program, use: Use) -> bool:
    """Tells whether a block is nothing but `binary_accuracy(y_true, y_pred)`, as pages show it."""
    call = getattr(use.statement, "value", None)
    block = program.document.chunks[program.document.chunk_at(use.node.lineno)].tree
    alone = block is not None and len(block.body) == 1 and isinstance(use.statement, ast.Expr)
    names = [program.uses_at.get(id(one)) for one in getattr(call, "args", ())]
    unknown = bool(names) and all(one is not None and one.definition is None for one in names)
    return alone and unknown and getattr(call, "func", None) is use.node


def fragments(program: Program) -> set[int]:
    """Returns the blocks that lack what no import brings, such as the `x` of `Dense(3)(x)`."""
    lacked = {one.name for one in program.uses if one.definition is None}
    own = {name for name in lacked if missing_import(program, name) is None}
    at = program.document.chunk_at
    return {at(one.node.lineno) for one in program.uses if not one.definition and one.name in own}


def slips(program: Program) -> set[int]:
    """Returns the ids of uses on a page that cannot be what its reader is to make.

    A block brings a name that it does not read, and reads a slip of it: `pad_sequence` beside the
    import of `pad_sequences`, `labels1` beside `labels = [0, 1]`. Or all that the page lacks to run
    are modules, as `os` of `os.path`, while it makes a model and trains it.
    """
    at = program.document.chunk_at
    tops = [one for one in program.definitions if one.scope == ""]
    given = {(at(span_of(one.node).line), one.name): one for one in reversed(tops)}
    unknown = [one for one in program.uses if one.definition is None]
    unknown = [one for one in unknown if one.name not in program.hidden_names]
    whole = {one.name for one in unknown} <= MODULES and any(program.methods("fit"))
    slipped: set[int] = set()
    for use in unknown:
        like = f"{use.name}s", use.name[:-1] if use.name[-1:].isdigit() else ""
        meant = (given.get((at(use.node.lineno), name)) for name in like)
        asked = whole and isinstance(program.parents.get(id(use.node)), ast.Attribute)
        if asked or any(_is_slip(use, one, at) for one in meant):
            slipped.add(id(use))
    return slipped


def _is_slip(use: Use, meant: Definition | None, at: Callable[[int], int]) -> bool:
    """Tells whether a name that a block brings, and does not read, is meant by another."""
    if meant is None or len(meant.name) < _SHORTEST or meant.order > use.order:
        return False
    kinds = (ast.Import, ast.ImportFrom) if len(meant.name) > len(use.name) else ast.Assign
    read = any(at(other.node.lineno) == at(use.node.lineno) for other in meant.uses)
    return isinstance(meant.statement, kinds) and not read
