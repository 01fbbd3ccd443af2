"""Steps of generators: how many batches the samples are that older Keras counted."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..questions.training import KERAS1
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.record import BATCH_SIZE
from ..semantics.scopes import UserFunction
from ..semantics.values import Constant, Value, options
from .edits import (
    ATOMS,
    insert,
    remove_keywords,
    rename_attribute,
    rename_keyword,
    replace,
    wrapped,
)
from .moving import reach

_STEPS = re.compile(r"step|batches|/")  # what is no number of samples
_DIVIDED = re.compile(r"//?\s*(?:\w+\.)*\w*batch", re.I)
_GROUPS = (ast.Tuple, ast.List, ast.ListComp, ast.Dict)
_MOST_STEPS = 1000  # of an epoch
_SAMPLES = ("nb_sample", "samples", "n", "N")  # of what `ImageDataGenerator` reads


def rename_method(program: Program, call: Call, new: str, names: Sequence[str]) -> list[Edit]:
    """Returns the edits that call a method by its new name.

    Args:
        program: Of the call.
        call: The call; its function is an attribute.
        new: The method's name.
        names: What the old positions are called in the new method; none if both have the same.
    """
    node = call.node
    if not isinstance(node.func, ast.Attribute):
        return []
    edits = [rename_attribute(node.func, new)]
    if names:
        odd = any(isinstance(arg, ast.Starred) for arg in node.args)
        counted = len(node.args) > 1 and not _is_steps(program, node.args[1])
        text = program.document.origin or program.document.text
        counted = counted and KERAS1.search(text) is not None
        predicts = names[1] == "steps"
        made = _made(program, call.value(0), call.expression(0))
        steps = _counted(program, node.args[1], node.args[0]) if counted else None
        if counted and steps is None:
            steps = _batches(program, call, made, call.given(1))
        if counted and (steps is None or len(node.args) > 6):
            # They stay samples, and are called so: the seventh are those of another generator.
            steps, names = None, [names[0], "val_samples" if predicts else "samples_per_epoch"]
            names += ["epochs", "verbose", "callbacks", "validation_data", "nb_val_samples"]
            names = names[:2] if predicts else names
        if odd or len(node.args) > len(names):
            return []
        pairs = zip(node.args[1:], names[1:], strict=False)
        edits += [insert(span_of(arg), f"{name}=") for arg, name in pairs]
        edits[1:2] = [replace(node.args[1], f"{names[1]}={steps}")] if steps else edits[1:2]
        given = call.keyword("generator")
        edits += [rename_keyword(given, names[0])] if given is not None else []
    return edits


def in_tuples(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that give `predict` tuples, of a generator that yields bare arrays."""
    node, value = call.expression(0, "generator"), call.value(0, "generator")
    function = program.generator(node, value)
    inner = ast.walk(function.node) if function is not None and node is not None else ()
    yields = [one.value for one in inner if isinstance(one, ast.Yield) and one.value is not None]
    if node is None or not yields or not all(_is_bare(program, one) for one in yields):
        return []
    return [insert(span_of(node), "((batch,) for batch in "), insert(span_of(node).end, ")")]


def _is_bare(program: Program, node: ast.expr) -> bool:
    """Tells whether what is yielded is no tuple, list or dictionary."""
    known = [getattr(one, "node", None) for one in options(program.value_at(node))]
    return not any(isinstance(one, _GROUPS) for one in (node, *known))


def may_count_samples(program: Program, call: Call) -> bool:
    """Tells whether the second position may be samples, with no batch to divide them by."""
    given = call.given(1)
    made = _made(program, call.value(0), call.expression(0))
    if given is None or _is_steps(program, given[1]):
        return False
    number = getattr(given[0], "value", None)
    return (type(number) is not int or number > _MOST_STEPS) and not _size(program, call, made)


def _is_steps(program: Program, node: ast.expr) -> bool:
    """Tells whether a number is called one of steps; `batches.samples` is none."""
    said = node.attr if isinstance(node, ast.Attribute) else program.source(node)
    return _STEPS.search(said) is not None


