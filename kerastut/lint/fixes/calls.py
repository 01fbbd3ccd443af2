"""The edits of calls whose callee has another name and other arguments today."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..semantics.facts import Call, Fact, Result
from ..semantics.program import Program
from .edits import (
    insert,
    remove_keywords,
    rename_attribute,
    rename_keyword,
    replace,
    replace_string,
)
from .moving import reach

# Where a call counts in samples rather than in batches.
_KERAS1 = re.compile(
    r"\b(nb_epoch|samples_per_epoch|nb_val_samples|val_samples|max_q_size|nb_worker|pickle_safe"
    r"|border_mode|nb_filter|dim_ordering|[WUb]_regularizer)\s*="
)


_DIVIDED = re.compile(r"//?\s*(?:\w+\.)*\w*batch", re.I)
# What sets the rate of an optimizer, which a schedule does not allow.
_SETS_RATE = re.compile(r"LearningRateScheduler|ReduceLROnPlateau|\.(lr|learning_rate)\b")
_SIDES = ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col")


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
        counted = len(node.args) > 1 and _KERAS1.search(
            program.document.origin or program.document.text
        )
        if odd or counted or len(node.args) > len(names):
            return []
        pairs = zip(node.args[1:], names[1:], strict=False)
        edits += [insert(span_of(arg), f"{name}=") for arg, name in pairs]
        given = call.keyword("generator")
        edits += [rename_keyword(given, names[0])] if given is not None else []
    return edits


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


def kernel_of_sides(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that make one `kernel_size` of `nb_row` and `nb_col`, and their like."""
    given = [one for one in call.node.keywords if one.arg in _SIDES]
    if len(given) < 2 or call.has("kernel_size") or call.certain(1):
        return []
    ordered = sorted(given, key=lambda one: _SIDES.index(one.arg or ""))
    sides = ", ".join(program.source(one.value) for one in ordered)
    kernel = Edit(span_of(given[0]), f"kernel_size=({sides})")
    return [kernel, *remove_keywords(program, call.node, given[1:])]


def decay_as_schedule(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that make a schedule of a learning rate and its `decay`."""
    rate, decay = call.expression(0, "learning_rate", "lr"), call.keyword("decay")
    reached = reach(program, call, "keras.optimizers.schedules.InverseTimeDecay")
    if decay is None:
        return []
    removed = remove_keywords(program, call.node, [decay])
    if getattr(decay.value, "value", None) == 0:
        return removed
    if rate is None or reached is None or _SETS_RATE.search(program.document.text):
        return []
    name, edits = reached
    end = f", 1, {program.source(decay.value)})"
    return [*edits, insert(span_of(rate), f"{name}("), insert(span_of(rate).end, end), *removed]


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


def batches_of_samples(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that count the batches of a generator instead of its samples."""
    training = keyword.arg == "samples_per_epoch"
    source = call.value(0, "generator", "x") if training else call.value(None, "validation_data")
    new = "steps_per_epoch" if training else "validation_steps"
    made = source.call if isinstance(source, Result) else None
    if _DIVIDED.search(program.source(keyword.value)) and not call.has(new):
        return [rename_keyword(keyword, new)]  # batches, whatever the name says
    if made is None or made.method not in ("flow", "flow_from_directory") or call.has(new):
        return []
    given = made.expression(None, "batch_size")
    size = program.source(given) if given is not None else "32"
    samples = program.source(keyword.value)
    samples = samples if isinstance(keyword.value, (ast.Name, ast.Constant)) else f"({samples})"
    return [replace(keyword, f"{new}={samples} // {size}")]
