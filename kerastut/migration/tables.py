"""Repairs what NumPy, pandas and scikit-learn had once."""

import ast
import re
from collections.abc import Iterator

from kerastut.migration.places import (
    Edit,
    Repair,
    before,
    calls,
    given_values,
    innermost,
    statement,
)
from kerastut.migration.rewriting import rewritten

_IMPORT = "import numpy"


def encoded(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Encodes some columns of a table, and leaves the others."""
    for node in calls(statement(trees, line), "OneHotEncoder"):
        given = {one.arg: ast.unparse(one.value) for one in node.keywords}
        columns = given.pop("categorical_features", "[0]")
        options = ", ".join(f"{name}={value}" for name, value in given.items())
        part = f"[('encoded', {ast.unparse(node.func)}({options}), {columns})]"
        yield node, f"ColumnTransformer({part}, remainder='passthrough', sparse_threshold=0)"
        yield from before(trees, "from sklearn.compose import ColumnTransformer")


def scalars(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Takes the one number of an array for a number, as NumPy did."""
    found = [one.args[0] for one in calls(statement(trees, line), "int", "float") if one.args]
    whole = innermost(trees, line)
    if not found and isinstance(whole, ast.Assign) and isinstance(whole.targets[0], ast.Subscript):
        found = [whole.value]
    for value in found:
        yield value, f"numpy.squeeze({ast.unparse(value)})"
    yield from before(trees, _IMPORT) if found else ()


def writable(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Copies what a table of pandas holds, which is not to be written to."""
    names = {node.id for node in statement(trees, line) if isinstance(node, ast.Name)}
    for name, given in given_values(trees).items():
        for value in given if name in names else ():
            if isinstance(value, ast.Attribute) and value.attr == "values":
                yield value, f"{ast.unparse(value.value)}.to_numpy(copy=True)"


REPAIRS: list[Repair] = [
    (r"ValueError: threshold must be non-NAN", rewritten("A.nan", "float('inf')")),
    (
        r"AttributeError: '(?:DataFrame|Series)' object has no attribute 'append'",
        rewritten("A.append(B)", "pandas.concat([{A}, {B}]{rest})", "import pandas"),
    ),
    (r"unexpected keyword argument 'categorical_features'", encoded),
    (
        r"'numpy\.ndarray' object has no attribute '(to(?:array|dense))'",
        rewritten(r"A.\1()", "{A}"),
    ),
    (r"only (?:0-dimensional|length-1) arrays can be converted to Python scalars", scalars),
    (
        r"TypeError: type numpy\.ndarray doesn't define __round__",
        rewritten("round(A)", "numpy.round({A}{rest})", _IMPORT),
    ),
    # Of a row of pandas, where no name is a number.
    (
        r"pandas/core/series\.py[\s\S]*KeyError: (-?\d+)$",
        rewritten(r"A[\1]", r"{A}.iloc[\1]"),
    ),
    (r"ValueError: assignment destination is read-only", writable),
]
