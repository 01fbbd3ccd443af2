"""Repairs what a run has told and no reading could: names, types and arguments of older days.

Each repair is keyed by the message of an exception. It is made where the program stopped, or at all
places of the file that have the same fault.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from kerastut.lint import api, blocks_of, edited, load_rules
from kerastut.migration.programs import Program
from kerastut.migration.running import Execution

Edit = tuple[ast.AST, str]
_FRAME = re.compile(r'^ +File "([^"\n]+)", line (\d+)', re.M)
# What Python 2 had under another name.
_NAMES = {
    **{"xrange": "range", "raw_input": "input", "unicode": "str", "unichr": "chr"},
    **{"basestring": "str", "long": "int"},
}
_IMPORTED = {
    "reduce": "from functools import reduce",
    "reload": "from importlib import reload",
}
_MODULES = {
    **{"cPickle": "pickle", "StringIO": "io", "cStringIO": "io", "urllib2": "urllib.request"},
    **{"Queue": "queue", "ConfigParser": "configparser", "Tkinter": "tkinter"},
    **{"urlparse": "urllib.parse", "HTMLParser": "html.parser", "commands": "subprocess"},
    **{"sklearn.cross_validation": "sklearn.model_selection", "__builtin__": "builtins"},
    **{"scipy.misc": "matplotlib.pyplot", "scipy.ndimage": "matplotlib.pyplot"},  # imread, imsave
    **{"sklearn.grid_search": "sklearn.model_selection", "sklearn.externals": "", "itertools": ""},
}
_ATTRIBUTES = {
    **{"iteritems": "items", "itervalues": "values", "iterkeys": "keys"},
    **{"as_matrix": "to_numpy", "get_values": "to_numpy", "letters": "ascii_letters"},
    **{"lowercase": "ascii_lowercase", "uppercase": "ascii_uppercase", "getchildren": "iter"},
    "ix": "iloc",
}
_COUNT = re.compile(r"(?i)^n_?|num|count|size|samples|dim|rows|cols|width|height|steps|length")
_WRITES = re.compile(
    r"open\([^)]*, (?:mode=)?'[wax]|\b(?:save\w*|to_\w+|im(?:save|write)|FileHandler|dump|mkdir)\("
)
_GIVEN = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
_ARGUMENTS = {"nb_words": "num_words"}  # of data sets
# Of the readers of pandas, and what does the same after them.
_GONE = {
    **dict.fromkeys(("date_parser", "error_bad_lines", "warn_bad_lines"), ""),
    "squeeze": ".squeeze('columns')",
}
_METHODS = ("fit", "compile", "evaluate", "predict")
_HOMES = ("layers", "optimizers", "callbacks", "utils", "losses", "metrics")
_DEEPEST = 5  # names that are looked up, one after the other
_LAZY = "range|map|filter|zip|dict_keys|dict_values|dict_items"


def repair(
    program: Program, texts: Mapping[Path, bytes], run: Execution
) -> tuple[str, dict[Path, bytes]] | None:
    """Returns what is wrong, and the program's files with it put right; `None` if nothing is known.

    Args:
        program: That has raised.
        texts: Its files.
        run: What it has raised.
    """
    frames = [(Path(name), int(line)) for name, line in _FRAME.findall(run.traceback)]
    ours = [(program.path, 1), *(frame for frame in frames if frame[0] in texts)]
    if run.end != "raised":
        return None
    (path, line), last = ours[-1], run.traceback.strip()
    trees = list(_trees(texts[path], str(path)))
    for pattern, mend in _REPAIRS:
        matches = list(re.finditer(pattern, last))
        edits = list(mend(trees, line, matches[-1])) if matches else []
        if edits:
            spans = [(*_span(node), text) for node, text in edits]
            new = edited(texts[path], str(path), spans)
            return matches[-1][0], {**texts, path: new}
    return None


def _trees(content: bytes, name: str) -> Iterator[ast.Module]:
    for first, source in blocks_of(content, name):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            tree = ast.parse(source)
            yield ast.increment_lineno(tree, first - 1)


def _span(node: ast.AST) -> tuple[int, int, int, int]:
    assert isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.alias))
    return (
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )


def _nodes(trees: list[ast.Module]) -> Iterator[ast.AST]:
    return (node for tree in trees for node in ast.walk(tree))


def _statement(trees: list[ast.Module], line: int) -> Iterator[ast.AST]:
    """Yields the nodes of the innermost statement on a line, without the statements in it."""
    found = [
        node
        for node in _nodes(trees)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    if found:
        whole = min(found, key=lambda node: (node.end_lineno or 0) - node.lineno)
        yield from (
            node
            for part in ast.iter_child_nodes(whole)
            if not isinstance(part, (ast.stmt, ast.ExceptHandler))
            for node in ast.walk(part)
        )


def _name(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    name = match[1]
    if name == "get_ipython":
        for node in _nodes(trees):
            if isinstance(node, ast.Expr) and name in ast.unparse(node):
                yield node, "pass"
    if name in _IMPORTED:
        yield from _before(trees, _IMPORTED[name])
    for node in _nodes(trees) if name in _NAMES else ():
        if isinstance(node, ast.Name) and node.id == name:
            yield node, _NAMES[name]


def _before(trees: list[ast.Module], text: str) -> Iterator[Edit]:
    """Yields lines before the first statement that others may stand before."""
    for node in (node for tree in trees for node in tree.body):
        if not isinstance(node, ast.Expr) and getattr(node, "module", "") != "__future__":
            place = {"lineno": node.lineno, "col_offset": node.col_offset}
            yield ast.Pass(**place, end_lineno=node.lineno, end_col_offset=0), f"{text}\n"
            return


def _module(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    old = match["module"]
    if old not in _MODULES:
        yield from _needless(trees, old.partition(".")[0])
    for node in _nodes(trees):
        if isinstance(node, ast.Import) and _MODULES.get(old):
            for alias in node.names:
                if alias.name == old:
                    bound = alias.asname or old.partition(".")[0]
                    yield alias, f"{_MODULES[old]} as {bound}"
        elif isinstance(node, ast.ImportFrom) and node.module == old and old in _MODULES:
            names = ", ".join(map(ast.unparse, node.names))
            if _MODULES[old]:
                yield node, f"from {_MODULES[old]} import {names}"
            elif old == "sklearn.externals":
                yield node, f"import {names}"
            else:  # izip and its like are Python's own now
                yield (
                    node,
                    "; ".join(
                        f"{one.asname or one.name} = {one.name.removeprefix('i')}"
                        if one.name in ("izip", "imap", "ifilter")
                        else f"from {old} import {ast.unparse(one)}"
                        for one in node.names
                    ),
                )


def _needless(trees: list[ast.Module], package: str) -> Iterator[Edit]:
    """Takes away a package that is not there where nothing, or only its own start, needs it."""
    found: list[ast.AST] = []
    bound, inside = set(), set()
    for node in _nodes(trees):
        if isinstance(node, ast.Import) and len(node.names) == 1:
            name, alias = node.names[0].name, node.names[0].asname
            if name.partition(".")[0] == package:
                found.append(node)
                bound.add(alias or package)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            found.append(node)
            bound |= {one.asname or one.name for one in node.names}
        elif isinstance(node, ast.Expr) and "install_backend(" in ast.unparse(node):
            found.append(node)
            inside |= set(ast.walk(node))
    uses = (node for node in _nodes(trees) if isinstance(node, ast.Name) and node not in inside)
    if "*" not in bound and not any(node.id in bound for node in uses):
        yield from ((node, "pass") for node in found)


def _bytes(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Has a file in memory take bytes, which were texts in Python 2."""
    for node in _nodes(trees):
        if isinstance(node, ast.ImportFrom) and node.module == "io":
            for alias in node.names:
                if alias.name == "StringIO":
                    yield alias, f"BytesIO as {alias.asname or alias.name}"
        elif isinstance(node, ast.Attribute) and node.attr == "StringIO":
            yield node, f"{ast.unparse(node.value)}.BytesIO"


