"""The edits that give a model's or weights' file a name that Keras 3 takes, in all its places."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property

from ..finding import Edit
from ..semantics.facts import Call
from ..semantics.program import Program
from ..semantics.values import Value, options
from .edits import replace

_SUFFIX = re.compile(r"((\.weights)?\.(h5|hdf5?|hd5|ckpt|tf|keras|model|pkl|pb|weights))?/?$", re.I)
_FUNCTIONS = {"keras.models.save_model": 1, "keras.saving.save_model": 1}
_FUNCTIONS |= {"keras.models.load_model": 0, "keras.saving.load_model": 0}


class FileNames:
    """The files that a program saves models and weights in, or loads them from."""

    def __init__(self, program: Program, tail: Callable[[Value | None], str | None]) -> None:
        self.program, self.tail = program, tail
        self.kinds: defaultdict[str, set[str]] = defaultdict(set)  # by the name without folders
        self.given: defaultdict[str, set[int]] = defaultdict(set)  # the nodes of such arguments
        self.renamed: set[str] = set()

    @cached_property
    def strings(self) -> Mapping[str, list[ast.expr]]:
        """The nodes that end with a name; most programs have none to mend."""
        found: defaultdict[str, list[ast.expr]] = defaultdict(list)
        for call in self.program.all_calls:
            position, kind = _taken(self.program, call)
            value = call.value(position, "filepath", "filename") if kind else None
            for path in filter(None, map(self.tail, options(value))):
                self.kinds[_base(path)].add(kind)
                self.given[_base(path)].add(id(call.expression(position, "filepath", "filename")))
        for node in self.program.nodes:
            if isinstance(self.program.parents.get(id(node)), ast.JoinedStr):
                continue
            if isinstance(node, ast.JoinedStr):
                ends = node.values[-1:]
                texts = [one.value for one in ends if isinstance(one, ast.Constant)]
                for text in texts:
                    found[_base(str(text))].append(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found[_base(node.value)].append(node)
        return found

    def rename(self, path: str) -> list[Edit]:
        """Returns the edits that give a file its new name; none if it may be somebody else's."""
        base = _base(path)
        if base in self.renamed:
            return []  # the first finding mends all
        self.renamed.add(base)
        nodes = self.strings[base]
        kinds = self.kinds[base]
        weights, models = "weights saved" in kinds, bool({"model saved", "load_model"} & kinds)
        fetched = any("://" in str(getattr(node, "value", "")) for node in nodes)
        if weights == models or fetched or base in self.program.hidden_text:
            return []
        if not {"weights saved", "model saved"} & kinds or "loaded by name" in kinds:
            return []
        if "." not in base:  # a word, which may mean anything
            nodes = [node for node in nodes if self._is_path(node, base)]
        new = _SUFFIX.sub(".weights.h5" if weights else ".keras", base, count=1)
        edits = []
        for node in nodes:
            source = self.program.source(node)
            if source.count(base) != 1:
                return []
            edits.append(replace(node, re.sub(f"{re.escape(base)}/?", lambda _: new, source)))
        return edits

    def _is_path(self, node: ast.expr, base: str) -> bool:
        assigned = isinstance(self.program.parents.get(id(node)), ast.Assign)
        return assigned or id(node) in self.given[base]


def _base(path: str) -> str:
    return re.split(r"[\\/]", path.rstrip("/"))[-1] if len(path) < 1000 else ""


def _taken(program: Program, call: Call) -> tuple[int, str]:
    """Returns where a call takes a path, and for what; "" if it takes none."""
    if call.name in _FUNCTIONS:
        return _FUNCTIONS[call.name], "load_model" if call.last == "load_model" else "model saved"
    if call.name == "keras.callbacks.ModelCheckpoint":
        weights = call.literal(4, "save_weights_only") is True
        return 0, "weights saved" if weights else "model saved"
    known = program.may_be_model(call.receiver)
    known = known or (call.method != "save" and bool(program.method_of(call)))
    if call.method in ("save", "save_weights", "load_weights") and known:
        kinds = {"save": "model saved", "save_weights": "weights saved"}
        by_name = call.method == "load_weights" and call.expression(1, "by_name")
        if by_name and call.literal(1, "by_name") is not False:
            return 0, "loaded by name"  # which only the older format allows
        return 0, kinds.get(call.method, call.method)
    return 0, ""
