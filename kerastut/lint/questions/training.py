"""What detectors want to know of a training: its loss, its labels, its arrays."""

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from ..rules import api
from ..semantics.facts import Access, Call, Fact, Result, Subscript, origins
from ..semantics.models import Model
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.values import Attribute, Constant, Display, Ref, Value, options
from .labels import labels_of

_ORDER = attrgetter("order")
SHORT = {
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
FITS = ("fit", "fit_generator")
_TURNS = 10  # times that one is frozen and freed in a function
_LAYERS = 100  # that are looked at
TRAINS = (*FITS, "train_on_batch")
SCORES = ("evaluate", "evaluate_generator", "predict", "predict_generator")
# Words of Keras 1, where a generator was counted in samples rather than in batches.
KERAS1 = re.compile(
    r"\b(nb_epoch|samples_per_epoch|nb_val_samples|val_samples|max_q_size|nb_worker|pickle_safe"
    r"|border_mode|nb_filter|dim_ordering|[WUb]_regularizer)\s*="
    r"|\binit\s*=\s*['\"](uniform|normal|zero|glorot_|he_|lecun_)"
)
# The positions of `monitor`.
MONITOR = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ReduceLROnPlateau": 0,
    "keras.callbacks.ModelCheckpoint": 1,
}


@dataclass(frozen=True)
class Loss:
    """The loss of a `compile`."""

    name: str  # as a function: `sparse_categorical_crossentropy`
    from_logits: bool = False  # whether it is told that the outputs are raw scores
    text: bool = False  # whether it is given as a string

    @property
    def measures_distance(self) -> bool:
        """Whether it is one of a regression."""
        return self.name.startswith(("mean_", "huber", "log_cosh"))


def fits(program: Program) -> Iterator[tuple[Model, Call]]:
    """Returns every training of a model of this document."""
    for model in program.models:
        for call in model.called(*FITS):
            yield model, call


def fits_integers(model: Model) -> bool:
    """Tells whether integer labels are fitted: of two one-hot columns, both losses are equal."""
    return any(labels_of(fit.value(1, "y")) == "integer" for fit in model.called(*FITS))


def compile_before(model: Model, call: Call) -> Call | None:
    """Returns the `compile` that a model's method relies on."""
    compiled = model.called("compile")
    before = bisect_left(compiled, call.order, key=_ORDER)
    return compiled[before - 1] if before else None


def loss_of(compiled: Call | None) -> Loss | None:
    """Returns the loss that `compile` is given, if it can be known."""
    return _loss(compiled.value(1, "loss")) if compiled is not None else None


def _loss(value: Value | None) -> Loss | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Loss(SHORT.get(value.value.lower(), api.snake(value.value)), text=True)
    if isinstance(value, Ref) and value.canonical.startswith("keras.losses."):
        return Loss(value.canonical.rpartition(".")[2])
    if isinstance(value, Result) and value.call.name.startswith("keras.losses."):
        return Loss(api.snake(value.call.last), value.call.literal(0, "from_logits") is True)
    return None


def losses(program: Program) -> Iterator[tuple[Model, Call, Loss]]:
    """Returns the models whose last layer and loss are known, with each `compile` or use."""
    added = {id(call.value(0)) for call in program.method_calls("add")}
    for model in program.models:
        inside = id(model.value) in program.applied or id(model.value) in added
        if inside and not model.called(*FITS, "train_on_batch"):
            continue  # another model trains it, with a loss of its own
        head = model.layers[-1:] if model.ends else []
        certain = any(layer.name == "keras.layers.Dense" for layer in head)
        traced = model.complete or model.kind in ("functional", "subclass")
        certain = certain or (bool(model.layers) and traced)
        compiled = model.called("compile")
        # A page shows several ways to compile a model, one below the other.
        blocks = {program.document.chunk_at(call.node.lineno) for call in compiled}
        made = program.document.chunk_at(model.call.node.lineno) if model.call else None
        shown = len(compiled) > 1 == len(blocks) and made not in blocks
        shown = shown and not model.called(*FITS, "train_on_batch")
        for call in compiled if certain and not shown else ():
            loss = loss_of(call)
            grows = any(added.order > call.order for added in model.called("add"))
            if loss is not None and not grows:
                yield model, call, loss
    told: set[int] = set()
    for call in program.all_calls:  # `loss = loss_object(y, model(x))`
        measure, scores = call.callee, call.value(1, "y_pred")
        if isinstance(measure, Result) and isinstance(scores, Result) and measure.call.keywords:
            known, applied = _loss(measure), program.model_of(scores.call.callee)
            logits = known is not None and known.from_logits and id(measure) not in told
            if known is not None and logits and applied is not None and applied.ends:
                told.add(id(measure))
                yield applied, measure.call, known


