"""What models are trained and tested on: the test set, the split, the scale, the type."""

import ast
import math
import re

from ..finding import span_of
from ..fixes.edits import insert
from ..fixes.missing import Missing
from ..questions.arrays import is_drawn, is_pixels, root, samples, scale, shuffles, split_of
from ..questions.labels import is_ordered, random_call
from ..questions.training import FITS, fits
from ..registering import Findings, detects
from ..semantics.facts import Call, Result, origins
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Operation, Part, Value, remembered

_FEW = 20  # samples for validation
_OFTEN = 100  # a divisor that scales pixels
_TEST = re.compile(r"(^|_)test(_|\d|$)|^test|test$", re.IGNORECASE)
_SCORES = re.compile(r"score|_error$|_report$|confusion_matrix|accuracy")
_SCALING = tuple(
    f"keras.layers.{name}"
    for name in ("Rescaling", "Normalization", "BatchNormalization", "Lambda", "Embedding")
)
# Which arguments of these are arrays.
_TAKING: dict[str, tuple[str, ...]] = {"predict": ("x",)}
_TAKING |= dict.fromkeys(("fit", "evaluate", "train_on_batch", "test_on_batch"), ("x", "y"))


@detects("KT406", "KT613")
def test_set_as_validation(program: Program) -> Findings:
    """Finds `validation_data` whose name says that they are the test set, tested again or not."""
    scored = {
        name for call in program.methods("evaluate", "evaluate_generator") for name in _given(call)
    }
    # What is predicted for them is held against their labels: `accuracy_score(y_test, guess)`.
    predicted = [name for call in program.methods("predict") for name in _given(call)]
    for call in program.all_calls if predicted else ():
        held = set(_given(call)) if _SCORES.search(call.last) else set()
        scored |= held.union(predicted if any(map(_TEST.search, held)) else ())
    for _, fit in fits(program):
        given = fit.expression(7, "validation_data")
        names = _names(given) if given is not None else []
        if any(map(_TEST.search, names)):
            code = "KT406" if scored.intersection(names) else "KT613"
            yield from program.report(code, fit, at=given)


def _given(call: Call) -> list[str]:
    """Returns the names of the arrays that a call is given first."""
    return [name for node in call.node.args[:2] for name in _names(node)]


def _names(expression: ast.expr) -> list[str]:
    """Returns the names of an array or of a tuple of arrays."""
    if isinstance(expression, (ast.Tuple, ast.List)):
        return [name for item in expression.elts for name in _names(item)]
    if isinstance(expression, ast.Attribute):
        return [expression.attr]
    return [expression.id] if isinstance(expression, ast.Name) else []


@detects("KT407")
def poor_split(program: Program) -> Findings:
    """Finds splits whose validation part is tiny or of one class."""
    shuffled = {id(root(call.args[0])) for call in program.all_calls if shuffles(call)}
    for _, fit in fits(program):
        share = fit.literal(6, "validation_split")
        given = fit.expression(6, "validation_split")
        if not isinstance(share, float) or given is None or not 0 < share < 1:
            continue
        x, y = fit.value(0, "x"), fit.value(1, "y")
        total = samples(y) or samples(x)
        few = total is not None and total * share < _FEW
        ordered = y is not None and is_ordered(y) and id(root(y)) not in shuffled
        ordered = ordered and not any(map(is_drawn, origins(*filter(None, [y]))))
        if few or ordered:
            text = f"{share:.0%}" if total is None else f"{max(round(total * share), 1)}/{total}"
            yield from program.report("KT407", fit, at=given, share=text)


@detects("KT409")
def random_labels(program: Program) -> Findings:
    """Finds training on labels that are drawn at random."""
    for _, fit in fits(program):
        drawn = random_call(fit.value(1, "y"))
        if drawn is not None:
            yield from program.report("KT409", drawn)


@detects("KT414")
def dataset_download(program: Program) -> Findings:
    """Finds the data sets that Keras downloads."""
    for call in program.all_calls:
        if call.name.startswith("keras.datasets.") and call.name.endswith(".load_data"):
            yield from program.report("KT414", call, name=call.name)


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


@detects("KT427")
def lists_as_data(program: Program) -> Findings:
    """Finds `fit([1, 2, 3], [2, 4, 6])`, where Keras wants arrays."""
    for call in program.methods(*_TAKING):
        for position, name in enumerate(_TAKING[call.method or ""]):
            given = call.given(position, name)
            if given is not None and _is_numbers(given[0]):
                numpy = program.named("numpy")
                name = numpy.name if numpy is not None else "np"
                node = span_of(given[1])
                changes = [insert(node, f"{name}.array("), insert(node.end, ")")]
                if numpy is None:
                    brought = Missing("numpy", "", name).edit(program, call.node)
                    free = not program.names_of.get(name)
                    changes = [*brought, *changes] if brought and free else []
                yield from program.report("KT427", call, changes, at=given[1], callee=call.method)


@remembered
def _is_numbers(value: Value | None) -> bool:
    """Tells whether a value is a list of numbers, nested or not, or such a list repeated."""
    if isinstance(value, Result):
        return value.call.method in ("texts_to_sequences", "tolist")
    if isinstance(value, Part):
        return _is_numbers(split_of(value))
    if isinstance(value, Operation) and isinstance(value.node, ast.BinOp):
        repeats = isinstance(value.node.op, (ast.Mult, ast.Add))
        return repeats and any(map(_is_numbers, value.operands))
    if not isinstance(value, Display) or not isinstance(value.node, ast.List):
        return False
    others = [item for item in value.items if not isinstance(item, Constant)]
    numbers = [item.value for item in value.items if isinstance(item, Constant)]
    plain = all(isinstance(number, (int, float)) for number in numbers)
    return bool(value.items) and plain and all(map(_is_numbers, others))