def _binary(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Opens a file for bytes, which were texts in Python 2."""
    here = list(_statement(trees, line))
    names = {node.id for node in here if isinstance(node, ast.Name)}
    items = [node for node in _nodes(trees) if isinstance(node, ast.withitem)]
    opened = [
        *here,
        *(one.context_expr for one in items if getattr(one.optional_vars, "id", "") in names),
        *(value for name in names for value in _values(trees).get(name, ())),
    ]
    mode = "wb" if match[0].startswith("TypeError: write") else "rb"
    for node in dict.fromkeys(opened):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "open" and node.args):
            continue
        if "b" not in "".join(map(ast.unparse, node.args[1:2])):
            yield node, f"open({ast.unparse(node.args[0])}, {mode!r})"


def _number(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes a number of NumPy one of Python where Keras takes no other."""
    for node in _statement(trees, line):
        called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and api.has("keras.layers", called):
            named = [one.value for one in node.keywords if one.arg == match[1]]
            for value in named or node.args[:1]:
                yield value, f"int({ast.unparse(value)})"


def _array(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Makes arrays of lists that a model is given."""
    for node in _statement(trees, line):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _GIVEN:
            named = [one.value for one in node.keywords if one.arg in ("x", "y")]
            for value in (*node.args[:2], *named):
                if isinstance(value, (ast.Name, ast.List)):
                    yield value, f"numpy.array({ast.unparse(value)})"
    yield from _before(trees, "import numpy")


def _first(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Takes a model's input where a program takes that of its first layer, which now has none."""
    for node in _nodes(trees):
        if isinstance(node, ast.Attribute) and node.attr in ("input", "output"):
            owner = ast.unparse(node.value)
            if owner.endswith(".layers[0]"):
                yield node, f"{owner.removesuffix('.layers[0]')}.input"


def _folder(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes the folder that a program writes to; git keeps no empty ones."""
    folder, _, name = match[1].replace("\\\\", "\\").rstrip("/").rpartition("/")
    text = " ".join(ast.unparse(node) for node in _statement(trees, line))
    if name and folder and not folder.startswith("/") and _WRITES.search(text):
        yield from _before(trees, f"import os\nos.makedirs({folder!r}, exist_ok=True)")


def _attribute(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    old = match[1]
    for node in _nodes(trees):
        if isinstance(node, ast.Attribute) and node.attr == old and old in _ATTRIBUTES:
            yield node, f"{ast.unparse(node.value)}.{_ATTRIBUTES[old]}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr == old == "next" and not node.args:
                yield node, f"next({owner})"
            elif node.func.attr == old == "has_key" and len(node.args) == 1:
                yield node, f"({ast.unparse(node.args[0])} in {owner})"


def _backend(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Takes away the choice of a backend that is no more."""
    for node in _nodes(trees):
        if isinstance(node, (ast.Expr, ast.Assign)) and "'KERAS_BACKEND'" in ast.unparse(node):
            yield node, "pass"


def _threshold(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    for node in _statement(trees, line):
        if isinstance(node, ast.keyword) and node.arg == "threshold":
            yield node, "threshold=float('inf')"


def _append(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Puts tables of pandas together, which had a method for it."""
    for node in _statement(trees, line):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" and node.args:
            assert isinstance(node.func, ast.Attribute)
            tables = f"{ast.unparse(node.func.value)}, {ast.unparse(node.args[0])}"
            options = "".join(f", {ast.unparse(one)}" for one in node.keywords)
            yield node, f"pandas.concat([{tables}]{options})"
    yield from _before(trees, "import pandas")


_ADDED = """import keras
class AddedLoss(keras.layers.Layer):
    def call(self, outputs, loss):
        self.add_loss(loss)
        return outputs"""


def _added(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Has a layer add the loss that a model of tensors no longer takes."""
    for node in _statement(trees, line):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_loss":
            assert isinstance(node.func, ast.Attribute)
            model, loss = ast.unparse(node.func.value), ast.unparse(node.args[0])
            layer = f"AddedLoss()({model}.outputs[0], {loss})"
            yield node, f"{model} = keras.Model({model}.inputs, {layer}, name={model}.name)"
            yield from _before(trees, _ADDED)


def _accuracy(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Spells out the metric's name, wherever it comes from."""
    for node in _nodes(trees):
        if isinstance(node, ast.Constant) and node.value in ("acc", "val_acc"):
            yield node, repr(f"{node.value}uracy")


def _compat(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes from TensorFlow 1 what only it has, where no reading was sure of a better name."""
    for node in _nodes(trees):
        owner = ast.unparse(node.value) if isinstance(node, ast.Attribute) else ""
        if owner in ("tf", "tensorflow") and getattr(node, "attr", "") == match[1]:
            yield node, f"{owner}.compat.v1.{match[1]}"


def _division(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Divides whole numbers as Python 2 did: on the line, or where its names get their value."""
    values = _values(trees)
    here = list(_statement(trees, line))
    taken = [node.value for node in here if isinstance(node, (ast.Subscript, ast.Attribute))]
    names = [node.id for node in here if isinstance(node, ast.Name) and node not in taken]
    given = [inner for name in names for value in values.get(name, ()) for inner in ast.walk(value)]
    for some in (here, given):
        found = {
            node: None
            for node in some
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            if _is_whole(node, values)
        }
        inner = {child for node in found for child in ast.walk(node) if child is not node}
        for node in found:
            if node not in inner:
                yield node, ast.unparse(_Floored().visit(node))
        if found:
            return


def _values(trees: list[ast.Module]) -> dict[str, list[ast.expr]]:
    """Returns what names are given; parts of what is taken apart are no numbers."""
    found: dict[str, list[ast.expr]] = {}
    for node in _nodes(trees):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            for name in ast.walk(target):
                stored = isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
                if isinstance(name, ast.Name) and stored and isinstance(node, ast.Assign):
                    value = node.value if name is target else ast.Constant("")
                    found.setdefault(name.id, []).append(value)
    return found


def _is_whole(node: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Tells whether an expression is most likely a whole number, and no array of pixels."""
    if depth > _DEEPEST:
        return False
    if isinstance(node, ast.BinOp):
        return all(_is_whole(one, values, depth + 1) for one in (node.left, node.right))
    if isinstance(node, ast.Name):
        return all(_is_whole(one, values, depth + 1) for one in values.get(node.id, ()))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("len", "int", "round")
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    return isinstance(node, ast.Attribute) and _COUNT.search(node.attr) is not None


class _Floored(ast.NodeTransformer):
    def visit_Div(self, node: ast.Div) -> ast.AST:
        return ast.FloorDiv()


def _lazy(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes lists of what was one in Python 2, wherever it is not gone through at once."""
    kind = match[1].removeprefix("dict_")
    taken = set()
    for node in _nodes(trees):
        if isinstance(node, (ast.For, ast.comprehension)):
            taken.add(node.iter)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            taken |= {*node.args} if node.func.id in ("list", "set", "sorted", "dict") else set()
    for node in _nodes(trees):
        if isinstance(node, ast.Call) and node not in taken:
            called = getattr(node.func, "attr" if match[1] != kind else "id", "")
            if called == kind:
                yield node, f"list({ast.unparse(node)})"


def _keyword(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Renames an argument as the checker's rules say, or takes one away that nobody knows."""
    old = match[2]
    tables = (
        rule.match["keywords"]
        for rule in load_rules().values()
        if old in rule.match.get("keywords", {})
        and any(call.rpartition(".")[2] in (match[1], "*") for call in rule.match.get("calls", ()))
    )
    new = next((table[old] for table in tables), _ARGUMENTS.get(old, ""))
    after = _GONE.get(old, "") if match[1].startswith("read_") else ""
    ours = (
        match[1] in _METHODS
        or old in _GONE
        or any(api.has(f"keras.{home}", match[1]) for home in _HOMES)
    )
    for node in _statement(trees, line):
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg == old and new.isidentifier():
                yield keyword, f"{new}={ast.unparse(keyword.value)}"
            elif keyword.arg == old and ours and isinstance(node, ast.Call):
                kept = [one for one in node.keywords if one.arg != old]
                yield node, ast.unparse(ast.Call(node.func, node.args, kept)) + after


_REPAIRS: list[tuple[str, Callable[[list[ast.Module], int, re.Match[str]], Iterator[Edit]]]] = [
    (r"NameError: name '(\w+)' is not defined", _name),
    (r"ModuleNotFoundError: No module named '(?P<module>[\w.]+)'", _module),
    (r"ImportError: cannot import name '\w+' from '(?P<module>itertools|scipy\.\w+)'", _module),
    (r"Unable to import backend : ", _backend),
    (r"ValueError: threshold must be non-NAN", _threshold),
    (r"AttributeError: '(?:DataFrame|Series)' object has no attribute 'append'", _append),
    (r"NotImplementedError$", _added),
    (r"KeyError: '(?:val_)?acc'$", _accuracy),
    (r"AttributeError: module 'tensorflow' has no attribute '(\w+)'", _compat),
    (r"AttributeError: .+ has no attribute '(\w+)'", _attribute),
    (rf"TypeError: .*'({_LAZY})'", _lazy),
    (r"TypeError: write\(\) argument must be str, not bytes", _binary),
    (r"TypeError: a bytes-like object is required, not 'str'", _binary),
    (r"UnicodeDecodeError: ", _binary),
    (r"`(\w+)` must be a positive integer\. Received: .*of type u?int\d+", _number),
    (r"invalid value for `(\w+)`, expected a positive integer\. Received: \w+=\d+$", _number),
    (r"ValueError: Unrecognized data type: [xy]=\[", _array),
    (r"must have the same rank \(ndim\)\. Received: target\.shape=\(\)", _array),
    (r"ValueError: `inputs` argument cannot be empty", _first),
    (r"FileNotFoundError: \[Errno 2\] .*: '([^'\n]+)'", _folder),
    (r"OSError: \[Errno 2\] Unable to .*name = '([^'\n]+)'", _folder),
    (r"TypeError: string argument expected, got 'bytes'", _bytes),
    (r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'", _keyword),
    (
        r"TypeError: .*?(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'",
        _keyword,
    ),
    (r"(?:Type|Value|Index)Error: .*(?:float|integer|indices)", _division),
]
