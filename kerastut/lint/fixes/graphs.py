"""The edits of programs of graphs: those of TensorFlow 1, and functions of Keras 2's backend."""

import ast
import re

from ..finding import Edit, span_of
from ..rules.renames import Gone, find_gone
from ..rules.rule import load_rules
from ..semantics.facts import Call, Fact, Reference, Result, origins
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.scopes import UserFunction
from ..semantics.values import Attribute, Display, Join, Operation, Value, options
from .edits import (
    insert,
    remove_keywords,
    remove_statement,
    replace,
    separator,
    unwrapped,
    without_statement,
)
from .missing import Missing
from .moving import reach, reach_each
from .rewriting import rewrite_call

_FIRST = "tensorflow.compat.v1"
_GROWTH = re.compile(r"allow_growth\s*=\s*True|\bper_process_gpu_memory_fraction\s*=")
_STORES = re.compile(r"\bassign|\bupdate")
_TRACED = ((1, "loss"), (2, "metrics"))  # what `compile` takes
# Which took the logits first, before TensorFlow 1 refused them by position.
_OF_LOGITS = tuple(
    f"tensorflow.nn.{kind}_cross_entropy_with_logits"
    for kind in ("softmax", "sparse_softmax", "sigmoid")
)
_LABELS = re.compile(r"label|target|true|truth|one_?hot|^_?y_?$", re.I)
_OF_FIRST = ("KT141", "KT142", "KT143")


def as_optimizer(program: Program, reference: Reference) -> Gone | None:
    """Returns what is told of an optimizer of `tf.compat.v1` that `compile` is given."""
    made = program.calls_at.get(id(reference.node))
    named = reference.ref.name.startswith(f"{_FIRST}.train.")
    if made is None or not named or program.legacy:
        return None
    given = [one.value(0, "optimizer") for one in program.methods("compile")]
    used = any(one is made.result for value in given for one in options(value))
    return find_gone(reference.ref.name.replace(".compat.v1", ""), None) if used else None


def as_first_version(program: Program, reference: Reference, code: str) -> list[Edit]:
    """Returns the edits that have a whole program of TensorFlow 1 run as it did.

    Other rules write names that both versions have.
    """
    root, first = reference.root, program.first_unimported
    bare = root is None and program.document.kind != "markdown"
    if code not in _OF_FIRST or bare or not program.is_graph:
        return []
    if root is None and first is not None:
        brought = Missing(_FIRST, "", "tf").edit(program, first.node)
        edits = [Edit(one.span, f"{one.text}tf.disable_v2_behavior()\n") for one in brought]
        return [*edits, *_named_logits(program)] if edits else []
    item = program.imports_at.get(id(getattr(root, "node", None)))
    if item is None or item.ref.name != "tensorflow" or not isinstance(item.node, ast.Import):
        return []
    between, end = separator(program, item.node), span_of(item.node).end
    if between != "; ":  # a comment stays behind the import
        last = len(program.document.line(end.line).encode("utf-8", "surrogatepass"))
        end = end._replace(column=last, end_column=last)
    calls = f"{between}{item.local}.disable_v2_behavior()"
    seeds = [  # which only the second version calls so
        replace(one.node, f"{item.local}.set_random_seed")
        for one in program.references
        if one.ref.name == "tensorflow.random.set_seed" and one.root is root
    ]
    first_version = replace(item.alias, f"{_FIRST} as {item.local}")
    return [first_version, insert(end, calls), *seeds, *_named_logits(program)]


def _named_logits(program: Program) -> list[Edit]:
    """Returns the edits that name `logits` and `labels` of the first TensorFlow, by position."""
    calls = [call for call in program.calls(*_OF_LOGITS) if call.plain == len(call.args) == 2]
    pairs = [call.node.args for call in calls]
    named = [pair for pair in pairs if not _LABELS.search(program.source(pair[0]))]
    words = ("logits=", "labels=")
    return [
        insert(span_of(one), word) for pair in named for one, word in zip(pair, words, strict=True)
    ]


def without_run(program: Program, call: Call) -> list[Edit]:
    """Takes `session.run(tf.global_variables_initializer())` away: variables have values today.

    What writes the session's graph or variables stays: others read its files.
    """
    run = program.calls_at.get(id(getattr(getattr(call.statement, "value", None), "func", None)))
    more = re.search(r"\.run\((?!.*initialize)", program.document.text)  # needs its graph
    runs = run is not None and (run is call or run.method == "run")
    return without_statement(program, run) if run is not None and runs and not more else []


