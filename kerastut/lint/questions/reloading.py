"""What of a model cannot be loaded again."""

import ast
import re
from collections.abc import Iterator

from ..semantics.facts import Call
from ..semantics.program import Program
from ..semantics.values import Constant, Ref, Value
from .paths import tails
from .training import SHORT

LOADERS = ("keras.models.load_model", "keras.saving.load_model")
# Functions of TensorFlow that go by other names than those of Keras that they are.
_NAMELESS = re.compile(r"tensorflow\.nn\.(softmax|log_softmax|silu|swish)")
_PLACES = {"Dense": 1, "Activation": 0}

Names = list[tuple[ast.expr, str]]  # as they are written, and as Keras reads them


def unread(program: Program) -> Iterator[tuple[Call, Names]]:
    """Yields where a model is loaded, and the names in its file that this does not know."""
    nameless, short = [*_nameless(program)], _short(program)
    both = nameless + short
    for load in _loaded_again(program) if both else ():
        told = load.has("custom_objects") or len(load.args) > 1
        legacy = any(path.endswith((".h5", ".hdf5")) for path in tails(load.value(0, "filepath")))
        compiles = legacy and load.literal(2, "compile") is not False
        names = (short if told else both) if compiles else [] if told else nameless
        if names:
            yield load, names


def _nameless(program: Program) -> Iterator[tuple[ast.expr, str]]:
    """Yields activations under names that no Keras knows, and what Keras calls them."""
    for call in program.calls("keras.layers.*"):
        given = call.given(_PLACES.get(call.last), "activation")
        name = given[0].canonical if given and isinstance(given[0], Ref) else ""
        known = _NAMELESS.fullmatch(name)
        if given is not None and known is not None:
            yield given[1], known[1]


def _short(program: Program) -> Names:
    """Returns the losses where all have short names, which are read as those of metrics."""
    given = [call.given(1, "loss") for call in program.methods("compile")]
    named = [(pair[1], SHORT.get(_name(pair[0]).lower(), "")) for pair in given if pair]
    return named if all(new for _, new in named) else []


def _name(value: Value) -> str:
    """Returns the name of a loss, or ""."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else ""


def _loaded_again(program: Program) -> Iterator[Call]:
    """Yields where a model is loaded that was saved here."""
    checkpoints = program.calls("keras.callbacks.ModelCheckpoint")
    saves = [one.value(0, "filepath") for one in program.methods("save")]
    saves += [one.value(0, "filepath") for one in checkpoints if not one.has("save_weights_only")]
    saved = {path for one in saves for path in tails(one)}
    for load in program.calls(*LOADERS) if saved else ():
        if not saved.isdisjoint(tails(load.value(0, "filepath"))):
            yield load
