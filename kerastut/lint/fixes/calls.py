"""The edits of calls whose callee has another name and other arguments today."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..questions.paths import tails
from ..questions.training import compile_before
from ..rules import api
from ..semantics.facts import Access, Call, Definition, Fact, Reference, Result
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Mapping, Operation
from .edits import (
    ATOMS,
    add_argument,
    insert,
    remove_keyword,
    remove_keywords,
    remove_statement,
    rename_attribute,
    replace,
    replace_string,
)
from .moving import is_used_elsewhere, move_reference, reach

_GREY: dict[object, str] = {True: "grayscale", False: "rgb"}
# What sets the rate of an optimizer, which a schedule does not allow.
_SETS_RATE = re.compile(r"LearningRateScheduler|ReduceLROnPlateau|\.(lr|learning_rate)\b")
# Losses of TensorFlow 1, which `tf.compat.v1` still has and which run eagerly.
_FIRST_LOSSES = {f"{name}_cross_entropy" for name in ("sigmoid", "softmax", "sparse_softmax")}
_FIRST_LOSSES |= {"absolute_difference", "cosine_distance", "huber_loss", "hinge_loss", "log_loss"}
_PRIVATE = re.compile(r"\.(python|compat|raw_ops)\b")
_SIDES = ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col")
_WEIGHTS = {"W": "kernel", "b": "bias", "U": "recurrent_kernel"}  # of Keras 1
_EVALUATES = ("evaluate", "fit", "train_on_batch", "test_on_batch", "evaluate_generator")


def rename_called(
    program: Program, node: ast.Attribute, name: str, *arguments: object
) -> list[Edit]:
    """Returns the edit that puts an attribute in the place of a method called with just these."""
    call = program.parents.get(id(node))
    if not isinstance(call, ast.Call) or call.func is not node or call.keywords:
        return []
    if [getattr(arg, "value", ...) for arg in call.args] != list(arguments):
        return []
    end = span_of(node.value).end
    return [Edit(end.to(span_of(call).end), f".{name}")]


def without_store(program: Program, reference: Reference) -> list[Edit]:
    """Returns the edits that leave out `tf.python.control_flow_ops = tf`, which mended old bugs."""
    statement = reference.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    stores = any(part is reference.node for one in targets for part in ast.walk(one))
    return [remove_statement(program, statement)] if stores and len(targets) == 1 else []


def without_alias(program: Program, reference: Reference) -> list[Edit]:
    """Returns the edits that leave out `slim = tf.contrib.slim`, which nothing uses."""
    statement = reference.statement
    alone = isinstance(statement, ast.Assign) and statement.value is reference.node
    if not isinstance(statement, ast.Assign) or not alone or len(statement.targets) > 1:
        return []
    top = isinstance(program.bodies[id(statement)][1], ast.Module)
    made = program.definitions_at[id(statement.targets[0])] if top else ()
    unused = made and not any(one.uses or is_used_elsewhere(program, one) for one in made)
    return [remove_statement(program, statement)] if unused else []


def of_first_version(program: Program, reference: Reference, module: str, name: str) -> list[Edit]:
    """Returns the edits that take `tf.svd` and `keras.layers.Model` from where they are today."""
    home = api.home(name) if reference.ref.name == f"{module}.{name}" else None
    if home and module.startswith("keras"):
        return move_reference(program, reference, f"{home}.{name}")
    near = api.alike(f"{module}.{name}") if module.startswith("keras") else ""
    if near:  # `keras.model`
        rest = reference.ref.name.removeprefix(f"{module}.{name}")
        return move_reference(program, reference, f"{near}{rest}")
    names = api.modules("tensorflow")
    homes = [one for one in names if name in names[one] and not _PRIVATE.search(one)]
    if module == "tensorflow" and len(homes) == 1:
        new = reference.ref.name.replace(f"tensorflow.{name}", f"{homes[0]}.{name}", 1)
        known, call = api.arguments(new), program.calls_at.get(id(reference.node))
        fits = known is None or call is None or set(call.keywords) <= set(known)
        return move_reference(program, reference, new) if fits else []
    root, _, last = program.source(reference.node).rpartition(".losses.")
    first = getattr(reference.root.value, "name", "") if reference.root is not None else ""
    known_loss = first == "tensorflow" and root.isidentifier() and not program.is_graph
    known_loss = known_loss and last in _FIRST_LOSSES
    if known_loss:
        return [replace(reference.node, f"{root}.compat.v1.losses.{last}")]
    return without_alias(program, reference)


def kernel_of_sides(program: Program, call: Call, _keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that make one `kernel_size` of `nb_row` and `nb_col`, and their like."""
    given = [one for one in call.node.keywords if one.arg in _SIDES]
    if len(given) < 2 or call.has("kernel_size") or call.certain(1):
        return []
    ordered = sorted(given, key=lambda one: _SIDES.index(one.arg or ""))
    sides = ", ".join(program.source(one.value) for one in ordered)
    kernel = Edit(span_of(given[0]), f"kernel_size=({sides})")
    return [kernel, *remove_keywords(program, call.node, given[1:])]


