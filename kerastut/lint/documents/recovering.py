"""Reads lines as Python. Where they are none, finds what of them has to be left out or was meant.

Lines of IPython and of Python 2 are masked by Python of the same length, so that every place in the
syntax tree is a place in the file.
"""

import ast
import math
import re
import warnings
from collections.abc import Iterator
from itertools import islice

ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)  # of a parser
# Of IPython, and of what makes pages of texts: `{% raw %}`.
_MAGIC = re.compile(r"^(\s*)(%%?(?=[^\s(])|!!?(?=[ \t]*\S)|\?\??(?=\S)|\{%(?=.*%\}\s*$))(.*)$")
_TIMED = re.compile(
    r"^(\s*)(%%?(?:time|timeit|prun|memit)\b(?:\s+-\w+(?:\s+\d+)?)*\s+)(?=[^\s%!-])"
)
# What a file gets and what runs it stays to be read, behind a sign of a comment.
_FILES = re.compile(r"^%(?=%(?:write)?file\b|run\b)|^!(?=python3? +\w)")
_ASSIGNED = re.compile(r"^(\s*[\w.,][\w., ]*?=\s*)([%!].*)$")
_HELP = re.compile(r"^\s*[\w.]+\?{1,2}\s*$")
_SHELL = re.compile(
    r"^\s*(pip3?|conda|apt-get|apt|cd|ls|mkdir|wget|curl|git|python3?|tensorboard|sudo|export)"
    r"\s+[\w./-]"
)
_PRINT = re.compile(r"^(\s*)print\s+(?=[^\s(=.,\])])(.*)$|^(\s*)print\s+\((.*)\)\s*%.*$")
_WORD = re.compile(r"^(\s*)print(\s)")
_CHAIN = re.compile(r"\b(?:\w++[\s\\]*+\.[\s\\]*+)++")
_PROSE = re.compile(r".*[^\x00-\x7f]|[(\d]")
# What stands for further arguments, or lines.
LEFT_OUT = re.compile(r"(?<=[,(])\s*(?:\.{2,}|…+)(?=\s*(?:[,)#]|$))|^\s+(?:\.{2,}|…+)(?=[)\s]*$)")
_NEAR = 10  # lines
_HEAD = "if 1:"
_OPENS = re.compile(r"(if|while|for|with)\b.*:\s*$")
_DEEPEST = 1000
_PASSES_APART = 5  # for a statement by itself
_INDENTED = re.compile(r"indented block after .* on line (\d+)")  # as Python says of a bare head
_ADDED = re.compile(r"\s*(?:\s#.*)?$")  # where a line can be gone on with
# Where one statement may follow another, and an argument another, without a sign.
_JOINT = re.compile(
    r"(?<=[)\]'\"\w])[ \t](?=[ \t]*(?:[A-Za-z_][\w.]* ?[(=]|(?:return|import|from)\b))"
)
_MISSED = re.compile(r"(?<=[)\]}'\"\w])[ \t](?=[ \t]*[A-Za-z_]\w* ?=[^=])")
_TABS = (8, 4)  # columns that a tab may stand for
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|#.*")
_ANEW = re.compile(r"(?:def|class|import|from|if|for|while|with|try|@)\b")
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")
_QUOTES = re.compile(r"\"{3}|'{3}")


def parse(lines: list[str]) -> ast.Module:
    text = "\n".join(lines) + "\n"
    chains = _CHAIN.finditer(text) if text.count(".") > _DEEPEST else ()
    if any(chain[0].count(".") > _DEEPEST for chain in chains):
        raise RecursionError  # Python takes the square of its length for the name of a module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parsed(lines: list[str]) -> ast.Module | None:
    """Returns the syntax tree of lines; None if they are not Python."""
    try:
        return parse(lines)
    except ERRORS:
        return None


def without_magic(lines: list[str]) -> list[str]:
    """Returns lines with those of IPython masked."""
    masked: list[str] = []
    continued = False
    for line in lines:
        masked.append(_mask(line, "") if continued else _unmagic(line))
        continued = line.rstrip().endswith("\\") and masked[-1] != line
    return masked


