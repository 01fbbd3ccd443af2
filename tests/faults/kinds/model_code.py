"""Models that bring code, name it, or would have Keras read or fetch what lies elsewhere."""

import base64
import io
import json
import marshal
import pickle
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from types import CodeType, FunctionType
from typing import Any

import h5py
import numpy as np

from ..case import Case
from ..crafted import CONFIG, WEIGHTS, Node, line, line_weights, node, sequential, source, write
from ..tiny import copied

COMMANDS = (
    ("predict", "run", "1"),
    ("predict", "run", "1"),
    ("plot", "run"),
    ("export", "run", "--format", "keras"),
    ("demo", "run", "--port", "0"),
)
DEED = "__import__('pathlib').Path(__import__('os').environ['KERASTUT_CANARY']).touch()"


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such models in a run's folder."""
    for number in count():
        place = folder / f"model_code-{number}"
        path = copied(place) / "model.keras"
        kind = random.choice(KINDS)
        told = kind(random, path)
        command = random.choice(COMMANDS)
        # A loss or a metric is looked up by its name when it is used, which is never.
        yield Case(
            f"{kind.__name__.strip('_')}, {told}: {command[0]}",
            command,
            place,
            statuses=frozenset({0, 2} if kind is _when_compiled else {2}),
        )


def _code() -> CodeType:
    found: FunctionType = eval(f"lambda x, *a, **k: ({DEED}, x)[1]")
    return found.__code__


def _packed() -> str:
    """Returns a function as Keras packs one."""
    return base64.encodebytes(marshal.dumps(_code())).decode("ascii")


def _function(random: Random) -> tuple[str, Any]:
    """Returns what stands for a function in a configuration, and what to call it."""
    code, module = _packed(), random.choice(MODULES)
    name = random.choice(("system", "exec", "eval", "open", "call", "loads", "get_file", "touch"))
    form = {"class_name": "function", "config": name, "registered_name": name, "module": module}
    spec = {"class_name": "__typespec__", "spec_name": name, "config": [DEED], "module": module}
    return random.choice(
        (
            ("__lambda__", {"class_name": "__lambda__", "config": {"value": [code, None, None]}}),
            ("__lambda__, old", {"class_name": "__lambda__", "config": {"code": code}}),
            ("packed", [code, None, None]),
            (f"function {module}.{name}", form),
            (f"text {module}.{name}", f"{module}.{name}"),
            (f"object {module}.{name}", node(name, module, path=DEED, command=DEED)),
            (f"type {module}.{name}", spec | {"registered_name": name}),
        )
    )


MODULES = (
    *(
        "os",
        "builtins",
        "subprocess",
        "posix",
        "pickle",
        "marshal",
        "pathlib",
        "importlib",
        "runpy",
    ),
    *("keras.utils", "keras.src.utils.python_utils", "keras.src.saving.saving_lib", "keras.os"),
    *("tensorflow", "kerastut.registry", "own", "", "keras.src.utils.file_utils.os", "numpy"),
)
# Where Keras takes a function, or an object that is called.
PLACES: dict[str, tuple[str, ...]] = {
    "Dense": ("activation", "kernel_initializer", "bias_regularizer", "kernel_constraint", "dtype"),
    "Activation": ("activation",),
    "LSTM": ("activation", "recurrent_activation", "recurrent_initializer"),
    "TextVectorization": ("standardize", "split"),
    "TimeDistributed": ("layer",),
    "Bidirectional": ("layer", "backward_layer"),
    "RNN": ("cell",),
    "Pipeline": ("layers",),
}


def _as_function(random: Random, path: Path) -> str:
    """Code where a layer takes a function."""
    kind = random.choice(list(PLACES))
    key = random.choice(PLACES[kind])
    told, function = _function(random)
    given = [function] if key == "layers" else function
    settings: dict[str, Any] = {"units": 1} if kind in ("Dense", "LSTM") else {}
    text = source()
    if kind == "TextVectorization":
        text, settings = source((), "string"), {"ngrams": None, "standardize": None, "split": None}
    model = sequential(text, node(kind, name="layer", **{**settings, key: given}))
    write(path, model, line_weights())
    return f"{told} as {key} of {kind}"


def _when_compiled(random: Random, path: Path) -> str:
    """Code among what a model is compiled with."""
    key = random.choice(("optimizer", "loss", "metrics", "weighted_metrics", "loss_weights"))
    told, function = _function(random)
    given: Any = [function] if "metrics" in key else function
    if random.random() < 0.3:
        given = {"dense": given}
    model = line() | {"compile_config": {"optimizer": "sgd", "loss": "mse"} | {key: given}}
    write(path, model, line_weights())
    return f"{told} as {key}"


