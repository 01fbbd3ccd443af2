"""Generators and data sets: what their batches hold, whether they end, what is no list."""

import ast
import re
from collections.abc import Iterator

from ..finding import Edit, span_of
from ..fixes.edits import add_argument, insert, replace
from ..questions.arrays import is_float
from ..registering import Findings, detects
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.scopes import UserClass, UserFunction
from ..semantics.values import Display, Operation, Value

_RANDOM = re.compile(r"(horizontal|vertical)_flip|\w+_range")
_FITS = ("fit", "fit_generator")
_SCORES = ("evaluate", "evaluate_generator", "predict", "predict_generator")
_LAZY = {f"builtins.{name}" for name in ("map", "filter", "zip", "range")}
_IN_PLACE = ("sort", "append", "extend", "reverse")
_INDEXED = ("keras.utils.PyDataset", "keras.utils.Sequence")


@detects("KT428", "KT435")
def generators(program: Program) -> Findings:
    """Finds generators that yield `[x1, x2], y`, or end while `fit` still draws from them."""
    seen: set[int] = set()
    for call in program.methods("fit", "fit_generator", "evaluate", "predict"):
        # The argument is the generator's call itself, or a variable of it.
        node, value = call.expression(0, "x", "generator"), call.value(0, "x", "generator")
        function = program.generators.get(id(node)) or program.generators.get(id(value))
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        for part in ast.walk(function.node):
            yield from _listed(program, part.value if isinstance(part, ast.Yield) else None)
        old = call.method == "fit_generator"
        epochs = call.literal(2 if old else 3, "epochs", "nb_epoch")
        counted = call.value(1 if old else None, "steps_per_epoch") is not None
        several = isinstance(epochs, int) and epochs > 1 and counted
        if several and not any(map(_is_endless, ast.walk(function.node))):
            name = getattr(function.node, "name", "")
            yield from program.report("KT435", call, at=node, name=name, epochs=epochs)


def _is_endless(node: ast.AST) -> bool:
    """Tells whether a node is a loop without an end, such as `while True`, or guards the end."""
    if isinstance(node, ast.FunctionDef):
        return isinstance(node.body[-1], ast.Raise)
    if isinstance(node, ast.While):
        return not isinstance(node.test, ast.Compare)
    called = (
        node.iter.func if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) else None
    )
    return getattr(called, "attr", getattr(called, "id", "")) in ("count", "cycle", "repeat")


@detects("KT428")
def datasets_by_index(program: Program) -> Findings:
    """Finds a `PyDataset` whose batches hold lists."""
    for definition in program.definitions:
        kind = definition.value
        if not isinstance(kind, UserClass) or not kind.inherits(*_INDEXED):
            continue
        item = kind.members.get("__getitem__")
        for part in ast.walk(item.node) if isinstance(item, UserFunction) else ():
            if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple):
                yield from _listed(program, part.value)


def _listed(program: Program, value: ast.expr | None) -> Findings:
    """Reports a batch whose inputs or outputs are listed."""
    lists = _lists(value)
    named = [one for one in getattr(value, "elts", ()) if _is_list(program, one)]
    if lists or named:
        changes = [edit for item in lists for edit in _as_tuple(program, item)]
        changes += [replace(one, f"tuple({program.source(one)})") for one in named]
        yield from program.report("KT428", [*lists, *named][0], changes)


def _is_list(program: Program, node: ast.expr) -> bool:
    """Tells whether a name stands for inputs that are listed: `batch = [words, signs]`."""
    use = program.uses_at.get(id(node))
    value = use.definition.value if use is not None and use.definition is not None else None
    kinds = ast.List, ast.ListComp
    return isinstance(value, (Display, Operation)) and isinstance(value.node, kinds)


def _lists(value: ast.expr | None) -> list[ast.List]:
    if isinstance(value, ast.List):
        return [value, *_lists(ast.Tuple(value.elts))]
    items = value.elts if isinstance(value, ast.Tuple) else []
    return [item for item in items if isinstance(item, ast.List)]


def _as_tuple(program: Program, node: ast.List) -> Iterator[Edit]:
    span = span_of(node)
    end = ",)" if len(node.elts) == 1 and program.source(node)[:-1].rstrip()[-1:] != "," else ")"
    yield Edit(span.start._replace(end_column=span.column + 1), "(")
    yield Edit(span.end._replace(column=span.end_column - 1), end)


