"""Classes and functions of the document: how they are called, and what they may not set or read."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes.edits import insert, remove_keyword, replace
from ..fixes.models import ends_at
from ..questions.classes import called_name
from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import Applicability
from ..semantics.facts import Access, Call, Result
from ..semantics.program import Program, bound_names
from ..semantics.scopes import LAYERS, Instance, UserFunction, kind_of
from ..semantics.values import Constant, Display, Join, Operation, Parameter, Part, Value, options

# Layers that are told by position whether they train, and what gives back a model of such.
_TRAINED = {"Dropout", "BatchNormalization", "SpatialDropout1D", "SpatialDropout2D"}
_TRAINED |= {"GaussianNoise", "GaussianDropout", "AlphaDropout", "load_model"}
# What is surely a flag, and what models are called of which nothing else is known.
_FLAG = re.compile(r"(?:is_)?training|True|False")
_MODELS = re.compile(
    r"(?i)(?:\w*_)?(?:model|net|network|generator|discriminator|critic|encoder|decoder)"
)
_ENDS = ("inputs", "outputs")
_SCHEDULES = "keras.optimizers.schedules."
_FLOATS = re.compile(r"tensorflow\.(math\.)?(rsqrt|sqrt|exp|log|cos|sin|tanh|reciprocal)")
# Properties without a setter, by the bases that have them.
_PROPERTIES = (
    ("callback", ("keras.callbacks.",), {"model"}),
    ("optimizer", ("keras.optimizers.",), {"iterations", "variables"}),
    ("metric", ("keras.metrics.", "keras.Metric"), {"dtype", "variables"}),
    ("model", ("keras.Model",), {"layers", "metrics_names"}),
    (
        "layer",
        LAYERS,
        {"dtype", "input", "output", "variables", "trainable_variables", "non_trainable_variables"},
    ),
)


@detects("KT338")
def values_by_position(program: Program) -> Findings:
    """Finds `layer(x, True)`, `layer(x, training)` in a `call`, and `model([0.0, x])`."""
    calls = (one for one in program.all_calls if one.args and one.ref is None)
    for call in calls if "private" not in program.ways else ():
        given = list(zip(call.args, call.node.args, strict=False))
        place = next((i for i, value in enumerate(call.args) if _is_plain(call, value)), None)
        if len(given) == 2 and call.certain(1) and _may_be_flagged(program, call):
            change = insert(span_of(given[1][1]), "training=")
            value = program.source(given[1][1])
            yield from program.report("KT338", call, [change], given[1][1], "unsafe", value=value)
            continue
        if place is None or not call.certain(len(given) - 1) or not _is_layer(call.callee, place):
            continue
        kind = kind_of(_made(call.callee) or call.callee)
        named = kind.members.get("call") if kind is not None else None
        names = [one.arg for one in named.node.args.args] if isinstance(named, UserFunction) else []
        known = len(names) > len(given) and not isinstance(given[place][1], (ast.List, ast.Tuple))
        pairs = zip(names[place + 1 :], call.node.args[place:], strict=False) if known else ()
        changes = [insert(span_of(node), f"{name}=") for name, node in pairs]
        at = given[place][1]
        yield from program.report("KT338", call, changes, at=at, value=program.source(at))


def _may_be_flagged(program: Program, call: Call) -> bool:
    """Tells whether what may be a model of another file is told by position whether it trains."""
    unknown = all(program.is_unknown(one) or _is_foreign(one) for one in options(call.callee))
    if not (unknown and program.imports_keras and program.may_use_keras):
        return False
    named = _MODELS.fullmatch(program.source(call.node.func).rpartition(".")[2]) is not None
    return named and _FLAG.fullmatch(program.source(call.node.args[1])) is not None


def _is_foreign(value: Value) -> bool:
    """Tells whether a value is loaded, or an object of an imported class."""
    made = value.call.ref if isinstance(value, Result) else None
    last = made.name.rpartition(".")[2] if made is not None else ""
    return last in ("load_model", "clone_model") or (
        made is not None and made.via is None and last[:1].isupper()
    )


def _is_plain(call: Call, value: Value) -> bool:
    """Tells whether an argument is surely no tensor, nor None."""
    if isinstance(value, Display):
        return any(_is_plain(call, item) for item in value.items)
    if isinstance(value, Constant):
        return isinstance(value.value, (bool, int, float))
    inside = call.scope.rpartition(".")[2] == "call"
    return inside and isinstance(value, Parameter) and value.name == "training"


def _made(value: Value) -> Value | None:
    """Returns what makes a layer, also one of several in a list."""
    while True:
        match value:
            case Part(of=inner) | Operation(node=ast.ListComp(), operands=(inner, *_)):
                value = inner
            case Display(items=(inner, *_)):
                value = inner
            case _:
                return value if isinstance(value, Result) else None


def _is_layer(value: Value, place: int) -> bool:
    """Tells whether a value is a layer that takes nothing but tensors by position."""
    if isinstance(value, Join):  # on some path it may be nothing yet
        some = [one for one in value.options if not isinstance(one, Constant)]
        return bool(some) and all(_is_layer(one, place) for one in some)
    made = _made(value)
    kind = kind_of(made) if made is not None else None
    if kind is not None:
        return kind.inherits(*LAYERS) and isinstance(kind.members.get("call"), UserFunction)
    name = made.call.name if isinstance(made, Result) else ""
    return place > 0 and name.rpartition(".")[2] in _TRAINED and name.startswith("keras.")


@detects("KT339")
def properties_set(program: Program) -> Findings:
    """Finds `self.model = model` in a callback, and what else a base class has as a property."""
    for access in (one for one in program.accesses if one.stores):
        kind, of, name = "", access.of, access.name
        if isinstance(of, Instance):
            body = of.kind.node.body
            parts = [part for item in body for part in (item, *getattr(item, "targets", ()))]
            own = {name for part in parts for name in bound_names(part)}
            had = (
                one
                for one, bases, names in _PROPERTIES
                if name in names - own and of.kind.inherits(*bases)
            )
            kind = next(had, "")
        elif name in _ENDS and program.is_model(of):
            kind = "model"
        elif name == "model" and _is_callback(of):
            kind = "callback"
        if kind:
            ends = name in _ENDS
            changes = (_set_outputs if ends else _set_model)(program, access)
            fits: Applicability | None = "unsafe" if ends else None
            values = {"name": name, "kind": kind}
            yield from program.report("KT339", access, changes, access.statement, fits, **values)


def _is_callback(value: Value) -> bool:
    """Tells whether a value is a callback that is made here."""
    kind = kind_of(value)
    made = isinstance(value, Result) and value.call.name.startswith("keras.callbacks.")
    return made or (kind is not None and kind.inherits("keras.callbacks."))


def _set_model(program: Program, access: Access) -> list[Edit]:
    """Returns the edits that hand a callback's model on, from outside or by the callback."""
    statement = access.statement
    inside = isinstance(access.of, Instance)
    hands = inside and access.scope.rpartition(".")[2] == "set_model"
    owner = "super()" if hands else program.source(access.node.value)
    if access.name != "model" or not isinstance(statement, ast.Assign) or statement.targets[1:]:
        return []
    return [replace(statement, f"{owner}.set_model({program.source(statement.value)})")]


