"""Learns from what a run raises what the data must be that were made up for it."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from kerastut.migration.running import Execution
from kerastut.migration.wanted import NUMBERS, OLD, PICTURE, Hints, Wanted, merged

_LINES = re.compile(r'^ +File "(?![/<])[^"\n]+(?<!pyx)", line \d+, in .*\n +(.+)', re.M)
_QUOTED = re.compile(r"""'([^'\n]+)'|"([^"\n]+)\"""")
_NUMBERS = re.compile(r"\d+")
_VALUE = r"input shape to have value (\d+), but received input with shape .*?(\d+)\)"
_MORE = 10  # times as many rows and pictures, where there were too few
_MOST = 100
_SMALL = 50  # classes; more is a number of rows
_LAST = 4000  # characters of a traceback that hold its message
_TALL = 256  # pixels; more is a number of rows
_TRIED = 4  # made-up data, with all that they may be
# What data may be, by a pattern of their names; the first that fits counts.
_OTHERS: tuple[tuple[str, tuple[Hints, ...]], ...] = (
    (r"\.(?:txt|csv|tsv|dat|data)$", ({"plain": True}, {"headed": True}, {"vectors": True})),
    (r"\.\w+$|\.\w+/[^/.]+$", ({"texts": ["*"]}, {"plain": True})),
    (r"", ({"digits": 1}, {"flat": True}, {"nested": True}, {"more": _MORE})),  # folders
)
_NEEDED = ("keras", "tensorflow")
_METHODS = "lower|upper|split|r?strip|replace|encode|decode|translate|find|startswith"
Learns = Callable[[re.Match[str], str, Wanted], Hints]


def learned(run: Execution, wanted: Wanted, hints: Hints) -> Iterator[Hints]:
    """Yields what may be known of the data after a run, the likeliest first.

    Args:
        run: How it has ended.
        wanted: What was read in the program, and known before.
        hints: What was known before.
    """
    told = run.traceback[-_LAST:] if run.end == "raised" and run.made_up else ""
    line = "".join(_LINES.findall(run.traceback)[-1:])
    for pattern, learn in _TOLD:
        if match := re.search(pattern, told):
            yield merged(hints, learn(match, line, wanted))
            for name in run.parts:  # one after the other
                own = hints.get("alone", {})
                new = merged(own.get(name, {}), learn(match, line, wanted.of(name)))
                yield hints | {"alone": own | {name: new}}


def absent(run: Execution, hints: Hints) -> Hints:
    """Returns what is known after a run that lacks a package, which may have a stand-in."""
    gone = re.search(r"ModuleNotFoundError: No module named '(\w+)", run.traceback[-_LAST:])
    return merged(hints, {"absent": [gone[1]]}) if gone and gone[1] not in _NEEDED else hints


def alternatives(run: Execution, hints: Hints) -> Iterator[Hints]:
    """Yields what else the data may be, of which a run has told nothing: the last ones first."""
    own = hints.get("alone", {})
    for name in reversed(run.parts[-_TRIED:] if run.end == "raised" else ()):
        for other in next(others for pattern, others in _OTHERS if re.search(pattern, name)):
            yield hints | {"alone": own | {name: merged(own.get(name, {}), other)}}


def _quoted(text: str) -> list[str]:
    return [one or other for one, other in _QUOTED.findall(text)]


def _whole(text: str) -> list[int]:
    return [int(one) for one in _NUMBERS.findall(text)]


