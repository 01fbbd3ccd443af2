"""Reads in a program what it expects of its data: classes, shapes, columns, kinds of files."""

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kerastut.migration import places
from kerastut.migration.places import calls, name_of, parsed
from kerastut.migration.uses import Uses

Hints = dict[str, Any]
PICTURES, ROWS, COLUMNS = 40, 400, 10  # of a folder; of a table about which nothing is known
FEWEST = 60  # rows, however many numbers each has
LINES = 2000  # of a text
MOST = 20_000  # rows that are made up before a run has asked for more
_MOST = 500_000
LONG = 2**25  # numbers of an array; of larger items there are fewer
_LAST = re.compile(r"\bDense\(\s*(?:units\s*=\s*|output_dim\s*=\s*)?(\w+)\s*[,)]")
_BUILDS = re.compile(r"Sequential\(|Model[()]|applications|from_config")
_LOADS = re.compile(r"(?:load_model|model_from_(?:json|yaml))\(")
_GIVEN = re.compile(r"(?m)^\s*(\w+)\s*=\s*(\d+)\s*(?:#.*)?$")
_PAIRS = re.compile(r"(?m)^\s*(\w+), ?(\w+) ?= ?(\d+), ?(\d+)\s*(?:#.*)?$")
_ARGUED = re.compile(r"len\((?:sys\.)?argv\) *(?:!=|<|not in [\[({]) *(\d)")
_TAKEN = re.compile(r"(?m)^\s*(\w+(?:\s*,\s*\w+)+)\s*=\s*(?:sys\.)?argv\[1:\d*\]")
_COUNTS = re.compile(
    r"range\([^()]*?\b(\d{3,5})\)|\] \* (\d{3,5})|\[(?:\s*\d+)?\s*:\s*(\d{3,5})\s*[],]"
)
_SHAPE = re.compile(r"(?:input_)?shape\s*=\s*[(\[](\s*\w+(?:\s*,\s*\w+)*\s*,?\s*)[)\]]")
_WIDTHS = re.compile(r"(?:input_dim\s*=\s*|\.columns\[:)(\d+)|\[[^][,]*,\s*(\d*)\s*:?\s*(\d*)\s*\]")
PICTURE = (
    *(".jpg", ".jpeg", ".png", ".bmp", ".JPG", ".tif"),
    *(".gif", ".ppm", ".pgm", ".tiff", ".webp"),
)
ASKED = "?"  # after the name of a file of which a program has asked whether it is there
NOTES = (".mid", ".midi")
SOUND = (".wav", ".mp3", ".flac", ".ogg", ".au")
# What reads the files of a folder, and their endings; the first that is there counts.
_READ = (
    (r"Image|imread|load_img|cv2", PICTURE),
    (r"librosa|wavfile|decode_wav|soundfile|AudioSegment|scikits\.audiolab", SOUND),
    (r"\bmido\b|pretty_midi|music21", NOTES),
)
_ENDS = re.compile(
    r"endswith\(\(?\s*[\"']\w*(\.\w+)[\"']|\] *== *[\"'](\.\w{2,5})[\"']|\\(\.)\(?(\w{2,5})[|)$]"
)
_NESTS = re.compile(
    r"(?<!not os\.path\.)(?<!not )(?<!not path\.)isdir\(|flow_from_directory"
    r"|image_dataset_from|split\([^()]*\)\[-2\]|sep\)\[-2\]|parts\[-2\]|parent\.name"
)
_SIGNS = re.compile(r"(?i)(?:label|captcha|code|plate|\bn)[-_]?len(?:gth)?\b[^\n]*?(\d+)")
_DAY = re.compile(r"(?:19|20)\d\d(?:[-/.]\d\d?){1,2}(?: [\d:]+)?")
_NO_COLUMN = rf"^{_DAY.pattern}$|\.csv$"
_MARKS = re.compile(r"[\"'](::|[\t,;|])[\"']")  # between the parts of a line
_TAGS = re.compile(r"[\"']([BIMES][-_]\w+|O)[\"']")  # of words, by which entities begin and go on
DRIVING = ("center", "left", "right", "steering", "throttle", "brake", "speed")  # a car's log
_SPOKEN = re.compile(r"(?i)_nohash_|speech.?command|isolated|spoken.?digit")  # a word each
_WALKS = re.compile(r"for \w+, ?([a-zA-Z]\w*), ?\w+ in os\.walk")
SIZES = range(8, 513)  # pixels of a picture at which a shape is that of one
_SPLIT = r"train|test|valid|val|dev"
LABELS = re.compile(
    rf"(?i)(?:^|[^a-z]|{_SPLIT})y(?:$|[^a-z]|{_SPLIT})|label|target|class|truth|emotion|one_?hot"
)
OLD = ("ix", "append", "as_matrix", "iteritems", "get_value", "sort", "mad")  # of tables once
_PARTS = (ast.Attribute, ast.Subscript)
_MOST_PARTS = 8  # of a line
_NO_TABLES = re.compile(r"^(?:conf|cfg|param|layer|args\b)|(?:history|environ|logs)$")
_ASKS = (
    "drop",
    "groupby",
    "get_dummies",
    "pop",
    "set_index",
    "sort_values",
    "flow_from_dataframe",
    "make_csv_dataset",
)  # for columns
_NEW = ("var_name", "value_name")  # columns that `melt` makes
_NAMES = ("_", "-")  # part names of files; the others but these part lines
_WHOLES = (".", "/", "\\", "\n", "\r\n", "//")
_NUMERIC = re.compile(r"^(?:int|float)$|to_categorical$")  # what takes numbers
NUMBERS = ""  # a part of a line that is many numbers with spaces between
_MANY = re.compile(r"(?i)pixel|im(?:g|age)|distance|feature|vector|embedding|coord")
# Of a text that is taken apart: whether a part is a number, else what is known of it.
Parts = tuple[str, list[bool | str]]


