"""Reads an HDF5 file of unknown origin: nothing outside it, and no more than it can hold."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np

from kerastut.arrays import Array
from kerastut.conversion.old import Old, Weight, check_config
from kerastut.errors import DataError, refused, shown, shown_path

# Filters that HDF5 has itself: deflate, shuffle, checksum, szip, nbit, scaleoffset; and LZF.
FILTERS = {1, 2, 3, 4, 5, 6, 32000}
# Random weights cannot be compressed; zeros can.
EXPANSION, SLACK = 20, 16 * 2**20
ADVICE = "The file is damaged: get it again, or save it again with the old Keras."
NAMES = 200_000


class Hdf5:
    """An open file.

    Args:
        path: Its place, for errors.
        root: Of h5py.
        most: Bytes that its arrays may have together.
    """

    def __init__(self, path: Path, root: h5py.Group, most: int) -> None:
        self.path, self.root, self.left = path, root, most

    @classmethod
    @contextmanager
    def opened(cls, path: Path, stream: IO[bytes]) -> Iterator["Hdf5"]:
        """Yields a file that is open for reading."""
        size = stream.seek(0, 2)
        stream.seek(0)
        with refused(path, ADVICE, OSError, RuntimeError, ValueError, KeyError):
            root = h5py.File(stream, "r")
        with root:
            yield cls(path, root, EXPANSION * size + SLACK)

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
        """Returns an array that lies in this file and is not larger than what is stored can be."""
        found = self._inside(group, name)
        if not isinstance(found, h5py.Dataset):
            raise DataError(f"{shown_path(self.path)}: {shown(name)} is no array. {ADVICE}")
        properties = found.id.get_create_plist()
        filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
        if found.external or found.is_virtual or not filters <= FILTERS:
            raise DataError(
                f"{shown_path(self.path)}: {shown(name)} lies in another file or is packed in an"
                " unknown way, and is not read."
            )
        shape = tuple(map(int, found.shape or ()))
        size = int(np.prod([float(n) for n in shape]) * found.dtype.itemsize)
        self.left -= size
        if found.dtype.kind not in "fiub" or self.left < 0:
            raise DataError(
                f"{shown_path(self.path)}: {shown(name)} states {size:,} bytes of {found.dtype},"
                " more than the file can hold, or no numbers."
            )
        return Weight(name, shape, lambda: self._array(found))

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
        """Follows a path of names, and no link that could lead out of the file."""
        for part in filter(None, name.split("/")):
            link = group.get(part, getlink=True) if isinstance(group, h5py.Group) else None
            if not isinstance(link, h5py.HardLink):
                raise DataError(
                    f"{shown_path(self.path)}: {shown(name)} is missing or a link. {ADVICE}"
                )
            group = group[part]
        return group

    def names(self, group: h5py.Group, attribute: str) -> list[str]:
        """Returns a list of names; a long one lies in several attributes, numbered."""
        if attribute in group.attrs:
            parts = [group.attrs[attribute]]
        else:
            numbered = (f"{attribute}{number}" for number in range(NAMES))
            parts = []
            for name in numbered:
                if name not in group.attrs:
                    break
                parts.append(group.attrs[name])
        found = [_decoded(name) for part in parts for name in np.ravel(part)]
        if len(found) > NAMES or len(set(found)) < len(found):
            raise DataError(f"{shown_path(self.path)}: {attribute} names one thing twice. {ADVICE}")
        return found

    def _json(self, group: h5py.Group, attribute: str) -> Any:
        text = self._text(group, attribute)
        with refused(self.path, f"Its {attribute} is not JSON.", ValueError, RecursionError):
            return json.loads(text) if text else None

    def _text(self, group: h5py.Group, attribute: str) -> str:
        value = group.attrs.get(attribute)
        return "" if value is None else _decoded(value)


# What h5py raises for damaged files.
FAILURES = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, MemoryError)


def _decoded(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