def _columns(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    found = [one for one in _quoted(match[1]) if one not in OLD]
    return (
        {"columns": found, **({"headed": True} if "DictReader" in wanted.source else {})}
        if found
        else {}
    )


def _text(_: re.Match[str], line: str, wanted: Wanted) -> Hints:
    return {"texts": [one for one in _quoted(line) if one in wanted.columns] or ["*"]}


def _dates(_: re.Match[str], line: str, wanted: Wanted) -> Hints:
    named = _quoted(line)
    dates = [one for one in named if "%" in one]
    return {"dates": dates[0], "dated": [*{*named} & {*wanted.columns}]} if dates else {}


def _outside(match: re.Match[str], line: str, wanted: Wanted) -> Hints:
    """Learns from an index that is out of bounds."""
    index, axis, size = map(int, match.groups())
    if not size:
        return _too_few(match, line, wanted)
    if size > _SMALL and axis == 0:
        return {"rows": index * 5 // 4 + 1}
    if re.search(r"\[[^]]*[:,]", line):
        return {"wider": wanted.wider + index + 1 - size}
    return {"classes": size}


def _fields(match: re.Match[str], line: str, wanted: Wanted) -> Hints:
    """Learns from an index into the parts of a line."""
    most = max((int(one) for one in re.findall(r"\[(\d+)\]", line)), default=0)
    return {"fields": most + 1} if most else _too_few(match, line, wanted)


def _plain(*_: Any) -> Hints:
    return {"plain": True}


def _literal(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    """Learns that what was a word is a number: in a text, or in the name of a file."""
    return {"plain": True, "digits": 2 if match[1].endswith(PICTURE) or wanted.digits else 1}


def _turned(match: re.Match[str], line: str, wanted: Wanted) -> Hints:
    """Learns from axes that are put into another order."""
    axes = max((one.count(",") for one in re.findall(r"\(\d(?:, ?\d)+\)", line)), default=0)
    shape = [*wanted.shape, *[8] * (axes - len(wanted.shape))]
    return {"shape": shape, "shaped": True} if axes else {}


def _axis(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    return {"shape": [*wanted.shape[:-1], int(match[1])]}


def _many(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    """Learns how many numbers a part of a line has."""
    return {"many": int(match[1])} if NUMBERS in wanted.line else {}


def _column(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    return {"wider": wanted.wider + int(match[1]) - int(match[2])}


def _renamed(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    return {"wider": wanted.wider + int(match[2]) - int(match[1])}


def _shape(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    shape, found = _whole(match[1]), _whole(match[2])
    hints: Hints = {"shape": shape, **({"size": shape} if len(shape) == 3 else {})}
    if len(shape) == len(found):
        hints["wider"] = wanted.wider + shape[-1] - found[-1]
    return hints


def _axes(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    lacks = int(match[1]) - int(match[2])
    return {"shape": [*wanted.shape, *[8] * lacks]} if lacks > 0 else {}


def _reshaped(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    total, shape = int(match[1]), _whole(match[2])
    hints: Hints = {}
    if len(shape) > 1 and shape[0] > _TALL:
        hints["rows"], *shape = shape
    width = wanted.width
    fits = (one for one in (width, width - 1, width - 2) if one > 0 and total % one == 0)
    had = next((one for one in fits if total // one <= wanted.rows), 0)
    if had:
        hints["wider"] = wanted.wider + math.prod(shape) - had
    if total == wanted.rows:
        return hints | {"shape": shape, "shaped": True}
    return hints | {"shape": [math.prod(shape)], **({"size": shape} if len(shape) > 1 else {})}


def _classes(match: re.Match[str], *_: Any) -> Hints:
    return {"classes": int(match[1])} if int(match[1]) > 1 else {}


def _too_few(_: re.Match[str], __: str, wanted: Wanted) -> Hints:
    return {"more": wanted.more * _MORE} if wanted.more < _MOST else {}


def _rows(match: re.Match[str], _: str, wanted: Wanted) -> Hints:
    """Learns from what else there is a row of, which is not made up."""
    others = (int(one) for one in match.groups() if int(one) != wanted.rows)
    return {"rows": max(others, default=wanted.rows)}


def _deeper(match: re.Match[str], line: str, wanted: Wanted) -> Hints:
    """Learns from the axes that a program asks of an array, or of an item of it."""
    asked = re.findall(r"(\]?)\.shape\[(\d)\]", line)
    axes = max((int(axis) + len(item) for item, axis in asked), default=0)
    lacks = axes - len(wanted.shape)
    return {"shape": [*wanted.shape, *[8] * lacks]} if lacks > 0 else _too_few(match, line, wanted)


def _named(_: re.Match[str], __: str, wanted: Wanted) -> Hints:
    return {"digits": 2 if wanted.digits else 1}


def _gray(_: re.Match[str], __: str, wanted: Wanted) -> Hints:
    return {"size": [*wanted.size[:2], 1]}


# What an exception says, and what is learned from the match, the line of the program and what was
# wanted before.
_TOLD: tuple[tuple[str, Learns], ...] = (
    (r"KeyError: ('[^'\n]+')$", _columns),
    (r"KeyError: \"(?:None of \[Index\()?(\[[^]]+\])", _columns),
    (r"(?:not found:|provided to 'parse_dates':) (.+)$", _columns),
    (r"'DataFrame' object has no attribute ('\w+')", _columns),
    (r"Can only use \.str accessor|expected string or bytes-like object", _text),
    (rf"'(?:\w+\.)?(?:int|float)\d*' object has no attribute '(?:{_METHODS})'", _text),
    (r"'(?:\w+\.)?(?:int|float)\d*'(?: object)? is not iterable", _text),
    (r"time data .* (?:does not|doesn't) match format|strptime\(\) argument 1 must be", _dates),
    (r"'int' object is not subscriptable", _text),
    (r"could not convert string to float|with str dtype|operand.* for .*'str'", _plain),
    (r"invalid literal for int\(\) with base 10: '([^'\n]*)'", _literal),
    (r"index (\d+) is out of bounds for axis (\d) with size (\d+)", _outside),
    (r"list index out of range", _fields),
    (r"values to unpack \(expected (?:at least )?(\d+)", lambda m, *_: {"fields": int(m[1])}),
    (r"positional indexers? (?:is|are) out-of-bounds", lambda *a: {"wider": a[2].wider + 20}),
    (_VALUE, _axis),
    (_VALUE, _column),
    (_VALUE, _many),
    (r"expected shape=\(None, ([\d, ]+)\), found shape=\(\w+, ([\d, ]+)\)", _shape),
    (r"Expected shape \(None, ([\d, ]+)\), but input has incompatible shape \(\w+(.*)\)", _shape),
    (r"expected (?:min_)?ndim=(\d), found ndim=(\d)", _axes),
    (r"axes don't match array", _turned),
    (r"cannot reshape array of size (\d+) into shape \(([\d,newaxis]+)\)", _reshaped),
    (r"Expected axis has (\d+) elements, new values have (\d+) elements", _renamed),
    (r"float32 that does not match expected type of string", _too_few),  # of no names of files
    (r"could not be read to its end due to unmatched data", lambda *_: {"vectors": True}),
    (r"cannot reshape array of", lambda *_: {"unlabeled": True}),
    (r"into shape \((\d+,[\d,]*\d)\)$", lambda m, *_: {"size": _whole(m[1])}),
    (r"from shape \(\d+,\) into shape \((\d+),\)$", lambda m, *_: {"vector": int(m[1])}),
    (r"label value of \d+ which is outside the valid range of \[0, (\d+)\)", _classes),
    (r"target\.shape=\((.+), 3\), output\.shape=\(\1\)", _gray),
    (r"Unable to allocate", lambda *_: {"more": 1 / _MORE}),
    (r"tuple index out of range", _deeper),
    (r"substring not found|' is not in list", _named),
    (
        r"IsADirectoryError|n_samples=0|'list' object has no attribute 'shape'",
        lambda *_: {"flat": True},
    ),
    (r"a bytes-like object is required, not 'int'", _text),
    (r"target\.shape=\(\w+, \d+\), output\.shape=\(\w+, (\d+)\)", _classes),
    (r"numbers of samples: \[(\d+), (\d+)\]", _rows),
    (r"'x' sizes: (\d+).*\n.*'y' sizes: (\d+)", _rows),
    (r"ZeroDivision|n_samples=0|at least one array|negative dim|(?<!_)empty", _too_few),
)
