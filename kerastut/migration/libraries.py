"""Repairs what Keras, TensorFlow and pandas had once, and folders that git does not keep."""

import ast
import re
from collections.abc import Iterable, Iterator

from kerastut.lint import api, load_rules
from kerastut.migration.places import (
    Edit,
    Mend,
    Repair,
    before,
    calls,
    name_of,
    nodes,
    statement,
)
from kerastut.migration.rewriting import TABLES, piece

_WRITES = re.compile(
    r"open\(.*, (?:mode=)?'[wax]"
    r"|\b(?:save\w*|to_\w+|im(?:save|write)|FileHandler|dump|mkdir|fit\w*)\("
)
_DATA = ("x", "y")
_COUNTS = ("epochs", "batch_size", "steps_per_epoch", "validation_steps", "steps")
_FILES = ("save", "save_weights", "load_model", "load_weights", "ModelCheckpoint", "__init__")
_GIVEN = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
_METHODS = ("", "fit", "compile", "evaluate", "predict")
_HOMES = ("layers", "optimizers", "callbacks", "utils", "losses", "metrics")


def pieces(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Puts what a package no longer has into the program itself."""
    for module, file in TABLES["pieces"].items():
        text = piece(file)
        edits = list(_taken(trees, module, {*map(_given_name, ast.parse(text).body)}))
        if edits:
            yield from before(trees, _parts(text, trees))
            yield from edits


def _parts(text: str, trees: list[ast.Module]) -> str:
    """Returns of a piece what a program names, and what that needs."""
    used = {getattr(node, "name", name_of(node)) for node in nodes(trees)}  # "" of imports
    kept = []
    for node in reversed(ast.parse(text).body):
        if _given_name(node) in used:
            used |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            kept.append(ast.get_source_segment(text, node) or "")
    return "\n\n".join(reversed(kept)) + "\n"


def _given_name(node: ast.stmt) -> str:
    """Returns the name that a statement of a piece defines; "" where it imports."""
    return (
        ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else getattr(node, "name", "")
    )


def _taken(trees: list[ast.Module], module: str, given: set[str]) -> Iterator[Edit]:
    """Yields what takes names from the program instead of from a module, which has them no more."""
    bound: dict[str, ast.Import | ast.ImportFrom | None] = {}
    for node in nodes(trees):
        own = isinstance(node, ast.ImportFrom) and re.fullmatch(module, node.module or "")
        gone = [one for one in getattr(node, "names", ()) if own and one.name in given]
        if isinstance(node, ast.ImportFrom) and gone:
            lines = [f"{one.asname} = {one.name}" for one in gone if one.asname]
            kept = [one for one in node.names if one not in gone]
            lines += [ast.unparse(_with_names(node, kept))] * bool(kept)
            yield node, "; ".join(lines) or "pass"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for one in node.names:
                if re.fullmatch(module, f"{home}{one.name}"):
                    bound[one.asname or one.name] = node
    used = [node for node in nodes(trees) if isinstance(node, ast.Attribute)]
    wholes = (ast.unparse(one.value) for one in used)
    bound = {whole: None for whole in wholes if re.fullmatch(module, whole)} | bound
    taken = {name: [one for one in used if ast.unparse(one.value) == name] for name in bound}
    moved = [one for some in taken.values() for one in some if one.attr in given]
    yield from ((one, one.attr) for one in moved)
    inner = {child for one in moved for child in ast.walk(one)}
    dropped: dict[ast.Import | ast.ImportFrom, list[str]] = {}
    for name, imported in bound.items():
        if imported and taken[name] and inner.issuperset(taken[name]):
            dropped.setdefault(imported, []).append(name)
    for imported, names in dropped.items():
        kept = [one for one in imported.names if (one.asname or one.name) not in names]
        whole = f"import {names[0].partition('.')[0]}" if "." in names[0] else "pass"
        yield imported, ast.unparse(_with_names(imported, kept)) if kept else whole


def _with_names(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(node.module, names, node.level)


def integers(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes a number of NumPy one of Python where Keras takes no other."""
    for node in calls(statement(trees, line)):
        names = api.arguments(f"keras.layers.{name_of(node.func)}") or ()
        if match[1] in names:
            named = [one.value for one in node.keywords if one.arg == match[1]]
            for value in named or node.args[names.index(match[1]) :][:1]:
                yield value, f"int({ast.unparse(value)})"


def fed(new: str, *kinds: type[ast.expr], labels: bool = False) -> Mend:
    """Returns what rewrites data that a model is given where it stopped, or the labels alone."""

    def mend(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
        values = [one for one in _given(trees, line, labels) if isinstance(one, kinds)]
        yield from ((value, new.format(ast.unparse(value))) for value in values)
        yield from before(trees, "import numpy") if values else ()

    return mend


def _given(trees: list[ast.Module], line: int, labels: bool = False) -> Iterator[ast.expr]:
    """Yields the data that a model is given on a line, or the labels alone."""
    for node in calls(statement(trees, line), *_GIVEN):
        named = dict(zip(_DATA, node.args[:2], strict=False))
        named |= {one.arg: one.value for one in node.keywords if one.arg}
        held = named.pop("validation_data", None)
        for pair in ([named[key] for key in _DATA if key in named], getattr(held, "elts", [])):
            for value in pair[1:] if labels else pair:
                yield from value.elts if isinstance(value, ast.Tuple) else [value]


def counts(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Makes whole numbers of how often and how many, where a model is trained or asked."""
    for node in calls(statement(trees, line), *_GIVEN):
        for one in (one for one in node.keywords if one.arg in _COUNTS):
            if not isinstance(getattr(one.value, "value", 0.0), (int, type(None))):
                text = ast.unparse(one.value)
                up = "steps" in (one.arg or "")  # as older Keras counted them
                yield one.value, f"-int(-({text}) // 1)" if up else f"int({text})"


def folders(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Makes the folder that a program writes to; git keeps no empty ones."""
    folder, _, name = match[1].replace("\\\\", "\\").rstrip("/").rpartition("/")
    text = " ".join(ast.unparse(node) for node in statement(trees, line))
    if name and folder and not folder.startswith("/") and _WRITES.search(text):
        yield from before(trees, f"import os\nos.makedirs({folder!r}, exist_ok=True)")


def ordering(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Has pictures begin with their channels, as Theano had them, where a program gives them so."""
    tuples = (ast.unparse(node) for node in nodes(trees) if isinstance(node, ast.Tuple))
    if any(re.match(r"\([13], ?(?:\d\d|[a-z])", one) for one in tuples):
        setting = "keras.backend.set_image_data_format('channels_first')"
        yield from before(trees, f"import keras\n{setting}")


def accuracy(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Spells out the metric's name, wherever it comes from."""
    for node in nodes(trees):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            new = re.sub(r"(?:^|(?<=\{))(?:val_)?acc(?=$|[:}])", r"\g<0>uracy", node.value)
            yield from [(node, repr(new))] * (new != node.value)


def endings(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Gives a file of a model the ending that Keras wants, wherever the same name is used."""
    wanted = match[1] or ".keras"  # of a whole model
    names = {*map(ast.unparse, _paths(statement(trees, line)))}
    for path in _paths(nodes(trees)):
        if ast.unparse(path) in names:
            yield path, f"{ast.unparse(path)} + {wanted!r}"


def _paths(found: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Yields the names of files of models in calls."""
    for call in calls(found, *_FILES):
        yield from call.args[:1]
        yield from (one.value for one in call.keywords if one.arg == "filepath")


def generators(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Has the methods take generators that had others for them, with all by name but these."""
    steps, places = TABLES["steps"], TABLES["generators"]
    for node in calls(nodes(trees), *(f"{name}_generator" for name in places)):
        method = ast.unparse(node.func).removesuffix("_generator")
        pairs = [
            *zip(places[name_of(node.func).removesuffix("_generator")], node.args[1:], strict=False)
        ]
        named = [one for one in node.keywords if one.arg]
        pairs += [(steps.get(str(one.arg), str(one.arg)), one.value) for one in named]
        given = [*map(ast.unparse, node.args[:1])]
        given += [f"{key}={ast.unparse(value)}" for key, value in pairs if key]
        given += [f"**{ast.unparse(one.value)}" for one in node.keywords if not one.arg]
        yield node, f"{method}({', '.join(given)})"


def encoded(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Encodes some columns of a table, and leaves the others."""
    for node in calls(statement(trees, line), "OneHotEncoder"):
        given = {one.arg: ast.unparse(one.value) for one in node.keywords}
        columns = given.pop("categorical_features", "[0]")
        options = ", ".join(f"{name}={value}" for name, value in given.items())
        part = f"[('encoded', {ast.unparse(node.func)}({options}), {columns})]"
        yield node, f"ColumnTransformer({part}, remainder='passthrough', sparse_threshold=0)"
        yield from before(trees, "from sklearn.compose import ColumnTransformer")


def keywords(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Renames an argument as the checker's rules say, or takes one away that nobody knows."""
    old = match[2]
    tables = (
        rule.match["keywords"]
        for rule in load_rules().values()
        if old in rule.match.get("keywords", {})
        and any(call.rpartition(".")[2] in (match[1], "*") for call in rule.match.get("calls", ()))
    )
    known, name = TABLES["arguments"], f"{match[1]}.{old}"
    steps = TABLES["steps"] if match[1] in TABLES["generators"] else {}
    new = next(filter(None, (table[old] for table in tables)), known.get(name, steps.get(old, "")))
    readers = TABLES["readers"] if match[1].startswith("read_") else {}
    ours = match[1] in _METHODS or old in readers or name in known
    ours |= any(api.has(f"keras.{home}", match[1]) for home in _HOMES)
    brought = [one for one in nodes(trees) if isinstance(one, ast.ImportFrom)]
    learners = (one.names for one in brought if (one.module or "").startswith("sklearn"))
    ours |= match[1] in {alias.name for names in learners for alias in names}
    for node in calls(statement(trees, line)):
        for keyword in (one for one in node.keywords if one.arg == old):
            if new.isidentifier():
                yield keyword, f"{new}={ast.unparse(keyword.value)}"
            elif ours:
                kept = [one for one in node.keywords if one is not keyword]
                yield node, ast.unparse(ast.Call(node.func, node.args, kept)) + readers.get(old, "")


REPAIRS: list[Repair] = [
    (
        r"No module named '(?:(?:tensorflow|keras|google)\.[\w.]+|scipy\.misc|keras_\w+"
        r"|tensorflow_addons)'",
        pieces,
    ),
    (
        r"(?:name '\w+' from|module) '(?:scipy(?:\.\w+)?|sklearn\.datasets"
        r"|.*\.(?:layers|utils|callbacks|image|imagenet_utils|legacy))'",
        pieces,
    ),
    (r"`load_boston` has been removed", pieces),
    (r"has no attribute '(?:fit|evaluate|predict)_generator'", generators),
    (
        r"output size would be zero or negative|Invalid shape \(\d+, 3, \d+\) for image"
        r"|Inputs have incompatible shapes",
        ordering,
    ),
    (
        r"KeyError: '(?:val_)?acc(?:uracy)?'$|'[<>]=?' not .* 'NoneType'|Reason: \W+(?:val_)?acc\W"
        r"|received monitor=(?:val_)?acc,",
        accuracy,
    ),
    (r"'float' object cannot be interpreted as an integer|Expected int32 passed to", counts),
    (r"Invalid filepath extension for saving|must end in `(\.weights\.h5|\.keras)`", endings),
    (
        r"`(\w+)`.* a positive integer\. Received: (?:.*of type u?int|\w+=[1-9]\d*$)",
        integers,
    ),
    (
        r"ValueError: (?:Invalid dtype: (?:object|str)|Failed to convert a NumPy array)",
        fed("numpy.asarray({}, 'float32')", ast.expr),
    ),
    (
        r"Unrecognized data type: x=\[",
        fed("numpy.array({})", ast.Name, ast.List, labels=True),
    ),
    (
        r"Unrecognized data type: [xy]=\[|same rank \(ndim\)\. Received: target\.shape=\(\)",
        fed("numpy.array({})", ast.Name, ast.List),
    ),
    (r"FileNotFoundError: \[Errno 2\] .*: '([^'\n]+)'", folders),
    (r"Error: \[Errno 2\] Unable to .*name = '([^'\n]+)'", folders),
    (r"unexpected keyword argument 'categorical_features'", encoded),
    (r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'", keywords),
    (r"Argument\(?s\)? not recognized: \{()'(\w+)'", keywords),  # of what has no name
    (r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'", keywords),
]
