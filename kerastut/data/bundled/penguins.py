"""Measurements of penguins of three species, embedded: a table of numbers and words."""

from dataclasses import replace

from kerastut.data.bundled.embedded import FOLDER, digest_of, read_checked
from kerastut.data.dividing import divided
from kerastut.data.options import DataOptions
from kerastut.data.own import table
from kerastut.data.splits import Data


def read(seed: int) -> Data:
    """Reads a dictionary of columns `(n, 1)`, float32 or Python strings, and species `(n,)` int32.

    Of 344 penguins 333 have no value missing; the seed draws a tenth to test and one to validate.
    """
    read_checked("penguins", "penguins.csv")
    path = FOLDER / "penguins" / "penguins.csv"
    found = table.read(path, DataOptions(label_column="species"))
    data = divided(found, "penguins", "Palmer penguins, CC0, embedded", seed)
    return replace(data, sha256=digest_of("penguins"))
