"""Reads `.keras` files of Keras 2.13 to 2.15: a configuration beside arrays laid out by class."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py

from kerastut.conversion.hdf5 import ADVICE, FAILURES, Hdf5
from kerastut.conversion.old import CONVERTED, ConversionError, Old, Weight, check_config, parsed
from kerastut.data import opened
from kerastut.errors import DataError, refused, shown_path
from kerastut.memory import check_memory

CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"
# What lies below a layer, in the order in which its weights stand.
PARTS = (
    "forward_layer",
    "backward_layer",
    "cell",
    "_query_dense",
    "_key_dense",
    "_value_dense",
    "_output_dense",
)


@contextmanager
def packed(path: Path) -> Iterator[Old]:
    """Yields the model of a `.keras` file of Keras 2.

    Raises:
        ConversionError: If a Keras 3 wrote it.
        DataError: If it is damaged.
    """
    with opened(path, "a .keras file") as archive:
        if not {CONFIG, WEIGHTS} <= set(archive.namelist()):
            raise DataError(
                f"{shown_path(path)}: expected a .keras file with {CONFIG} and {WEIGHTS}; one is"
                " missing. Save the model again with the old Keras."
            )
        config = check_config(path, parsed(path, archive.read(CONFIG), CONFIG))
        told = METADATA in archive.namelist()
        about = parsed(path, archive.read(METADATA), METADATA) if told else {}
        version = str(about.get("keras_version", "")) if isinstance(about, dict) else ""
        if not version.startswith("2."):
            raise ConversionError(
                f"{shown_path(path)}: expected a .keras file of Keras 2.13 to 2.15, received one of"
                f" Keras {version[:20] or 'unknown'}. keras.models.load_model reads it as it is."
            )
        size = archive.getinfo(WEIGHTS).file_size
        check_memory(f"{shown_path(path)}: converting its weights", CONVERTED * size)
        content = archive.read(WEIGHTS)
    with Hdf5.opened(path, io.BytesIO(content)) as file:
        training = config.get("compile_config")
        yield by_class(file, Old(path, config, training, version, "tensorflow"), path)


def by_class(file: Hdf5, old: Old, path: Path) -> Old:
    """Returns a model with the weights of a file in which layers lie by their classes."""
    settings = (old.config or {}).get("config")
    with refused(path, ADVICE, *FAILURES):
        layers = settings.get("layers") if isinstance(settings, dict) else None
        found = dict(_children(file, file.root, layers))
        weights = {name: _weights(file, *child) for name, child in found.items()}
        held = "optimizer" in file.root
        state = _variables(file, file.group(file.root, "optimizer"), "") if held else []
    return replace(old, weights=weights, optimizer=tuple(state), by_layer=True)


def _children(
    file: Hdf5, group: h5py.Group, entries: Any
) -> Iterator[tuple[str, tuple[h5py.Group, dict[str, Any]]]]:
    """Yields the name, the group and the configuration of each layer of a model or list."""
    counts: Counter[str] = Counter()
    inside = next(
        (name for name in ("layers", "_layer_checkpoint_dependencies") if name in group), ""
    )
    held = file.group(group, inside) if inside else group
    for entry in entries if isinstance(entries, list) else ():
        snake = _snake(str(entry["class_name"]))
        name = f"{snake}_{counts[snake]}" if counts[snake] else snake
        counts[snake] += 1
        if name in held:
            yield str(entry["config"].get("name", name)), (file.group(held, name), entry)


def _weights(file: Hdf5, group: h5py.Group, entry: dict[str, Any]) -> list[Weight]:
    """Returns the arrays of a layer and of all that lies in it."""
    config = entry["config"]
    name = str(config.get("name", ""))
    if isinstance(config.get("layers"), list):
        below = [_weights(file, *child) for _, child in _children(file, group, config["layers"])]
        return [weight for weights in below for weight in weights]
    found = _variables(file, group, name)
    if isinstance(config.get("cells"), list):
        cells = {"layers": group["cells"]} if "cells" in group else {}
        below = [
            _weights(file, *c)
            for _, c in _children(file, cells.get("layers", group), config["cells"])
        ]
        return found + [weight for weights in below for weight in weights]
    for part in PARTS:
        if part in group:
            inner = config.get(part) if isinstance(config.get(part), dict) else {"config": {}}
            found += _weights(
                file, file.group(group, part), {"config": {"name": name, **inner["config"]}}
            )
    if "forward_layer" not in group and "layer" in group:
        found += _weights(file, file.group(group, "layer"), config["layer"])
    return found


def _variables(file: Hdf5, group: h5py.Group, name: str) -> list[Weight]:
    if "vars" not in group:
        return []
    held = file.group(group, "vars")
    found = [file.weight(held, number) for number in sorted(held, key=int)]
    return [Weight(f"{name}/{weight.name}", weight.shape, weight.read) for weight in found]


def _snake(name: str) -> str:
    """Returns a class's name as Keras wrote it in files."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
