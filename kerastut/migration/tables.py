"""Repairs what NumPy, pandas and scikit-learn had once."""

import ast
import re
from collections.abc import Iterator

from kerastut.migration.places import (
    Edit,
    Repair,
    before,
    given_values,
    innermost,
    statement,
)


def threshold(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    for node in statement(trees, line):
        if isinstance(node, ast.keyword) and node.arg == "threshold":
            yield node, "threshold=float('inf')"


def concatenation(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Puts tables of pandas together, which had a method for it."""
    for node in statement(trees, line):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" and node.args:
            assert isinstance(node.func, ast.Attribute)
            tables = f"{ast.unparse(node.func.value)}, {ast.unparse(node.args[0])}"
            options = "".join(f", {ast.unparse(one)}" for one in node.keywords)
            yield node, f"pandas.concat([{tables}]{options})"
    yield from before(trees, "import pandas")


def encoded(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Encodes some columns of a table, and leaves the others."""
    for node in statement(trees, line):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("OneHotEncoder"):
            given = {one.arg: ast.unparse(one.value) for one in node.keywords}
            columns = given.pop("categorical_features", "[0]")
            options = ", ".join(f"{name}={value}" for name, value in given.items())
            part = f"[('encoded', {ast.unparse(node.func)}({options}), {columns})]"
            yield node, f"ColumnTransformer({part}, remainder='passthrough', sparse_threshold=0)"
            yield from before(trees, "from sklearn.compose import ColumnTransformer")


def dense(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    for node in statement(trees, line):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("toarray", "todense"):
            yield node, ast.unparse(node.func).rpartition(".")[0]


def scalars(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Takes the one number of an array for a number, as NumPy did."""
    here = list(statement(trees, line))
    calls = [one for one in here if isinstance(one, ast.Call) and one.args]
    found = [one.args[0] for one in calls if ast.unparse(one.func) in ("int", "float")]
    whole = innermost(trees, line)
    if not found and isinstance(whole, ast.Assign) and isinstance(whole.targets[0], ast.Subscript):
        found = [whole.value]
    for value in found:
        yield value, f"numpy.squeeze({ast.unparse(value)})"
    yield from before(trees, "import numpy") if found else ()


def rounding(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Rounds arrays by NumPy."""
    for node in statement(trees, line):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "round":
            yield node.func, "numpy.round"
    yield from before(trees, "import numpy")


def writable(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Copies what a table of pandas holds, which is not to be written to."""
    names = {node.id for node in statement(trees, line) if isinstance(node, ast.Name)}
    for name, given in given_values(trees).items():
        for value in given if name in names else ():
            if isinstance(value, ast.Attribute) and value.attr == "values":
                yield value, f"{ast.unparse(value.value)}.to_numpy(copy=True)"


def positions(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes from a row of pandas by its place, which was tried where no name is a number."""
    for node in statement(trees, line):
        if isinstance(node, ast.Subscript) and ast.unparse(node.slice) == match[1]:
            yield node, f"{ast.unparse(node.value)}.iloc[{match[1]}]"


REPAIRS: list[Repair] = [
    (r"ValueError: threshold must be non-NAN", threshold),
    (r"AttributeError: '(?:DataFrame|Series)' object has no attribute 'append'", concatenation),
    (r"unexpected keyword argument 'categorical_features'", encoded),
    (r"'numpy\.ndarray' object has no attribute 'to(?:array|dense)'", dense),
    (r"only (?:0-dimensional|length-1) arrays can be converted to Python scalars", scalars),
    (r"TypeError: type numpy\.ndarray doesn't define __round__", rounding),
    (r"pandas/core/series\.py[\s\S]*KeyError: (-?\d+)$", positions),
    (r"ValueError: assignment destination is read-only", writable),
]
