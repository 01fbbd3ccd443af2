"""The edits of calls whose callee has another name and other arguments today."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..semantics.facts import Call
from ..semantics.program import Program
from .edits import insert, rename_attribute, rename_keyword

# Where a call counts in samples rather than in batches.
_KERAS1 = re.compile(
    r"\b(nb_epoch|samples_per_epoch|nb_val_samples|val_samples|max_q_size|nb_worker|pickle_safe"
    r"|border_mode|nb_filter|dim_ordering|[WUb]_regularizer)\b"
)


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
