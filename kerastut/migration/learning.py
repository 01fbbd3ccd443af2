"""Learns from what a run raises what the data must be that were made up for it."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kerastut.migration.running import Execution
from kerastut.migration.wanted import (
    ASKED,
    LABELS,
    LONG,
    NUMBERS,
    OLD,
    PICTURE,
    SIZES,
    Hints,
    Wanted,
    merged,
)

_LINES = re.compile(r'^ +File "(?![/<])[^"\n]+(?<!pyx)", line \d+, in .*\n +(.+)', re.M)
_GIVEN = re.compile(r"(?m)^\s*(\w+) = \w+\[[\"']([^\"'\n]+)[\"']\]$")  # names of parts of a row
_QUOTED = re.compile(r"""'([^'\n]+)'|"([^"\n]+)\"""")
_VALUE = r"input shape to have value (\d+), but received input with shape .*?(\d+)\)"
_SHORT = r"output size would be (?:zero or )?negative|Negative dimension size"  # for a convolution
# A folder to write to, which git does not keep as long as it is empty.
_LACKS = re.compile(
    r"non-existent directory: '([^'{\n]+)'|No such file or directory: '([^'\n]+)/[^'/\n]*'$"
    r"|unable to (?:open|create) file.*name = '([^'\n]+)/[^'/\n]*'"
)
_SHORT_BY, _LEFT = 90, 20  # columns: for a convolution; beside those that are dropped
_MORE = 10  # times as many rows and pictures, where there were too few
_MOST = 100
_WIDEST = 1000  # columns more than are read in a program
_SMALL = 50  # classes; more is a number of rows
_LAST = 4000  # characters of a traceback that hold its message
_TALL = 256  # pixels; more is a number of rows
_PICTURE = 3  # axes
_FLAT: Hints = {"shape": []}  # as labels are
_LAST_PARTS = 8  # made-up data of which something is learned alone
_TRIED = 4  # made-up data, with all that they may be
# What data may be, by a pattern of their names; the first that fits counts.
_OTHERS: tuple[tuple[str, tuple[Hints, ...]], ...] = (
    (rf"[{ASKED}]$", ({"there": True},)),
    (r"\.(?:txt|csv|tsv|dat|data)$", ({"plain": True}, {"headed": True}, {"vectors": True})),
    (r"\.\w+$|\.\w+/[^/.]+$", ({"texts": ["*"]}, {"plain": True})),
    # Folders.
    (r"", ({"asked": True}, {"digits": 1}, {"flat": True}, {"nested": True}, {"more": _MORE})),
)
# Also where but a folder has the name.
_GONE = r"(?:Error: No module named|name '\w+' from) '((\w+)[\w.]*)'(?:$|;| \(unknown location\))"
_NEEDED = ("keras", "tensorflow")
_NUMBER = r"'(?:\w+\.)?(?:int|float)\d*'"
_METHODS = "lower|upper|split|[lr]?strip|replace|encode|decode|translate|r?find|(?:start|end)swith"


class _Told(NamedTuple):
    """The match of what a run has raised, the line of the program, and what was wanted."""

    match: re.Match[str]
    line: str
    wanted: Wanted
    lines: Sequence[str] = ()  # of the program, down to this one

    def number(self, group: int = 1) -> int:
        return int(self.match[group])

    def shape(self, group: int = 1) -> list[int]:
        return [*map(int, re.findall(r"\d+", self.match[group]))]


def learned(run: Execution, wanted: Wanted, hints: Hints) -> Iterator[Hints]:
    """Yields what may be known of the data after a run, the likeliest first.

    Args:
        run: How it has ended.
        wanted: What was read in the program, and known before.
        hints: What was known before.
    """
    told = run.traceback[-_LAST:].rstrip() if run.end == "raised" else ""
    told = told if run.made_up or _LACKS.search(told) else ""
    lines = _LINES.findall(run.traceback)
    line = "".join(lines[-1:])
    made = [name for name in run.parts if not name.endswith(ASKED)]
    for pattern, learn in _LEARNT:
        if match := re.search(pattern, told):
            new, alone, own = learn(_Told(match, line, wanted, lines)), [], hints.get("alone", {})
            for name in made[-_LAST_PARTS:] if "folders" not in new else ():  # one by one
                if part := learn(_Told(match, line, wanted.of(name), lines)):
                    alone.append(hints | {"alone": own | {name: merged(own.get(name, {}), part)}})
            # What was learned of all before was so of others: the last ones are not like them.
            known = hints.keys() & new.keys() - {"columns", "texts", "files", "folders"}
            known |= new.keys() & ({"size"} if pattern.startswith("target") else {*()})
            yield from [*alone[::-1], merged(hints, new)] if known else [merged(hints, new), *alone]


