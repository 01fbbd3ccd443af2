"""What of a model cannot be loaded again."""

import ast
import re
from collections.abc import Iterator

from ..semantics.facts import Call
from ..semantics.program import Program
from ..semantics.values import Ref
from .paths import tails

LOADERS = ("keras.models.load_model", "keras.saving.load_model")
# Functions of TensorFlow that go by other names than those of Keras that they are.
_NAMELESS = re.compile(r"tensorflow\.nn\.(softmax|log_softmax|silu|swish)")
_PLACES = {"Dense": 1, "Activation": 0}


def nameless(program: Program) -> Iterator[tuple[ast.expr, str]]:
    """Yields activations under names that no Keras knows, and what Keras calls them."""
    for call in program.calls("keras.layers.*"):
        given = call.given(_PLACES.get(call.last), "activation")
        name = given[0].canonical if given and isinstance(given[0], Ref) else ""
        known = _NAMELESS.fullmatch(name)
        if given is not None and known is not None:
            yield given[1], known[1]


def loaded_again(program: Program) -> Iterator[Call]:
    """Yields where a model is loaded, of which nothing is told, that was saved here."""
    checkpoints = program.calls("keras.callbacks.ModelCheckpoint")
    saves = [one.value(0, "filepath") for one in program.methods("save")]
    saves += [one.value(0, "filepath") for one in checkpoints if not one.has("save_weights_only")]
    saved = {path for one in saves for path in tails(one)}
    for load in program.calls(*LOADERS) if saved else ():
        told = load.has("custom_objects") or len(load.args) > 1
        if not told and not saved.isdisjoint(tails(load.value(0, "filepath"))):
            yield load
