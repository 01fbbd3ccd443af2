"""What models are trained and tested on: the test set, the split, the scale, the type."""

import ast
import math
import re
from functools import cache
from itertools import chain, pairwise

from ..finding import Edit, span_of
from ..fixes.edits import insert, rename_attribute, separator, wrapped
from ..fixes.missing import Missing
from ..fixes.moving import reach
from ..questions.arrays import (
    empty_list,
    gathers_numbers,
    is_drawn,
    is_numbers,
    is_pixels,
    root,
    samples,
    scale,
    shuffles,
)
from ..questions.fitting import HELD, SCALERS, fitted_to_all, maker
from ..questions.labels import is_ordered, random_call
from ..questions.named import named_for_one
from ..questions.objects import made_objects
from ..questions.training import FITS, fits
from ..registering import Findings, detects
from ..semantics.facts import Call, Result, origins
from ..semantics.models import layer_call
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Part, Value

_FEW = 20  # samples for validation
_OFTEN = 100  # a divisor that scales pixels
_SCALING = tuple(
    f"keras.layers.{name}"
    for name in ("Rescaling", "Normalization", "BatchNormalization", "Lambda", "Embedding")
)
_ORDER = "keras.config.set_image_data_format"
# Who speaks of the order has settled it, or is told where.
_SETTLED = re.compile(r"channels_first|data_format|dim_ordering|['\"]th['\"]")
_CHANNELS = (1, 3)
_SMALLEST = 16  # rows or columns of an image, rather than channels
_SIDE = re.compile(r"width|height|rows?\b|cols?\b|size|\b[hw]\b|\.shape\[[23]\]", re.I)
# Which arguments of these are arrays.
_TAKING: dict[str, tuple[str, ...]] = {"predict": ("x",)}
_TAKING |= dict.fromkeys(("fit", "evaluate", "train_on_batch", "test_on_batch"), ("x", "y"))


@detects("KT407")
def poor_split(program: Program) -> Findings:
    """Finds splits whose validation part is tiny or of one class."""
    calls = (call for call in program.all_calls if shuffles(call))
    shuffled = cache(lambda: {id(root(call.args[0])) for call in calls})
    for _, fit in fits(program):
        share = fit.literal(6, "validation_split")
        given = fit.expression(6, "validation_split")
        if not isinstance(share, float) or given is None or not 0 < share < 1:
            continue
        x, y = fit.value(0, "x"), fit.value(1, "y")
        if any(id(one) in program.shared for one in origins(*filter(None, (x, y)))):
            continue  # of another call, perhaps
        total = samples(y) or samples(x)
        few = total is not None and total * share < _FEW
        ordered = y is not None and is_ordered(y) and id(root(y)) not in shuffled()
        if few or (ordered and not any(map(is_drawn, origins(*filter(None, [y]))))):
            text = f"{share:.0%}" if total is None else f"{max(round(total * share), 1)}/{total}"
            yield from program.report("KT407", fit, at=given, share=text)


@detects("KT409")
def random_labels(program: Program) -> Findings:
    """Finds training on labels that are drawn at random."""
    for _, fit in fits(program):
        drawn = random_call(fit.value(1, "y"))
        if drawn is not None:
            yield from program.report("KT409", drawn)


@detects("KT420")
def raw_pixels(program: Program) -> Findings:
    """Finds training on pixels from 0 to 255."""
    for model in program.models:
        scaled = any(layer.name in _SCALING for layer in model.layers)
        for fit in model.called(*FITS) if model.complete and not scaled else ():
            given = fit.given(0, "x")
            if given is not None and is_pixels(root(given[0])):
                yield from program.report("KT420", fit, at=given[1])


@detects("KT423")
def test_data_not_scaled(program: Program) -> Findings:
    """Finds `evaluate` and `predict` on raw data after training on scaled data."""
    for model in program.models:
        makers: set[str] = set()  # of what it was trained on until then
        for call in model.called(*FITS, "evaluate", "predict"):
            x, given = call.value(0, "x"), call.expression(0, "x")
            source, factor = scale(x) if x is not None else (None, math.nan)
            maker = _maker(source)
            if call.method not in FITS and factor == 1.0 and maker in makers and given is not None:
                yield from program.report("KT423", call, at=given)
            elif call.method in FITS and factor >= _OFTEN and maker is not None:
                makers.add(maker)


def _maker(value: Value | None) -> str | None:
    """Returns the name of the call that an array or its parts come from."""
    while isinstance(value, Part):
        value = value.of
    return value.call.name or None if isinstance(value, Result) else None


@detects("KT461")
def fitted_again(program: Program) -> Findings:
    """Finds `scaler.fit_transform(x_test)` after it, or one like it, was fitted to `x_train`."""
    fitted: dict[int | tuple[str, str], list[str]] = {}  # what an object, or such a one, took
    for call in program.method_calls("fit", "fit_transform", "adapt"):
        made = maker(call.receiver)
        # What only fits may be about to undo the scaling of one column.
        bare = isinstance(call.statement, ast.Expr) and call.method == "fit_transform"
        if made is None or not call.node.args or bare or not SCALERS.fullmatch(made.name):
            continue
        parts = [*ast.walk(call.node.args[0])]
        names = [part.id for part in parts if isinstance(part, ast.Name)]
        held = any(map(HELD.search, names)) and not any("train" in name for name in names)
        like = made.name, _kind(names[0]) if names else ""
        data = [like[1], *(program.source(one) for one in parts if isinstance(one, ast.Constant))]
        if held and {id(made), like} & fitted.keys() and isinstance(call.node.func, ast.Attribute):
            same = fitted.get(id(made)) == data  # the same columns
            transforms = call.method == "fit_transform" and same and len(call.node.args) == 1
            changes = [rename_attribute(call.node.func, "transform")] if transforms else []
            fitted[id(made)] = data if transforms else []
            values = {"method": call.method, "name": next(filter(HELD.search, names))}
            yield from program.report("KT461", call, changes, None, None, **values)
        elif not held and names:
            fitted[id(made)] = data
            if "train" in names[0]:
                fitted[like] = data


