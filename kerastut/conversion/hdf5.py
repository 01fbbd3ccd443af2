"""Reads what an old Keras put into an HDF5 file of unknown origin."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np

from kerastut.arrays import Array
from kerastut.conversion.old import Old, Weight, check_config, parsed
from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.memory import bounded
from kerastut.runs import check_weights

ADVICE = "Get the file again, or save it again with the old Keras, uncompressed."
NAMES = 200_000


class Hdf5:
    """An open file.

    Args:
        path: Its place, for errors.
        root: Of h5py.
    """

    def __init__(self, path: Path, root: h5py.Group) -> None:
        self.path, self.root = path, root

    @classmethod
    @contextmanager
    def opened(cls, path: Path, stream: IO[bytes]) -> Iterator["Hdf5"]:
        """Yields a file that is open for reading; all that it states lies in it."""
        check_weights(path, stream, ADVICE)
        with refused(path, ADVICE, *FAILURES):
            root = h5py.File(stream, "r")
        with root:
            yield cls(path, root)

    @property
    def by_name(self) -> bool:
        """Whether layers lie in it by their names, as before Keras 2.13; else by their classes."""
        return "layers" not in self.root and "_layer_checkpoint_dependencies" not in self.root

    def old(self, path: Path) -> Old:
        """Returns what a Keras before 3 put into such a file."""
        with refused(path, ADVICE, *FAILURES):
            config = self._json(self.root, "model_config")
            held = (
                self.group(self.root, "model_weights")
                if "model_weights" in self.root
                else self.root
            )
            if (
                config is None
                and self.by_name
                and "layer_names" not in held.attrs
                and "layer_names0" not in held.attrs
            ):
                raise DataError(
                    f"{shown_path(path)}: expected a model or weights of Keras, received an HDF5"
                    " file that says nothing of layers. Check the path."
                )
            names = self.names(held, "layer_names")
            weights = {name: self.weights(self.group(held, name), "weight_names") for name in names}
            optimizer: list[Weight] = []
            if "optimizer_weights" in self.root:
                group = self.group(self.root, "optimizer_weights")
                optimizer = self.weights(group, "weight_names")
            return Old(
                path,
                None if config is None else check_config(path, config),
                self._json(self.root, "training_config"),
                self._text(held, "keras_version") or self._text(self.root, "keras_version"),
                self._text(held, "backend") or self._text(self.root, "backend"),
                weights,
                tuple(optimizer),
            )

    def weights(self, group: h5py.Group, attribute: str) -> list[Weight]:
        """Returns the arrays of a group that an attribute names, in its order."""
        return [self.weight(group, name) for name in self.names(group, attribute)]

    def weight(self, group: h5py.Group, name: str) -> Weight:
        """Returns an array in a group."""
        found = self._inside(group, name)
        if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "fiub":
            raise DataError(
                f"{shown_path(self.path)}: {shown(name)} is no array of numbers. {ADVICE}"
            )
        return Weight(name, found.shape, lambda: self._array(found))

    def _array(self, dataset: h5py.Dataset) -> Array:
        with refused(self.path, ADVICE, *FAILURES):
            return np.asarray(dataset[()])

    def group(self, group: h5py.Group, name: str) -> h5py.Group:
        """Returns a group in a group."""
        found = self._inside(group, name)
        if not isinstance(found, h5py.Group):
            raise DataError(f"{shown_path(self.path)}: {shown(name)} is no group. {ADVICE}")
        return found

    def _inside(self, group: h5py.Group, name: str) -> Any:
        if name not in group:
            raise DataError(f"{shown_path(self.path)}: {shown(name)} is missing. {ADVICE}")
        return group[name]

    def names(self, group: h5py.Group, attribute: str) -> list[str]:
        """Returns a list of names; a long one lies in several attributes, numbered."""
        numbered = (f"{attribute}{number}" for number in range(NAMES))
        several = takewhile(group.attrs.__contains__, numbered)
        held = [attribute] if attribute in group.attrs else several
        with bounded():  # HDF5 believes the length that a text states
            parts = [group.attrs[name] for name in held]
        found = [_decoded(name) for part in parts for name in np.ravel(part)]
        if len(found) > NAMES or len(set(found)) < len(found):
            raise DataError(f"{shown_path(self.path)}: {attribute} names one thing twice. {ADVICE}")
        return found

    def _json(self, group: h5py.Group, attribute: str) -> Any:
        text = self._text(group, attribute)
        return parsed(self.path, text, attribute) if text else None

    def _text(self, group: h5py.Group, attribute: str) -> str:
        with bounded():
            value = group.attrs.get(attribute)
        return "" if value is None else _decoded(value)


# What h5py raises for damaged files.
FAILURES = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, MemoryError)


def _decoded(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