def has_validation(fit: Call) -> bool:
    """Tells whether `fit` may have validation data."""
    starred = not all(keyword.arg for keyword in fit.node.keywords)
    starred = starred or ast.Starred in map(type, fit.node.args)
    most = 5 if fit.method == "fit_generator" else 6
    return starred or fit.has("validation_data", "validation_split") or len(fit.args) > most


def fit_of(history: Value) -> Call | None:
    """Returns the `fit` that a history is of, where it is one alone."""
    made = [option.of for option in options(history) if isinstance(option, Attribute)]
    return made[0].call if len(made) == 1 and isinstance(made[0], Result) else None


def is_prepared(fact: Fact) -> bool:
    """Tells whether the program asks first whether the key is there, or where it is chosen."""
    value = getattr(fact.statement, "value", None)
    chosen = [value.test] if isinstance(value, ast.IfExp) else []
    return fact.is_caught("KeyError", "LookupError") or any(
        isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn))
        for test in (*fact.tests, *chosen)
        for node in ast.walk(test)
    )


def read_without_validation(program: Program) -> Iterator[tuple[Subscript, str]]:
    """Yields where a history is asked for what only validation data give, and the key."""
    asked = "val_" in program.document.text
    trained = {id(fit): model.kind for model, fit in fits(program)} if asked else {}
    for one in program.subscripts if trained else ():
        key = one.key.value if isinstance(one.key, Constant) and not one.stores else None
        fit = fit_of(one.of) if isinstance(key, str) and key.startswith("val_") else None
        if fit is None or trained.get(id(fit), "subclass") == "subclass" or has_validation(fit):
            continue
        given = fit.value(4 if fit.method == "fit_generator" else 5, "callbacks")
        listed = given is None or isinstance(given, Display)
        known = listed and len([*callbacks(given)]) == len(getattr(given, "items", ()))
        known = known and all(made.name.startswith("keras.") for made in callbacks(given))
        if known and not is_prepared(one) and not program.apart(fit, one):
            yield one, str(key)


def callbacks(given: Value | None) -> Iterator[Call]:
    """Returns the calls that make the callbacks of a `fit`, as far as they are listed."""
    for option in options(given):
        items = option.items if isinstance(option, Display) else (option,)
        for item in items:
            if isinstance(item, Result):
                yield item.call


def monitored(call: Call) -> str:
    """Returns the metric that a callback depends on, or ""."""
    keeps_best = call.literal(None, "save_best_only") is True
    if call.name not in MONITOR or (call.last == "ModelCheckpoint" and not keeps_best):
        return ""
    if call.value(MONITOR[call.name], "monitor") is None:
        return "val_loss"
    monitor = call.literal(MONITOR[call.name], "monitor")
    return monitor if isinstance(monitor, str) else ""


def goes_on(program: Program, load: Call, fit: Call, reached: set[str]) -> bool:
    """Tells whether a training runs after a call that loads weights: both are reached here.

    The branch that loads them may decide that, as by `threshold = 10**9` for `if step > threshold`.
    """
    functions = {place.scope.rpartition(".")[2] for place in (load, fit)} - {""}
    if fit.excludes(load) or not (load.scope == fit.scope or functions <= reached):
        return False
    asked = {getattr(node, "id", "") for test in fit.tests for node in ast.walk(test)}
    set_here = (
        one.name
        for one in (program.definitions if load.guards and asked else ())
        if one.guards == load.guards and one.scope == load.scope
    )
    return asked.isdisjoint(set_here)


def lasts(program: Program, node: ast.AST, fit: Call, epochs: object) -> bool:
    """Tells whether a generator has no end, or yields as many batches as `fit` draws."""
    nodes = list(ast.walk(node))
    steps = fit.literal(1 if fit.method == "fit_generator" else None, "steps_per_epoch")
    loops = [one for one in nodes if isinstance(one, ast.For)]
    if any(_never_ends(program.value_at(loop.iter)) for loop in loops):
        return True
    for loop in loops:
        call = program.calls_at.get(id(getattr(loop.iter, "func", None)))
        rounds = call.literal(0) if call and call.name == "builtins.range" else None
        if isinstance(rounds, int) and isinstance(epochs, int):
            once = steps if len(loops) == 1 else 1  # an inner loop may be an epoch
            if isinstance(once, int) and rounds >= epochs * once:
                return True
        if "epoch" in program.source(loop.iter):
            return True
    return any(map(_is_endless, nodes))


def _never_ends(value: Value | None) -> bool:
    """Tells whether a value is an iterator of `ImageDataGenerator`, or a `zip` of such ones."""
    call = value.call if isinstance(value, Result) else None
    if call is not None and call.name == "builtins.zip":
        return bool(call.args) and all(map(_never_ends, call.args))
    return call is not None and re.match(r"flow(_from_\w+)?$", call.method or "") is not None


