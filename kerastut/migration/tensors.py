"""Repairs what programs did with the tensors of a model, and with graphs and sessions."""

import ast
import re
from collections.abc import Iterator

from kerastut.migration.places import (
    Edit,
    Repair,
    before,
    calls,
    given_values,
    name_of,
    nodes,
    statement,
)
from kerastut.migration.rewriting import piece

_LOSSES = re.compile(r"crossentropy$|^ms?[ae]$|(?:squared|absolute)_error$")


def sessions(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Takes a tensor as it is, which has its value without a session."""
    opened = set()
    for node in nodes(trees):
        if isinstance(node, ast.withitem) and node.optional_vars and _opens(node.context_expr):
            opened.add(ast.unparse(node.optional_vars))
        elif isinstance(node, ast.Assign) and _opens(node.value):
            parts = (getattr(target, "elts", [target]) for target in node.targets)
            opened |= {ast.unparse(one) for some in parts for one in some}
    runs = {f"{name}.run" for name in opened}
    for node in nodes(trees):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in runs and not node.keywords:
            yield node, f"({', '.join(map(ast.unparse, node.args))})"


def graphs(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
    """Leaves graphs and sessions that a program works inside of, in which Keras does not train."""
    yield from sessions(trees, line, match)
    for one in (node.context_expr for node in nodes(trees) if isinstance(node, ast.withitem)):
        called = name_of(one.func) if isinstance(one, ast.Call) else ""
        text = ast.unparse(one)
        if called.endswith("Session") or (called == "as_default" and "writer" not in text):
            yield one, f"contextlib.nullcontext({text.removesuffix('.as_default()')})"
            yield from before(trees, "import contextlib")


def _opens(value: ast.expr) -> bool:
    return "ession(" in ast.unparse(value)


def losses(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Has a layer add a loss that asks for tensors of its model, where a program compiles it."""
    own = {node.name for node in nodes(trees) if isinstance(node, ast.FunctionDef)}
    for node in calls(nodes(trees), "compile"):
        for given in (one for one in node.keywords if name_of(one.value) in own):
            model = ast.unparse(node.func).removesuffix(".compile")
            kept = [one for one in node.keywords if one is not given]
            call = ast.unparse(ast.Call(node.func, node.args, kept))
            yield node, f"{model} = with_loss({model}, {ast.unparse(given.value)}); {call}"
            yield from before(trees, piece("own_loss"))


def called(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Has layers call the functions of TensorFlow that take tensors of a model."""
    made = _Called()
    for node in filter(made.takes, calls(statement(trees, line))):
        yield node, ast.unparse(made.visit(node))
        yield from before(trees, piece("called"))
        return


class _Called(ast.NodeTransformer):
    def takes(self, node: ast.Call) -> bool:
        home, _, name = ast.unparse(node.func).rpartition(".")
        owned = home.split(".")[0] in ("K", "tf", "tensorflow", "backend") and name.islower()
        return owned or _LOSSES.search(name) is not None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not self.takes(node):
            return node
        return ast.Call(ast.Name("called"), [node.func, *node.args], node.keywords)


def closed(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Gives a layer the tensors of its model that its methods name, as further inputs."""
    given = given_values(trees).items()
    tensors = {name for name, values in given if any(map(_is_of_layer, values))}
    classes = (node for node in nodes(trees) if isinstance(node, ast.ClassDef))
    for layer in (one for one in classes if one.lineno <= line <= (one.end_lineno or 0)):
        used = [one for one in ast.walk(layer) if isinstance(one, ast.Name)]
        own = {one.id for one in used if isinstance(one.ctx, ast.Store)}
        own |= {one.arg for one in ast.walk(layer) if isinstance(one, ast.arg)}
        moved = [one for one in used if one.id in tensors - own]
        names = [*dict.fromkeys(one.id for one in moved)]
        counts = set[int]()
        for call in (one for one in calls(nodes(trees)) if names and one.args):
            if isinstance(call.func, ast.Call) and name_of(call.func.func) == layer.name:
                several = getattr(call.args[0], "elts", [])
                counts.add(len(several))
                inputs = [*map(ast.unparse, several or call.args), *names]
                yield call.args[0], f"[{', '.join(inputs)}]"
        methods = (one for one in layer.body if getattr(one, "name", "") == "call" and counts)
        for method in (one for one in methods if isinstance(one, ast.FunctionDef)):
            taken, count, first = method.args.args[1].arg, max(counts), method.body[0]
            kept = f"{taken}[:{count}]" if count else f"{taken}[0]"
            told, rest = ", ".join(map("self.{}".format, names)), ":" * (len(names) > 1)
            lines = [f"{told} = {taken}[{count or 1}{rest}]", f"{taken} = {kept}", ""]
            place = {"lineno": first.lineno, "col_offset": first.col_offset}
            here = ast.Pass(**place, end_lineno=first.lineno, end_col_offset=first.col_offset)
            yield here, f"\n{' ' * first.col_offset}".join(lines)
            yield from ((one, f"self.{one.id}") for one in moved)


def _is_of_layer(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Call)


def built(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Says of a model that trains in steps of its own, and is never called, that it is built."""
    for node in (one for one in nodes(trees) if isinstance(one, ast.ClassDef)):
        own = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        starts = own["__init__"].body if "__init__" in own else []
        if "train_step" in own and not {"call", "build"} & own.keys() and len(starts) > 1:
            line, column = starts[-1].lineno, starts[-1].col_offset
            place = {"lineno": line, "end_lineno": line}
            text = f"self.built = True\n{' ' * column}"
            yield ast.Pass(**place, col_offset=column, end_col_offset=column), text


REPAIRS: list[Repair] = [
    (r"RuntimeError: The Session graph is empty", sessions),
    (r"to capture an EagerTensor|Python-style iteration in eager mode", graphs),
    (r"KerasTensor cannot be used as input|on a tensor input\. Received.*<KerasTensor", closed),
    (r"KerasTensor cannot be used as input to a TensorFlow|elements of \(None", losses),
    (r"KerasTensor cannot be used as input to a TensorFlow", called),
    (r"model that has not yet been built\. Try building the model first", built),
]