def _unmagic(line: str) -> str:
    if _FILES.match(line):
        return _FILES.sub("#", line)
    if timed := _TIMED.match(line):
        return timed[1] + "pass;".ljust(len(timed[2])) + line[timed.end() :]
    if assigned := _ASSIGNED.match(line):
        value = "None" if len(assigned[2]) >= 4 else "0"
        return assigned[1] + value.ljust(len(assigned[2]))
    if _MAGIC.match(line) or _HELP.match(line) or _SHELL.match(line):
        return _mask(line, "pass")
    return line


def printing(lines: list[str]) -> Iterator[int]:
    """Yields the lines that print as Python 2 did, from 0."""
    return (index for index, line in enumerate(lines) if _PRINT.match(line))


def statements(lines: list[str], closes: bool) -> Iterator[tuple[int, int]]:
    """Yields where statements at the top begin and end, roughly, whether they are Python or not.

    Where brackets are said to be closed, a statement goes on until they are.
    """
    start, quote, depth = 0, "", 0
    for index, line in enumerate(lines):
        begins = _begins(line) and (depth <= 0 or not closes or _ANEW.match(line))
        goes_on = quote or not begins or _GOES_ON.match(line)
        if not goes_on and not lines[index - 1].startswith("@") and index > start:
            yield start, index
            start, depth = index, 0
        rest = _QUOTED.sub("", line)
        depth += sum(map(rest.count, "([{")) - sum(map(rest.count, ")]}"))
        for mark in _QUOTES.findall(line):
            quote = mark if not quote else quote.removesuffix(mark)
    yield start, len(lines)


def readable(lines: list[str]) -> list[str]:
    """Returns a statement without what is not Python in it."""
    for _ in range(_PASSES_APART):
        try:
            parse(lines)
            return lines
        except SyntaxError as error:
            if not mask_error(lines, error):
                break
        except (ValueError, RecursionError, MemoryError, OverflowError):
            break
    return [" " * len(line) for line in lines]


def mask_error(lines: list[str], error: SyntaxError) -> bool:
    """Masks what is around an error; returns False if nothing is left to mask."""
    prints = [*printing(lines)]
    if prints:
        for index in prints:
            lines[index] = _WORD.sub(r"\1pass;\2", lines[index]).replace("pass; >>", "pass;   ")
        return True
    row = error.lineno or 1
    start = min(max(row, 1), len(lines)) - 1
    for index, text in _meant(lines, start, error):
        if first_error([*lines[:index], text, *lines[index + 1 :]]) > (row, error.offset or 0):
            lines[index] = text
            return True
    for index in range(max(start - _NEAR, 0), min(start + _NEAR, len(lines))):
        if LEFT_OUT.search(lines[index]):  # what stands for further arguments
            blank = LEFT_OUT.sub(lambda found: " " * len(found[0]), lines[index])
            if first_error([*lines[:index], blank, *lines[index + 1 :]])[0] > row:
                lines[index] = blank
                return True
    indented = error.msg == "unexpected indent"
    above = lines[start - 1] if indented and start else ""
    if len(above) >= len(_HEAD) and above.lstrip()[:1] in ("", "#"):
        lines[start - 1] = _HEAD.ljust(len(above))  # of the lines that are indented
        return True
    if indented and _dedent(lines, start):
        return True
    # What stands around the line may be Python without it.
    inside = next((line for line in lines[start + 1 :] if line.strip()), "")
    heads = width(inside) > width(lines[start])
    named = lines[start].rstrip().endswith(":") and heads
    alone = _mask(lines[start], _HEAD if named else "pass")
    if error.msg.startswith("unindent"):
        alone = " " * len(lines[start])
    if heads and not width(lines[start]) and _PROSE.match(lines[start]):
        alone = _HEAD.ljust(len(lines[start]))  # of what stands indented below a sentence
    inner = lines[start][:1].isspace() or _OPENS.match(lines[start]) is not None
    inner = inner or alone.startswith(_HEAD)
    masked = [*lines[:start], alone, *lines[start + 1 :]]
    stop = next(
        (i for i in range(start + 1, len(lines)) if _ends(lines[i], lines[start])), len(lines)
    )
    best = max(masked, _without(masked, start + 1, stop), key=first_error)
    if inner and first_error(best)[0] > row:
        lines[:] = best
        return True
    parts = [part for part in statements(lines, closes=True) if part[0] <= start < part[1]]
    while start > 0 and not indented and not _begins(lines[start]):
        start -= 1
    stop = next((i for i in range(start + 1, len(lines)) if _begins(lines[i])), len(lines))
    parts.insert(0, (start, stop))
    best = max((_without(lines, *part) for part in parts), key=first_error)
    found = best != lines
    lines[:] = best
    return found


