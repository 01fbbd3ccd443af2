"""Models' files that hold another than they state: packed, empty, linked, endless or deep."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from ..case import Case
from ..crafted import (
    CONFIG,
    WEIGHTS,
    functional,
    line,
    line_weights,
    node,
    sequential,
    source,
    write,
)
from ..tiny import copied

SETS = "layers/dense/vars"
COMMANDS = (
    ("predict", "run", "1"),
    ("predict", "run", "1"),
    ("plot", "run"),
    ("export", "run", "--format", "keras"),
    ("demo", "run", "--port", "0"),
)


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such files in a run's folder."""
    neighbour = folder / "neighbour.h5"
    neighbour.write_bytes(line_weights())
    for number in count():
        place = folder / f"packed_models-{number}"
        path = copied(place) / "model.keras"
        kind = random.choice(KINDS)
        told = kind(random, path)
        command = random.choice(COMMANDS[:1] if kind in (_lying_sizes, _cut) else COMMANDS)
        # What is wrong may lie where nobody reads; then the model is a good one.
        may_do = kind in (_lying_sizes, _cut)
        yield Case(
            f"{kind.__name__.strip('_')}, {told}: {command[0]}",
            command,
            place,
            statuses=frozenset({0, 2} if may_do else {2}),
        )


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _good() -> dict[str, bytes]:
    text = json.dumps(line()).encode()
    return {"metadata.json": b"{}", CONFIG: text, WEIGHTS: line_weights()}


def _much(path: Path, name: str, piece: bytes, times: int) -> None:
    """Writes one member of a piece many times over, beside the good ones."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, content in _good().items():
            if other != name:
                archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(times):
                member.write(piece)


def _long_config(random: Random, path: Path) -> str:
    """A configuration of many megabytes in a file of few."""
    piece = random.choice((b" ", b"[", b"9", b'{"a":', b"[],", b'"\\u0000",', b"\0"))
    times = random.randint(40, 130)
    _much(path, CONFIG, piece * (2**20 // len(piece)), times)
    return f"{times} MB of {piece!r}"


def _long_value(random: Random, path: Path) -> str:
    """Valid, but for what it takes."""
    size = int(10 ** random.uniform(5, 7.4))
    config = line()
    layer = config["config"]["layers"][1]["config"]
    values: dict[str, Any] = {
        "units": "9" * size,
        "name": "n" * size,
        "activation": "a" * size,
        "kernel_initializer": [1] * (size // 3),
        "kernel_regularizer": {"a" * size: {}},
    }
    key = random.choice(list(values))
    layer[key] = values[key]
    write(path, config, line_weights())
    return f"{key} of {size:,}"


def _many_layers(random: Random, path: Path) -> str:
    """More layers than anybody draws, one after another or side by side."""
    times = random.randint(6000, 30_000)
    kind = random.choice(("ReLU", "Dense", "Identity", "Dropout"))
    every: dict[str, dict[str, Any]] = {"Dense": {"units": 1}, "Dropout": {"rate": 0.5}}
    settings = every.get(kind, {})
    if random.random() < 0.5:
        layers = [node(kind, name=f"layer_{i}", **settings) for i in range(times)]
        write(path, sequential(source(), *layers))
        return f"{times} of {kind}"
    called = node(kind, name="again", **settings)
    model = functional((source(), []), (called, ["source"]))
    calls = model["config"]["layers"][1]["inbound_nodes"]
    calls *= times
    write(path, model)
    return f"{times} calls of {kind}"


def _deep_layers(random: Random, path: Path) -> str:
    """Models in models, or wrappers in wrappers."""
    deep = int(10 ** random.uniform(1.5, 5))
    wrapper = random.choice(
        ("Sequential", "TimeDistributed", "Bidirectional", "SpectralNormalization")
    )
    if wrapper == "Sequential":
        head = '{"module":"keras","class_name":"Sequential","config":{"layers":['
        tail = "]}}"
    else:
        head = f'{{"module":"keras.layers","class_name":"{wrapper}","registered_name":null,'
        head, tail = f'{head}"config":{{"layer":', "}}"
    inner = json.dumps(node("Dense", name="dense", units=1))
    text = json.dumps(sequential(source(), node("ReLU", name="here")))
    here = json.dumps(node("ReLU", name="here"))
    write(path, text.replace(here, head * deep + inner + tail * deep))
    return f"{deep} of {wrapper}"


def _zeros(random: Random, path: Path) -> str:
    """A member of zeros: the weights, an asset, or what nobody asks for."""
    name = random.choice((WEIGHTS, "assets/layers/a/vocabulary.txt", "other", "metadata.json"))
    times = random.randint(257, 700)
    _much(path, name, bytes(2**20), times)
    return f"{times} MB as {name}"


def _lying_sizes(random: Random, path: Path) -> str:
    """The directory states another size than there is."""
    name = random.choice((CONFIG, WEIGHTS))
    _zip(path, _good())
    content = bytearray(path.read_bytes())
    place = content.rindex(name.encode(), 0, content.rindex(b"PK\5\6")) - 46
    stated = random.choice((0, 1, 2**31, 2**32 - 2, random.randrange(2**32)))
    offset = random.choice((20, 24))  # packed, unpacked
    struct.pack_into("<I", content, place + offset, stated)
    path.write_bytes(content)
    return f"{name} states {stated}"


def _members(random: Random, path: Path) -> str:
    """Members without number, in other places, twice, or links."""
    good = _good()
    kind = random.choice(("many", "away", "twice", "link", "encrypted"))
    with zipfile.ZipFile(
        path, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    ) as archive:
        for name, held in good.items():
            archive.writestr(name, held)
        if kind == "many":
            for i in range(random.randint(10_001, 30_000)):
                archive.writestr(f"assets/{i}", b"")
        if kind == "away":
            away = ("../out", "/tmp/out", "assets/../../out", "..\\out", "C:\\out", "//host/out")
            archive.writestr(random.choice(away), b"content")
        if kind == "link":  # whoever unpacks it
            info = zipfile.ZipInfo("assets/link")
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "../../secret.txt")
            archive.writestr("assets/../link/out", b"content")
    if kind == "twice":
        path.write_bytes(path.read_bytes().replace(b"metadata.json", CONFIG.encode() + b"\0\0"))
    if kind == "encrypted":
        encrypted = bytearray(path.read_bytes())
        for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            encrypted[encrypted.index(signature) + offset] |= 1
        path.write_bytes(encrypted)
    return kind


def _cut(random: Random, path: Path) -> str:
    """Cut short, or with bytes changed in the weights, below the archive's own sums."""
    if random.random() < 0.3:
        _zip(path, _good())
        whole = path.read_bytes()
        kept = random.randrange(len(whole) - 1)
        path.write_bytes(whole[:kept])
        return f"{kept} of {len(whole)} bytes"
    weights = bytearray(line_weights())
    place = random.randrange(len(weights) - 8)
    width = random.choice((1, 2, 4, 8))
    weights[place : place + width] = random.choice((random.randbytes(width), b"\xff" * width))
    if random.random() < 0.2:
        del weights[random.randrange(len(weights)) :]
    write(path, line(), bytes(weights))
    return f"{len(weights)} bytes of weights, changed at {place}"


