"""Files of old Kerases that bring code, lead elsewhere, ask for memory, or are damaged."""

import base64
import io
import json
import marshal
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any

import h5py
import numpy as np

from ..case import Case

DEED = "__import__('pathlib').Path(__import__('os').environ['KERASTUT_CANARY']).touch()"
SECRET = "../secret.txt"
LARGE = (10**9, 10**12, 2**63, 10**30, -1, -(10**9), 1e308)
ODD: tuple[Any, ...] = (None, True, "", "\x1b[31mred", "\u202egnp", [], {}, [[]], "x" * 5000, 0.5)
Config = dict[str, Any]


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such files, and the command that would convert them."""
    for number in count():
        place = folder / f"old_models-{number}"
        place.mkdir()
        kind = random.choice(KINDS)
        told, words = kind(random, place)
        sure = kind not in (_flipped, _odd_values)
        yield Case(
            f"{kind.__name__.strip('_')}, {told}",
            ("convert", *words, "-o", "new.keras"),
            place,
            # A change may leave a model as it was, or one that tf-keras computes in another way.
            statuses=frozenset({2} if sure else {0, 1, 2}),
        )


def _packed() -> str:
    """Returns a function as Keras 2 packed one."""
    found: FunctionType = eval(f"lambda x, *a, **k: ({DEED}, x)[1]")
    return base64.b64encode(marshal.dumps(found.__code__)).decode("ascii")


def _layer(kind: str, name: str, **more: Any) -> Config:
    return {"class_name": kind, "config": {"name": name, "trainable": True, **more}}


def _dense(random: Random, name: str, **more: Any) -> Config:
    units = {"units": random.randint(1, 9), "activation": "linear", "use_bias": True}
    return _layer("Dense", name, **units, **more)


def _sequential(*layers: Config) -> Config:
    layers[0]["config"]["batch_input_shape"] = [None, 3]
    return {"class_name": "Sequential", "config": {"name": "old", "layers": list(layers)}}


def _write(path: Path, config: Any, version: str = "2.4.0") -> h5py.File:
    """Writes a model whose weights fit its Dense layers; returns the open file."""
    file = h5py.File(path, "w")
    file.attrs["model_config"] = json.dumps(config).encode()
    file.attrs["keras_version"], file.attrs["backend"] = version.encode(), b"tensorflow"
    held, inputs = file.create_group("model_weights"), 3
    names = []
    for layer in config["config"]["layers"] if isinstance(config.get("config"), dict) else ():
        settings = layer.get("config", {})
        name = str(settings.get("name", "layer")) or "layer"
        group = held.require_group(name)
        names.append(name.encode())
        units = settings.get("units")
        small = layer.get("class_name") == "Dense" and isinstance(units, int) and 0 < units < 99
        weights = [np.ones((inputs, units), "f4"), np.ones(units, "f4")] if small else []
        group.attrs["weight_names"] = [f"w{i}".encode() for i in range(len(weights))]
        for i, array in enumerate(weights):
            group[f"w{i}"] = array
        inputs = units if small else inputs
    held.attrs["layer_names"] = names
    return file


def _lambda(random: Random, place: Path) -> tuple[str, list[str]]:
    """Bytecode in a Lambda, in every form that it had."""
    code, kind = _packed(), random.choice(("Lambda", "Custom>Lambda", "TFOpLambda", "Activation"))
    forms: tuple[Config, ...] = (
        {"function": [code, None, None], "function_type": "lambda"},
        {"function": {"class_name": "__lambda__", "config": {"code": code}}},
        {"function": "py_function", "arguments": {"func": code}},
        {"function": "io.write_file"},
        {"function": f"{random.choice(('os', 'subprocess', 'numpy'))}.system"},
        {"activation": {"class_name": "function", "module": "os", "config": "system"}},
        {"activation": [code, None, None]},
    )
    form = random.choice(forms)
    name = random.choice(("secret", "a/b", "\x1b[2J", "线", "n" * 300))
    inner = _layer(kind, name, **form)
    if random.random() < 0.3:
        inner = _layer("TimeDistributed", "around", layer=inner)
    _write(place / "old.h5", _sequential(_dense(random, "first"), inner)).close()
    return kind, ["old.h5"]


def _foreign(random: Random, place: Path) -> tuple[str, list[str]]:
    """Names of modules, classes and files where a class or a value is expected."""
    path = random.choice((SECRET, "/etc/passwd", "/dev/zero", "old.h5"))
    layer = random.choice(
        (
            _layer("TFSMLayer", "served", filepath=path),
            _layer("StringLookup", "words", vocabulary=path),
            _layer("TextVectorization", "words", vocabulary=path),
            _layer("JaxLayer", "jax", call_fn=[_packed(), None, None]),
            _layer("Pipeline", "line", layers=[{"class_name": "call", "module": "subprocess"}]),
            {**_layer("call", "run", args=DEED), "module": "subprocess"},
            _layer("Wrapper", "around", layer={"class_name": "Lambda", "config": {}}),
        )
    )
    _write(place / "old.h5", _sequential(_dense(random, "first"), layer)).close()
    return layer["class_name"], ["old.h5"]


def _leads_out(random: Random, place: Path) -> tuple[str, list[str]]:
    """Weights that lie in another file."""
    target = random.choice((SECRET, "/etc/passwd", "/dev/zero"))
    with _write(place / "old.h5", _sequential(_dense(random, "first"))) as file:
        group = file["model_weights/first"]
        how = random.choice(("external link", "soft link", "external storage", "virtual"))
        shape = group["w0"].shape
        del group["w0"]
        if how == "external link":
            group["w0"] = h5py.ExternalLink(target, "/w0")
        elif how == "soft link":
            group["w0"] = h5py.SoftLink("/model_weights/first/w1")
        elif how == "external storage":
            group.create_dataset("w0", shape, "f4", external=[(target, 0, h5py.h5f.UNLIMITED)])
        else:
            layout = h5py.VirtualLayout(shape, "f4")
            layout[...] = h5py.VirtualSource(target, "w0", shape)
            group.create_virtual_dataset("w0", layout)
    return how, ["old.h5"]


def _large(random: Random, place: Path) -> tuple[str, list[str]]:
    """Sizes that no file of this length can hold."""
    size = random.choice(LARGE)
    if random.random() < 0.5:
        with _write(place / "old.h5", _sequential(_dense(random, "first"))) as file:
            group = file["model_weights/first"]
            del group["w0"]
            side = random.choice((10**5, 10**7))
            group.create_dataset("w0", (side, side), "f4", chunks=(1000, 1000), compression="gzip")
        return "an array that is declared", ["old.h5"]
    layer = random.choice(
        (
            _layer("Dense", "wide", units=size),
            _layer("Embedding", "wide", input_dim=size, output_dim=size),
            _layer("LSTM", "wide", units=size, stateful=True, recurrent_activation="sigmoid"),
        )
    )
    _write(place / "old.h5", _sequential(_dense(random, "first"), layer)).close()
    return f"{layer['class_name']} of {size}", ["old.h5"]


def _nested(random: Random, place: Path) -> tuple[str, list[str]]:
    """Configurations that are nested too deep, or hold too much."""
    depth = random.choice((70, 500, 5_000, 100_000))
    opening, closing = random.choice((("[", "]"), ('{"config":', "}")))
    text = opening * depth + "1" + closing * depth
    kind = random.choice((".json", ".yaml"))
    if kind == ".yaml" and random.random() < 0.5:  # an alias of an alias of an alias
        lines = ["a0: &a0 [1, 1]"]
        lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, random.randint(25, 60))]
        text = "\n".join(["class_name: Sequential", "config: *a1", *lines])
    (place / f"old{kind}").write_text(text)
    _write(place / "w.h5", _sequential(_dense(random, "first"))).close()
    return f"{depth} deep in {kind}", [f"old{kind}", "--weights", "w.h5"]


def _yaml_tags(random: Random, place: Path) -> tuple[str, list[str]]:
    """YAML that would make objects."""
    tag = random.choice(
        (
            f"!!python/object/apply:os.system ['{DEED}']",
            f'!!python/object/apply:builtins.eval ["{DEED}"]',
            "!!python/name:os.system",
            "!!python/module:os",
            "!!python/object/new:pathlib.Path [x]",
        )
    )
    (place / "old.yaml").write_text(f"class_name: Sequential\nconfig: [{tag}]\n")
    _write(place / "w.h5", _sequential(_dense(random, "first"))).close()
    return tag[:30], ["old.yaml", "--weights", "w.h5"]


def _graphs(random: Random, place: Path) -> tuple[str, list[str]]:
    """Graphs of calls that point nowhere, at themselves, or round in a circle."""
    entry = {**_dense(random, "a"), "name": "a"}
    start = {**_layer("InputLayer", "in", batch_input_shape=[None, 3]), "name": "in"}
    calls: Any = random.choice(
        (
            [[["a", 0, 0, {}]]],
            [[["gone", 0, 0, {}]]],
            [[["in", 7, 0, {}]]],
            [[["in", 0, 9, {}]]],
            [[["in", -1, 0, {}]]],
            [[["in", 10**30, 0, {}]]],
            [[["in", 0, 0, {"mask": ["a", 0, 0]}]]],
            "in",
            [5],
            [[[]]],
        )
    )
    entry["inbound_nodes"], start["inbound_nodes"] = calls, []
    config = {
        "class_name": "Functional",
        "config": {
            "name": "m",
            "layers": [start, entry],
            "input_layers": [["in", 0, 0]],
            "output_layers": [["a", 0, 0]],
        },
    }
    _write(place / "old.h5", config).close()
    return str(calls), ["old.h5"]


def _missing(random: Random, place: Path) -> tuple[str, list[str]]:
    """Weights that are missing, left over, or of another shape."""
    with _write(place / "old.h5", _sequential(_dense(random, "first"))) as file:
        held = file["model_weights"]
        how = random.choice(("missing", "left over", "other shape", "no numbers", "named twice"))
        if how == "missing":
            held["first"].attrs["weight_names"] = [b"w0"]
        elif how == "left over":
            held.create_group("more").attrs["weight_names"] = [b"w0"]
            held["more/w0"] = np.ones(3)
            held.attrs["layer_names"] = [b"first", b"more"]
        elif how == "named twice":
            held["first"].attrs["weight_names"] = [b"w0", b"w0"]
        else:
            del held["first/w0"]
            held["first/w0"] = np.ones((7, 7)) if how == "other shape" else np.array([b"x"])
    return how, ["old.h5"]


def _archives(random: Random, place: Path) -> tuple[str, list[str]]:
    """`.keras` files that are large when unpacked, or whose members lie elsewhere."""
    weights = io.BytesIO()
    h5py.File(weights, "w").close()
    config = {**_sequential(_dense(random, "first")), "module": "keras"}
    text = json.dumps(config)
    how = random.choice(("zeros", "elsewhere", "no config", "of Keras 3"))
    if how == "zeros":
        text += " " * random.choice((10**8, 3 * 10**8))
    version = "3.4.0" if how == "of Keras 3" else "2.15.0"
    names = ("../config.json" if how == "elsewhere" else "config.json", "model.weights.h5")
    with zipfile.ZipFile(place / "old.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        if how != "no config":
            archive.writestr(names[0], text)
        archive.writestr(names[1], weights.getvalue())
    return how, ["old.keras"]


def _folders(random: Random, place: Path) -> tuple[str, list[str]]:
    """SavedModel folders that are none, or lead out."""
    folder = place / "saved"
    (folder / "variables").mkdir(parents=True)
    how = random.choice(("garbage", "empty", "linked", "no graph"))
    if how == "linked":
        (folder / "saved_model.pb").symlink_to(
            random.choice((Path("../../secret.txt"), "/dev/zero"))
        )
    elif how != "no graph":
        (folder / "saved_model.pb").write_bytes(random.randbytes(300) if how == "garbage" else b"")
    return how, ["saved"]


def _flipped(random: Random, place: Path) -> tuple[str, list[str]]:
    """Bits of a whole file, turned over."""
    config = _sequential(_dense(random, "first"), _dense(random, "second"))
    _write(place / "old.h5", config).close()
    content = bytearray((place / "old.h5").read_bytes())
    for _ in range(random.choice((1, 4, 64, 500))):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    if random.random() < 0.2:
        del content[random.randrange(8, len(content)) :]
    (place / "old.h5").write_bytes(content)
    return f"{len(content)} bytes", ["old.h5"]


def _odd_values(random: Random, place: Path) -> tuple[str, list[str]]:
    """Values of any kind anywhere in a configuration."""
    config = _sequential(
        _dense(random, "first", kernel_initializer={"class_name": "Zeros", "config": {}}),
        _layer("Dropout", "drop", rate=0.5, noise_shape=None, seed=None),
        _dense(random, "last", kernel_regularizer={"class_name": "L1L2", "config": {"l1": 0.1}}),
    )
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [config]
    while waiting:
        value = waiting.pop()
        pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
        places += [(value, key) for key, _ in pairs]
        waiting += [item for _, item in pairs if isinstance(item, (dict, list))]
    whole = json.loads(json.dumps(config))
    for _ in range(random.choice((1, 1, 2, 5))):
        holder, key = random.choice(places)
        if random.random() < 0.2 and isinstance(holder, dict):
            holder.pop(key, None)
        else:
            holder[key] = random.choice((*ODD, *LARGE))
    with _write(place / "old.h5", whole) as file:
        file.attrs["model_config"] = json.dumps(config).encode()
    return "somewhere", ["old.h5"]


Kind = Callable[[Random, Path], tuple[str, list[str]]]
KINDS: tuple[Kind, ...] = (
    _lambda,
    _foreign,
    _leads_out,
    _large,
    _nested,
    _yaml_tags,
    _graphs,
    _missing,
    _archives,
    _folders,
    _flipped,
    _odd_values,
)
