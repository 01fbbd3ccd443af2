"""Habits that a tutorial had better not teach, and how the test set is used."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes.edits import replace
from ..fixes.moving import reach
from ..questions.training import SCORES, TRAINS, callbacks, fits, has_validation, monitored
from ..registering import Findings, detects
from ..rules.rule import load_rules
from ..semantics.facts import Call, origins, read_elsewhere
from ..semantics.program import Program
from ..semantics.values import Display, Operation, Undefined
from .names import is_tried

_SEEDS = re.compile(
    r"random\.seed|numpy\.random\.seed|keras\.utils\.set_random_seed"
    r"|tensorflow\.(random\.)?set_random_seed|tensorflow\.random\.set_seed"
)
_RANDOM = re.compile(rf"{_SEEDS.pattern}|numpy\.random\.")
_OTHER_SEEDS = ("numpy.random.seed", "tensorflow.random.set_seed")
_GENERATORS = ("numpy.random.default_rng", "numpy.random.RandomState")
_WRAPPERS = ("KerasClassifier", "KerasRegressor", "SKLearnClassifier", "SKLearnRegressor")
_TEST = re.compile(r"(^|_)test(_|\d|$)|^test|test$", re.IGNORECASE)
_COMPARES = re.compile(r"score|_error$|_report$|confusion_matrix|accuracy")
_LABELS = ("xlabel", "ylabel", "set_xlabel", "set_ylabel", "set", "title", "set_title")
_IDLE = {"add", "summary", "build", "pop", "get_layer", "count_params"}
_MANY_EPOCHS = 100
_SEVERAL_EPOCHS = 5
_LEAST = 2  # statements of a block: one alone is often repeated with good reason


@detects("KT601")
def no_seed(program: Program) -> Findings:
    """Finds the first random number or training of a document that never seeds."""
    trained = [fit for _, fit in fits(program)]
    if not trained or any(map(_seeds, program.all_calls)):
        return
    drawn = [call for call in program.all_calls if call.name.startswith("numpy.random.")]
    yield from program.report("KT601", min([*drawn, *trained], key=lambda call: call.order))


def _seeds(call: Call) -> bool:
    seeded = call.name in _GENERATORS and bool(call.args or call.keywords)
    return seeded or _SEEDS.fullmatch(call.name) is not None


@detects("KT444")
def seed_of_numpy(program: Program) -> Findings:
    """Finds seeds of NumPy and TensorFlow alone in a program that trains."""
    drawn = [call for call in program.all_calls if _RANDOM.match(call.name)]
    last = [call for call in drawn if call.name == "tensorflow.random.set_seed"]
    seeds = list(filter(_seeds, drawn)) if last else drawn  # what NumPy draws, its seed is for
    alone = all(call.name in _OTHER_SEEDS for call in seeds) and "src" not in program.ways
    for call in last or seeds if alone and _trains(program) else ():
        reached = reach(program, call, "keras.utils.set_random_seed")
        number = len(call.node.args) == 1 and isinstance(call.literal(0), int)
        changes = []
        if reached is not None and number:
            changes = [*reached[1], replace(call.node.func, reached[0])]
        yield from program.report("KT444", call, changes, name=program.source(call.node.func))


def _trains(program: Program) -> bool:
    """Tells whether a model of Keras is trained, made here or elsewhere."""
    if any(call.last in _WRAPPERS for call in program.all_calls):
        return True  # scikit-learn trains it
    trained = program.method_calls(*TRAINS)
    return any(program.is_model(one.receiver) for one in trained if one.receiver) or any(
        map(program.method_of, trained)
    )


@detects("KT406", "KT613")
def test_set_as_validation(program: Program) -> Findings:
    """Finds `validation_data` that are the test set: by name, or scored by at the end alone."""
    scored = {
        name for call in program.methods("evaluate", "evaluate_generator") for name in _given(call)
    }
    # What is predicted for them is held against their labels: `accuracy_score(y_test, guess)`.
    predicted = [name for call in program.methods("predict") for name in _given(call)]
    for call in program.all_calls if predicted else ():
        held = set(_given(call)) if call.last and _COMPARES.search(call.last) else set()
        scored |= held.union(predicted if any(map(_TEST.search, held)) else ())
    for _, fit in fits(program):
        given = fit.expression(7, "validation_data")
        names = _names(given) if given is not None else []
        watched = map(monitored, callbacks(fit.value(5, "callbacks")))
        chosen = any(name.startswith("val_") for name in watched)
        named, alone = any(map(_TEST.search, names)), scored and scored <= {*names}
        if named or (chosen and alone):
            code = "KT406" if named and scored.intersection(names) else "KT613"
            yield from program.report(code, fit, at=given)


def _given(call: Call) -> list[str]:
    """Returns the names of the arrays that a call is given first."""
    named = [one.value for one in call.node.keywords if one.arg in ("x", "y")]
    return [name for node in [*call.node.args[:2], *named] for name in _names(node)]


def _names(expression: ast.expr) -> list[str]:
    """Returns the names of an array, in another form or in part, or of a tuple of arrays."""
    match expression:
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return [name for item in items for name in _names(item)]
        case ast.Attribute(value=inner, attr="values") | ast.Subscript(value=inner):
            return _names(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="reshape" | "astype")):
            return _names(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return [name]
    return []


@detects("KT602")
def float64_one_hot(program: Program) -> Findings:
    """Finds `to_categorical`, whatever module it is taken from: its labels are float64."""
    for call in program.calls("keras.utils.to_categorical"):
        yield from program.report("KT602", call)


@detects("KT603")
def never_scored(program: Program) -> Findings:
    """Finds training in a document that neither evaluates nor predicts anything."""
    if not program.method_calls(*SCORES, "predict_classes"):
        for _, fit in fits(program):
            yield from program.report("KT603", fit)


@detects("KT603")
def score_unseen(program: Program) -> Findings:
    """Finds results of `evaluate` that are never read, or read by their position."""
    subscripted = {id(subscript.of) for subscript in program.subscripts}
    for call in program.methods("evaluate"):
        by_position = id(call.result) in subscripted
        named = call.literal(None, "return_dict") is True
        if not named and (by_position or _is_dropped(program, call)):
            yield from program.report("KT603", call)


def _is_dropped(program: Program, call: Call) -> bool:
    """Tells whether the result has a name that is never read."""
    bound = program.definitions_of[id(call.result)]
    assigned = isinstance(call.statement, ast.Assign) and call.statement.value is call.node
    return bool(bound) and assigned and not any(one.uses for one in bound)


@detects("KT604", "KT605", "KT606")
def epochs(program: Program) -> Findings:
    """Finds epochs with too many progress bars, that watch nothing, or of which the last counts."""
    for model, fit in fits(program):
        given = fit.literal(3, "epochs", "nb_epoch")
        count = given if isinstance(given, int) else 0
        loud = fit.value(4, "verbose") is None or fit.literal(4, "verbose") in (1, True, "auto")
        if loud and count >= _MANY_EPOCHS:
            yield from program.report("KT604", fit, epochs=count, lines=2 * count)
        if count < _SEVERAL_EPOCHS:
            continue
        scored = any(call.order > fit.order for call in model.called("evaluate")[-1:])
        if not has_validation(fit):
            yield from program.report("KT605", fit)
        elif scored and fit.value(5, "callbacks") is None:
            yield from program.report("KT606", fit, epochs=count)


@detects("KT607")
def bare_plot(program: Program) -> Findings:
    """Finds the first curve of a training in a document that never labels an axis."""
    functions = [(call.method or call.last, call) for call in program.all_calls]
    if any(name in _LABELS for name, _ in functions):
        return
    for name, call in functions:
        unbound = isinstance(call.receiver, Undefined) and call.receiver.name == "plt"
        plots = unbound or call.name.startswith("matplotlib.") or call.method == "plot"
        shown = origins(*call.args)
        if name == "plot" and plots and any(map(program.is_history_dict, shown)):
            yield from program.report("KT607", call)
            return


@detects("KT608")
def repeated_block(program: Program) -> Findings:
    """Finds blocks whose text is the same as that of an earlier one."""
    seen: dict[str, int] = {}
    for chunk in program.document.chunks:
        text = "\n".join(line.rstrip() for line in chunk.lines).strip()
        if not text or chunk.tree is None or len(chunk.tree.body) < _LEAST:
            continue
        if text in seen:
            yield from program.report("KT608", chunk.tree.body[0], line=seen[text])
        seen.setdefault(text, program.document.locate(chunk.first_line, 0).row)


@detects("KT609")
def one_element_lists(program: Program) -> Findings:
    """Finds `Model(inputs=[x], outputs=[y])`."""
    for call in program.calls("keras.Model"):
        for position, names in ((0, ("inputs", "input")), (1, ("outputs", "output"))):
            value, given = call.value(position, *names), call.expression(position, *names)
            if not isinstance(value, Display) or len(value.items) != 1 or given is None:
                continue
            if not isinstance(value.items[0], Operation) and value.node is given:
                item = next(iter(getattr(given, "elts", ())), given)
                changes = [replace(given, program.source(item))]
                yield from program.report("KT609", call, changes, at=given)


@detects("KT610")
def never_compiled(program: Program) -> Findings:
    """Finds models that are built and then left."""
    idle = program.receivers(*_IDLE)
    for model in program.built:
        if model.call is None or model.call.scope or not set(model.methods) <= _IDLE:
            continue
        names = program.definitions_of[id(model.value)]
        if names and not read_elsewhere(names, idle):
            yield from program.report("KT610", model.call)


@detects("KT612")
def packages_of_keras2(program: Program) -> Findings:
    """Finds packages that were made for Keras 2, with what there is today."""
    successors = load_rules()["KT612"].match["packages"]
    for item in program.imports if program.document.uses_keras else ():
        old = item.ref.name.partition(".")[0]
        if old in successors and not is_tried(item):
            yield from program.report("KT612", item, at=item.alias, old=old, new=successors[old])


@detects("KT505")
def identity_of_literals(program: Program) -> Findings:
    """Finds `mode is 'train'` and `len(x) is not 4`."""
    for node in program.nodes_of(ast.Compare):
        sides = [node.left, *node.comparators]
        literal = any(type(getattr(side, "value", None)) in (int, float, str) for side in sides)
        if literal and len(sides) == 2 and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            between = span_of(sides[0]).end.to(span_of(sides[1]).start)
            old = " ".join(program.source(between).split())
            if new := {"is": "==", "is not": "!="}.get(old):
                changes = [Edit(between, f" {new} ")]
                yield from program.report("KT505", node, changes, operator=old, new=new)
