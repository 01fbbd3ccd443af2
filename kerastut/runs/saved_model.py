"""Loads models of unknown origin: nothing in the file is executed."""

import json
import zipfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerastut.data import opened
from kerastut.errors import DataError, refused, shown, shown_path

if TYPE_CHECKING:
    import keras

EXPECTED = "a .keras file"
CONFIG = "config.json"
WEIGHTS = ("model.weights.h5", "model.weights.npz")
# Layers that run code or load files which the config names.
UNSAFE = ("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
SIZES = ("units", "filters", "input_dim", "output_dim", "embedding_dim", "key_dim", "value_dim")


def load_model(path: str | PathLike[str]) -> "keras.Model":
    """Loads a `.keras` file with Keras's safe mode, after checks of its own.

    Args:
        path: What `model.save` or `kerastut run` wrote.

    Returns:
        The model, compiled as it was saved.

    Raises:
        DataError: If the file is missing, truncated, damaged, a bomb, of another format, or holds a
            Lambda or a class that is unknown here. The text names the file, and the layer.

    Example:

    >>> model = load_model("runs/cnn-mnist/model.keras")
    """
    place = Path(path)
    _check_suffix(place)
    with opened(place, EXPECTED) as archive:
        _check_members(place, archive)
        config = _config(place, archive)
        _check_sizes(place, config, sum(info.file_size for info in archive.infolist()))
    import keras

    _check_classes(place, config, keras)
    # Keras and TensorFlow may raise anything for a config that is not their own.
    with refused(place, "Save the model again with this version of Keras.", Exception):
        model = keras.models.load_model(place, safe_mode=True)
    if not isinstance(model, keras.Model):
        raise DataError(
            f"{shown_path(place)}: expected a model, received {type(model).__name__}. Save a model."
        )
    return model


def _check_suffix(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix in (".h5", ".hdf5"):
        raise DataError(
            f"{shown_path(path)}: expected {EXPECTED}, received the old HDF5 format. Convert"
            f" it: kerastut convert {shown_path(path)}."
        )
    # Keras itself goes by the ending, in lower case.
    if path.suffix != ".keras":
        raise DataError(f"{shown_path(path)}: expected {EXPECTED}; its name must end in .keras.")


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    weights = any(name in names for name in WEIGHTS)
    if CONFIG not in names or not weights:
        missing = WEIGHTS[0] if CONFIG in names else CONFIG
        raise DataError(
            f"{shown_path(path)}: expected {EXPECTED} with {CONFIG} and {WEIGHTS[0]}; {missing} is"
            " missing. Save the model again with model.save."
        )


def _config(path: Path, archive: zipfile.ZipFile) -> Any:
    with refused(path, f"Its {CONFIG} is not JSON.", ValueError, RecursionError):
        config = json.loads(archive.read(CONFIG))
    if not isinstance(config, dict) or "class_name" not in config:
        raise DataError(
            f"{shown_path(path)}: its {CONFIG} describes no model. Save the model again with"
            " model.save."
        )
    return config


def _check_classes(path: Path, config: Any, keras: Any) -> None:
    """Refuses what would run code, or is not known, before Keras sees it."""
    for owner, node in _nodes(config):
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


def _is_foreign(node: dict[str, Any], registered: str) -> bool:
    module = node.get("module")
    if isinstance(module, str):
        return module.partition(".")[0] not in ("keras", "builtins")
    return ">" in registered


def _check_sizes(path: Path, config: Any, weights: int) -> None:
    """Refuses layers wider than all stored weights: memory is taken before weights are read."""
    for owner, node in _nodes(config):
        inner = node.get("config")
        sizes = {key: inner.get(key) for key in SIZES} if isinstance(inner, dict) else {}
        for key, size in sizes.items():
            if isinstance(size, (int, float)) and size > weights:
                raise DataError(
                    f"{_where(path, owner)}: states {key}={shown(size)}, more than the {weights:,}"
                    " bytes of stored weights. Save the model again."
                )


def _where(path: Path, owner: str) -> str:
    return f"{shown_path(path)}: layer {shown(owner)!r}" if owner else shown_path(path)


def _nodes(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each node that names a class, with the name of the nearest layer around it."""
    waiting: list[tuple[str, Any]] = [("", config)]
    while waiting:
        owner, node = waiting.pop()
        if isinstance(node, dict):
            inner = node.get("config")
            name = inner.get("name") if isinstance(inner, dict) else None
            owner = name if isinstance(name, str) else owner
            if "class_name" in node:
                yield owner, node
            waiting += [(owner, child) for child in reversed(node.values())]
        elif isinstance(node, list):
            waiting += [(owner, child) for child in reversed(node)]