class Wanted:
    """What a program expects.

    Args:
        sources: Of the program and its modules.
        hints: What earlier runs have told; see `learning`.
    """

    # What these may tell: columns of texts, dates, files and lists, and such that tell a row
    # together; packages and folders that are absent; numbers.
    texts = dated = files = lists = paired = absent = folders = tuple[str, ...]()
    loaded = tuple[int, ...]()  # the shape that a model is given which is not there
    dates, digits, fields, vector, words, many, more = "", 0, 0, 0, 0, 0, 1.0
    first = 0  # number of a class
    plain = shaped = flat = unlabeled = vectors = headed = nested = hot = floats = there = False
    asked = False  # whether names begin and end as it asks
    passing = False  # statements over that fail on what was made up
    # What a file holds: parts by name, or by words; one number.
    keyed = mapped = single = False

    def __init__(self, sources: Sequence[str], hints: Mapping[str, Any] | None = None) -> None:
        self._sources, self._hints = sources, hints = sources, hints or {}
        self._known: dict[tuple[str, ...], Wanted] = {(): self}
        self.own = set[str]()  # hints of these data alone
        self.told_classes = hints.get("classes", 0)  # by a run
        self.source = source = "\n".join(sources)
        numbers = dict(_GIVEN.findall(source))
        for one, other, *values in _PAIRS.findall(source):
            numbers |= dict(zip((one, other), values, strict=True))
        sizes = [
            int(size) for one in _LAST.findall(source) if (size := numbers.get(one, one)).isdigit()
        ]
        # Whether all its models are loaded, none built.
        runs = _called(parsed(sources)) if _LOADS.search(source) else ""
        self.loads = bool(_LOADS.search(runs)) and not _BUILDS.search(runs)
        self.classes = sizes[-1] if sizes and 1 < sizes[-1] <= 1000 else 2
        self.wider = hints.get("wider", 0)
        widths = [int(one) + 1 for pair in _WIDTHS.findall(source) for one in pair if one]
        self.width = max(min(max(widths, default=COLUMNS), 1000) + self.wider, 1)
        nodes = list(places.nodes(parsed(sources)))
        self.uses = Uses(nodes, numbers)
        shapes = [*_shapes(source, numbers), *self.uses.shapes]
        self.shape = (shapes or [(self.width,)])[0]
        pictures = [one for one in shapes if len(one) == 3 and sorted(one)[1] in SIZES]
        self.size = (pictures or [(64, 64, 3)])[0]
        counts = [int(one) for pair in _COUNTS.findall(source) for one in pair if one]
        self.rows = min(max(ROWS, *(count * 5 // 4 for count in counts)) if counts else ROWS, MOST)
        told = ["".join(groups) for groups in _ENDS.findall(source)]
        known = next((ends for reads, ends in _READ if re.search(reads, source)), (*told, ".txt"))
        self.ending = next(
            (
                one
                for one in (*told, *known)
                if one in told or re.search(rf"{re.escape(one)}\b", source)
                if one in known
            ),
            known[0],
        )
        self.columns, self.kinds, self.bounds = _columns(nodes), _kinds(nodes), _bounds(nodes)
        self.around = [_asked(nodes, f"{end}swith") for end in ("start", "end")]  # names
        if "driving_log" in source:  # whose columns are taken by their places
            self.columns = [*dict.fromkeys((*DRIVING, *self.columns))]
        strange = {*hints.get("strange", ())}  # words that no column may have
        self.values = {k: words for k, words in _values(nodes).items() if not strange & {*words}}
        # Days that it names, between which those of its data lie, and the columns of such.
        constants = (one for one in nodes if isinstance(one, ast.Constant))
        self.days = {text for one in constants for text in _texts(one) if _DAY.fullmatch(text)}
        self.dated = tuple(k for k, words in self.values.items() if self.days & {*words})
        self.values = {k: words for k, words in self.values.items() if k not in self.dated}
        lists = (one.slice for one in nodes if isinstance(one, ast.Subscript))
        # Columns that it takes together.
        self.together = [text for one in lists if isinstance(one, ast.List) for text in _texts(one)]
        self.arguments = _arguments(nodes, self.values)
        # How many words it wants on a command line, with its own name.
        taken = (text.count(",") + 2 for text in _TAKEN.findall(source))
        self.argued = max(min(map(int, _ARGUED.findall(source)), default=1), max(taken, default=1))
        parts = _parts(nodes, self.values)
        both = {key: [*getattr(self, key), *hints.get(key, ())] for key in ("columns", "dated")}
        vars(self).update({**hints, **both})
        self.many = self.many or self.size[0] * self.size[1]  # numbers of a part of a line
        if self.digits:
            self.kinds = [*map(str, range(self.classes))]
        # How a name of a file, and a line, is taken apart: the mark between, and what is a number.
        self.named = _longest({mark: parts[mark] for mark in parts if mark in _NAMES})
        self.mark, self.line = _longest({mark: parts[mark] for mark in parts if mark not in _NAMES})
        self.splits = any(mark not in _NAMES for mark in parts)
        tags = ["B-PER", "I-PER", "O"] * bool(re.search(r"\bCRF\b|conll|\bNER\b", source))
        told = [*dict.fromkeys(_TAGS.findall(source))]
        self.tags = told if len(told) > 1 else tags
        self.captioned = re.search(r"(?i)flickr|caption", source) is not None
        # How many characters of a picture its name tells.
        self.signs = int([4, *_SIGNS.findall(source)][-1])
        self.marks = [*dict.fromkeys(_MARKS.findall(source.replace("\\t", "\t")))]
        self.mark = hints.get("mark", self.mark)
        self.line += [False] * (self.fields - len(self.line))
        self.rows = min(int(self.rows * self.more), _MOST)
        if "rows" not in hints:
            self.rows = min(self.rows, max(LONG // math.prod(self.shape), FEWEST))
        self.lines = min(hints["rows"] if "rows" in hints else int(LINES * self.more), _MOST)
        self.pictures = int(PICTURES * self.more)
        self.seconds = 1 if _SPOKEN.search(source) else 3  # of a sound
        # Whether a table that is opened begins with the names of columns, as these read it.
        self.heads = bool(self.columns) and re.search(r"_csv|DictReader", source) is not None
        marks = re.findall(r"delimiter\s*=\s*[\"'](\\?[^\"'])[\"']", source)
        self.delimiter = marks[0].replace(r"\t", "\t") if marks and self.headed else ","
        # Whether the first folder that is listed holds one for each class.
        self.nested |= _NESTS.search(source) is not None or _lists_again(nodes)
        walked = _WALKS.findall(source)
        self.nested |= any(len(re.findall(rf"\b{one}\b", source)) > 1 for one in walked)
        self.nested &= not self.flat

    def of(self, *names: str) -> "Wanted":
        """Returns what is expected of some data alone, by the names of a file and of its part."""
        told = tuple(name for name in names if name in self._hints.get("alone", ()))
        if told not in self._known:
            own = [self._hints["alone"][name] for name in told]
            self._known[told] = Wanted(self._sources, merged(self._hints, *own))
            self._known[told].own = {key for hints in own for key in hints}
        return self._known[told]

    def formed(self, shape: tuple[int, ...]) -> "Wanted":
        """Returns what is expected of an array of a shape, if no run has told of it."""
        hints: Hints = {"rows": shape[0]} if shape and shape[0] else {}
        hints |= {"shape": [*shape[1:]]} if len(shape) > 1 or any(shape) else {}
        hints = {name: value for name, value in hints.items() if name not in self.own}
        return Wanted(self._sources, merged(self._hints, hints)) if hints else self


def merged(hints: Mapping[str, Any], *others: Hints) -> Hints:
    """Returns hints with others, which count more; names are put to those that are known."""
    found = dict(hints)
    for name, value in (item for other in others for item in other.items()):
        if isinstance(value, list) and name in found and name not in ("shape", "size"):
            value = list(dict.fromkeys([*found[name], *value]))
        found[name] = value
    return found


def _shapes(source: str, numbers: Mapping[str, str]) -> Iterator[tuple[int, ...]]:
    """Yields the shapes that a program gives, as far as it tells their numbers."""
    for text in _SHAPE.findall(source):
        found = [numbers.get(one, one) for one in re.findall(r"\w+", text)]
        if all(one.isdigit() and int(one) for one in found):
            yield tuple(map(int, found))


def _lists_again(nodes: Sequence[ast.AST]) -> bool:
    """Tells whether what a folder lists is listed itself."""
    named = [one for one in nodes if isinstance(one, ast.Assign) and _lists(one.value)]
    names = {ast.unparse(target) for one in named for target in one.targets}
    loops = (one for one in nodes if isinstance(one, ast.For))
    return any(
        (_lists(one.iter) or ast.unparse(one.iter) in names) and any(map(_lists, one.body))
        for one in loops
    )


def _lists(node: ast.AST) -> bool:
    return any(calls(ast.walk(node), "listdir"))


def _columns(nodes: Sequence[ast.AST]) -> list[str]:
    """Returns the columns that a program asks for."""
    found = dict[str, None]()
    given = (one for one in nodes if isinstance(one, ast.Assign))
    reads = [one for one in given if name_of(getattr(one.value, "func", one)).startswith("read_")]
    tables = {ast.unparse(target) for one in reads for target in one.targets}
    for node in nodes:
        if isinstance(node, ast.Subscript) and not _NO_TABLES.search(ast.unparse(node.value)):
            found |= dict.fromkeys(_texts(node.slice))
        elif any(calls([node], *_ASKS)):
            found |= dict.fromkeys(_texts(node))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in tables:
            found |= dict.fromkeys([node.attr] * (not _is_known(node.attr)))
    named = (one.keywords for one in calls(nodes, "melt"))  # of a table that is made of others
    new = {t for some in named for one in some if one.arg in _NEW for t in _texts(one.value)}
    return [name for name in found if name not in new and not re.search(_NO_COLUMN, name)]


def _parts(
    nodes: Sequence[ast.AST], values: Mapping[str, list[str]]
) -> dict[str, list[bool | str]]:
    """Returns what texts are split at, and which of the parts a program takes for numbers."""
    numbers, most = set[str](), dict[str, int]()
    names, marks = dict[str, list[str]](), dict[str, object]()
    for node in nodes:
        if isinstance(node, ast.Compare) and ast.unparse(node.left).startswith("len("):
            for owner in (ast.unparse(one) for one in getattr(node.left, "args", ())):
                count = getattr(node.comparators[0], "value", None)
                longer = isinstance(node.ops[0], (ast.Gt, ast.LtE))
                if type(count) is int and count < _MOST_PARTS:
                    most[owner] = max(most.get(owner, 0), count + longer)
        elif isinstance(node, ast.Call) and _NUMERIC.search(ast.unparse(node.func)):
            numbers |= {*map(ast.unparse, node.args)}
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if isinstance(node.slice.value, int):
                owner = ast.unparse(node.value)
                most[owner] = max(most.get(owner, 0), node.slice.value + 1)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.Name)):
            target = node.targets[0]
            elements = target.elts if isinstance(target, ast.Tuple) else [target]
            names[ast.unparse(node.value)] = [*map(ast.unparse, elements)]
            marks[name_of(target)] = getattr(node.value, "value", None)
    found = dict[str, list[bool | str]]()
    splits = [*calls(nodes, "split")]
    again = {
        text for one in splits if _MANY.search(text := ast.unparse(one.func)[: -len(".split")])
    }

    def kind(part: str) -> bool | str:
        if part in values:
            return part
        if part in again:
            return NUMBERS
        return part in numbers or LABELS.search(part) is not None

    for node in splits:
        given = node.args[0] if node.args else ast.Constant(" ")
        mark = given.value if isinstance(given, ast.Constant) else marks.get(name_of(given), " ")
        text = ast.unparse(node)
        parts = names.get(text, [text])
        if len(parts) == 1:
            parts = [f"{parts[0]}[{number}]" for number in range(most.get(parts[0], 0))]
        if mark == "\t" and len(parts) < 2:
            parts = ["label", text]  # as most have it
        if isinstance(mark, str) and len(parts) >= len(found.get(mark, ())):
            found[mark] = [*map(kind, parts)]
    return {mark: parts for mark, parts in found.items() if mark not in _WHOLES}


def _longest(parts: dict[str, list[bool | str]]) -> Parts:
    return max(parts.items(), key=lambda item: len(item[1]), default=(" ", []))


def _kinds(nodes: Sequence[ast.AST]) -> list[str]:
    """Returns the kinds of files that a program tells apart by their names."""
    asks = [one for one in nodes if isinstance(one, ast.Compare)]
    listed = (one for one in asks if isinstance(one.ops[0], ast.In))
    compared = [[one.left, *one.comparators] for one in asks] + [_sides(one) for one in listed]
    begins = [call.args for call in calls(nodes, "startswith")]
    plain = (one for one in [*compared, *begins] if not any(map(_is_part, one)))
    texts = (getattr(side, "value", None) for sides in plain for side in sides)
    words = dict.fromkeys(one for one in texts if isinstance(one, str) and one.isalpha())
    found = [one for one in words if f".{one}" not in PICTURE]
    return [*dict.fromkeys([*found, "cat", "dog"])][: max(len(found), 2)]


def _asked(nodes: Sequence[ast.AST], method: str) -> list[str]:
    """Returns the texts with which names begin, or end, that a program looks for."""
    given = (one for call in calls(nodes, method) for one in call.args)
    return [text for one in given for text in _texts(one) if text[:1] not in (".", "")] or [""]


def _called(trees: Iterable[ast.Module]) -> str:
    """Returns the text of what a program runs, without functions that it never names."""
    body = [node for tree in trees for node in tree.body]
    named = {name_of(node) for node in places.nodes(body)}
    functions = ast.FunctionDef, ast.AsyncFunctionDef
    runs = (one for one in body if not isinstance(one, functions) or one.name in named)
    return "\n".join(map(ast.unparse, runs))


def _is_part(node: ast.AST) -> bool:
    """Tells whether something is a part with a name of its own, not the beginning of a text."""
    return isinstance(node, _PARTS) and not isinstance(getattr(node, "slice", None), ast.Slice)


def _bounds(nodes: Sequence[ast.AST]) -> dict[str, list[float]]:
    """Returns the numbers that a program compares columns with, by their names."""
    found = dict[str, list[float]]()
    for node in (one for one in nodes if isinstance(one, ast.Compare)):
        sides = [node.left, *node.comparators]
        values = (getattr(one, "value", "") for one in sides)
        numbers = [float(one) for one in values if type(one) in (int, float)]
        for side in sides if numbers else ():
            name = getattr(side, "attr", getattr(getattr(side, "slice", None), "value", None))
            if isinstance(name, str):
                found[name] = [*found.get(name, ()), *numbers]
    return found


def _sides(node: ast.Compare) -> list[ast.expr]:
    """Returns what is compared with, or what the lists of such consist of."""
    return [one for side in node.comparators for one in getattr(side, "elts", [side])]


def _values(nodes: Sequence[ast.AST]) -> dict[str, list[str]]:
    """Returns the words that a program tells apart by a name: it compares or looks them up."""
    found = dict[str, list[str]]()
    given = (one for one in nodes if isinstance(one, ast.Assign))
    tables = {ast.unparse(one.targets[0]): one.value for one in given}
    for node in nodes:
        sides: list[ast.expr] = []
        pairs = [(node.value, node.slice)] if isinstance(node, ast.Subscript) else []
        for call in calls([node], "get"):
            pairs += zip([getattr(call.func, "value", call)], call.args, strict=False)
        for owner, key in (one for one in pairs if isinstance(one[1], (ast.Name, *_PARTS))):
            table = tables.get(ast.unparse(owner), owner)
            if isinstance(table, ast.Dict) and all(
                isinstance(one, ast.Constant) for one in table.keys
            ):
                sides = [key, *filter(None, table.keys)]
        if isinstance(node, ast.Compare):
            sides = [node.left, *_sides(node)]
        for call in calls([node], "map", "replace"):
            keys = [one for given in call.args if isinstance(given, ast.Dict) for one in given.keys]
            sides = [*filter(None, [getattr(call.func, "value", None), *keys])]
        words = [text for one in sides if isinstance(one, ast.Constant) for text in _texts(one)]
        for side in sides if words else ():
            name = name_of(side) or getattr(getattr(side, "slice", None), "value", None)
            if isinstance(name, str):
                found[name] = list(dict.fromkeys([*found.get(name, ()), *words]))
    return found


def _arguments(nodes: Sequence[ast.AST], values: Mapping[str, list[str]]) -> dict[int, str]:
    """Returns by place what a program may want on its command line."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            words = values.get(ast.unparse(node.targets[0]))
            if words and ast.unparse(node.value.value) == "sys.argv":
                with suppress(ValueError):
                    found[ast.literal_eval(node.value.slice)] = words[0]
    return found


def _is_known(name: str) -> bool:
    """Tells whether a table of pandas has an attribute of its own by a name."""
    with suppress(ImportError):
        import pandas

        return hasattr(pandas.DataFrame, name) or name in OLD
    return True


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
