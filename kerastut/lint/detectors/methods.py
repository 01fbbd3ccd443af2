"""Methods that are gone, by the tables of the records, or have another name today."""

import ast
import re
from functools import cache
from itertools import chain

from ..finding import Edit, span_of
from ..fixes.edits import replace, unwrapped, without_statement
from ..fixes.models import ends_at, loss_in_a_layer
from ..fixes.rewriting import rewrite_call
from ..fixes.steps import in_tuples, may_count_samples, rename_method
from ..questions.arrays import attribute
from ..questions.classes import classes
from ..questions.reloading import LOADERS, unread
from ..registering import Findings, detects
from ..rules.rule import Applicability, Rule, load_rules
from ..semantics.facts import Call, Result
from ..semantics.program import Program, matches
from ..semantics.scopes import LAYERS, UserFunction, is_instance_of
from ..semantics.values import Value, options

_HOOK = "get_output_shape_for"
# What tells of one unit, and what of several.
_BINARY = re.compile(r"sigmoid|binary_crossentropy|class_mode=.binary")
_CLASSES = re.compile(r"softmax|categorical")
_GRAPH = re.compile(r"tensorflow(\.compat\.v1)?\.disable_(eager_execution|v2_behavior)")
# What makes a graph, in which what needs one may stand.
_GRAPHS = re.compile(
    r"(tf|tensorflow)\.function|@function|\bGraph\(|as_default\(|disable_(eager|v2)"
    r"|with [^\n]*Session\("
)
_IN_GRAPH = re.compile(r"(?i)graph(\(\))?\.as_default\(\)$")
_RUNS = {"fit", "fit_generator", "predict", "predict_classes", "predict_generator", "evaluate"}
_RUNS |= {"train_on_batch", "test_on_batch", "predict_on_batch", "predict_proba"}
_COMMENT = re.compile(r"#.*")
_SESSION = re.compile(r"tensorflow\.(compat\.v1\.)?(Interactive)?Session")
_OF_GRAPHS = {"tensorflow.gradients"} | {
    f"tensorflow.compat.v1.{name}"
    for name in (
        *("placeholder", "sparse_placeholder", "gradients", "data.make_initializable_iterator"),
        *("summary.FileWriter", "summary.merge_all", "train.import_meta_graph"),
        *("train.start_queue_runners", "train.string_input_producer"),
    )
}


@cache
def _rules() -> dict[str, list[Rule]]:
    """Returns the rules by method."""
    rules: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        for method in rule.match.get("methods", {}):
            rules.setdefault(method, []).append(rule)
    return rules


@detects(*(rule.code for rules in _rules().values() for rule in rules))
def methods(program: Program) -> Findings:
    """Finds calls of methods that Keras 3 does not have."""
    for call in program.all_calls:
        named = call.method or program.method_of(call)
        for rule in _rules().get(named, ()):
            if not _is_meant(program, call, rule):
                continue
            new = rule.match["methods"][named]
            names = rule.match.get("parameters", {}).get(named, ())
            if new and rule.fix != "none":
                changes = rename_method(program, call, new, names)
            elif named in rule.match.get("statements", ()):
                changes = without_statement(program, call)
            else:
                key = _head(program, call) if named == "predict_classes" else "rewrites"
                changes = rewrite_call(program, call, call, rule, named, key)
            certain = all(keyword.arg for keyword in call.node.keywords)
            certain = certain and not (names and may_count_samples(program, call))
            if bare := in_tuples(program, call) if named == "predict_generator" else []:
                changes += bare
            fits: Applicability | None = None if certain and not bare else "unsafe"
            values = {"old": named, "new": new, "callee": named}
            yield from program.report(rule.code, call, changes, None, fits, **values)


def _head(program: Program, call: Call) -> str:
    """Returns the table for a model's kind of output: one unit, several, or nobody knows."""
    model = program.model_of(call.receiver)
    units = model.units if model is not None else ...
    if units == 1:
        return "single_rewrites"
    several = units is not ... or (model is not None and model.activation == "softmax")
    text = program.document.origin or program.document.text
    binary, classes = _BINARY.search(text) is not None, _CLASSES.search(text) is not None
    if not several and binary != classes:  # a model of elsewhere
        return "single_rewrites" if binary else "rewrites"
    return "rewrites" if several else "unknown_rewrites"


def _is_meant(program: Program, call: Call, rule: Rule) -> bool:
    wanted = rule.match.get("receiver")
    if wanted is not None:
        made = [option for option in options(call.receiver) if isinstance(option, Result)]
        meant = any(matches(option.call.name, [wanted]) for option in made)
        own = isinstance(call.callee, UserFunction)
        meant = meant or (is_instance_of(call.receiver, wanted.rstrip("*")) and not own)
        if meant or not rule.match.get("anywhere"):
            return meant
    if rule.match.get("anywhere") and program.method_of(call):
        # Of unknown objects, only those whose names say what they are.
        called = rule.match.get("called", "")
        return re.search(called, program.source(call.owner), re.I) is not None
    return call.receiver is not None and program.is_model(call.receiver)