def _disguised(random: Random, path: Path) -> str:
    """A layer of code under other names, in other places."""
    kind = random.choice(("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"))
    function = {"class_name": "__lambda__", "config": {"value": [_packed(), None, None]}}
    settings: dict[str, Any] = {"name": "layer", "function": function}
    if kind == "TFSMLayer":
        settings = {"name": "layer", "filepath": random.choice((".", "run", "/tmp", "gs://a/b"))}
    modules = (
        *("keras.layers", "keras", "keras.src.layers", "keras.src.layers.core.lambda_layer"),
        *("keras._tf_keras.keras.layers", "tf_keras.layers", None, "builtins"),
    )
    layer = node(kind, name="layer") | {"module": random.choice(modules), "config": settings}
    layer["registered_name"] = random.choice((None, kind, f"keras>{kind}", "Dense", f"own>{kind}"))
    if random.random() < 0.3:
        layer["class_name"] = random.choice(
            (f"layers.{kind}", f"{kind} ", "Identity", f"keras.{kind}")
        )
    if random.random() < 0.2:
        layer["build_config"] = {"input_shape": [None, 1], "function": function}
    if random.random() < 0.3:
        layer = node("TimeDistributed", name="outer", layer=layer)
    while random.random() < 0.3:
        layer = sequential(source(), layer, name=f"part_{random.randrange(99)}")
    write(path, sequential(source(), layer), line_weights())
    return f"{layer['class_name']} of {layer['module']}"


def _foreign(random: Random, path: Path) -> str:
    """A class that is not Keras's, or a module that does something when it is imported."""
    own = path.parents[1] / "own.py"
    own.write_text(f"{DEED}\n\n\nclass Own:\n    pass\n")
    modules = ("own", "run", "kerastut.own", "keras.own", "keras..own", "keras_hub.own", "")
    layer = node("Own", random.choice(modules), name="layer", path="own.py")
    layer["registered_name"] = random.choice((None, "Own", "own>Own", "Custom>Own", "keras>Own"))
    model = line()
    if random.random() < 0.3:
        model |= {"module": layer["module"], "class_name": "Own"}
    else:
        model["config"]["layers"].append(layer)
    write(path, model, line_weights())
    return f"{layer['registered_name']} of {layer['module']!r}"


def _read_elsewhere(random: Random, path: Path) -> str:
    """A vocabulary that is another file, or an address."""
    kind = random.choice(("StringLookup", "IntegerLookup", "TextVectorization"))
    ground = path.parents[2]
    place = random.choice(
        (
            *(str(ground / "secret.txt"), "../secret.txt", "run/../../secret.txt", "/etc/passwd"),
            *(
                "file:///etc/passwd",
                "http://127.0.0.1:9/words",
                "gs://a/b",
                "/dev/zero",
                "~/.netrc",
            ),
        )
    )
    texts = kind != "IntegerLookup"
    layer = node(kind, name="words", vocabulary=place, vocabulary_size=2, output_mode="int")
    if kind == "TextVectorization":
        layer["config"] |= {"standardize": None, "split": "whitespace", "ngrams": None}
    write(path, sequential(source((), "string") if texts else source((1,), "int64"), layer))
    return f"{kind} of {place}"


def _assets(random: Random, path: Path) -> str:
    """A vocabulary in the archive, with a name that leads out of it."""
    layer = node("StringLookup", name=random.choice(("../a", "a/../../b", "a")), vocabulary=None)
    names = (
        "assets/../../secret.txt",
        "assets/..",
        "assets/layers/../../../x",
        "assets\\..\\..\\x",
    )
    write(path, sequential(source((), "string"), layer), **{random.choice(names): b"a\nb\n"})
    return str(layer["config"]["name"])


def _pickled(random: Random, path: Path) -> str:
    """A pickle where weights or words are expected."""

    class Harmful:
        def __reduce__(self) -> Any:
            return exec, (DEED,)

    content = pickle.dumps(Harmful())
    kind = random.choice(("npz", "weights", "config", "opaque"))
    members = {CONFIG: json.dumps(line()).encode(), WEIGHTS: line_weights()}
    if kind == "npz":
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            head = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }"
            head += b" " * (-(len(head) + 11) % 64) + b"\n"
            start = b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head
            archive.writestr("layers/dense.npy", start + content)
        members.pop(WEIGHTS)
        members["model.weights.npz"] = inner.getvalue()
    elif kind == "weights":
        members[WEIGHTS] = content
    elif kind == "config":
        members[CONFIG] = content
    else:
        weights = io.BytesIO()
        with h5py.File(weights, "w") as file:
            file["layers/dense/vars/0"] = np.void(content)
        members[WEIGHTS] = weights.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return kind


def _told(random: Random, path: Path) -> str:
    """Names that a terminal would act on."""
    strange = random.choice(("\x1b[31mred", "\x1b]0;title\x07", "a\nwarning: b", "\u202egnp"))
    layer: Node = node("Lambda", name=strange)
    choices = {
        "name": sequential(source(), layer),
        "class": sequential(source(), node(strange, name="a")),
        "module": sequential(source(), node("Dense", strange, name="a")),
        "activation": sequential(source(), node("Activation", name="a", activation=strange)),
        "layer": sequential(source(), node("Dense", name=strange, units=10**9)),
    }
    key = random.choice(list(choices))
    write(path, choices[key])
    return f"{key} {strange!a}"


KINDS: tuple[Callable[[Random, Path], str], ...] = (
    *(_as_function, _as_function, _when_compiled, _disguised, _disguised, _foreign),
    *(_read_elsewhere, _assets, _pickled, _told),
)