def _sets(random: Random, path: Path, fill: Callable[[h5py.File], None]) -> None:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file)
    write(path, line(), content.getvalue())


def _nothing_stored(random: Random, path: Path) -> str:
    """A set with a shape and no numbers."""
    size = int(10 ** random.uniform(7, 9.9))
    chunks, value = random.choice(((None, 0), ((min(size, 2**20),), 1)))
    filters = random.choice(({}, {"compression": "gzip"}, {"shuffle": True}))
    options = filters if chunks else {}

    def fill(file: h5py.File) -> None:
        numbers = file.create_group(SETS)
        numbers.create_dataset("0", (size,), "f4", chunks=chunks, fillvalue=value, **options)
        numbers["1"] = np.zeros(1, np.float32)

    _sets(random, path, fill)
    return f"{size:,} numbers, none stored"


def _packed_set(random: Random, path: Path) -> str:
    """A set of zeros that is packed."""
    size = random.randint(10**6, 3 * 10**7)

    def fill(file: h5py.File) -> None:
        numbers = file.create_group(SETS)
        numbers.create_dataset(
            "0", (size,), "f4", np.zeros(size, "f4"), compression="gzip", chunks=(2**20,)
        )
        numbers["1"] = np.zeros(1, np.float32)

    _sets(random, path, fill)
    return f"{size:,} zeros, packed"


def _elsewhere(random: Random, path: Path) -> str:
    """A set whose numbers lie in other files."""
    ground = path.parents[2]
    kind = random.choice(("soft", "external link", "external", "virtual"))
    secret, neighbour = str(ground / "secret.txt"), str(ground / "neighbour.h5")

    def fill(file: h5py.File) -> None:
        numbers = file.create_group(SETS)
        numbers["1"] = np.zeros(1, np.float32)
        if kind == "soft":
            numbers["0"] = h5py.SoftLink(random.choice((f"/{SETS}/1", f"/{SETS}/0", "/nothing")))
        elif kind == "external link":
            numbers["0"] = h5py.ExternalLink(neighbour, f"{SETS}/0")
        elif kind == "external":
            target = random.choice((secret, "/etc/passwd", "/dev/zero"))
            numbers.create_dataset("0", (1, 1), "f4", external=[(target, 0, 4)])
        else:
            layout = h5py.VirtualLayout((1, 1), "f4")
            layout[:] = h5py.VirtualSource(neighbour, f"{SETS}/0", (1, 1))
            numbers.create_virtual_dataset("0", layout)

    _sets(random, path, fill)
    return kind


def _strange_set(random: Random, path: Path) -> str:
    """A set that is no numbers, or a group that is endless."""
    kind = random.choice(
        ("circle", "many", "deep", "texts", "references", "empty", "type", "large")
    )

    def fill(file: h5py.File) -> None:
        numbers = file.create_group(SETS)
        numbers["1"] = np.zeros(1, np.float32)
        if kind == "circle":
            numbers["0"] = file["layers"]
        elif kind == "many":
            for i in range(2, 70_000):
                numbers[str(i)] = numbers["1"]
        elif kind == "deep":
            inner = numbers
            for _ in range(random.randint(500, 3000)):
                inner = inner.create_group("0")
        elif kind == "texts":
            numbers["0"] = ["a text" * 99] * 99
        elif kind == "references":
            numbers.create_dataset("0", data=numbers.ref, dtype=h5py.ref_dtype)
        elif kind == "empty":
            numbers["0"] = h5py.Empty("f4")
        elif kind == "type":
            numbers["0"] = np.dtype("f4")
        else:
            numbers.attrs["name"] = "n" * 60_000
            numbers["0"] = np.zeros((10**6,), np.float32)

    _sets(random, path, fill)
    return kind


KINDS: tuple[Callable[[Random, Path], str], ...] = (
    *(_long_config, _long_value, _many_layers, _deep_layers, _zeros, _lying_sizes, _members, _cut),
    *(_nothing_stored, _packed_set, _elsewhere, _strange_set),
)