def untabbed(lines: list[str], error: Exception) -> list[str]:
    """Returns lines with blanks for the tabs before them, where these do not fit together."""
    tabs = isinstance(error, TabError) or "unindent" in str(error)
    if not tabs or not any("\t" in line[: width(line)] for line in lines):
        return lines
    widened = ([_widened(line, size) for line in lines] for size in _TABS)
    return max(widened, key=first_error)


def _widened(line: str, size: int) -> str:
    return line[: width(line)].expandtabs(size) + line.lstrip()


def tabs_before(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yields lines from 1 with tabs before them, and the blanks that these are in Python 2.

    Within texts they stay, and everywhere where Python 3 reads them no better so.
    """
    tree = parsed([_widened(line, _TABS[0]) for line in lines])
    texts = (one for one in ast.walk(tree) if isinstance(one, ast.Constant)) if tree else ()
    kept = {row for one in texts for row in range(one.lineno + 1, (one.end_lineno or 0) + 1)}
    for row, line in enumerate(lines if tree is not None else (), 1):
        tabs = line[: width(line)]
        if "\t" in tabs and row not in kept:
            yield row, tabs, tabs.expandtabs(_TABS[0])


def _mask(line: str, statement: str) -> str:
    """Returns a line of the same length that does nothing."""
    indentation = line[: len(line) - len(line.lstrip())]
    body = statement if len(indentation) + len(statement) <= len(line) else "0"
    return (indentation + body).ljust(len(line)) if body else " " * len(line)


def _without(lines: list[str], start: int, stop: int) -> list[str]:
    return [*lines[:start], *(" " * len(line) for line in lines[start:stop]), *lines[stop:]]


def width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _meant(lines: list[str], start: int, error: SyntaxError) -> Iterator[tuple[int, str]]:
    """Yields lines with a sign that may be missing, and their indices."""
    line, place = lines[start], (error.offset or 1) - 1
    head = _INDENTED.search(error.msg)
    if head is not None:
        bare = int(head[1]) - 1
        yield bare, _with(lines[bare], "0")
    elif error.msg == "expected ':'":
        yield start, _with(line, ":")
    elif "forgot a comma" in error.msg:
        stop = min(error.end_lineno or 0, start + _NEAR) - 1
        yield from ((index, _with(lines[index], ",")) for index in range(start, stop))
        for joint in islice(_MISSED.finditer(line, place), _NEAR):
            yield start, f"{line[: joint.start()]},{line[joint.end() :]}"
    else:
        for joint in islice(_JOINT.finditer(line), _NEAR):
            if joint.start() < place == joint.end() + width(line[joint.end() :]):
                yield start, f"{line[: joint.start()]};{line[joint.end() :]}"


def _with(line: str, sign: str) -> str:
    """Returns a line with a sign at its end, before what comments on it."""
    end = _ADDED.search(line)
    at = end.start() if end is not None else len(line)
    return line[:at] + sign + line[at + 1 :]


def _dedent(lines: list[str], start: int) -> bool:
    """Moves lines that are indented for nothing to where those above them are."""
    above = next((line for line in reversed(lines[:start]) if line.strip()), "")
    less = width(lines[start]) - width(above)
    inside = (i for i in range(start, len(lines)) if _ends(lines[i], lines[start], strictly=True))
    stop = next(inside, len(lines))
    moved = [*lines[:start], *(line[less:] for line in lines[start:stop]), *lines[stop:]]
    if less <= 0 or first_error(moved)[0] <= start + 1:
        return False
    lines[:] = moved
    return True


def _ends(line: str, other: str, strictly: bool = False) -> bool:
    """Tells whether a line is indented as another is, or less, so that its block ends."""
    more = width(other) - width(line) - strictly
    return bool(line.strip()) and more >= 0 and line.lstrip()[0] not in ")]}#"


def first_error(lines: list[str]) -> tuple[float, float]:
    """Returns the line and column of the first error, beyond them all where there is none."""
    try:
        parse(lines)
    except SyntaxError as error:
        return error.lineno or 0, error.offset or 0
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return 0, 0
    return math.inf, 0


def _begins(line: str) -> bool:
    """Tells whether a line begins a statement at the top."""
    return bool(line.strip()) and not line[0].isspace() and line[0] not in ")]}#"