def _is_endless(node: ast.AST) -> bool:
    """Tells whether a node is a loop without an end, such as `while True`, or guards the end."""
    if isinstance(node, ast.FunctionDef):
        return isinstance(node.body[-1], ast.Raise)
    if isinstance(node, ast.While):
        return not isinstance(node.test, ast.Compare)
    source = node.iter if isinstance(node, ast.For) else None
    return name_of(getattr(source, "func", None)) in ("count", "cycle", "repeat")


def passed(program: Program, node: ast.expr | None) -> list[tuple[Call, Value, ast.expr]]:
    """Returns the calls of a function that give it the argument which a node reads, and what."""
    taken = getattr(program.read_at(node), "node", None)
    function = program.parents.get(id(program.parents.get(id(taken))))
    if not isinstance(taken, ast.arg) or not isinstance(function, ast.FunctionDef):
        return []
    place = next((i for i, one in enumerate(function.args.args) if one is taken), None)
    calls = program.calls_of[id(function)]
    return [(call, *given) for call in calls if (given := call.given(place, taken.arg))]


def freezes(program: Program, item: Access) -> bool:
    """Tells whether `trainable` is set to False, as every call of a function says that sets it."""
    value = getattr(item.statement, "value", None)
    given = [node for _, _, node in passed(program, value)]
    values = given if given else [value]
    return all(getattr(one, "value", None) is False for one in values)


def training_after(call: Call, model: Model) -> Call | None:
    """Returns the training that a `compile` is for: the next one, or one in a function."""
    calls = model.called(*TRAINS)
    after = bisect_right(calls, call.order, key=_ORDER)
    found = calls[after] if after < len(calls) else calls[-1] if calls else None
    fits = found is not None and (found.order > call.order or found.scope)
    return found if fits and found is not None and not call.excludes(found) else None


def holds(model: Model, other: Model) -> bool:
    """Tells whether a model surely has every layer of another one, which may be a part of it."""
    added = [one.value(0, "layer") for one in model.called("add")[:_LAYERS]]
    inside = {id(one) for one in origins(model.value, *filter(None, added))}
    results = [one for one in origins(other.value) if isinstance(one, Result)]
    applied = {id(one.call.callee) for one in results if not isinstance(one.call.callee, Ref)}
    whole = id(other.value) in inside
    return whole or (other.kind == "functional" and bool(applied) and applied <= inside)


def switch_of(program: Program, item: Access) -> tuple[Fact, ast.expr]:
    """Returns where a model is frozen, and its name there: the call of a function told to do so."""
    told = passed(program, getattr(item.statement, "value", None))
    given = passed(program, item.node.value) if told else []
    return next(((call, name) for call, _, name in given), (item, item.node.value))


def freed_again(program: Program) -> Iterator[tuple[Access, str]]:
    """Yields what is frozen while another model is compiled, and freed before that is trained."""
    switches = [one for one in program.accesses if one.stores and one.name == "trainable"]
    calls = [one for one in program.all_calls if one.method in ("compile", *TRAINS)]
    named: dict[tuple[ast.AST | None, str], list[Access]] = {}
    inner_calls: dict[ast.AST | None, list[Call]] = {}
    for one in sorted(calls, key=_ORDER) if len(switches) > 1 else ():
        inner_calls.setdefault(program.around(one.node, ast.FunctionDef), []).append(one)
    for item in switches:
        inner = program.around(item.node, ast.FunctionDef)
        named.setdefault((inner, program.source(item.node.value)), []).append(item)
    found: list[tuple[Access, Access, str]] = []
    last = {
        key: {program.source(one.node.func): one.order for one in made}
        for key, made in inner_calls.items()
    }
    for (function, name), items in named.items():
        here = inner_calls.get(function, [])
        for first, item in pairwise(items[:_TURNS]):
            start, stop = (bisect_left(here, side.order, key=_ORDER) for side in (first, item))
            stop = min(stop, start + _TURNS)
            turned = freezes(program, first) and not freezes(program, item)
            inside = here[start:stop] if turned else []
            others = {program.source(one.node.func) for one in inside} - {f"{name}.compile"}
            trains = any(one.method != "compile" for one in inside)
            if not trains and any(last[function][one] < item.order for one in others):
                found.append((first, item, name))
    around = {id(first) for first, _, _ in found}
    frozen = [one for one in switches if freezes(program, one) and id(one) not in around]
    again = {program.source(one.node.value) for one in frozen}
    told = {item.node.lineno: (item, name) for _, item, name in found[::-1] if name not in again}
    yield from told.values()  # of the layers of one line, the first
