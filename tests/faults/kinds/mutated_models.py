"""Models that old Kerases wrote, of every form, with something changed."""

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import count
from pathlib import Path, PurePath
from random import Random
from typing import Any

import h5py
import numpy as np

from ...conversion.tools import ARCHIVES, ENDINGS
from ..case import Case
from .old_models import DEED, LARGE, ODD, SECRET

WEIGHTS = "architecture_weights.h5"
VALUES: tuple[Any, ...] = (
    *ODD,
    *LARGE,
    *(-1, 0, 2, 1000, float("nan"), "os.system", "py_function", SECRET, DEED, [10**9] * 2),
    {"class_name": "Lambda", "config": {"function": ["4wEAAA==", None, None]}},
    {"class_name": "__lambda__", "config": {"value": "4wEAAA=="}},
    {"class_name": "function", "module": "os", "config": "system"},
)
SHARE = 20  # of so many cases one has tf-keras, which takes seconds to start


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such files, and the command that would convert them."""
    for number in count():
        place = folder / f"mutated_models-{number}"
        place.mkdir()
        ending = random.choice(ENDINGS)
        version, name = random.choice(_models(ending))
        members = {m: c for m, c in _members(version).items() if PurePath(m).parts[0] == name}
        if ending in (".json", ".yaml"):
            members[WEIGHTS] = _members(version)[WEIGHTS]
        changed = random.choice(sorted(members))
        members[changed] = _changed(random, changed, members[changed])
        for member, content in members.items():
            (place / member).parent.mkdir(parents=True, exist_ok=True)
            (place / member).write_bytes(content)
        words = ("--weights", WEIGHTS) if WEIGHTS in members else ()
        yield Case(
            f"{version}, {changed}",
            ("convert", name, *words, "-o", "new.keras"),
            place,
            statuses=frozenset({0, 1, 2}),
            hides=() if number % SHARE == 0 else ("tf_keras",),
        )


@cache
def _members(version: str) -> dict[str, bytes]:
    """Returns the files of a version's models by their names."""
    with tarfile.open(ARCHIVES[version]) as archive:
        files = [member for member in archive if member.isfile()]
        return {m.name: archive.extractfile(m).read() for m in files}  # type: ignore[union-attr]


@cache
def _models(ending: str) -> list[tuple[str, str]]:
    """Returns version and name of all models of a form."""
    return sorted(
        {
            (version, PurePath(member).parts[0])
            for version in ARCHIVES
            for member in _members(version)
            if PurePath(member).parts[0].endswith(ending) and "_weights" not in member
        }
        - {(version, "versions.json") for version in ARCHIVES}
    )


def _changed(random: Random, name: str, content: bytes) -> bytes:
    """Returns a file with its configuration, its parts or its bytes changed."""
    changes: dict[str, tuple[Callable[[Random, bytes], bytes], ...]] = {
        ".h5": (_in_attributes, _in_groups, _in_bytes),
        ".json": (_in_json, _in_bytes),
        ".keras": (_in_members, _in_bytes),
    }
    return random.choice(changes.get(PurePath(name).suffix, (_in_digits, _in_bytes)))(
        random, content
    )


def _in_bytes(random: Random, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        at, how = random.randrange(len(found)), random.random()
        if how < 0.5:
            found[at] ^= 1 << random.randrange(8)
        elif how < 0.7:
            found[at] = random.choice((0, 127, 128, 255))
        elif how < 0.95:
            other = random.randrange(len(found))
            sizes = (b"\xff" * 8, bytes(8), (2**40).to_bytes(8, "little"), found[other : other + 8])
            found[at : at + 8] = random.choice(sizes)
        elif at > 100:
            del found[at:]
    return bytes(found)


def _in_digits(random: Random, content: bytes) -> bytes:
    """Changes numbers and quoted words of a text, also inside of a message, in their length."""
    spans = [found.span() for found in re.finditer(rb"\b\d+\b|(?<=\")\w+(?=\")", content)]
    found = bytearray(content)
    for start, end in random.sample(spans, min(len(spans), random.choice((1, 2, 5)))):
        other = random.choice((b"9" * (end - start), b"-" + b"1" * (end - start - 1)))
        found[start:end] = other if end > start + 1 else b"0"
    return bytes(found)


def _in_json(random: Random, content: bytes) -> bytes:
    config = json.loads(content)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        places = list(_places(config))
        if not places:
            break
        (holder, key), (other, its) = random.choice(places), random.choice(places)
        how = random.random()
        if how < 0.55:
            holder[key] = deepcopy(random.choice(VALUES))  # or it would soon hold itself
        elif how < 0.7:
            del holder[key]
        elif how < 0.85:
            holder[key] = json.loads(json.dumps(other[its]))
        elif isinstance(holder[key], (int, float)):
            holder[key] *= random.choice((-1, 2, 1000, 10**6))
        elif isinstance(holder, dict):
            holder[f"{key}_"] = holder.pop(key)
    return json.dumps(config).encode()


def _places(config: Any) -> Iterator[tuple[Any, Any]]:
    """Yields whatever holds something in a configuration, and where."""
    waiting = [config]
    while waiting:
        holder = waiting.pop()
        pairs = list(holder.items() if isinstance(holder, dict) else enumerate(holder))
        yield from ((holder, key) for key, _ in pairs)
        waiting += [item for _, item in pairs if isinstance(item, (dict, list))]


def _in_attributes(random: Random, content: bytes) -> bytes:
    """Changes the configuration in an HDF5 file, or what the model was compiled with."""
    file = io.BytesIO(content)
    with h5py.File(file, "r+") as opened:
        told = [name for name in ("model_config", "training_config") if name in opened.attrs]
        if told:
            name = random.choice((told[0], random.choice(told)))
            value = opened.attrs[name]
            text = value if isinstance(value, bytes) else value.encode()
            # What an attribute holds is no longer than this.
            opened.attrs[name] = _in_json(random, text)[:60_000]
    return file.getvalue()


def _in_groups(random: Random, content: bytes) -> bytes:
    """Changes an array of an HDF5 file, or the names that lead to it."""
    file = io.BytesIO(content)
    names: list[str] = []
    with h5py.File(file, "r+") as opened:
        opened.visit(names.append)
        name, held = random.choice(names), "model_weights" in names
        how = random.randrange(6)
        if how < 5:
            del opened[name]
        if how == 1:
            opened[name] = h5py.ExternalLink(SECRET, "/x")
        elif how == 2:
            opened[name] = h5py.SoftLink("/model_weights")
        elif how == 3:
            opened.create_dataset(name, (10**6,) * 2, "f4", chunks=(1000,) * 2, compression="gzip")
        elif how == 4:
            shape = random.choice(((3,), (), (2, 2, 2)))
            opened[name] = np.zeros(shape, random.choice(("f8", "i4", "S3")))
        elif how == 5:
            values = ([b"x"], [b"a/../b", b"\xff"], 5, "abc", np.zeros((2, 2)))
            changed = opened[random.choice((name, "/", "model_weights" if held else "/"))]
            attribute = random.choice(("layer_names", "weight_names"))
            changed.attrs.pop(attribute, None)
            changed.attrs[attribute] = random.choice(values)
    return file.getvalue()


def _in_members(random: Random, content: bytes) -> bytes:
    """Changes the configuration or the weights of a `.keras` file."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        changed = random.choice(("config.json", "config.json", *old.namelist()))
        for name in old.namelist():
            member = old.read(name)
            if name == changed:
                member = _changed(random, name, member)
            new.writestr(name, member)
    return file.getvalue()
