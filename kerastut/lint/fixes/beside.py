"""The edits of calls of pandas, scikit-learn and Matplotlib that take an argument no longer."""

import ast
from collections.abc import Callable

from ..finding import Edit, span_of
from ..questions.beside import SEARCHES
from ..rules.rule import load_rules
from ..semantics.facts import Access, Call
from ..semantics.program import Program
from .edits import (
    insert,
    remove_keyword,
    remove_keywords,
    rename_attribute,
    rename_keyword,
    replace,
)
from .missing import Missing
from .tables import as_table


def renamed(program: Program, access: Access, call: ast.Call | None, new: str) -> list[Edit]:
    """Returns the edits that write what an attribute is called today, read or called.

    A new name may be one with the arguments in it, `clip(lower={})`, or no name: `[()]`.
    """
    start, end = span_of(access.node.value).end, span_of(call or access.node).end
    given = [*call.args, *call.keywords] if call is not None else []
    tabular = call is not None and access.name in ("append", "as_matrix")
    table = as_table(program, access, call) if call is not None and tabular else []
    if table or not new:
        return table
    if new == "str" or not new[0].isalpha():  # `.value`, `.fillna(method="pad")`
        return [Edit(start.to(end), "" if new == "str" else new)]
    if "{}" in new:
        odd = any(isinstance(one, (ast.Starred, ast.keyword)) for one in given)
        text = ", ".join(map(program.source, given))
        return [Edit(start.to(end), f".{new.format(text)}")] if given and not odd else []
    alike = (*SEARCHES, *load_rules()["KT341"].match["alike"])
    if given and access.name not in alike and "." not in new:
        return []
    keywords = call.keywords if call is not None and access.name == "sort" else []
    by = [rename_keyword(one, "by") for one in keywords if one.arg == "columns"]
    return [rename_attribute(access.node, new), *by]


def encoder_of_columns(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that encode some columns and keep the others, as `OneHotEncoder` did.

    What it gives is sparse as before; of a dense one the type may be another.
    """
    name = "ColumnTransformer"
    brought = Missing("sklearn.compose", name, name).edit(program, call.node)
    taken = program.names_of.get(name, set()) - {f"sklearn.compose.{name}"}
    if call.has("sparse") or not brought or taken:
        return []
    rest = [*call.node.args, *(one for one in call.node.keywords if one is not keyword)]
    encoder = f"{program.source(call.node.func)}({', '.join(map(program.source, rest))})"
    columns = f'[("one_hot", {encoder}, {program.source(keyword.value)})]'
    text = f'{name}({columns}, remainder="passthrough", sparse_threshold=1)'
    return [*brought, replace(call.node, text)]


def dates_of(program: Program, call: Call, _keyword: ast.keyword | None = None) -> list[Edit]:
    """Returns the edits of `read_csv(parse_dates=[["day", "hour"]], index_col=0, date_parser=f)`.

    Dates that a function reads, or that several columns are, are made of the table that was read.
    """
    words = {one.arg: one for one in call.node.keywords}
    given = [words[name] for name in ("parse_dates", "index_col", "date_parser") if name in words]
    dates, index = (_literal(words.get(name)) for name in ("parse_dates", "index_col"))
    index = index[0] if isinstance(index, list) and len(index) == 1 else index
    read = program.source(words["date_parser"].value) if "date_parser" in words else ""
    pairs = [*dates.items()] if isinstance(dates, dict) else [("", one) for one in _listed(dates)]
    name, parts = pairs[0] if len(pairs) == 1 else ("", None)
    after = ""
    if isinstance(parts, list) and parts:
        numbers = not isinstance(parts[0], str)
        name = name or ("" if numbers else "_".join(parts))
        columns = f"table.columns[{parts}]" if numbers else repr(parts)
        made = f'table[{columns}].astype(str).agg(" ".join, axis=1)'
        made += f".map({read})" if read else '.astype("datetime64[ns]")'
        made += f".rename({name!r})" if name else ""
        after = f".pipe(lambda table: table.drop(columns={columns}).set_index({made}))"
        after = after if index is not None and index in (0, name) else ""
    elif read and index is not None and (dates is True or dates in (index, [index])):
        after = f".rename(index={read})"
        given.remove(words["index_col"])
    elif read and dates and index not in _listed(dates):
        named = [one for one in _listed(dates) if isinstance(one, str) and one.isidentifier()]
        made = ", ".join(f'{one}=lambda table: table["{one}"].map({read})' for one in named)
        after = f".assign({made})" if len(named) == len(_listed(dates)) else ""
        given = [one for one in given if one.arg != "index_col"]
    if not after or "table" in read or call.has("chunksize", "iterator"):
        return []
    return [*remove_keywords(program, call.node, given), insert(span_of(call.node).end, after)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _literal(keyword: ast.keyword | None) -> object:
    """Returns what is written for an argument; None if that is not only literals."""
    try:
        return ast.literal_eval(keyword.value) if keyword is not None else None
    except ValueError:
        return None


def axes_in_space(_program: Program, call: Call, _keyword: ast.keyword) -> list[Edit]:
    """Returns the edits of `figure.gca(projection="3d")`, which makes no axes any more."""
    new = "subplot" if call.name else "add_subplot"
    node = call.node.func
    return [rename_attribute(node, new)] if isinstance(node, ast.Attribute) else []


def squeezed(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits of `read_csv(path, squeeze=True)`, where that is known to be so."""
    removed = remove_keyword(program, call.node, keyword)
    squeezes = insert(span_of(call.node).end, '.squeeze("columns")')
    return [removed, squeezes] if getattr(keyword.value, "value", None) is True else []


def drawn_on(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits of `table.plot(axes=ax)`; what is `ax` itself draws on no other."""
    if not call.node.args:
        return [rename_keyword(keyword, "ax")]
    own = call.name or program.source(call.owner) == program.source(keyword.value)
    return [remove_keyword(program, call.node, keyword)] if own else []


# How calls are rewritten that are given an argument that they no longer take.
REWRITTEN: dict[str, Callable[[Program, Call, ast.keyword], list[Edit]]] = {
    "axes": drawn_on,
    "categorical_features": encoder_of_columns,
    "date_parser": dates_of,
    "projection": axes_in_space,
    "squeeze": squeezed,
}
