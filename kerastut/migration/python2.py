"""Repairs what Python 2, and packages of its time, had under another name or of another type."""

import ast
import re
from collections.abc import Iterator

from kerastut.migration.places import Edit, Repair, before, given_values, nodes, statement

# What Python 2 had under another name.
_NAMES = {
    **{"xrange": "range", "raw_input": "input", "unicode": "str", "unichr": "chr"},
    **{"basestring": "str", "long": "int"},
}
_IMPORTED = {
    "reduce": "from functools import reduce",
    "reload": "from importlib import reload",
    "keras": "import keras",
}
_MODULES = {
    **{"StringIO": "io", "cStringIO": "io", "urllib2": "urllib.request", "Tkinter": "tkinter"},
    **{"urlparse": "urllib.parse", "commands": "subprocess"},
    **{"sklearn.cross_validation": "sklearn.model_selection", "__builtin__": "builtins"},
    **{"sklearn.grid_search": "sklearn.model_selection"},
    **{"keras_preprocessing": "tensorflow.keras.preprocessing"},
    **{"sklearn.datasets.samples_generator": "sklearn.datasets"},
    **{"pandas.tools.plotting": "pandas.plotting", "pandas.io.json": "pandas"},
}
# Names that have another home now, by the old one.
_MOVED = {
    "itertools": {"izip": "{} = zip", "imap": "{} = map", "ifilter": "{} = filter"},
    "pandas": {"datetime": "from datetime import datetime as {}"},
    "sklearn.externals": {"joblib": "import joblib as {}", "six": "import six as {}"},
    "sklearn.preprocessing": {"Imputer": "from sklearn.impute import SimpleImputer as {}"},
    "collections": {
        name: f"from collections.abc import {name} as {{}}"
        for name in ("Iterable", "Iterator", "Mapping", "Sequence", "Callable", "Hashable")
    },
    "keras": {"initializations": "from keras import initializers as {}"},
    "keras.models": {"model_from_yaml": "from keras.models import model_from_json as {}"},
    "time": {"clock": "from time import perf_counter as {}"},
}
_OUTSIDE = {"pandas.datetime": ("datetime", "datetime.datetime"), "pandas.np": ("numpy", "numpy")}
_ATTRIBUTES = {
    **{"iteritems": "items", "itervalues": "values", "iterkeys": "keys"},
    **{"as_matrix": "to_numpy", "get_values": "to_numpy", "letters": "ascii_letters"},
    **{"lowercase": "ascii_lowercase", "uppercase": "ascii_uppercase", "getchildren": "iter"},
    **{"ix": "iloc", "clock": "perf_counter", "to_yaml": "to_json"},
    **{"index2word": "index_to_key", "vocab": "key_to_index", "syn0": "vectors"},
    **{"word_vec": "get_vector", "nb_sample": "samples", "nb_class": "num_classes"},
}
_COUNT = re.compile(r"(?i)^n_?|num|count|size|samples|dim|rows|cols|width|height|steps|length")
_DEEPEST = 5  # names that are looked up, one after the other
_LAZY = "range|map|filter|zip|dict_keys|dict_values|dict_items"