def _kind(name: str) -> str:
    """Returns what is left of the name of data without the part that they are."""
    return HELD.sub("", re.sub("train", "", name))


@detects("KT462")
def fitted_before_splitting(program: Program) -> Findings:
    """Finds `x = scaler.fit_transform(x)` before `train_test_split(x)`, and slices named so."""
    for call in fitted_to_all(program):
        yield from program.report("KT462", call, name=program.source(call.owner))


@detects("KT275")
def tables_as_objects(program: Program) -> Findings:
    """Finds `get_dummies(table).values` and `table["a"].replace({"x": 0})` in training."""
    for call, new, changes in made_objects(program):
        callee = call.last or call.method
        yield from program.report("KT275", call, changes, callee=callee, new=new)


@detects("KT427")
def lists_as_data(program: Program) -> Findings:
    """Finds `fit([1, 2, 3], [2, 4, 6])`, and what a loop has appended, where Keras wants arrays."""
    added = program.method_calls("append")
    looped = [one for one in added if program.around(one.node, ast.For, ast.While)]
    grown = {id(one.receiver) for one in looped if one.receiver}
    for call in program.methods(*_TAKING):
        asked = enumerate(_TAKING[call.method or ""])
        places = [call.given(position, name) for position, name in asked]
        pair = call.given(7, "validation_data") if call.method == "fit" else None
        if pair is not None and isinstance(pair[0], Display) and isinstance(pair[1], ast.Tuple):
            places += zip(pair[0].items, pair[1].elts, strict=False)
        for value, node in (place for place in places if place is not None):
            model = program.model_of(call.receiver)
            alone = model is not None and model.kind == "sequential"  # of one input and output
            grows = alone and id(empty_list(value)) in grown
            if not (grows or is_numbers(value) or gathers_numbers(program, value)):
                continue
            numpy = program.named("numpy")
            name = numpy.name if numpy is not None else "np"
            changes = wrapped(node, f"{name}.array")
            if numpy is None:
                brought = Missing("numpy", "", name).edit(program, call.node)
                free = not program.names_of.get(name)
                changes = [*brought, *changes] if brought and free else []
            yield from program.report("KT427", call, changes, at=node, callee=call.method)


@detects("KT468")
def named_targets(program: Program) -> Findings:
    """Finds `fit(x, {"out": y})` of a model of one output, and such losses of a Sequential one."""
    for call, node, changes in named_for_one(program):
        yield from program.report("KT468", call, changes, at=node, callee=call.method)


@detects("KT265")
def channels_first(program: Program) -> Findings:
    """Finds `Conv2D(32, 3, input_shape=(1, 28, 28))`, where nothing says how to read the shape."""
    settled = cache(lambda: _SETTLED.search(program.document.text) is not None)
    pairs = chain.from_iterable(pairwise(model.layers) for model in program.models)
    shaped = {id(after): one for one, after in pairs if one.name == "keras.layers.Reshape"}
    for call in program.all_calls:
        layer = layer_call(call.result) or layer_call(call.callee)
        if layer is None or "2D" not in layer.last or "LSTM" in layer.last or _is_flat(layer):
            continue
        applied = call.value(0) if layer is not call else None
        first = shaped.get(id(layer)) or (applied.call if isinstance(applied, Result) else call)
        names = {"Input": "shape", "Reshape": "target_shape"}.get(first.last, "input_shape")
        given = first.given(0 if first is not call else None, names)
        if given is not None and _is_theano(program, given[0]) and not settled():
            at = getattr(given[0], "node", given[1])
            changes, shape = _set_order(program, call), program.source(at)
            yield from program.report("KT265", first, changes, at=at, shape=shape)


def _is_flat(layer: Call) -> bool:
    """Tells whether a kernel is one row high, as it may be over images of one row."""
    size = layer.value(1, "kernel_size", "nb_row")
    rows = size.items[0] if isinstance(size, Display) and size.items else size
    return isinstance(rows, Constant) and rows.value == 1


def _is_theano(program: Program, shape: Value) -> bool:
    """Tells whether a shape is that of an image with its channels first."""
    if not isinstance(shape, Display) or len(shape.items) != 3:
        return False
    first, *sides = shape.items
    nodes = getattr(shape.node, "elts", ())[1:]
    channels = first.value if isinstance(first, Constant) else None
    named = [_SIDE.search(program.source(node)) is not None for node in nodes]
    pairs = zip(sides, named, strict=False)
    return channels in _CHANNELS and all(_is_side(*pair) for pair in pairs)


def _is_side(value: Value, named: bool) -> bool:
    if isinstance(value, Constant):
        return isinstance(value.value, int) and value.value >= _SMALLEST
    return named


def _set_order(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that have Keras read channels first, from this statement on."""
    reached = reach(program, call, _ORDER)
    if reached is None:
        return []
    name, edits = reached
    text = f'{name}("channels_first"){separator(program, call.statement)}'
    return [*edits, insert(span_of(call.statement), text)]
