"""The edits that give a model's or weights' file a name that Keras 3 takes, in all its places."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from pathlib import PurePosixPath

from ..finding import Edit, span_of
from ..questions.paths import COUNTED, tails
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.scopes import LAYERS, UserClass
from ..semantics.values import Constant, Operation, Value, options
from .edits import add_argument, insert, replace
from .moving import reach_each

_SUFFIX = re.compile(
    r"((\.weights)?\.(h5|h5py|hdf5?|hd5|ckpt|tf|keras|model|pkl|pb|weights))?/?$", re.I
)
_FIELD = re.compile(r"\{[^{}]*\}|%[-+\d.]*[a-z]")
_FUNCTIONS = {"keras.models.save_model": 1, "keras.saving.save_model": 1}
_FUNCTIONS |= {"keras.models.load_model": 0, "keras.saving.load_model": 0}
_NAMES = ("filepath", "filename")
_READS = ("load_model", "load_weights", "loaded by name")
_NUMBER = re.compile(r"%[^a-z]*[di]|\{epoch\}|\{\w+:[^{}]*d\}")  # as a field of a path
_ABSOLUTE = re.compile(r"[/~]|\w:")
_MISSING = {"OSError", "IOError", "EnvironmentError", "FileNotFoundError"}
_VALUES = {"ValueError", "Exception", "BaseException"}
_NEWEST = ("glob.glob", "os.path.join", "os.path.getmtime")
_NAMED = re.compile(
    r"(model|net|generator|discriminator|critic|coder|cnn|lstm|classifier)_?\d*$", re.I
)
_ENDS = ("", ".model", ".tf", ".pb", ".ckpt", ".hdf", ".json")  # of what is no model's file
_FILE = re.compile(r"[A-Za-z0-9_.-]*\.(?:h5|hdf5|h5py|hd5|ckpt|model)(?![A-Za-z0-9_-])")
_FORMAT = re.compile(r"\b(an? )?hdf5 ", re.I)
_HDF5 = (".h5", ".hdf5", ".h5py", ".hd5")  # as some write it


class FileNames:
    """The files that a program saves models and weights in, or loads them from."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.kinds: defaultdict[str, set[str]] = defaultdict(set)  # by the name without folders
        self.given: defaultdict[str, list[tuple[Call, ast.expr]]] = defaultdict(list)
        self.folders: defaultdict[str, set[str | None]] = defaultdict(set)
        self.elsewhere: set[str] = set()  # paths of what is read and lies where nothing is written
        self.renamed: set[str] = set()

    @cached_property
    def strings(self) -> Mapping[str, list[ast.expr]]:
        """The nodes that end with a name; most programs have none to mend."""
        found: defaultdict[str, list[ast.expr]] = defaultdict(list)
        written: defaultdict[str, set[str | None]] = defaultdict(set)
        uses = [(call, *_taken(self.program, call)) for call in self.program.all_calls]
        for call, position, kind in sorted(uses, key=lambda use: use[2] in _READS):
            given = call.given(position, *_NAMES) if kind else None
            if given is None:
                continue
            value, at = given
            for path in tails(value):
                base, folder = _base(path), _folder(path, value)
                plain = any(getattr(one, "value", None) == path for one in options(value))
                if kind not in _READS:
                    written[base].add(folder)
                elif plain and written[base] and not _are_near({folder}, written[base]):
                    self.elsewhere.add(path)
                    continue
                self.folders[base].add(folder)
                self.kinds[base].add(kind)
                self.given[base].append((call, at))
        nodes_of = self.program.nodes_of
        for node in (*nodes_of(ast.JoinedStr), *nodes_of(ast.Constant)):
            if isinstance(self.program.parents.get(id(node)), ast.JoinedStr):
                continue
            if isinstance(node, ast.JoinedStr):
                ends = node.values[-1:]
                texts = [one.value for one in ends if isinstance(one, ast.Constant)]
                for text in texts:
                    found[_base(str(text))].append(node)
                continue
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and text not in self.elsewhere:
                found[_base(text)].append(node)
        return found

    @cached_property
    def told(self) -> Mapping[str, list[ast.expr]]:
        """The texts that are printed, by the one file that each names: `"net.h5 is saved"`."""
        found: defaultdict[str, list[ast.expr]] = defaultdict(list)
        for call in self.program.calls("builtins.print"):
            for node in call.node.args:
                text = self.program.source(node)
                files = (
                    _FILE.findall(text) if isinstance(node, (ast.Constant, ast.JoinedStr)) else []
                )
                if len(files) == 1 and text[1:-1] != files[0]:
                    found[files[0]].append(node)
        return found

    @cached_property
    def opened(self) -> set[str]:
        """The files that the program looks into itself, as HDF5."""
        opens = self.program.calls("h5py.File", "tables.open_file")
        return {_base(path) for call in opens for path in tails(call.value(0, "name"))}

    def rename_all(self, paths: list[str]) -> list[Edit]:
        """Returns the edits that rename all that a file may be called, or none of these."""
        known = [_base(path) in self.renamed for path in paths]
        each = [self.rename(path) for path in paths]
        whole = all(edits or done for edits, done in zip(each, known, strict=True))
        return [edit for edits in each for edit in edits] if whole else []

    def rename(self, path: str) -> list[Edit]:
        """Returns the edits that give a file its new name; none if it may be somebody else's."""
        base = _base(path)
        nodes = self.strings[base]
        if base in self.renamed or path in self.elsewhere:
            return []  # the first finding mends all
        self.renamed.add(base)
        kinds = self.kinds[base]
        # `load_weights("net")` of what is saved as `net.h5`.
        others = [one for one, of in self.kinds.items() if "weights saved" in of and "." in one]
        beside = kinds == {"load_weights"} and any(one.startswith(f"{base}.") for one in others)
        weights = beside or "weights saved" in kinds
        models = bool({"model saved", "load_model"} & kinds)
        # What callbacks write is a model, unless it goes where weights are saved.
        written = "checkpoint" in kinds
        models = models or (written and not weights)
        fetched = any("://" in str(getattr(node, "value", "")) for node in nodes)
        if weights == models or fetched or base in self.program.hidden_text:
            return []
        if base in self.opened:
            return []
        saved = beside or bool({"weights saved", "model saved", "checkpoint"} & kinds)
        if not saved or "loaded by name" in kinds:
            return []
        suffix = ".weights.h5" if weights else ".keras"
        if base == COUNTED:
            return [one for _, node in self.given[base] for one in _appended(node, suffix)]
        if "." not in base:  # a word, which may mean anything
            parts = [part for _, one in self.given[base] for part in ast.walk(one)]
            names = {name_of(part) for part in parts} - {""}
            within = set(map(id, parts))
            nodes = [node for node in nodes if id(node) in within or self._is_path(node, names)]
            if not nodes:
                return [one for _, node in self.given[base] for one in _appended(node, suffix)]
        new = _SUFFIX.sub(suffix, base, count=1)
        edits = self._weights_only(base) if weights and written else []
        more = (self._guards,) if weights else (self._with_classes, self._handlers)
        edits += [one for edits_of in more for one in edits_of(base)]
        for node in {id(one): one for one in (*nodes, *self.told.get(base, ()))}.values():
            source = self.program.source(node)
            if source.count(base) != 1:
                return []
            edits.append(replace(node, re.sub(f"{re.escape(base)}/?", lambda _: new, source)))
            edits += self._remark(node, base, new)
        for other in self._filled(base, weights):
            self.renamed.add(other)
            for node in self.strings[other]:
                text = self.program.source(node)
                edits.append(replace(node, text.replace(other, _SUFFIX.sub(suffix, other, 1))))
        return [*edits, *self._endings(base, suffix)]

    def _remark(self, node: ast.expr, base: str, new: str) -> list[Edit]:
        """Returns the edit of a comment behind a name, `# creates a HDF5 file 'net.h5'`."""
        end, document = span_of(node).end, self.program.document
        line = document.line(end.line)
        at = line.find("#", document.column(end.line, end.column)) + 1
        said = line[at:] if at else ""
        if base not in said or new in said:
            return []
        text = said.replace(base, new)
        text = text if new.endswith(".h5") else _FORMAT.sub(r"\1", text)
        start, stop = (len(one.encode("utf-8", "surrogatepass")) for one in (line[:at], line))
        return [Edit(end._replace(column=start, end_column=stop), text)]

    def newest(self, call: Call) -> list[Edit]:
        """Returns the edits of `tf.train.latest_checkpoint(folder)`, where weights are saved."""
        value, own = call.value(0, *_NAMES), self.strings and "weights saved"
        made = value.call if isinstance(value, Result) else call
        folder = made.expression(0, "checkpoint_dir")
        saved = any(own in kinds for kinds in self.kinds.values())
        kept = [*self.program.calls("tensorflow.train.Checkpoint", "tensorflow.train.Saver")]
        names, edits = reach_each(self.program, made, *_NEWEST)
        if folder is None or not names or not saved or kept or len(made.args) > 1:
            return []
        pattern = f'{names[1]}({self.program.source(folder)}, "*.weights.h5")'
        newest = f"max({names[0]}({pattern}), key={names[2]}, default=None)"
        return [*edits, replace(made.node, newest)]

    def _endings(self, base: str, suffix: str) -> list[Edit]:
        """Returns the edits of `glob("*.h5")` and `name.replace(".h5", "")`, of renamed files."""
        found = _SUFFIX.search(base)
        old = found[0] if found else ""
        alone = {old, f"*{old}"} - {base}
        rest = (one for one in (*self.strings, *self.elsewhere) if old and one.endswith(old))
        if not old or set(rest) - alone - self.renamed:
            return []  # or of others that stay
        nodes = [node for one in alone for node in self.strings.get(one, ())]
        texts = [(node, self.program.source(node)) for node in nodes]
        plain = (pair for pair in texts if pair[1].count(old) == 1)
        return [replace(node, text.replace(old, suffix)) for node, text in plain]

    def _filled(self, base: str, weights: bool) -> list[str]:
        """Returns the files `net-07.h5` that are read of what is written as `net-{epoch}.h5`."""
        parts, fields = _FIELD.split(base), [*_FIELD.findall(base), ""]
        spans = [r"\d+" if _NUMBER.fullmatch(one) else ".+" if one else "" for one in fields]
        pattern = re.compile("".join(map("".join, zip(map(re.escape, parts), spans, strict=True))))
        named = re.search("[A-Za-z]{2}", "".join(parts[:-1])) or {*spans} <= {r"\d+", ""}
        known = len(parts) > 1 and named
        reads = {"load_weights"} if weights else {"load_weights", "load_model"}
        files = [one for one in self.kinds if one != base and self.kinds[one] <= reads]
        files = [one for one in files if _are_near(self.folders[one], self.folders[base])]
        return [one for one in files if pattern.fullmatch(one)] if known else []

    def _weights_only(self, base: str) -> list[Edit]:
        """Returns the edits that have callbacks write weights alone."""
        calls = [call for call, _ in self.given[base] if call.last == "ModelCheckpoint"]
        plain = [call.node for call in calls if len(call.args) < 5]
        return [add_argument(node, "save_weights_only=True") for node in plain]

    def _guards(self, base: str) -> list[Edit]:
        """Returns the edits of `os.path.exists(path + ".index")`, which no file is called now."""
        edits = []
        for call in self.program.calls("os.path.exists", "os.path.isfile"):
            value, node = call.value(0), call.expression(0)
            ends = value.operands if isinstance(value, Operation) else ()
            index = len(ends) == 2 and getattr(ends[1], "value", None) == ".index"
            if index and isinstance(node, ast.BinOp) and base in map(_base, tails(ends[0])):
                edits.append(Edit(span_of(node.left).end.to(span_of(node)), ""))
        return edits

    def _handlers(self, base: str) -> list[Edit]:
        """Returns the edits of `except OSError`: what is missing of a `.keras` is a ValueError."""
        loads = [call.node for call, _ in self.given[base] if call.last == "load_model"]
        tries = {id(one): one for node in loads for one in self._tries(node)}
        edits = []
        for one in tries.values():
            kinds = [handler.type for handler in one.handlers if handler.type is not None]
            names = [{name_of(part) for part in getattr(kind, "elts", [kind])} for kind in kinds]
            taken = len(kinds) < len(one.handlers) or any(_VALUES & known for known in names)
            for kind, known in zip(kinds, names, strict=True):
                if known & _MISSING and not taken:
                    written = self.program.source(kind).strip("()")
                    edits.append(replace(kind, f"({written}, ValueError)"))
        return edits

    def _tries(self, node: ast.AST) -> Iterator[ast.Try]:
        """Yields the `try` that a call stands in, if it stands in one's body."""
        around = self.program.around(node, ast.Try, ast.FunctionDef)
        if isinstance(around, ast.Try):
            parts = set(map(id, self.program.outward(node)))
            yield from [around] if any(id(one) in parts for one in around.body) else ()

    def _with_classes(self, base: str) -> list[Edit]:
        """Returns the edits that tell `load_model` of layers of the document's own."""
        own = [one for one in self.program.definitions if _is_saved(one.value)]
        calls = [call for call, _ in self.given[base]]
        saved = [self.program.model_of(one.receiver) for one in calls if one.method == "save"]
        plain = bool(saved) and all(one and one.complete for one in saved)
        if plain or re.search(r"\.(h5|hdf5|keras)$", base):
            return []  # of Keras's layers alone, or was told of them before
        edits = []
        for call in calls:
            alone = not call.has("custom_objects") and len(call.args) == 1
            # Below, a class has no name yet.
            known = [one.name for one in own if call.scope or one.order < call.order]
            given = ", ".join(f'"{name}": {name}' for name in dict.fromkeys(known))
            if call.last == "load_model" and alone and given:
                edits.append(add_argument(call.node, f"custom_objects={{{given}}}"))
        return edits

    def _is_path(self, node: ast.AST, names: set[str]) -> bool:
        """Tells whether a word alone has a name, or is put together for one of these."""
        alone: ast.AST | None = node
        around = self.program.parents.get(id(node))
        while not isinstance(around, (ast.stmt, type(None))):
            around, alone = self.program.parents.get(id(around)), around
        targets = around.targets if isinstance(around, ast.Assign) else []
        named = any(name_of(one) in names for one in targets)
        return (bool(targets) and alone is node) or named


