"""Reads in a program what it expects of its data: classes, shapes, columns, kinds of files."""

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

PICTURES, ROWS, COLUMNS = 40, 400, 10  # of a folder; of a table about which nothing is known
MOST = 20_000  # rows that are made up
_LAST = re.compile(r"\bDense\(\s*(?:units\s*=\s*)?(\w+)\s*[,)]")
_GIVEN = re.compile(r"(?m)^\s*(\w+)\s*=\s*(\d+)\s*(?:#.*)?$")
_COUNTS = re.compile(
    r"range\([^()]*?\b(\d{3,5})\)|\] \* (\d{3,5})|\[(?:\s*\d+)?\s*:\s*(\d{3,5})\s*[],]"
)
_SHAPE = re.compile(r"(?:input_)?shape\s*=\s*[(\[]((?:\s*\d+\s*,?)+)[)\]]")
_WIDTHS = re.compile(r"input_dim\s*=\s*(\d+)|\[[^][,]*,\s*(\d*)\s*:?\s*(\d*)\s*\]")
PICTURE = (".jpg", ".jpeg", ".png", ".bmp", ".JPG", ".tif")
_READS_PICTURES = re.compile(r"Image|imread|load_img")
WORDS = re.compile(
    r"(?i)text|review|tweet|comment|sentence|title|content|headline|question|message|^msg|^v2$"
)
DATES = re.compile(r"(?i)^(?:date|time|datetime|date_?time|timestamp|日期|时间)$")
LABELS = re.compile(r"(?i)(?:^|[^a-z])y(?:$|[^a-z])|label|target|class")
VECTORS = re.compile(r"(?i)glove.*\.txt|(?:vec|embedding)\w*\.(?:txt|vec)|\.vec$")
_NO_TABLES = ("history", "environ", "logs")
_ASKS = ("drop", "groupby", "get_dummies", "pop", "set_index", "sort_values")  # for columns


class Wanted:
    """What a program expects.

    Args:
        sources: Of the program and its modules.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        source = "\n".join(sources)
        numbers = dict(_GIVEN.findall(source))
        sizes = [
            int(size) for one in _LAST.findall(source) if (size := numbers.get(one, one)).isdigit()
        ]
        self.classes = sizes[-1] if sizes and 1 < sizes[-1] <= 1000 else 2
        widths = [int(one) + 1 for pair in _WIDTHS.findall(source) for one in pair if one]
        self.width = min(max(widths, default=COLUMNS), 1000)
        shape = _SHAPE.search(source)
        self.shape = tuple(map(int, re.findall(r"\d+", shape[1]))) if shape else (self.width,)
        counts = [int(one) for pair in _COUNTS.findall(source) for one in pair if one]
        self.rows = min(max(ROWS, *(count * 5 // 4 for count in counts)) if counts else ROWS, MOST)
        known = PICTURE if _READS_PICTURES.search(source) or "cv2" in source else (".txt",)
        self.ending = next((one for one in known if one in source), known[0])
        self.splits = re.search(r"split\([\"']\\t", source) is not None
        nodes = [node for tree in _trees(sources) for node in ast.walk(tree)]
        self.columns, self.keys, self.kinds = _columns(nodes), _keys(nodes), _kinds(nodes)
        # Whether a table that is opened begins with the names of columns, as these read it.
        self.headed = bool(self.columns) and re.search(r"read_csv|DictReader", source) is not None
        # Of the first folder that is listed, which may hold one for each class.
        self.listed = self.classes if any(map(_lists_again, nodes)) else PICTURES


def _trees(sources: Sequence[str]) -> Iterator[ast.AST]:
    for source in sources:
        with suppress(SyntaxError, ValueError, RecursionError):
            yield ast.parse(source)


def _lists_again(node: ast.AST) -> bool:
    """Tells whether what a folder lists is listed itself."""
    if not isinstance(node, ast.For) or "listdir(" not in ast.unparse(node.iter):
        return False
    return any("listdir(" in ast.unparse(inner) for inner in node.body)


def _columns(nodes: Sequence[ast.AST]) -> list[str]:
    """Returns the columns that a program asks for."""
    found = dict[str, None]()
    tables = _results(nodes, "read_")
    for node in nodes:
        if isinstance(node, ast.Subscript) and not ast.unparse(node.value).endswith(_NO_TABLES):
            found |= dict.fromkeys(_texts(node.slice))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _ASKS:
            found |= dict.fromkeys(_texts(node))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in tables:
            found |= dict.fromkeys([node.attr] * (not _is_known(node.attr)))
    return list(found)


def _keys(nodes: Sequence[ast.AST]) -> list[str]:
    """Returns what a program asks of a dictionary that it loads."""
    loaded = _results(nodes, "load")
    slices = [one for one in nodes if isinstance(one, ast.Subscript)]
    asked = (
        text for one in slices if ast.unparse(one.value) in loaded for text in _texts(one.slice)
    )
    return list(dict.fromkeys(asked))


def _kinds(nodes: Sequence[ast.AST]) -> list[str]:
    """Returns the kinds of files that a program tells apart by their names."""
    texts = (text for one in nodes if isinstance(one, ast.Compare) for text in _texts(one))
    found = list(dict.fromkeys(text for text in texts if text.isalpha()))
    return found if len(found) > 1 else ["cat", "dog"]


def _results(nodes: Sequence[ast.AST], method: str) -> set[str]:
    """Returns the names of what methods return whose own names begin alike."""
    return {
        ast.unparse(target)
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "attr", "").startswith(method)
        for target in node.targets
    }


def _is_known(name: str) -> bool:
    """Tells whether a table of pandas has an attribute of its own by a name."""
    with suppress(ImportError):
        import pandas

        return hasattr(pandas.DataFrame, name)
    return True


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
