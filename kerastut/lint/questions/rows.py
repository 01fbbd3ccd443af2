"""Rows and columns of tables whose labels are texts or dates: pandas 3 takes a number for one."""

import ast
import re
from collections.abc import Iterator

from ..finding import span_of
from ..fixes.edits import insert
from ..fixes.tables import is_column, is_number, is_table
from ..semantics.facts import Result, Subscript
from ..semantics.program import Program
from ..semantics.values import Attribute, Display, Mapping, Operation, Part, Value
from .arrays import is_counter
from .beside import Asked

# Where nothing is said of their header.
_READS = ("pandas.read_csv", "pandas.read_table", "pandas.read_excel")
_KEEPS = {"copy", "dropna", "fillna", "head", "tail", "sample", "sort_values", "drop_duplicates"}
_KEEPS |= {"reset_index", "drop", "astype", "isnull", "isna", "notnull", "abs", "diff", "round"}
_REDUCES = {"mean", "std", "var", "min", "max", "sum", "median", "count", "nunique"}
# What gives tables of prices by their dates.
_DATED = {"pandas_datareader.data.DataReader", "pandas_datareader.DataReader", "yfinance.download"}
_DATE = re.compile(r"(?i)date|time|day|month|日期|时间")
_LOCATORS = ("iloc", "loc")
_FAR = 20  # methods one after the other


def rows_by_position(program: Program) -> Iterator[Asked]:
    """Yields where a row, or a number for each column, is asked for what stands at a position.

    And where a column is given an axis, `table["a"][:, None]`, or groups several columns.
    """
    named = any(one.stores and one.name == "columns" for one in program.accesses)
    if program.packages.isdisjoint(("pandas", "pandas_datareader", "yfinance")):
        return
    for one in program.subscripts:
        whole, node = program.source(one.node.value), one.node.slice
        key, end = program.source(node), span_of(one.node.value).end
        position = not named and not one.is_caught("KeyError", "LookupError") and _is_position(one)
        grouped = one.of.call if isinstance(one.of, Result) else None
        columns = node.elts if isinstance(node, ast.Tuple) else []
        if position and _is_row(one.of):
            yield one, f"{whole}[{key}]", f": `{whole}.iloc[{key}]`", [insert(end, ".iloc")]
        elif grouped and grouped.method == "groupby" and len(columns) > 1:
            sides = [insert(span_of(node), "["), insert(span_of(node).end, "]")]
            yield one, f"[{key}]", f": `[[{key}]]`", sides
        elif any(map(_is_new_axis, columns[1:])) and _is_scaled(one.of):
            yield one, f"[{key}]", f": `.values[{key}]`", [insert(end, ".values")]


def _is_scaled(value: Value) -> bool:
    """Tells whether a value is a column or the index of a table, scaled or not, or some rows."""
    match value:
        case Operation(node=ast.BinOp(), operands=sides):
            return any(map(_is_scaled, sides))
        case Part(of=whole, node=ast.Subscript(slice=ast.Slice())):
            return _is_scaled(whole)
        case Attribute(of=whole, name="index"):
            return is_table(whole)
    return is_column(value)


def _is_new_axis(node: ast.expr) -> bool:
    none = isinstance(node, ast.Constant) and node.value is None
    return none or (isinstance(node, ast.Attribute) and node.attr == "newaxis")


def _is_position(one: Subscript) -> bool:
    node = one.node.slice  # the last one is `len(x) - 1`
    counted = node.left if isinstance(node, ast.BinOp) and is_number(node.right) else None
    last = isinstance(counted, ast.Call) and getattr(counted.func, "id", "") == "len"
    return last or is_counter(one.key) or is_number(node)


def _is_row(value: Value) -> bool:
    """Tells whether the labels of a value are the texts over a table, or the dates beside it."""
    match value:
        case Part(of=table, node=ast.Subscript(slice=ast.Constant(value=str()))):
            return _has_dates(table)
        case Attribute(of=table, name="dtypes"):
            return _has_named_columns(table)
        case Part(of=Attribute(of=table, name=name), node=ast.Subscript(slice=key)):
            return name in _LOCATORS and not _is_cut(key) and _has_named_columns(table)
        case Part(of=Part(of=Result(call=call)), key=1):
            rows = call.receiver if call.method == "iterrows" else None
            return rows is not None and _has_named_columns(rows)
        case Result(call=call) if call.method in _REDUCES and call.receiver is not None:
            columns = not call.args and (not call.has("axis") or call.literal(None, "axis") == 0)
            return columns and _has_named_columns(call.receiver)
    return False


def _has_dates(value: Value) -> bool:
    """Tells whether the rows of a table have dates for labels."""
    for _ in range(_FAR):
        match value:
            case Result(call=call) if call.name in _DATED:
                return True
            case Result(call=call) if call.name in _READS:
                index = call.literal(None, "index_col")  # numbers stay numbers
                dated = isinstance(index, str) and _DATE.search(index) is not None
                return dated and call.has("parse_dates")
            case Result(call=call) if call.method in _KEEPS - {"reset_index"} and call.receiver:
                value = call.receiver
            case Part(of=table, node=ast.Subscript(slice=ast.Slice() | ast.List() | ast.Compare())):
                value = table
            case _:
                return False
    return False


def _has_named_columns(value: Value) -> bool:
    """Tells whether a value is a table for certain, all of whose columns have texts for names."""
    for _ in range(_FAR):
        match value:
            case Result(call=call) if call.name in _READS:
                given = call.value(None, "names")
                if given is not None:
                    return _are_texts(given)
                return len(call.args) < 3 and not call.has("header", "prefix")
            case Result(call=call) if call.name == "pandas.concat":
                parts = call.value(0, "objs")
                alone = isinstance(parts, Display) and len(parts.items) == 1
                if not isinstance(parts, Display) or not alone or call.has("axis", "keys"):
                    return False
                value = parts.items[0]
            case Result(call=call) if call.name == "pandas.DataFrame":
                named, data = call.value(2, "columns"), call.value(0, "data")
                if named is None and isinstance(data, Mapping):
                    return bool(data.items) and all(isinstance(one, str) for one in data.items)
                return _are_texts(named)
            case Result(call=call) if call.method in _KEEPS and call.receiver is not None:
                value = call.receiver
            case Part(of=Attribute(of=table, name="iloc" | "loc"), node=ast.Subscript(slice=key)):
                if not _is_cut(key):
                    return False
                value = table
            case Part(of=table, node=ast.Subscript(slice=ast.Slice() | ast.List() | ast.Compare())):
                value = table
            case _:
                return False
    return False


def _are_texts(value: Value | None) -> bool:
    """Tells whether a list holds texts alone, and some."""
    items = value.items if isinstance(value, Display) else ()
    texts = [getattr(one, "value", None) for one in items]
    return bool(texts) and all(isinstance(one, str) for one in texts)


def _is_cut(key: ast.expr) -> bool:
    """Tells whether a subscript takes a stretch of rows, or of rows and columns."""
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    return all(isinstance(one, (ast.Slice, ast.List)) for one in parts)
