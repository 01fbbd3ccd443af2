"""Loads models of unknown origin: nothing in the file is executed."""

import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerastut.data import opened
from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.memory import check_memory, exceeding, most_memory
from kerastut.registry import as_argument
from kerastut.runs.weights import check_weights

if TYPE_CHECKING:
    import keras

EXPECTED = "a .keras file"
CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
# Layers that run code or load files which the config names.
UNSAFE = ("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
# Bytes that are taken by a byte of weights while they are read, by a byte of JSON, and by an object
# that the config describes.
READ, PARSED, OBJECT = 3, 32, 128 * 2**10
# What Keras counts up in Python, while no tensor has a shape to judge by.
COUNTS = {
    "indices_or_sections": 4096,
    "max_tokens": 10**7,
    "ngrams": 16,
    "num": 4096,
    "num_classes": 10**4,
    "num_thresholds": 10**6,
}
LONGEST = 1000  # characters of a name, which is part of the names of many tensors


def load_model(path: str | PathLike[str], batch: int = 1, samples: int = 0) -> "keras.Model":
    """Loads a `.keras` file with Keras's safe mode, after checks of its own.

    Args:
        path: What `model.save` or `kerastut run` wrote.
        batch: Samples that will be computed at once.
        samples: Samples whose outputs will be kept.

    Returns:
        The model, compiled as it was saved.

    Raises:
        DataError: If the file is missing, truncated, damaged, a bomb, of another format, or holds a
            Lambda or a class that is unknown here, or would take more memory than
            `KERASTUT_MAX_MIB` allows. The text names the file, and the layer.

    Example:

    >>> model = load_model("runs/cnn-mnist/model.keras")
    """
    place = Path(path)
    _check_suffix(place)
    with opened(place, EXPECTED) as archive:
        _check_members(place, archive)
        config = _config(place, archive)
        reading = READ * archive.getinfo(WEIGHTS).file_size
        check_memory(f"{shown_path(place)}: reading its weights", reading)
        check_weights(place, io.BytesIO(archive.read(WEIGHTS)))
    import keras

    from kerastut.train import check_demand, fold_loops

    names = _check_classes(place, config, keras)
    # Keras and TensorFlow may raise anything for a config that is not their own, and warn of it.
    with (
        warnings.catch_warnings(action="ignore"),
        refused(place, "Save the model again with this version of Keras.", Exception),
    ):
        try:
            check_demand(config, names, reading, batch, samples)
        except DataError as error:
            raise DataError(f"{shown_path(place)}: {error}") from error
        model = keras.models.load_model(place, safe_mode=True)
    if not isinstance(model, keras.Model):
        raise DataError(
            f"{shown_path(place)}: expected a model, received {type(model).__name__}. Save a model."
        )
    fold_loops(model)
    return model


def _check_suffix(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix in (".h5", ".hdf5"):
        raise DataError(
            f"{shown_path(path)}: expected {EXPECTED}, received the old HDF5 format. Convert"
            f" it: kerastut convert {as_argument(path)}"
        )
    # Keras itself goes by the ending, in lower case.
    if path.suffix != ".keras":
        raise DataError(f"{shown_path(path)}: expected {EXPECTED}; its name must end in .keras.")


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    for name in (CONFIG, WEIGHTS):
        if name not in archive.namelist():
            raise DataError(
                f"{shown_path(path)}: expected {EXPECTED} with {CONFIG} and {WEIGHTS}; {name} is"
                " missing. Save the model again with model.save."
            )


def _config(path: Path, archive: zipfile.ZipFile) -> Any:
    check_memory(f"{shown_path(path)}: its {CONFIG}", PARSED * archive.getinfo(CONFIG).file_size)
    with refused(path, f"Its {CONFIG} is not JSON.", ValueError, RecursionError):
        config = json.loads(archive.read(CONFIG))
    if not isinstance(config, dict) or "class_name" not in config:
        raise DataError(
            f"{shown_path(path)}: its {CONFIG} describes no model. Save the model again with"
            " model.save."
        )
    return config


def _check_classes(path: Path, config: Any, keras: Any) -> set[str]:
    """Refuses what would run code, is not known or too many, before Keras sees it.

    Returns:
        The names of the layers.
    """
    names = set()
    for number, (owner, node) in enumerate(_nodes(config)):
        if number >= (most := most_memory() // OBJECT):
            raise exceeding(f"{shown_path(path)}:", f"its {CONFIG} describes over {most:,} objects")
        _check_counts(path, owner, node)
        names.add(owner)
        name = node["class_name"]
        if name in UNSAFE:
            raise DataError(
                f"{_where(path, owner)}: holds a {shown(name)}, which can run any code and is never"
                " loaded. Replace it by a layer of Keras, or by a registered class of your own."
            )
        registered = str(node.get("registered_name") or name)
        if _is_foreign(node, registered) and not keras.saving.get_registered_object(registered):
            raise DataError(
                f"{_where(path, owner)}: is of the class {shown(registered)}, which is not"
                " registered here. Import the module that defines it first."
            )
    return names - {""}


def _is_foreign(node: dict[str, Any], registered: str) -> bool:
    module = node.get("module")
    if isinstance(module, str):
        return module.partition(".")[0] not in ("keras", "builtins")
    return ">" in registered


def _check_counts(path: Path, owner: str, node: dict[str, Any]) -> None:
    """Refuses what takes memory or time before a tensor has a shape to judge by."""
    if len(owner) > LONGEST:
        raise DataError(f"{_where(path, owner)}: has a name of over {LONGEST:,} characters.")
    found = _settings(node)
    if node["class_name"] == "Unstack" and not found.get("num"):
        raise DataError(f"{_where(path, owner)}: states no num; give the number of its outputs.")
    for key, most in COUNTS.items():
        for each in _numbers(found.get(key)):
            if each > most:
                raise DataError(
                    f"{_where(path, owner)}: states {key}={shown(each)}; expected at most {most:,}."
                )
    if node["class_name"] == "__numpy__" and not re.fullmatch(
        r"[a-z]+\d{0,3}", str(found.get("dtype"))
    ):
        raise DataError(f"{_where(path, owner)}: expected an array of numbers of 1 to 16 bytes.")
    if node["class_name"] == "Pipeline":  # Keras goes through all that it holds while it builds it
        for _, held in _nodes(found):
            if held["class_name"] == "TimeDistributed" or _settings(held).get("unroll"):
                raise DataError(
                    f"{_where(path, owner)}: holds a {shown(held['class_name'])}, whose steps"
                    " nobody counts there. Put it beside the Pipeline."
                )


def _settings(node: dict[str, Any]) -> dict[str, Any]:
    inner = node.get("config")
    return inner if isinstance(inner, dict) else {}


def _numbers(value: Any) -> Iterator[float]:
    """Yields a number, or those in a list or a tuple of Keras's."""
    if isinstance(value, (int, float)):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _numbers(inner)


def _where(path: Path, owner: str) -> str:
    return f"{shown_path(path)}: layer {shown(owner)!r}" if owner else shown_path(path)


def _nodes(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each node that names a class, with the name of the nearest layer around it."""
    waiting: list[tuple[str, Any]] = [("", config)]
    while waiting:
        owner, node = waiting.pop()
        if isinstance(node, dict):
            name = _settings(node).get("name")
            owner = name if isinstance(name, str) else owner
            if "class_name" in node:
                yield owner, node
            waiting += [(owner, child) for child in reversed(node.values())]
        elif isinstance(node, list):
            waiting += [(owner, child) for child in reversed(node)]