def decay_as_schedule(program: Program, call: Call, decay: ast.keyword) -> list[Edit]:
    """Returns the edits that make a schedule of a learning rate and its `decay`."""
    rate = call.expression(0, "learning_rate", "lr")
    reached = reach(program, call, "keras.optimizers.schedules.InverseTimeDecay")
    removed = remove_keywords(program, call.node, [decay])
    if getattr(decay.value, "value", None) == 0:
        return removed
    if rate is None or reached is None or _SETS_RATE.search(program.document.text):
        return []
    name, edits = reached
    end = f", 1, {program.source(decay.value)})"
    return [*edits, insert(span_of(rate), f"{name}("), insert(span_of(rate).end, end), *removed]


def by_suffix(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edit that takes `save_format="h5"` away, where the suffix is known to tell it."""
    known = tails(call.value(0 if call.method else 1, "filepath"))
    return [remove_keyword(program, call.node, keyword)] if known else []


def accuracy_of_compile(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that take `show_accuracy=True` away, and have `compile` asked for it."""
    edits, model = [remove_keyword(program, call.node, keyword)], program.model_of(call.receiver)
    made = compile_before(model, call) if model is not None else None
    asks = getattr(keyword.value, "value", None) is True
    if made is not None and asks and not made.has("metrics") and len(made.node.args) < 3:
        edits.append(add_argument(made.node, 'metrics=["accuracy"]'))
    return edits


def halved(program: Program, made: Definition) -> list[Edit]:
    """Returns the edit that writes `half = len(x) // 2`, of two whole numbers."""
    value, whole = getattr(made.statement, "value", None), made.value
    if not (isinstance(value, ast.BinOp) and isinstance(whole, Operation) and whole.node is value):
        return []
    left, right = whole.operands
    counts = isinstance(left, Result) and left.call.name == "builtins.len"
    if not counts or not isinstance(right, Constant) or type(right.value) is not int:
        return []
    gap = span_of(value.left).end.to(span_of(value.right).start)
    return [Edit(gap, program.source(gap).replace("/", "//", 1))]


def weight(program: Program, call: Call, place: Fact | None = None) -> list[Edit]:
    """Returns the edits of `self.b = K.zeros((3,))` and `self.W = self.init(shape)` in `build`."""
    func, around = call.node.func, program.parents.get(id(call.node))
    target = program.source(around.targets[0]) if isinstance(around, ast.Assign) else ""
    given = call.expression(0, "shape")
    if not target.startswith("self.") or not call.scope.endswith("build") or given is None:
        return []
    kind = f'"{call.last}"' if place is not None else program.source(func)
    # What is set by hand is not trained, unless the layer says so.
    named = rf"trainable_weights\b.*{re.escape(target)}\b"
    by_hand = target in program.stored and not re.search(named, program.code)
    text = f", initializer={kind}" + (", trainable=False" if by_hand else "")
    return [replace(func, "self.add_weight"), insert(span_of(given).end, text)]


def initialized(program: Program, call: Call, at: ast.keyword | None) -> list[Edit]:
    """Returns the edits of what Keras 1 made a variable with: `normal(shape, scale=s, name=n)`."""
    scale = call.expression(None, "scale")
    if call.ref is None:
        changes = weight(program, call)
        return changes or (remove_keywords(program, call.node, [at]) if at is not None else [])
    reached = reach(program, call, call.ref.canonical)
    if reached is None or len(call.node.args) != 1:
        return []
    size = "" if scale is None else program.source(scale)
    given = {"RandomNormal": f"stddev={size}", "RandomUniform": f"minval=-({size}), maxval={size}"}
    given["Orthogonal"] = f"gain={size}"
    made = f"{reached[0]}({given.get(reached[0].rpartition('.')[2], '') if size else ''})"
    return [*reached[1], replace(call.node, f"{made}({program.source(call.node.args[0])})")]


def first_argument(program: Program, call: Call, _place: Fact) -> list[Edit]:
    """Returns the edit that leaves of `multi_gpu_model(model, gpus=2)` the model."""
    given = call.node.args[0] if call.certain(0) else None
    shown = isinstance(program.parents.get(id(call.node)), ast.Expr)  # as pages show a signature
    atom = isinstance(given, ATOMS) and not shown
    return [replace(call.node, program.source(given))] if given is not None and atom else []


def order_of_dimensions(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits that compare the data format where the old order was compared."""
    words = {"tf": "channels_last", "th": "channels_first"}
    test = program.parents.get(id(call.node))
    reached = reach(program, place, "keras.config.image_data_format")
    others = test.comparators if isinstance(test, ast.Compare) and test.left is call.node else []
    if reached is None or call.node.args or len(others) != 1:
        return []
    other = others[0]
    if not isinstance(other, ast.Constant) or other.value not in words:
        return []
    name, edits = reached
    new = replace_string(program, other, words[str(other.value)])
    return [*edits, replace(call.node.func, name), new]


def without_effect(program: Program, call: Call, callee: str, at: ast.keyword) -> list[Edit]:
    """Returns the edits of an argument that had no effect, or is another's value now."""
    if (callee, at.arg) == ("load_img", "grayscale"):
        grey = _GREY.get(call.literal(None, "grayscale"))
        return [replace(at, f'color_mode="{grey}"')] if grey else []
    sides = callee.startswith(("Separable", "Depthwise")) and (at.arg or "").startswith("kernel_")
    steps = callee == "apply_gradients" and at.arg != "global_step"  # which others may read
    # Metrics add up until they are reset, by whoever wants that.
    gone = sides or steps or at.arg == "reset_metrics"
    return [remove_keyword(program, call.node, at)] if gone else []


def evaluated(program: Program, compiled: Sequence[Call]) -> dict[str, int]:
    """Returns when models of one output are first evaluated, by how they are written."""
    given = [
        call.value(at, name) for call in compiled for at, name in ((1, "loss"), (2, "metrics"))
    ]
    metrics = [one.items for one in given[1::2] if isinstance(one, Display)]
    parts = [*given[::2], *(one for items in metrics for one in items)]
    nested = any(isinstance(one, (Display, Mapping)) for one in parts)
    if nested or len(metrics) < len(compiled) or not compiled:
        return {}
    calls = program.method_calls(*_EVALUATES)
    return {program.source(call.owner): call.order for call in reversed(calls)}


def member_today(program: Program, access: Access, kind: str) -> list[Edit]:
    """Returns the edits of `layer.W.get_value()`, and of `model.Dense(3)` where it is added."""
    around = program.parents.get(id(access.node))
    call = program.parents.get(id(around)) if isinstance(around, ast.Attribute) else around
    alone = isinstance(program.parents.get(id(around)), ast.Expr)
    layer = f"keras.layers.{access.name}"
    reached = reach(program, access, layer) if kind == "Sequential" and alone else None
    if reached and api.has("keras.layers", access.name) and isinstance(around, ast.Call):
        adds = f"{program.source(access.node.value)}.add({reached[0]}"
        return [*reached[1], replace(access.node, adds), insert(span_of(around).end, ")")]
    new = _WEIGHTS.get(access.name) if kind == "Layer" else None
    if new is None or "Embedding" in program.code:  # whose only one has another name
        return []
    edits = [rename_attribute(access.node, new)]
    if isinstance(around, ast.Attribute) and isinstance(call, ast.Call):
        if around.attr == "get_value":
            return [*edits, Edit(span_of(access.node).end.to(span_of(call)), ".numpy()")]
        edits += [rename_attribute(around, "assign")] if around.attr == "set_value" else []
    return edits