def batches_of_samples(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that count the batches of a generator instead of its samples."""
    training = (keyword.arg or "").endswith("_per_epoch")  # some write `sample_per_epoch`
    validates = not training and (call.method or program.method_of(call)).startswith("fit")
    source = call.value(None, "validation_data") if validates else call.value(0, "generator", "x")
    new = "steps_per_epoch" if training else "validation_steps" if validates else "steps"
    if call.has(new):
        return []
    if validates and source is None and len(call.args) < 5:
        return remove_keywords(program, call.node, [keyword])  # of no generator
    at = call.expression(*((None, "validation_data") if validates else (0, "generator", "x")))
    if _DIVIDED.search(program.source(keyword.value)):
        return [rename_keyword(keyword, new)]  # batches, whatever the name says
    steps = _counted(program, keyword.value, at)
    given = call.given(None, keyword.arg or "")
    made = _made(program, source, at)
    steps = steps or _batches(program, call, made, given)
    size = _first_batch(program, call, at, source) if steps is None else ""
    if size and given is not None:
        steps = _times(program, given, (Constant(None), size))
    return [replace(keyword, f"{new}={steps}")] if steps is not None else []


def whole(program: Program, call: Call, keyword: ast.keyword) -> tuple[str, list[Edit]]:
    """Returns what makes a float of a call whole, and the edits.

    Steps are rounded up, as older Keras counted them: with fewer than a generator has, Keras 3 ends
    every second epoch with what the one before it has left.
    """
    value = call.keywords[keyword.arg or ""]
    rounded = isinstance(value, (Constant, Result)) or "steps" not in (keyword.arg or "")
    way = ("int", []) if rounded else reach(program, call, "math.ceil")
    new = "int" if rounded else "math.ceil"
    return new, [*way[1], *wrapped(keyword.value, way[0])] if way is not None else []


def _first_batch(program: Program, call: Call, at: ast.expr | None, source: Value | None) -> str:
    """Returns what measures the first batch of a generator; "" if its form is not known."""
    function = program.generator(at, source)
    nodes = ast.walk(function.node) if function is not None else ()
    yields = [one.value for one in nodes if isinstance(one, ast.Yield)]
    forms = {_first_array(one) for one in yields if one is not None}
    unknown = (
        isinstance(source, Result) and source.call.ref is not None and isinstance(at, ast.Call)
    )
    if unknown and function is None and not (call.method or "").startswith("predict"):
        model = program.model_of(call.receiver)
        several = model is not None and model.kind == "functional"  # which may have more inputs
        forms = set() if several or call.value(1, "y") is not None else {"[0]"}
    text = program.source(at) if isinstance(at, (ast.Name, ast.Call, ast.Attribute)) else ""
    return f"len(next({text}){forms.pop()})" if text and len(forms) == 1 and "#" not in text else ""


def _first_array(batch: ast.expr) -> str:
    """Returns where in a batch an array of it is: `[0]`, in lists of several `[0][0]`."""
    parts = [batch]
    while isinstance(parts[-1], (ast.Tuple, ast.List)) and parts[-1].elts:
        parts.append(parts[-1].elts[0])
    return "[0]" * (len(parts) - 1)


def _counted(program: Program, node: ast.expr, source: ast.expr | None) -> str | None:
    """Returns the batches of `generator.samples` of this very generator, or of `batch_size * 9`."""
    if isinstance(node, ast.Attribute) and node.attr in _SAMPLES and source is not None:
        owner = program.source(node.value)
        return f"len({owner})" if owner == program.source(source) else None
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
    others = [program.source(one) for one in sides if not BATCH_SIZE.fullmatch(program.source(one))]
    return others[0] if product and len(others) == 1 else None


def _batches(
    program: Program,
    call: Call,
    made: Call | None,
    counted: tuple[Value, ast.expr] | None,
) -> str | None:
    """Returns how many batches of a generator samples are; None if nobody knows their size."""
    known = _size(program, call, made)
    return _times(program, counted, known) if known and counted else None


def _times(program: Program, counted: tuple[Value, ast.expr], known: tuple[Value, str]) -> str:
    """Returns how many batches of a known size have samples: Keras 1 took the last part as well."""
    value, size = known
    number, node = counted
    samples = program.source(node)
    samples = samples if isinstance(node, ATOMS) else f"({samples})"
    few, many = (getattr(one, "value", None) for one in (number, value))
    if not isinstance(few, int) or not isinstance(many, int) or (few > many > 0 and few % many):
        return f"-(-{samples} // {size})"
    return "1" if few < many else f"{samples} // {size}"


def _made(program: Program, source: Value | None, at: ast.expr | None) -> Call | None:
    """Returns the call that made a generator, which may be one of a function of the program."""
    if isinstance(source, Result):
        return source.call
    read = program.read_at(at)
    made = getattr(read.statement, "value", None) if read is not None else at
    return program.calls_at.get(id(getattr(made, "func", None)))


def _size(program: Program, call: Call, made: Call | None) -> tuple[Value, str] | None:
    """Returns the size of a generator's batches: what it is given, or what the program calls so."""
    if made is None:
        return _size_by_name(program, call)
    given = made.given(None, "batch_size")
    pairs = zip(made.args, made.node.args, strict=False)
    named = [pair for pair in pairs if BATCH_SIZE.fullmatch(program.source(pair[1]))]
    if given or named:
        value, node = given or named[0]
        return value, program.source(node)
    if made.method in ("flow", "flow_from_directory"):
        return Constant(32), "32"
    return _size_of_function(program, made) or _size_by_name(program, call)


def _size_of_function(program: Program, made: Call) -> tuple[Value, str] | None:
    """Returns what a function of the program is given as the size of batches, or takes for it."""
    function = made.callee if isinstance(made.callee, UserFunction) else None
    if function is None or function.owner is not None:
        return None
    arguments = function.node.args.args
    defaults = [None] * len(arguments) + function.node.args.defaults
    for i, (one, default) in enumerate(zip(arguments, defaults[-len(arguments) :], strict=True)):
        if BATCH_SIZE.fullmatch(one.arg):
            given = made.given(i, one.arg)
            if given is not None:
                return given[0], program.source(given[1])
            size = getattr(default, "value", None)
            return (Constant(size), str(size)) if isinstance(size, int) else None
    return None


def _size_by_name(program: Program, call: Call) -> tuple[Value, str] | None:
    """Returns what a program calls the size of its batches where a call stands, if it does."""
    sizes = program.batch_sizes
    here = sizes.get("", {}) | sizes.get(call.scope, {})
    first = next(iter(here.values()), None)
    return (first.value, first.name) if first is not None and len(here) == 1 else None