def absent(run: Execution, hints: Hints) -> Hints:
    """Returns what is known after a run that lacks a package, which may have a stand-in."""
    gone = re.search(_GONE, run.traceback[-_LAST:])
    return merged(hints, {"absent": [gone[1]]}) if gone and gone[2] not in _NEEDED else hints


def alternatives(run: Execution, hints: Hints) -> Iterator[Hints]:
    """Yields what else the data may be, of which a run has told nothing: the last ones first."""
    own = hints.get("alone", {})
    for name in reversed(run.parts[-_TRIED:]):
        for other in next(others for pattern, others in _OTHERS if re.search(pattern, name)):
            yield hints | {"alone": own | {name: merged(own.get(name, {}), other)}}


def _quoted(text: str) -> list[str]:
    return [one or other for one, other in _QUOTED.findall(text)]


def _wider(told: _Told, lacks: int) -> Hints:
    wider = told.wanted.wider + lacks
    return {"wider": wider} if wider <= _WIDEST else {}


def _fits(line: str) -> int:
    return -1 if re.search(r"\.columns = \w+\.columns", line) else 1


def _deeper(told: _Told, axes: int) -> Hints:
    shape = told.wanted.shape
    lacks = axes - len(shape)
    if axes == _PICTURE and lacks > 0:
        return {"shape": [*shape, 1] if lacks == 1 else [*told.wanted.size]}
    return {"shape": [*shape, *[8] * lacks]} if lacks > 0 else {}


def _more(told: _Told) -> Hints:
    return {"more": told.wanted.more * _MORE} if told.wanted.more < _MOST else {}


def _columns(told: _Told) -> Hints:
    found = [one for one in _quoted(told.match[1]) if one not in OLD]
    headed = {"headed": True} if "DictReader" in told.wanted.source else {}
    return {"columns": found, **headed} if found else {}


def _text(told: _Told) -> Hints:
    for whole in reversed(told.lines):  # from within a function to what calls it
        line = whole.partition(" = ")[2] or whole  # not the column that it is put into
        if named := _named(told, line):
            return {"texts": named}
    given = dict(_GIVEN.findall(told.wanted.source))
    if named := [given[word] for word in re.findall(r"\w+", told.line) if word in given]:
        return {"texts": named}
    numbered = "header=None" in told.wanted.source and re.findall(r"\[(\d+)\]", told.line)
    return {"texts": numbered or ["*"]}


def _named(told: _Told, line: str | None = None) -> list[str]:
    """Returns the columns that a line names, the one that has failed or another."""
    return [one for one in _quoted(line or told.line) if one in told.wanted.columns]


def _compared(told: _Told) -> Hints:
    """Learns from what was compared with a text."""
    return {"dated" if told.wanted.days else "texts": _named(told)}


def _dates(told: _Told) -> Hints:
    named = _quoted(told.line)
    dates = [one for one in named if "%" in one]
    return {"dates": dates[0], "dated": [*{*named} & {*told.wanted.columns}]} if dates else {}


def _outside(told: _Told) -> Hints:
    """Learns from an index that is out of bounds."""
    index, axis, size = map(told.number, (1, 2, 3))
    if not size and axis == 0:
        return _more(told)
    if size > _SMALL and axis == 0:
        rows = told.wanted.rows * (index + 1) * 5 // (4 * size)  # of some, or of all
        return {"rows": rows} if rows * math.prod(told.wanted.shape) < LONG * _MORE else {}
    return (
        _wider(told, index + 1 - size)
        if re.search(r"\[[^]]*[:,]", told.line) and "to_categorical" not in told.line
        else {"classes": size}
    )


def _first(told: _Told) -> Hints:
    """Learns which number the first class has, that the program takes from all."""
    index, classes = -told.number(1), told.number(2)
    taken = map(int, re.findall(r"-=? *(\d+)\b", told.wanted.source))
    return {"first": max((one for one in taken if index <= one < index + classes), default=index)}


def _fields(told: _Told) -> Hints:
    """Learns from an index into the parts of a line."""
    most = max(map(int, re.findall(r"\[(\d+)\]", told.line)), default=0)
    return {"fields": most + 1} if most else _more(told)


def _unpacked(told: _Told) -> Hints:
    """Learns from what is taken apart: the shape of an item, or a line."""
    number = told.number()
    return _deeper(told, number - 1) if ".shape" in told.line else {"fields": number}