def names(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    name = match[1]
    if name == "get_ipython":
        for node in nodes(trees):
            if isinstance(node, ast.Expr) and name in ast.unparse(node):
                yield node, "pass"
    if name in _IMPORTED:
        yield from before(trees, _IMPORTED[name])
    for node in nodes(trees) if name in _NAMES else ():
        if isinstance(node, ast.Name) and node.id == name:
            yield node, _NAMES[name]


def modules(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    old = match["module"]
    new = _MODULES.get(old)
    if new is None:
        yield from _needless(trees, old)
        return
    for node in nodes(trees):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == old:
                    yield alias, f"{new} as {alias.asname or old.partition('.')[0]}"
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{old}."):
            home = new + (node.module or "").removeprefix(old)
            yield node, f"from {home} import {', '.join(map(ast.unparse, node.names))}"


def needless(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes away what was needed once, and sets something that is no more."""
    for node in nodes(trees):
        owner = node.value if isinstance(node, ast.Expr) else getattr(node, "targets", [None])[0]
        if owner and re.match(rf"\w+\.{match[1]}\b", ast.unparse(owner)):
            yield node, "pass"


def moved(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes single names from where they are now."""
    home = _MOVED.get(match["module"], {})
    for node in nodes(trees):
        if isinstance(node, ast.ImportFrom) and node.module == match["module"]:
            kept = ", ".join(ast.unparse(one) for one in node.names if one.name not in home)
            lines = [
                home[one.name].format(one.asname or one.name)
                for one in node.names
                if one.name in home
            ]
            if lines:
                yield node, "; ".join(lines + [f"from {node.module} import {kept}"] * bool(kept))


def _needless(trees: list[ast.Module], module: str) -> Iterator[Edit]:
    """Takes away a module that is not there where nothing, or only its own start, needs it."""
    found: list[ast.AST] = []
    bound, inside = set(), set()
    for node in nodes(trees):
        if isinstance(node, ast.Import) and len(node.names) == 1:
            name, alias = node.names[0].name, node.names[0].asname
            if f"{name}.".startswith(f"{module}."):
                found.append(node)
                bound.add(alias or name.partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{module}."):
            found.append(node)
            bound |= {one.asname or one.name for one in node.names}
        elif isinstance(node, ast.Expr) and "install_backend(" in ast.unparse(node):
            found.append(node)
            inside |= set(ast.walk(node))
    uses = (node for node in nodes(trees) if isinstance(node, ast.Name) and node not in inside)
    if "*" not in bound and not any(node.id in bound for node in uses):
        yield from ((node, "pass") for node in found)


def empties(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Splits a text as Python did before 3.7, which took no empty match for one."""
    for node in statement(trees, line):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.split" and node.args:
            pattern = node.args[0]
            if isinstance(pattern, ast.Constant) and str(pattern.value).endswith(")?"):
                yield pattern, repr(str(pattern.value).removesuffix("?"))


def memory(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Has a file in memory take bytes, which were texts in Python 2."""
    for node in nodes(trees):
        if isinstance(node, ast.ImportFrom) and node.module == "io":
            for alias in node.names:
                if alias.name == "StringIO":
                    yield alias, f"BytesIO as {alias.asname or alias.name}"
        elif isinstance(node, ast.Attribute) and node.attr == "StringIO":
            yield node, f"{ast.unparse(node.value)}.BytesIO"


def binary(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Opens a file for bytes, which were texts in Python 2."""
    here = list(statement(trees, line))
    names = {node.id for node in here if isinstance(node, ast.Name)}
    items = [node for node in nodes(trees) if isinstance(node, ast.withitem)]
    opened = [
        *here,
        *(one.context_expr for one in items if getattr(one.optional_vars, "id", "") in names),
        *(value for name in names for value in given_values(trees).get(name, ())),
    ]
    mode = "wb" if match[0].startswith("TypeError: write") else "rb"
    for node in dict.fromkeys(opened):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "open" and node.args):
            continue
        if "b" not in "".join(map(ast.unparse, node.args[1:2])):
            yield node, f"open({ast.unparse(node.args[0])}, {mode!r})"


def outside(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes from its own module what another one handed on."""
    module, new = _OUTSIDE.get(f"{match[1]}.{match[2]}", ("", ""))
    for node in nodes(trees) if new else ():
        if (
            isinstance(node, ast.Attribute)
            and node.attr == match[2]
            and isinstance(node.value, ast.Name)
        ):
            yield node, new
    if new:
        yield from before(trees, f"import {module}")


def attributes(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    old = match[1]
    for node in nodes(trees):
        if isinstance(node, ast.Attribute) and node.attr == old == "message":  # of an exception
            yield node, f"str({ast.unparse(node.value)})"
        elif isinstance(node, ast.Attribute) and node.attr == old and old in _ATTRIBUTES:
            yield node, f"{ast.unparse(node.value)}.{_ATTRIBUTES[old]}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr == old == "next" and not node.args:
                yield node, f"next({owner})"
            elif node.func.attr == old == "item" and "'float'" in match[0]:  # of a history
                yield node, f"float({owner})"
            elif node.func.attr == old == "has_key" and len(node.args) == 1:
                yield node, f"({ast.unparse(node.args[0])} in {owner})"


def division(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Divides whole numbers as Python 2 did: on the line, or where its names get their value."""
    values = given_values(trees)
    here = list(statement(trees, line))
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


def lists(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes lists of what was one in Python 2, wherever it is not gone through at once."""
    kind = match[1].removeprefix("dict_")
    taken = set()
    for node in nodes(trees):
        if isinstance(node, (ast.For, ast.comprehension)):
            taken.add(node.iter)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            taken |= {*node.args} if node.func.id in ("list", "set", "sorted", "dict") else set()
    for node in nodes(trees):
        if isinstance(node, ast.Call) and node not in taken:
            called = getattr(node.func, "attr" if match[1] != kind else "id", "")
            if called == kind:
                yield node, f"list({ast.unparse(node)})"


REPAIRS: list[Repair] = [
    (r"NameError: name '(\w+)' is not defined", names),
    (r"(?:No module named|cannot import name '\w+' from) '(?P<module>[\w.]+)'", moved),
    (r"ModuleNotFoundError: No module named '(?P<module>[\w.]+)'", modules),
    # Of texts that are no bytes, and of the first Keras on TensorFlow 1.
    (r"module '(?:sys|tensorflow)' has no attribute '(setdefaultencoding|python)'", needless),
    (r"AttributeError: module '(\w+)' has no attribute '(\w+)'", outside),
    (r"AttributeError: 'NoneType' object has no attribute 'strip'", empties),
    (r"AttributeError: .+ has no attribute '(\w+)'", attributes),
    (r"AttributeError: The (\w+) attribute was removed", attributes),  # of gensim
    (rf"TypeError: .*'({_LAZY})'", lists),
    (r"TypeError: write\(\) argument must be str, not bytes", binary),
    (r"TypeError: a bytes-like object is required, not 'str'", binary),
    (r"UnicodeDecodeError: ", binary),
    (r"TypeError: string argument expected, got 'bytes'", memory),
    (r"(?:Type|Value|Index)Error: .*(?:float|integer|indices)", division),
]