@detects("KT436")
def graph_mode(program: Program) -> Findings:
    """Finds what turns eager execution off, and models that run in a graph or a session."""
    text = program.document.text
    enters = any(word in text for word in ("as_default", "Session"))
    may = program.imports_keras and (enters or "disable_" in text)
    calls = program.all_calls if may and not program.is_graph else []
    off = [call for call in calls if _GRAPH.fullmatch(call.name)]
    for call in off:
        changes = without_statement(program, call)
        yield from program.report("KT436", call, changes, name=call.last)
    told: set[int] = set()
    mended: set[str] = set()
    calls = calls if enters and not off else []
    for call in calls:
        runs = call.method in _RUNS
        runs = runs and (program.may_be_model(call.receiver) or program.method_of(call) != "")
        entered = _graph_around(program, call) if runs or call.name in LOADERS else None
        if entered is not None and id(entered) not in told:
            told.add(id(entered))
            name = program.source(entered.items[0].context_expr)
            # What was made in a graph is out of reach elsewhere: it goes everywhere, or nowhere.
            alike = program.nodes_of(ast.With) if name not in mended else ()
            same = (one for one in alike if program.source(one.items[0].context_expr) == name)
            mended.add(name)
            edits = [unwrapped(program, one) for one in same]
            changes = [edit for one in edits for edit in one] if all(edits) else []
            yield from program.report("KT436", call, changes, name=name)


def _graph_around(program: Program, call: Call) -> ast.With | None:
    """Returns the `with graph.as_default()` or `with tf.Session()` in which a call stands."""
    for node in program.outward(call.statement):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            break
        for item in node.items if isinstance(node, ast.With) else ():
            made = program.value_at(item.context_expr)
            name = made.call.name if isinstance(made, Result) else ""
            if _IN_GRAPH.search(program.source(item.context_expr)) or _SESSION.fullmatch(name):
                return node if isinstance(node, ast.With) else None
    return None


@detects("KT346")
def names_not_loaded(program: Program) -> Findings:
    """Finds `load_model` of what was saved with `tf.nn.softmax`, or as HDF5 with `loss="mse"`."""
    before = None
    for load, names in unread(program):
        mended = names if names is not before else []  # where several lack the same, by the first
        changes = [replace(node, f'"{name}"') for node, name in mended]
        given, new, before = program.source(names[0][0]), names[0][1], names
        yield from program.report("KT346", load, changes, given=given, new=new)


@detects("KT333")
def graph_needed(program: Program) -> Findings:
    """Finds `tf.gradients`, `session.run` and the like where nothing makes a graph for them."""
    eager = cache(lambda: not _GRAPHS.search(_COMMENT.sub("", program.code)))
    made = chain(program.method_calls("run"), program.calls(*_OF_GRAPHS))
    for call in made if program.imports_keras else ():
        session = call.receiver.call.name if isinstance(call.receiver, Result) else ""
        runs = _SESSION.fullmatch(session) is not None
        if (runs or call.name) and eager():
            name = "run" if runs else f"tf.{call.name.removeprefix('tensorflow.')}"
            yield from program.report("KT333", call, name=name)


@detects("KT324")
def model_add_loss(program: Program) -> Findings:
    """Finds `model.add_loss(...)` and `model.add_metric(...)` of a functional model."""
    for model in program.built:
        for call in model.called("add_loss", "add_metric"):
            one = call.method == "add_loss" and model.kind == "functional"
            changes = loss_in_a_layer(program, call) if one else []
            yield from program.report("KT324", call, changes, name=call.method)


@detects("KT337")
def functions_as_losses(program: Program) -> Findings:
    """Finds `layer.add_loss(lambda: ...)`, whatever layer it is."""
    for call in program.method_calls("add_loss") if program.imports_keras else ():
        if isinstance(call.value(0), UserFunction):
            yield from program.report("KT337", call)


@detects("KT325")
def shape_hook(program: Program) -> Findings:
    """Finds a layer's method `get_output_shape_for`."""
    for definition, kind, methods in classes(program):
        hook = methods.get(_HOOK) if kind.inherits(*LAYERS) else None
        if hook is not None and "compute_output_shape" not in methods:
            start = span_of(hook).start
            first = start.column + len("def ")
            place = start._replace(column=first, end_column=first + len(_HOOK))
            changes = [Edit(place, "compute_output_shape")]
            yield from program.report("KT325", definition, changes, at=hook)


@detects("KT426")
def layers_pop(program: Program) -> Findings:
    """Finds `model.layers.pop()`: a layer that is taken out of a copy."""
    for call in program.method_calls("pop"):
        model = attribute(call.receiver, "layers")
        if model is not None and program.may_be_model(model):
            yield from program.report("KT426", call, _popped(program, call, model))


def _popped(program: Program, call: Call, model: Value) -> list[Edit]:
    """Returns the edits that take the last layer away indeed."""
    owner = getattr(call.owner, "value", call.node)
    known, name = program.model_of(model), program.source(owner)
    if call.node.args or not isinstance(call.statement, ast.Expr):
        return []
    grows = re.search(rf"(?<![\w.]){re.escape(name)}\.add\(", program.document.text)
    if grows or (known is not None and known.kind == "sequential"):
        return [replace(call.node.func, f"{name}.pop")]
    return ends_at(program, call, owner, model, f"{name}.layers[-2].output")