def unentered(program: Program, call: Call, _place: Fact) -> list[Edit]:
    """Takes `graph = tf.get_default_graph()` away where it is only entered around Keras."""
    statement = call.statement
    plain = isinstance(statement, ast.Assign) and statement.value is call.node
    target = statement.targets[0] if plain and isinstance(statement, ast.Assign) else None
    around = program.entered.get(name_of(target), [])
    edits = [unwrapped(program, one) for one in around if program.imports_keras]
    if not edits or not all(edits):
        return []
    return [remove_statement(program, statement), *(one for each in edits for one in each)]


def configured(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `set_session(tf.Session(config=config))`: of its memory and threads."""
    value, statement = call.value(0, "session"), call.statement
    made = value.call if isinstance(value, Result) else None
    between, reached = separator(program, statement), reach(program, place, "tensorflow.config")
    alone = call.is_statement and between != "; "
    told = made is not None and made.last.endswith("Session") and made.has("config")
    if made is None or not alone or not told or reached is None:
        return []
    lines = _threads(program, call, made.value(None, "config"), reached[0])
    if _GROWTH.search(program.code):
        lines.append(f'for gpu in {reached[0]}.list_physical_devices("GPU"):')
        lines.append(f"    {reached[0]}.experimental.set_memory_growth(gpu, True)")
    return [*reached[1], replace(statement, between.join(lines))] if lines else []


def _threads(program: Program, call: Call, config: Value | None, module: str) -> list[str]:
    """Returns the lines that set how many threads there are, unless Keras has begun by then."""
    stores = [one for one in program.accesses if one.stores and one.of is config]
    nodes = {one.name: getattr(one.statement, "value", None) for one in stores}
    keywords = config.call.node.keywords if isinstance(config, Result) else ()
    nodes |= {one.arg or "": one.value for one in keywords}
    made = program.calls("keras.layers.*", "keras.models.*")
    page, block = program.document.kind == "markdown", program.document.chunk_at
    here = [one for one in made if not page or block(one.node.lineno) == block(call.node.lineno)]
    begun = any(one.order < call.order for one in here)
    counts = {kind: nodes.get(f"{kind}_op_parallelism_threads") for kind in ("intra", "inter")}
    return [
        f"{module}.threading.set_{kind}_op_parallelism_threads({program.source(node)})"
        for kind, node in counts.items()
        if node is not None and not begun
    ]


def giving_arrays(program: Program, call: Call, place: Fact, trains: bool = False) -> list[Edit]:
    """Returns the edits of `K.function([x], [y])`, which gave arrays of NumPy.

    Args:
        program: Of the call.
        call: The call.
        place: The use of what is called.
        trains: Whether what takes its place may be told to train, as models may.
    """
    node, listed = call.node, _is_list(call.value(1, "outputs"))
    updates = call.keyword("updates")
    empty = updates is not None and getattr(updates.value, "elts", None) == []
    dropped = [updates] if updates is not None and empty else []
    given = {one.arg for one in node.keywords if one not in dropped}
    wanted = ["keras.Model" if trains else "keras.Function", "keras.ops.convert_to_numpy"]
    # What a model gives is in no list if it is one.
    wanted += ["keras.tree.flatten"] if trains else [] if listed else ["keras.tree.map_structure"]
    names, edits = reach_each(program, place, *wanted)
    odd = len(node.args) + len(given) != 2 or not given <= {"inputs", "outputs"}
    if not names or odd or (trains and not listed):
        return []
    function, array, *more = names
    around = program.parents.get(id(node))
    alone = isinstance(around, (ast.Assign, ast.Return))
    before, after = ("", "") if alone else ("(", ")")
    if isinstance(program.parents.get(id(around)), ast.ClassDef):  # no method of its objects
        before, after = "staticmethod(", ")"
    phase, made = ("", "run(inputs)")
    if trains:
        phase, made = "training=False, ", f"{more[0]}(run(inputs, training=training))"
    arrays = f"[{array}(one) for one in {made}]" if listed else f"{more[0]}({array}, {made})"
    return [
        *edits,
        *remove_keywords(program, node, dropped),
        replace(node.func, f"{before}lambda inputs, {phase}run={function}"),
        insert(span_of(node).end, f": {arrays}{after}"),
    ]


def _is_list(value: Value | None) -> bool:
    """Tells whether a value is a list for certain: written, or what lists are added to."""
    match value:
        case Join(options=options):
            return all(map(_is_list, options))
        case Operation(node=ast.BinOp(op=ast.Add()), operands=(first, *_)):
            return _is_list(first)
        case Operation(node=ast.ListComp()) | Attribute(name="outputs"):
            return True
    return isinstance(value, Display)


def number(program: Program, call: Call, _place: Fact) -> list[Edit]:
    """Returns the edit of `loss = K.variable(0.)`, to which tensors of a model are added."""
    given, around = call.node.args[:1], program.parents.get(id(call.node))
    name = getattr(around.targets[0], "id", "") if isinstance(around, ast.Assign) else ""
    plain = len(given) == 1 and isinstance(given[0], ast.Constant) and not call.node.keywords
    return [replace(call.node, program.source(given[0]))] if name in program.sums and plain else []


def traced(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `K.variable(weights)` in a loss, metric or `Lambda`: none is made."""
    inside = tracing(program, call)
    if inside is None or _STORES.search(program.source(inside)):
        return []
    return rewrite_call(program, call, place, load_rules()["KT128"], call.name, "traced_rewrites")


def tracing(program: Program, call: Call) -> ast.AST | None:
    """Returns the loss, metric or function of a `Lambda` that a call is in."""
    inside = _around(program, call.node)
    arguments = getattr(inside, "args", None)
    taken = [one.arg for one in arguments.args] if arguments is not None else []
    given = [one.value(at, name) for one in program.methods("compile") for at, name in _TRACED]
    given += [one.value(0, "function") for one in program.calls("keras.layers.Lambda")]
    functions = [getattr(one, "node", None) for one in origins(*filter(None, given))]
    known = inside in functions or (len(taken) > 1 and "pred" in taken[1].lower())
    return inside if known else None


def is_drawn_once(program: Program, call: Call) -> bool:
    """Tells whether numbers drawn beside a function are for it: today each call has the same."""
    function, statement = _around(program, call.node), call.statement
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    uses = [use for one in program.definitions_at[id(target)] for use in one.uses]
    return any(_around(program, use.node) is not function for use in uses)


def _around(program: Program, node: ast.AST) -> ast.AST | None:
    return program.around(node, ast.FunctionDef, ast.Lambda)


def stored(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `x = K.zeros((3,))` where other values are stored in `x` later."""
    around = program.parents.get(id(call.node))
    target = around.targets[0] if isinstance(around, ast.Assign) else call.node
    scopes = program.stored.get(program.source(target), set())
    inner = isinstance(target, ast.Name) and call.scope != ""
    if not scopes or (inner and call.scope not in scopes):
        return []
    return rewrite_call(program, call, place, load_rules()["KT123"], call.name, "stored_rewrites")


def of_phase(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edit of `K.in_train_phase(a, b, training=training)`, of which a may be called."""
    flag = call.expression(2, "training")
    parts = [call.given(0, "x"), call.given(1, "alt")]
    if flag is None or not all(parts) or not isinstance(flag, (ast.Name, ast.Constant)):
        return []
    texts = []
    for value, node in filter(None, parts):
        function = node.body if isinstance(node, ast.Lambda) else node
        called = isinstance(value, UserFunction) and function is node
        texts.append(f"{program.source(function)}{'()' if called else ''}")
    first, other = texts if call.last == "in_train_phase" else texts[::-1]
    return [replace(call.node, f"({first} if {program.source(flag)} else {other})")]


def elements(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `K.prod(K.cast(K.shape(x), "float32"))`: of sizes that nobody knows."""
    cast = call.value(0, "x")
    made = cast.call if isinstance(cast, Result) and cast.call.last == "cast" else None
    shape = made.value(0, "x") if made is not None else None
    dtype = made.expression(1, "dtype") if made is not None else None
    of = shape.call.expression(0, "x") if isinstance(shape, Result) else None
    names, edits = reach_each(program, place, "keras.ops.size", "keras.ops.cast")
    known = isinstance(shape, Result) and shape.call.name.endswith((".shape", ".int_shape"))
    if not known or of is None or dtype is None or not names:
        return []
    text = f"{names[1]}({names[0]}({program.source(of)}), {program.source(dtype)})"
    return [*edits, replace(call.node, text)]


# What no template writes, and whether that keeps its meaning.
BY_HAND = (
    ("tensorflow.get_default_graph", unentered, False),
    ("keras.backend.set_session", configured, False),
    ("keras.backend.function", giving_arrays, False),
    ("keras.backend.variable", number, False),
    ("keras.backend.variable", traced, True),
    ("keras.backend.random_normal_variable", traced, True),
    ("keras.backend.random_uniform_variable", traced, True),
    ("keras.backend.zeros", stored, False),
    ("keras.backend.ones", stored, False),
    ("keras.backend.prod", elements, True),
    ("keras.backend.in_train_phase", of_phase, False),
    ("keras.backend.in_test_phase", of_phase, False),
)