def _literal(told: _Told) -> Hints:
    """Learns that what was a word is a number: in a text, or in the name of a file."""
    return {"plain": True, "digits": 2 if told.match[1].endswith(PICTURE) else _digits(told)}


def _marked(told: _Told) -> Hints:
    """Learns what stands between the parts of a line that was not taken apart: the next mark."""
    marks = told.wanted.marks
    tried = marks.index(told.wanted.mark) + 1 if told.wanted.mark in marks else 0
    return {"mark": marks[tried]} if tried < len(marks) else {}


def _digits(told: _Told) -> int:
    return 2 if told.wanted.digits else 1


def _side(told: _Told) -> Hints:
    """Learns a side of a shape that the program makes the last one."""
    found = [told.number(1) if one == told.number(2) else one for one in told.wanted.shape]
    return {"shape": found} if found != [*told.wanted.shape] else {}


def _last(told: _Told, group: int) -> Hints:
    """Learns the last side of a shape that another was expected to have."""
    return {"shape": [*told.wanted.shape[:-1], told.number(group)]}


def _turned(told: _Told) -> Hints:
    """Learns from axes that are put into another order."""
    axes = max((one.count(",") for one in re.findall(r"\(\d(?:, ?\d)+\)", told.line)), default=0)
    shape = _deeper(told, axes) or {"shape": [*told.wanted.shape]}
    return shape | {"shaped": True} if axes else {}


def _shape(told: _Told) -> Hints:
    shape, found = told.shape(1), told.shape(2)
    size = {"size": shape} if len(shape) == 3 else {}
    wider = _wider(told, shape[-1] - found[-1]) if len(shape) == len(found) else {}
    return {"shape": shape, **size, **wider}


