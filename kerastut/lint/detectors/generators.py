"""Generators and data sets: what their batches hold, whether they end, what is no list."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes.edits import as_tuple, insert, rename_attribute, replace, wrapped
from ..fixes.tables import changed_in_place, columns_changed, numbers_among_texts, read_only
from ..fixes.tables import texts_as_objects as tables_of_objects
from ..questions.arrays import grows, is_listed
from ..questions.classes import DATASETS, classes
from ..questions.iterators import (
    is_lazy,
    plain_iterators,
    read_by_next,
    used_up,
    wanted_as_lists,
    without_next,
)
from ..questions.training import FITS, SCORES, lasts
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Access, Call, Result
from ..semantics.program import Program
from ..semantics.scopes import Instance
from ..semantics.values import Join, Value
from .names import is_tried

_RANDOM = re.compile(r"(horizontal|vertical)_flip|\w+_range")
_MAKERS = ("from_", "range", "list_files", "zip", "random", "sample_from", "choose_from")
_READERS = re.compile(r"tensorflow\.data\.\w+Dataset|keras\.\w+\.\w+_dataset_from_\w+")
_OF_DATASETS = re.compile(r"make_(one_shot|initializable)_iterator|output_(shapes|types|classes)")
_OF_FOLDERS = ("class_names", "file_paths")  # until a method makes another data set
_CHAINED = {"map", "batch", "shuffle", "repeat", "prefetch", "take", "skip", "cache", "filter"}
_CHAINED |= {"padded_batch", "interleave", "flat_map", "unbatch", "concatenate", "shard"}
# What iterators and strategies had, and what that is called today.
_OF_OTHERS = {"initializer": ("Iterator", ""), "initialize": ("Iterator", "")}
_OF_OTHERS |= {"experimental_run_v2": ("Strategy", "run")}
_OF_OTHERS |= {"initialized_value": ("Variable", "read_value")}


@detects("KT428", "KT435")
def generators(program: Program) -> Findings:
    """Finds generators that yield `[x1, x2], y`, or end while `fit` still draws from them."""
    seen: set[int] = set()
    elsewhere = (one for one in program.all_calls if program.method_of(one) == "fit_generator")
    fits = program.methods("fit", "fit_generator", "evaluate", "predict")
    for call in (*fits, *elsewhere) if program.generators else ():  # given itself, or a variable
        node, value = call.expression(0, "x", "generator"), call.value(0, "x", "generator")
        function = program.generator(node, value)
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        for part in ast.walk(function.node):
            yield from _listed(program, part.value if isinstance(part, ast.Yield) else None)
        old = call.method == "fit_generator"
        epochs = call.literal(2 if old else 3, "epochs", "nb_epoch")
        counted = call.value(1 if old else None, "steps_per_epoch") is not None
        several = isinstance(epochs, int) and epochs > 1 and counted
        if several and not lasts(program, function.node, call, epochs):
            name = getattr(function.node, "name", "")
            yield from program.report("KT435", call, at=node, name=name, epochs=epochs)


@detects("KT428")
def datasets_by_index(program: Program) -> Findings:
    """Finds a `PyDataset` whose batches hold lists."""
    for _, kind, methods in classes(program):
        item = methods.get("__getitem__") if kind.inherits(*DATASETS) else None
        for part in ast.walk(item) if item is not None else ():
            if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple):
                yield from _listed(program, part.value)


def _listed(program: Program, value: ast.expr | None) -> Findings:
    """Reports a batch whose inputs or outputs are listed."""
    lists = _lists(value)
    parts = [value, *getattr(value, "elts", ())] if value is not None else []
    named = [one for one in parts if is_listed(program, one)]
    if lists or named:
        changes = [edit for item in lists for edit in as_tuple(program, item)]
        numpy = program.named("numpy")
        for one in named:
            kind = "tuple" if not grows(program, one) else f"{numpy.name}.array" if numpy else ""
            changes += wrapped(one, kind) if kind else []
        yield from program.report("KT428", [*lists, *named][0], changes, given="[...]")


@detects("KT428")
def iterators(program: Program) -> Findings:
    """Finds `model.fit(zip(images, masks))`, and objects of a class that is no data set."""
    for call, node, given, runs in plain_iterators(program):
        ends = insert(span_of(node), "(batch for batch in "), insert(span_of(node).end, ")")
        yield from program.report("KT428", call, ends * runs, node, None, given=given)


def _lists(value: ast.expr | None) -> list[ast.List]:
    if isinstance(value, ast.List):
        return [value, *_lists(ast.Tuple(value.elts))]
    items = value.elts if isinstance(value, ast.Tuple) else []
    return [item for item in items if isinstance(item, ast.List)]


@detects("KT446")
def augmented_validation(program: Program) -> Findings:
    """Finds validation data of a generator that turns, shifts or mirrors them at random."""
    trained = {id(call.value(0, "x", "generator")) for call in program.methods(*FITS)}
    for call in program.method_calls(*FITS, *SCORES):
        fits = call.method in FITS and call.has("validation_data")
        value = call.keywords["validation_data"] if fits else None
        if call.method in SCORES and program.method_of(call):
            value = call.value(0, "x", "generator")
        flow = value.call if isinstance(value, Result) and id(value) not in trained else None
        source = flow.receiver if flow is not None else None
        made = source.call if isinstance(source, Result) else None
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


@detects("KT271")
def lists_of_python_2(program: Program) -> Findings:
    """Finds `names.keys()[0]`, `len(map(f, x))`, `numpy.array(zip(a, b))` and the like."""
    seen: set[int] = set()
    own = program.function_names
    for value in (*wanted_as_lists(program), *used_up(program)):
        made = value.call if isinstance(value, Result) else None
        if made is None or id(made) in seen or made.method in own or not is_lazy(program, made):
            continue
        seen.add(id(made))
        changes = wrapped(made.node, "list")
        yield from program.report("KT271", made, changes, callee=made.method or made.last)


@detects("KT330")
def next_of_python_2(program: Program) -> Findings:
    """Finds `batches.next()`, and classes that have `next` alone, as Python 2 ran through them."""
    for call in read_by_next(program) if program.imports_keras else ():
        changes = [replace(call.node, f"next({program.source(call.owner)})")]
        yield from program.report("KT330", call, changes, new="next(...)")
    for kind, method in without_next(program) if program.imports_keras else ():
        changes = [insert(span_of(method).end, f"\n{' ' * method.col_offset}__next__ = next")]
        yield from program.report("KT330", kind, changes, method, new="__next__ = next")


@detects("KT398")
def unknown_datasets(program: Program) -> Findings:
    """Finds `dataset.make_one_shot_iterator` and what else a data set no longer has."""
    known, text = api.members("Dataset"), program.document.text
    data = ("tf.data" in text or "tfds" in text) and "compat.v1" not in text
    first = program.is_graph and "compat.v1 as " in text  # has all that there was
    for access in program.accesses if not first else ():
        name, of = access.name, access.of
        gone = not access.stores and name not in known and not name.startswith("_")
        gone = gone and not (name in _OF_FOLDERS and isinstance(of, Result) and of.call.ref)
        meant = gone and data and _OF_DATASETS.fullmatch(name) and name not in program.stored_names
        meant = meant and not isinstance(of, Instance) and not program.is_model(of)
        if gone and (meant or _is_dataset(of)) and not is_tried(access):
            hint = api.likely(name, known, "it has", 0.8)
            values = {"kind": "Dataset", "name": name, "hint": hint}
            changes = [] if program.is_graph else _as_iterator(program, access)
            yield from program.report("KT398", access, changes, None, None, **values)
        kind, new = _OF_OTHERS.get(name, ("", ""))
        others = kind == "Strategy" and "tf.distribute" in text
        others = others or (kind == "Variable" and not program.is_graph)
        if others or (kind == "Iterator" and _is_iterator(of)):
            changes = [rename_attribute(access.node, new)] if new else []
            hint = f"; it has `{new}`" if new else ""
            yield from program.report("KT398", access, changes, kind=kind, name=name, hint=hint)


def _as_iterator(program: Program, access: Access) -> list[Edit]:
    """Returns the edits that write `iter(dataset)`."""
    call = program.parents.get(id(access.node))
    if not isinstance(call, ast.Call) or call.args or not access.name.endswith("shot_iterator"):
        return []
    end = span_of(access.node.value).end
    return [insert(span_of(call), "iter("), Edit(end.to(span_of(call)), ")")]


def _is_iterator(value: Value) -> bool:
    """Tells whether a value is what runs through a data set."""
    call = value.call if isinstance(value, Result) else None
    made = call is not None and (call.method or call.last).endswith("_iterator")
    runs = call is not None and call.name == "builtins.iter" and bool(call.args)
    return made or (runs and call is not None and _is_dataset(call.args[0]))


def _is_dataset(value: Value) -> bool:
    """Tells whether a value is a `tf.data.Dataset`, after whatever methods that return one."""
    while isinstance(value, (Result, Join)):
        if isinstance(value, Join):
            if not all(isinstance(option, Result) for option in value.options):
                return False  # but a dictionary, perhaps
            value = value.options[0]  # such as that of before a condition
            continue
        call = value.call
        if call.ref is not None:
            head, _, last = call.name.rpartition(".")
            made = head == "tensorflow.data.Dataset" and last.startswith(_MAKERS)
            return made or _READERS.fullmatch(call.name) is not None
        if call.method not in _CHAINED or call.receiver is None:
            return False
        value = call.receiver
    return False


@detects("KT277", "KT278", "KT279", "KT464")
def tables(program: Program) -> Findings:
    """Finds `table["a"][0] = 1`, numbers among the texts of a column, and `inplace=True`."""
    for place, changes in read_only(program):
        yield from program.report("KT279", place, changes)
    for place, changes in numbers_among_texts(program):
        yield from program.report("KT277", place, changes)
    for place, name, changes in columns_changed(program):
        yield from program.report("KT464", place, changes, name=name)
    for call, table, changes in changed_in_place(program):
        yield from program.report("KT278", call, changes, callee=call.method, table=table)


@detects("KT466")
def texts_as_objects(program: Program) -> Findings:
    """Finds `table["a"].dtype == object` and `table.select_dtypes(include="object")`."""
    for node, changes in tables_of_objects(program):
        yield from program.report("KT466", node, changes)
