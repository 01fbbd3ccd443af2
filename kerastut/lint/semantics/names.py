"""Names and attributes of a walk through a program: what they stand for, scope by scope."""

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ..documents.document import Document
from ..documents.text import has_word
from ..rules import api
from ..rules.renames import LONGEST, find_gone, is_told
from .facts import Access, Definition, Guard, Reference, Use
from .models import model_values
from .program import Program
from .scopes import Scope, UserClass, UserFunction, kind_of, merge
from .values import Attribute, Display, Join, Part, Ref, Undefined, Value, nested, options, refer

# What Python and IPython define without an import.
_GIVEN = {
    *dir(builtins),
    *("__file__", "__builtins__", "__annotations__", "__path__", "__class__"),
    *("display", "get_ipython", "In", "Out", "_", "__", "___", "_ih", "_oh", "_dh", "exit", "quit"),
}
# What Python 2 had built in, and what it is called today; and what gives these names back.
PYTHON2 = {"xrange": "range", "raw_input": "input", "unicode": "str", "unichr": "chr"}
PYTHON2 |= {"long": "int", "basestring": "str"}
_BRIDGES = ("six", "past", "builtins", "compat", "common")
# What a page of documentation need not import to be understood.
_PAGES = {"keras": "keras", "tf": "tensorflow"}
# What a page that shows fragments means by a name that it does not import, as everybody does.
_MEANT = {"K": "keras.backend", "np_utils": "keras.utils.np_utils"}
_MEANT |= {"ImageDataGenerator": "keras.preprocessing.image.ImageDataGenerator"}
_MODULES = {"optimizers", "layers", "losses", "callbacks", "initializers", "regularizers"}
_MEANT |= {name: f"keras.{name}" for name in _MODULES}
_MEANT |= {
    name: f"keras.wrappers.scikit_learn.{name}" for name in ("KerasClassifier", "KerasRegressor")
}
# What everybody means by these, where a module that cannot be read gives them, or nothing does.
_EVERYBODYS = {
    *("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam", "K", "np_utils"),
    *("Dense", "Conv2D", "Convolution2D", "MaxPooling2D", "UpSampling2D", "Embedding", "LSTM"),
    *("Dropout", "BatchNormalization", "Lambda", "GRU"),
    *("ModelCheckpoint", "EarlyStopping", "ReduceLROnPlateau", "ImageDataGenerator"),
}