def _appended(node: ast.expr, suffix: str) -> list[Edit]:
    """Returns the edit that puts a suffix to an expression whose end stands nowhere by itself."""
    while isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "join":
        node = node.args[-1]
    end = span_of(node).end
    if isinstance(node, ast.JoinedStr):
        return [insert(end._replace(column=end.column - 1), suffix)]
    summed = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    alone = isinstance(node, (ast.Call, ast.Name, ast.Attribute))
    return [insert(end, f' + "{suffix}"')] if summed or alone else []


def _is_saved(kind: Value) -> bool:
    """Tells whether a class is one of layers that says how it is made, and is not registered."""
    layer = isinstance(kind, UserClass) and kind.inherits(*LAYERS)
    return layer and isinstance(kind, UserClass) and not kind.node.decorator_list


def _base(path: str) -> str:
    return re.split(r"[\\/]", path.rstrip("/"))[-1] if len(path) < 1000 else ""


def _folder(path: str, value: Value) -> str | None:
    """Returns the folder of a path that a value may be; None if not all of the path is known."""
    for whole in filter(None, map(_whole, options(value))):
        if whole.endswith(path):
            folder = whole[: -len(_base(path))].replace("\\", "/").rstrip("/")
            return re.sub(r"^(\.{1,2}(/|$))+", "", folder)
    return None


