"""Adapts a program's tree to this machine: paths of another one, and loops that go on for ever."""

import ast
import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

from kerastut.migration.places import calls, nodes

SOME = "_kerastut_some"  # the name of what a loop's elements are taken through
# Where the data of people lie who have written a program on another machine.
_FOREIGN = re.compile(
    r"[A-Za-z]:[\\/]"
    r"|/(?:home|Users|data\w*|mnt|media|content|kaggle|tmp|root|opt|input|output|floyd|vagrant"
    r"|nfs|scratch|storage|work\w*|users?|disk\w*|raid|hdd|ssd|gdrive|notebooks)/"
)
_DRIVE = re.compile(r"^[A-Za-z]:")
_TRAIN = ("fit", "fit_generator", "train_on_batch", "apply_gradients", "minimize", "predict", "run")


class Moved(ast.NodeTransformer):
    """Has paths of another machine lead into the folder that a program may write to."""

    def __init__(self, root: str) -> None:
        self._root = root

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        text = node.value
        if not isinstance(text, str) or not _FOREIGN.match(text) or "\n" in text:
            return node
        with contextlib.suppress(OSError, ValueError):
            if not Path(text).exists():
                moved = f"{self._root}/{_DRIVE.sub('', text).lstrip('/')}".replace("\\", "/")
                Path(moved[: moved.rindex("/")]).mkdir(parents=True, exist_ok=True)
                return ast.copy_location(ast.Constant(moved), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Leaves what is put after something else."""
        node.left = self.visit(node.left)
        if not isinstance(node.right, ast.Constant):
            node.right = self.visit(node.right)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        node.values[:1] = map(self.visit, node.values[:1])
        return node


class Loops(ast.NodeTransformer):
    """Has loops that train or predict, themselves or through functions of the program, end early.

    Args:
        trees: Of the program and its modules.
    """

    def __init__(self, trees: Iterable[ast.AST]) -> None:
        self._train = set(_TRAIN)
        functions = [one for one in nodes(trees) if isinstance(one, ast.FunctionDef)]
        for _ in functions:
            found = {one.name for one in functions if self._trains(one)} - {"__init__"}
            if found <= self._train:
                break
            self._train |= found

    def visit_For(self, node: ast.For) -> ast.AST:
        if self._trains(node):
            node.iter = _called(SOME, node.iter)
        return self.generic_visit(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        """Makes `for turn in some(iter(lambda: bool(test), False))` of it, which ends alike."""
        self.generic_visit(node)
        names_anew = any(isinstance(one, ast.NamedExpr) for one in ast.walk(node.test))
        if names_anew or not self._trains(node):
            return node
        test = ast.Lambda(ast.arguments([], [], None, [], [], None, []), _called("bool", node.test))
        whole = _called(SOME, _called("iter", test, ast.Constant(False)))
        loop = ast.For(ast.Name(f"{SOME}_turn", ast.Store()), whole, node.body, node.orelse)
        return ast.fix_missing_locations(ast.copy_location(loop, node))

    def _trains(self, node: ast.AST) -> bool:
        return any(calls(ast.walk(node), *self._train))


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    call = ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
    return ast.fix_missing_locations(ast.copy_location(call, arguments[0]))