def _set_outputs(program: Program, access: Access) -> list[Edit]:
    """Returns the edits that make another model of other outputs."""
    given = getattr(access.statement, "value", None)
    known = program.model_of(access.of)
    if access.name != "outputs" or given is None or (known and known.kind == "sequential"):
        return []
    parts = list(getattr(given, "elts", ()))
    output = program.source(parts[0] if len(parts) == 1 else given)
    return ends_at(program, access, access.node.value, access.of, output)


@detects("KT443")
def steps_of_schedules(program: Program) -> Findings:
    """Finds `tf.math.rsqrt(step)` in the `__call__` of a learning rate schedule."""
    steps: dict[int, str] = {}
    for function in program.functions:
        owner, node = function.owner, function.node
        if owner is None or not owner.inherits(_SCHEDULES) or isinstance(node, ast.Lambda):
            continue
        if node.name == "__call__" and len(node.args.args) > 1:
            steps |= {id(part): node.args.args[1].arg for part in ast.walk(node)}
    for call in program.all_calls if steps else ():
        value = call.value(0, "x")
        at = call.expression(0, "x")
        counts = isinstance(value, Parameter) and value.name == steps.get(id(call.node))
        if counts and at is not None and _FLOATS.fullmatch(call.name):
            root = program.source(call.node.func).partition(".")[0]
            changes = [replace(at, f'{root}.cast({program.source(at)}, "float32")')]
            yield from program.report("KT443", call, changes, callee=f"tf.{call.name[11:]}")


@detects("KT463")
def lambdas_of_a_loop(program: Program) -> Findings:
    """Finds `Lambda(lambda x: x[:, t])` in a loop over `t`, which is read when the model runs."""
    for call in program.calls("keras.layers.Lambda"):
        function = call.expression(0, "function")
        node = function if isinstance(function, ast.Lambda) else None
        loop: ast.AST | None = node
        names: set[str] = set()
        while loop is not None and not isinstance(loop, ast.FunctionDef):
            for one in (loop, *getattr(loop, "generators", ())):
                inside = (
                    ast.walk(one.target) if isinstance(one, (ast.For, ast.comprehension)) else ()
                )
                names.update(name for part in inside for name in bound_names(part))
            loop = program.parents.get(id(loop))
        inside = ast.walk(node.args) if node else ()
        taken = {name for part in inside for name in bound_names(part)}
        read = [one.id for one in ast.walk(node.body) if isinstance(one, ast.Name)] if node else []
        late = [name for name in dict.fromkeys(read) if name in names - taken]
        if node is not None and late:
            last = node.args.args[-1:] if not (node.args.vararg or node.args.kwarg) else []
            text = "".join(f", {name}={name}" for name in late)
            changes = [insert(span_of((node.args.defaults or last)[-1]).end, text)] if last else []
            yield from program.report("KT463", node, changes, name=late[0])


@detects("KT262")
def given_twice(program: Program) -> Findings:
    """Finds `Dense(32, units=784)`, but for what takes any number by position: `meshgrid`."""
    for call in program.all_calls:
        both = call.node.args and call.node.keywords and call.certain(len(call.args) - 1)
        known = (api.positions(called_name(program, call)) or ()) if both else ()
        for place, word in enumerate(known[: len(call.args)]):
            keyword = call.keyword(word) if len(call.args) <= len(known) else None
            size = word == "activation" and isinstance(call.literal(place), int)  # which is KT255
            if keyword is not None and not size and call.method != "add_weight":  # or KT248
                changes = [remove_keyword(program, call.node, keyword)]
                values = {"callee": call.last or call.method, "keyword": word}
                yield from program.report("KT262", call, changes, keyword, None, **values)