def _flattened(told: _Told) -> Hints:
    """Learns the sides of pictures that are made flat, as far as these are squares."""
    for depth in (1, 3):
        side = math.isqrt(told.number() // depth)
        if side * side * depth == told.number() and side in SIZES:
            return {"size": [side, side, depth]}
    return {}


def _reshaped(told: _Told) -> Hints:
    total, shape, wanted = told.number(), told.shape(2), told.wanted
    hints: Hints = {}
    if len(shape) > 1 and total == wanted.rows * shape[-1]:  # of windows of rows
        window = math.prod(shape[:-1])
        return {"rows": math.ceil(wanted.rows / window) * window}
    if len(shape) > 1 and shape[0] > _TALL:
        hints["rows"], *shape = shape
    widths = range(wanted.width, max(wanted.width - 3, 0), -1)
    fits = (one for one in widths if total % one == 0 and total // one <= wanted.rows)
    if had := next(fits, 0):
        hints |= _wider(told, math.prod(shape) - had)
    if total == wanted.rows:
        return hints | {"shape": shape, "shaped": True}
    return hints | {"shape": [math.prod(shape)], **({"size": shape} if len(shape) > 1 else {})}


def _rows(told: _Told) -> Hints:
    """Learns from what else there is a row of, which is not made up."""
    both = told.number(1), told.number(2)
    return {"rows": max((one for one in both if one != told.wanted.rows), default=both[0])}


def _asked(told: _Told) -> Hints:
    """Learns from the axes that a program asks of an array, or of an item of it."""
    asked = re.findall(r"(\w*)(\]?)\.shape\[(\d)\]", told.line)
    if any(LABELS.search(name) and axis != "0" for name, _, axis in asked) and not told.wanted.hot:
        return {"hot": True}
    asked = asked or re.findall(r"()()\[(\d)\]", told.line)  # of what was a shape before
    axes = max((int(axis) + len(item) for _, item, axis in asked), default=0)
    return _deeper(told, axes) or _more(told)


# What an exception says, and what is learned from it.
_LEARNT: tuple[tuple[str, Callable[[_Told], Hints]], ...] = (
    (_LACKS.pattern, lambda told: {"folders": [*filter(None, told.match.groups())]}),
    (r"KeyError: 'val_\w+'$", lambda _: {"more": _MOST}),  # of rows, none of which was left for it
    (r"KeyError: ('(?!Column not)[^'\n]+')$", _columns),
    (r"KeyError: '\w'$", lambda _: {"digits": 2}),  # of a character that is to be read
    (r"Column not found: ([^'\n]+)'$", lambda told: {"columns": [told.match[1]]}),
    (r"KeyError: \"(?:None of \[Index\()?(\[[^]]+\])", _columns),
    (r"(?:not found:|provided to 'parse_dates':) (.+)$", _columns),
    (r"'DataFrame' object has no attribute ('\w+')", _columns),
    (r"Can only use \.str accessor|expected string or bytes-like object", _text),
    (rf"{_NUMBER} object has no attribute '(?:{_METHODS})'", _text),
    (rf"{_NUMBER} object has no attribute 'r?split'", lambda t: {"files": t.wanted.together}),
    (rf"{_NUMBER}(?: object)? is not iterable|'int' object is not subscriptable", _text),
    (r"a bytes-like object is required, not 'int'|can only concatenate str \(not \"int", _text),
    (r"shape=\(None, 0[,)]", lambda _: {"texts": ["*"]}),  # texts in which no word is
    (r"(?:does not|doesn't) match format|unconverted data remains|strptime\(\) arg", _dates),
    (r"convert string to float|with str dtype|operand.* for .*'str'", lambda _: {"plain": True}),
    (r"convert string to float: '(\w+)'", lambda told: {"strange": [told.match[1]]}),
    (r"(?:literal for int.* base 10|string to float): '[^'\n]*(?: |,|::|;|\||\\t)\S", _marked),
    (r"invalid literal for int\(\) with base 10: '([^'\n]*)'", _literal),
    # A row that a program has written out, beside those of a table.
    (
        r"X has (\d+) features, but \w+ is expecting (\d+) features",
        lambda told: _wider(told, max(told.number(1) - told.number(2), 0)),
    ),
    (r"index (-\d+) is out of bounds for axis \d with size (\d+)", _first),
    (r"label value of (-\d+) which is outside the valid range of \[0, (\d+)\)", _first),
    (r"index (\d+) is out of bounds for axis (\d) with size (\d+)", _outside),
    (r"out of bounds for axis 1 with size 0", lambda told: _wider(told, _LEFT)),
    (r"list index out of range", _fields),
    (r"values to unpack \(expected \d+, got 0\)", _more),
    (r"values to unpack \(expected \d+, got 0\)", lambda _: {"more": _MOST}),
    (r"values to unpack \(expected (?:at least )?(\d+)", _unpacked),
    (r"positional indexers? .*out-of-bounds|with 0 feature", lambda told: _wider(told, _LEFT)),
    (r"multiclass(?:-multioutput)? format is not supported", lambda _: {"classes": 2}),
    (r"contains duplicate entries", lambda told: {"paired": _quoted(told.line)}),
    (_VALUE, lambda told: {"shape": [*told.wanted.shape[:-1], told.number()]}),
    (_VALUE, lambda told: _wider(told, told.number(1) - told.number(2))),
    # One column of ones and zeros for each class.
    (_VALUE, lambda told: {"classes": told.wanted.classes + told.number(1) - told.number(2)}),
    (_VALUE, lambda told: {"size": [*told.wanted.size[:2], told.number()]}),
    (_VALUE, _flattened),
    (_VALUE, _side),
    # How many numbers a part of a line has.
    (_VALUE, lambda told: {"many": told.number()} if NUMBERS in told.wanted.line else {}),
    (r"expected shape=\(None, ([\d, ]+)\), found shape=\(\w+, ([\d, ]+)\)", _shape),
    (r"Expected shape \(None, ([\d, ]+)\), but input has incompatible shape \(\w+(.*)\)", _shape),
    (
        # Of a model that is not there.
        r"(?:found shape=|incompatible shape |received input with shape )\(\w+, ([\d, ]+)\)",
        lambda told: {"loaded": told.shape()} if told.wanted.loads else {},
    ),
    (
        r"expected (?:min_)?ndim=(\d), found ndim|should have rank (\d)\.",
        lambda told: _deeper(told, int(told.match[1] or told.match[2]) - 1),
    ),
    # Of labels that are pictures themselves.
    (
        r"should have rank (\d)\.",
        lambda t: {"shape": [*t.wanted.shape], **_deeper(t, t.number() - 1), "shaped": True},
    ),
    *(
        (r"Received shapes \((?:\d+, )*(\d+)\) and \((?:\d+, )*(\d+)\)", learn)
        for learn in (lambda told: _last(told, 2), lambda told: _last(told, 1))
    ),
    (
        r"same first dimension, but have shapes \((\d+),\) and \((?!\1,)\d+, \d+\)",
        lambda told: (
            {"shape": [*told.wanted.shape[:-2], told.number()]}
            if len(told.wanted.shape) == _PICTURE
            else {}
        ),
    ),
    (r"axes don't match array", _turned),
    (r"Invalid comparison between dtype=.* and str|not supported .* 'str'$", _compared),
    (r"cannot reshape array of size 1 into", lambda told: {"lists": _named(told)}),
    (r"cannot reshape array of size (\d+) into shape \(([\d,newaxis]+)\)", _reshaped),
    (
        r"Expected axis has (\d+) elements, new values have (\d+) elements",
        # Names that are written down fit; those of another table may be as wrong.
        lambda told: _wider(told, (told.number(2) - told.number(1)) * _fits(told.line)),
    ),
    (r"float32 that does not match expected type of string", _more),  # of no names of files
    (r"could not be read to its end due to unmatched data", lambda _: {"vectors": True}),
    (r"cannot reshape array of", lambda _: {"unlabeled": True}),
    (r"into shape (\(\d+,[\d,]*\d\))$", lambda told: {"size": told.shape()}),
    (r"into shape (\(\d+,[\d,]*\d\))$", lambda told: {"shape": told.shape()}),
    (r"from shape \(\d+,\) into shape \((\d+),\)$", lambda told: {"vector": told.number()}),
    # Of labels, of which each item has several.
    (
        r"`sequences` must be a list of iterables",
        lambda told: {"shape": [told.wanted.width], "shaped": True},
    ),
    # Of the vectors of words, of which there are too few.
    (
        r"weight shape \((\d+), (\d+)\) is not .* weight shape \(\d+, \2\)",
        lambda told: {"words": told.number()},
    ),
    (
        r"label value of \d+ which is outside the valid range of \[0, ((?!1\b)\d+)\)",
        lambda told: {"classes": told.number()},
    ),
    (
        r"target\.shape=\((.+), 3\), output\.shape=\(\1\)",
        lambda told: {"size": [*told.wanted.size[:2], 1]},
    ),
    # Of a picture from whose sides more was cut away than it has.
    (
        r"Assertion failed\) !_?s\w+\.empty\(\)",
        lambda told: {"size": [4 * one if one > _PICTURE else one for one in told.wanted.size]},
    ),
    (r"size of target_names, (\d+)", lambda told: {"classes": told.number()}),
    (r"Invalid value .* for dtype 'int64'", lambda _: {"floats": True}),
    (r"contains infinity or a value too large", lambda _: {"first": 1}),  # of a logarithm
    (r"Unable to allocate", lambda _: {"more": 1 / _MORE}),
    (r"tuple index out of range", _asked),
    (r"Found array with dim \d", lambda told: {"shape": [told.wanted.width]}),
    (r"y should be a 1d array|Unknown label type|unhashable type: '.*array'", lambda _: _FLAT),
    (r"only .* arrays can be converted|interpreted as an integer", lambda _: {"single": True}),
    (r"'numpy.ndarray' object has no attribute '(?:keys|items|values)", lambda _: {"mapped": True}),
    (r"only integers, slices .* are valid indices", lambda _: {"keyed": True}),
    (
        r"too many indices for array: array is \d-dimensional, but (\d) were",
        lambda told: {**_deeper(told, told.number() - 1), "hot": True},
    ),
    (r"substring not found|' is not in list", lambda told: {"digits": _digits(told)}),
    (r"IsADirectoryError|n_samples=0|'list' .* attribute 'shape'", lambda _: {"flat": True}),
    (
        r"target\.shape=\(\w+, \d+\), output\.shape=\(\w+, ((?!1\b)\d+)\)",
        lambda told: {"classes": told.number()},
    ),
    (
        r"target\.shape=\(\w+,(?: 1)?\), output\.shape=\(\w+, ((?!1\b)\d+)\)",
        lambda told: {"classes": told.number(), "hot": True},
    ),
    (
        r"join\(\) argument must be|os\.PathLike object, not (?:int|float)",
        lambda t: {"files": _named(t)},
    ),
    (r"numbers of samples: \[(\d+), (\d+)\]", _rows),
    (r"'x' sizes: (\d+).*\n.*'y' sizes: (\d+)", _rows),
    (_SHORT, lambda told: {"shape": [_MORE * told.wanted.shape[0], *told.wanted.shape[1:]]}),
    (_SHORT, lambda told: _wider(told, _SHORT_BY)),
    (r"list index out of range|ZeroDivision|n_samples=0", _more),
    (r"at least one array|negative dim|(?<!_)empty", _more),
    (r"KeyError: 0$", lambda _: {"first": 1}),  # in a table of a program's own
    (r"not 'NAType'", _more),  # of a spread of nothing, as of the months in a few days
    (r"0 sample\(s\)|'batch_outputs'", _more),  # of a prediction, too
    # Of classes, some of which no row was left of.
    (r"target\.shape=\(\w+, \d+\), output\.shape=\(\w+, (?!1\b)\d+\)", _more),
    # As many groups, each of as many rows, as a window or a batch wants.
    (r"0 sample\(s\)|'batch_outputs'", lambda _: {"classes": _SMALL, "more": _MORE}),
)
