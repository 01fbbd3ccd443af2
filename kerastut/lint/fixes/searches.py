"""The edits of searches of scikit-learn over what a function that builds a model takes."""

import ast
from collections.abc import Iterator

from ..finding import Edit
from ..semantics.facts import Result
from ..semantics.program import Program
from ..semantics.scopes import UserFunction
from ..semantics.values import Attribute, Display, Value
from .edits import rename_keyword, replace_string

_SEARCHES = ("GridSearchCV", "RandomizedSearchCV")
_GRIDS = ("param_grid", "param_distributions")
# What the wrappers of scikeras take themselves; they hand none of it to what builds a model.
_TAKEN = {"batch_size", "epochs", "verbose", "callbacks", "validation_split", "shuffle"}
_TAKEN |= {"class_weight", "sample_weight", "random_state"}


def routed(program: Program) -> list[Edit]:
    """Returns the edits that call arguments of what builds a model as scikeras does: `model__x`."""
    edits: dict[Edit, None] = {}
    for call in program.all_calls:
        function = _builder(call.value(0, "estimator")) if call.last in _SEARCHES else None
        grid = call.given(1, *_GRIDS) if function is not None else None
        if function is None or grid is None:
            continue
        own = {one for one in function.parameters if one not in _TAKEN}
        for name, edit in _keys(program, *grid):
            if name in own:
                edits[edit] = None
        for one in program.subscripts:  # `search.best_params_["units"]`
            name = getattr(one.key, "value", None)
            best = isinstance(one.of, Attribute) and one.of.name == "best_params_"
            if best and name in own and isinstance(one.node.slice, ast.Constant):
                edits[replace_string(program, one.node.slice, f"model__{name}")] = None
    return [*edits]


def _builder(value: Value | None) -> UserFunction | None:
    """Returns the function that builds the model of a wrapper that is searched."""
    made = value.call if isinstance(value, Result) else None
    wraps = made is not None and made.last in ("KerasClassifier", "KerasRegressor")
    function = made.value(0, "build_fn", "model") if made is not None and wraps else None
    return function if isinstance(function, UserFunction) else None


def _keys(program: Program, value: Value, node: ast.expr) -> Iterator[tuple[object, Edit]]:
    """Yields the keys of a grid, or of each of several, and the edits that route them."""
    node = value.call.node if isinstance(value, Result) else getattr(value, "node", node)
    if isinstance(value, Display) and isinstance(node, (ast.List, ast.Tuple)):
        for one, part in zip(value.items, node.elts, strict=False):
            yield from _keys(program, one, part)
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, replace_string(program, key, f"model__{key.value}")
    elif isinstance(node, ast.Call) and program.source(node.func) == "dict":
        for word in node.keywords:
            if word.arg is not None:
                yield word.arg, rename_keyword(word, f"model__{word.arg}")