class NameReader:
    """Reads names and attributes, gives names values, and records what it meets in `program`."""

    def __init__(self, document: Document) -> None:
        self.program = Program(document)
        self._is_keras = "keras" in document.text
        self._bridged = has_word(document.text, *_BRIDGES)
        self.open = False  # whether names may come from somewhere that cannot be read
        self.starred = False  # whether they may be those of Keras that everybody uses
        self.later: dict[str, str] = {}  # what blocks import, by name
        # Whether what a page never imports is meant to be Keras's.
        page, text = document.kind == "markdown", document.text
        speaks = "keras" in text or self.program.may_use_keras
        self._own = "torch" not in text  # whether such names are those of Keras alone
        self._means = page and speaks and self._own
        self._scope = Scope("module")
        self._guards: tuple[Guard, ...] = ()
        self._statement: ast.stmt = ast.Pass(lineno=1, col_offset=0)
        self._count = 0
        self._running: list[UserFunction] = []

    def value(self, node: ast.expr | None) -> Value:
        """Returns the value of an expression."""
        raise NotImplementedError

    def _fact(self) -> tuple[ast.stmt, tuple[Guard, ...], int, str]:
        self._count += 1
        return self._statement, self._guards, self._count, self._scope.path

    @contextmanager
    def _guard(self, guard: Guard) -> Iterator[None]:
        outer, self._guards = self._guards, (*self._guards, guard)
        try:
            yield
        finally:
            self._guards = outer

    def branch(self, *paths: Callable[[], bool]) -> bool:
        """Walks through branches, each from here; after them, names have what any gave them.

        A path tells whether its end is reached, and this whether that of any is.
        """
        ends = []
        for path in paths:
            self._scope.names.append({})
            reached = path()
            names = self._scope.names.pop()
            if reached:
                ends.append(names)
        merge(self._scope, ends)
        return bool(ends)

    def define(self, node: ast.AST, name: str, value: Value) -> None:
        """Gives a name a value in the current scope."""
        definition = Definition(*self._fact(), node, name, value)
        self._scope.define(definition)
        self.program.definitions.append(definition)

    def bind(self, target: ast.expr, value: Value) -> None:
        """Gives the names of an assignment's left side their values."""
        match target:
            case ast.Name():
                self.define(target, target.id, value)
            case ast.Tuple() | ast.List():
                for item, part in zip(target.elts, _unpacked(value, target.elts), strict=True):
                    self.bind(item, part)
            case ast.Starred():
                self.bind(target.value, value)
            case ast.Attribute():
                owner = self.value(target.value)
                kind = owner if isinstance(owner, UserClass) else kind_of(owner)
                self.value(target)
                if kind is not None:
                    kind.members[target.attr] = value
            case _:
                self.value(target)

    def _chain(self, node: ast.Name | ast.Attribute) -> Value:
        chain: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            chain.append(base)
            base = base.value
        definition = None
        if isinstance(base, ast.Name):
            value, definition = self._read(base)
            if self._means and chain and isinstance(value, Undefined):
                value = self._meant_module(value, chain[-1].attr)
        else:
            value = self.value(base)
        known = not chain
        for link in reversed(chain):
            known = isinstance(value, Ref)  # a field's is told of where it gets its value
            value = self._member(value, link)
        if known and isinstance(value, Ref):
            self.program.references.append(Reference(*self._fact(), node, value, definition))
        return value

    _Name = _Attribute = _chain

    def _read(self, node: ast.Name) -> tuple[Value, Definition | None]:
        definition = self._scope.lookup(node.id)
        if definition is None:
            return self._read_elsewhere(node), None
        use = Use(*self._fact(), node, node.id, definition)
        definition.uses.append(use)
        self.program.uses.append(use)
        return _single(definition.value), definition

    def _read_elsewhere(self, node: ast.Name) -> Value:
        """Returns the value of a name of a star import, a built-in or nothing at all.

        A star brings what a module has today, or else what it had before Keras 3.
        """
        stars = self._scope.top().stars[::-1]
        for today in (True, False):
            for module in stars:
                told = not today and is_told(f"{module.name}.{node.id}")
                if told or (today and api.has(module.name, node.id, "tf")):
                    return self._attribute(module, node.id)
        page = self.program.document.kind == "markdown"
        if page and node.id in _PAGES:
            return self._refer(_PAGES[node.id])
        if node.id in self.later:  # what a block imports further down
            if page or not self.open:
                self.program.uses.append(Use(*self._fact(), node, node.id, None))
            return self._refer(self.later[node.id])
        if node.id in _GIVEN:
            return Ref(f"builtins.{node.id}", f"builtins.{node.id}")
        if not self.open or (node.id in PYTHON2 and not self._bridged):
            self.program.uses.append(Use(*self._fact(), node, node.id, None))
        meant = _meant(node.id) if self._means else ""
        given = self.starred or (not self.open and self._own)
        if given and node.id in _EVERYBODYS and self.program.may_use_keras:
            meant = _meant(node.id)
        old = any(one.via is not None for one in stars)
        if node.id == "K" and old:  # which the modules of old brought along
            meant = _meant(node.id)
        return self._refer(meant) if meant else Undefined(node.id)

    def _meant_module(self, value: Undefined, member: str) -> Value:
        """Returns the module of Keras that has or had a member, of whose name nothing is known."""
        module = f"keras.{value.name}"
        known = api.has(module, member) if module in api.modules() else False
        return self._refer(module) if known or is_told(f"{module}.{member}") else value

    def _member(self, value: Value, node: ast.Attribute) -> Value:
        if isinstance(value, Ref):
            return self._attribute(value, node.attr)
        stores = isinstance(node.ctx, ast.Store)
        access = Access(*self._fact(), node, value, node.attr, stores)
        self.program.accesses.append(access)
        kind = kind_of(value)
        found = kind.member(node.attr) if kind is not None else _of_class(value, node.attr)
        if kind is not None and node.attr not in kind.members and model_values(found):
            found = None  # each derived class may put a model together in its own way
        found = found or self.program.option_of(value, node.attr)
        access.value = found or nested(Attribute(value, node.attr), value)
        return access.value

    def _refer(self, name: str) -> Ref:
        return refer(name, self.program.sets_legacy)

    def _attribute(self, ref: Ref, name: str) -> Ref:
        if len(ref.name) > LONGEST:
            return ref
        member = self._refer(f"{ref.name}.{name}")
        if ref.via not in (None, "keras"):
            member.via = ref.via
        return member


def _of_class(value: Value, name: str) -> Value | None:
    """Returns what a class itself has by a name: a value, or a function that takes no `self`."""
    found = value.members.get(name) if isinstance(value, UserClass) else None
    if not isinstance(found, UserFunction):
        return found
    return found if found.marks & {"staticmethod", "classmethod"} else None


def _meant(name: str) -> str:
    """Returns the class of Keras that a name is for where nothing defines it, or ""."""
    if name in _MEANT:
        return _MEANT[name]
    home = api.home(name) if name[:1].isupper() else None
    if home:
        return f"{home}.{name}"
    gone = (f"keras.{module}.{name}" for module in ("layers", "utils") if name[:1].isalpha())
    return next((one for one in gone if find_gone(one, "keras")), "")


def _single(value: Value) -> Value:
    """Returns one reference where branches import the same thing in several ways."""
    if isinstance(value, Join):
        refs = [option for option in options(value) if isinstance(option, Ref)]
        same = len({ref.canonical for ref in refs}) == 1
        return refs[0] if same and len(refs) == len(options(value)) else value
    return value


def _unpacked(value: Value, targets: list[ast.expr]) -> Sequence[Value]:
    starred = any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, Display) and len(value.items) == len(targets) and not starred:
        return value.items
    return [nested(Part(value, None if starred else i), value) for i in range(len(targets))]