@detects("KT446")
def augmented_validation(program: Program) -> Findings:
    """Finds validation data of a generator that turns, shifts or mirrors them at random."""
    trained = {id(call.value(0, "x", "generator")) for call in program.methods(*_FITS)}
    for call in program.all_calls:
        fits = call.method in _FITS and call.has("validation_data")
        value = call.keywords["validation_data"] if fits else None
        if call.method in _SCORES and program.method_of(call):
            value = call.value(0, "x", "generator")
        flow = value.call if isinstance(value, Result) and id(value) not in trained else None
        made = (
            flow.receiver.call if flow is not None and isinstance(flow.receiver, Result) else None
        )
        if flow is None or made is None or not made.name.endswith(".ImageDataGenerator"):
            continue
        # Of one folder that is split, both parts come from the same generator.
        random = [one for one in made.node.keywords if _is_random(made, one.arg or "")]
        if random and not flow.has("subset"):
            yield from program.report("KT446", made, keyword=random[0].arg)


def _is_random(made: Call, keyword: str) -> bool:
    """Tells whether an argument of `ImageDataGenerator` changes images at random."""
    value = made.literal(None, keyword)
    return _RANDOM.fullmatch(keyword) is not None and value not in (0, None, False)


@detects("KT269")
def ranges_of_quotients(program: Program) -> Findings:
    """Finds `range(samples / batch_size)`."""
    for call in program.calls("builtins.range"):
        for value, node in zip(call.args, call.node.args, strict=False):
            if is_float(value):
                around = span_of(node)
                changes = [insert(around, "int("), insert(around.end, ")")]
                yield from program.report("KT269", call, changes, at=node)


@detects("KT271")
def lists_of_python_2(program: Program) -> Findings:
    """Finds `names.keys()[0]`, `len(map(f, x))`, `numpy.array(zip(a, b))` and the like."""
    seen: set[int] = set()
    own = {getattr(one.node, "name", "") for one in program.functions}
    for value in _wanted_as_lists(program):
        made = value.call if isinstance(value, Result) else None
        if made is None or id(made) in seen or made.method in own or not _is_lazy(program, made):
            continue
        seen.add(id(made))
        changes = [insert(span_of(made.node), "list("), insert(span_of(made.node).end, ")")]
        yield from program.report("KT271", made, changes, callee=made.method or made.last)


def _wanted_as_lists(program: Program) -> Iterator[Value]:
    """Yields what is used as only lists can be."""
    for item in program.subscripts:
        made = item.of.call if isinstance(item.of, Result) else None
        if made is not None and (made.name != "builtins.range" or item.stores):
            yield item.of
    for call in program.all_calls:
        if call.method in _IN_PLACE and call.receiver is not None:
            yield call.receiver
        if call.name in ("numpy.array", "numpy.asarray", "builtins.len") and call.args:
            value = call.args[0]
            made = value.call if isinstance(value, Result) else None
            viewed = made is not None and (made.name == "builtins.range" or made.method == "keys")
            if not viewed and not (call.last == "len" and made is not None and made.method):
                yield value
        if call.last == "shuffle" and "random." in call.name and call.args:
            yield call.args[0]


def _is_lazy(program: Program, made: Call) -> bool:
    """Tells whether a call gave a list in Python 2, and gives none today."""
    if made.method is None:
        return made.name in _LAZY
    tables = "pandas" in program.packages  # whose columns are keys as well
    view = made.method in ("keys", "values", "items") and not (made.node.args or made.node.keywords)
    return view and not (tables and made.method == "keys")


@detects("KT362", "KT414")
def downloaded_data(program: Program) -> Findings:
    """Finds the data sets that Keras downloads, and `a, b, c, d = mnist.load_data()`."""
    for call in program.all_calls:
        if not call.name.startswith("keras.datasets.") or call.last != "load_data":
            continue
        yield from program.report("KT414", call, name=call.name)
        statement = call.statement
        assigned = isinstance(statement, ast.Assign) and statement.value is call.node
        target = statement.targets[0] if isinstance(statement, ast.Assign) and assigned else None
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        if target and len(names) == 4 and all(isinstance(one, ast.Name) for one in names):
            a, b, c, d = map(program.source, names)
            new = f"({a}, {b}), ({c}, {d})"
            yield from program.report("KT362", call, [replace(target, new)], target, new=new)


@detects("KT268")
def objects_of_numpy(program: Program) -> Findings:
    """Finds `np.load("weights.npy").item()`, which reads a pickle."""
    for call in program.all_calls:
        made = call.receiver.call if isinstance(call.receiver, Result) else None
        reads = made is not None and made.name == "numpy.load" and len(made.args) < 3
        if call.method == "item" and made is not None and reads and not made.has("allow_pickle"):
            added = [add_argument(made.node, "allow_pickle=True")] if made.node.args else []
            yield from program.report("KT268", made, added)