def _whole(value: Value, depth: int = 9) -> str:
    """Returns a path of which all is known, as `"a" + "/b.h5"` is; "" for any other."""
    added = isinstance(value, Operation) and isinstance(getattr(value.node, "op", None), ast.Add)
    joined = isinstance(value, Result) and value.call.name == "os.path.join"
    parts = value.operands if isinstance(value, Operation) and added else ()
    parts = value.call.args if isinstance(value, Result) and joined else parts
    if parts:
        texts = [_whole(one, depth - 1) for one in parts] if depth else [""]
        return ("/" if joined else "").join(texts) if all(texts) else ""
    return str(value.value) if isinstance(value, Constant) else ""


def _are_near(some: set[str | None], others: set[str | None]) -> bool:
    """Tells whether two folders may be the same, of which one may not be known or be absolute."""
    if len(some) * len(others) > 1000:
        return True  # which nobody writes by hand
    for one, other in product(some, others):
        if one is None or other is None or one == other:
            return True
        short, long = sorted((one, other), key=len)
        if _ABSOLUTE.match(long) and not _ABSOLUTE.match(short) and long.endswith(short):
            return True
    return False


def saves_model(program: Program, call: Call) -> bool:
    """Tells whether what is saved is a model: to HDF5, compiled, or by its name to a folder."""
    compiled = any(one.compiled for one in options(call.receiver))
    named = _NAMED.search(program.source(call.owner)) is not None
    paths = tails(call.value(0, "filepath"))
    folders = named and all(PurePosixPath(path).suffix in _ENDS for path in paths)
    return compiled or folders or any(path.endswith(_HDF5) for path in paths)


def _taken(program: Program, call: Call) -> tuple[int, str]:
    """Returns where a call takes a path, and for what; "" if it takes none."""
    if call.name in _FUNCTIONS:
        return _FUNCTIONS[call.name], "load_model" if call.last == "load_model" else "model saved"
    if call.name == "keras.callbacks.ModelCheckpoint":
        weights = call.literal(4, "save_weights_only") is True
        return 0, "weights saved" if weights else "checkpoint"
    other = bool(program.method_of(call)) and (call.method != "save" or saves_model(program, call))
    known = program.may_be_model(call.receiver) or other
    if call.method in ("save", "save_weights", "load_weights") and known:
        kinds = {"save": "model saved", "save_weights": "weights saved"}
        by_name = call.method == "load_weights" and call.expression(1, "by_name")
        if by_name and call.literal(1, "by_name") is not False:
            return 0, "loaded by name"  # which only the older format allows
        return 0, kinds.get(call.method, call.method)
    return 0, ""
