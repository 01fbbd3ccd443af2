"""What kind of data a name or path is: told here, and nowhere else."""

from pathlib import Path
from typing import Literal

from kerastut.data.options import NAMES, TFDS, DataOptions
from kerastut.data.own import idx
from kerastut.errors import DataError, UnknownNameError, did_you_mean, refused, shown_path

Kind = Literal["bundled", "tfds", "idx", "pictures", "table", "npz"]

TABLES = (*(".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"), *(".xlsx", ".xlsm", ".parquet"))
SUFFIXES: dict[str, Kind] = {**dict.fromkeys(TABLES, "table"), ".npz": "npz"}


def recognised(data: str, options: DataOptions) -> Kind:
    """Returns the kind of data, without reading them; refuses options that do not go with it."""
    kind = kind_of(data)
    options.check(kind, data)
    if kind == "tfds":
        from kerastut.data.tfds.downloading import require_known

        require_known(data, options.data_dir)
    return kind


def kind_of(data: str) -> Kind:
    """Recognises a name of `NAMES`, `tfds:NAME`, or what lies at a path; refuses anything else."""
    if data in NAMES:
        return "bundled"
    if data.startswith(TFDS):
        return "tfds"
    path = Path(data)
    suffix = path.suffix.lower()
    with refused(path, "Check the path and its permissions.", OSError, ValueError):
        exists = path.exists()
        if path.is_dir():
            return "idx" if idx.is_folder(path) else "pictures"
    if exists and suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if not exists and path.name == data and data.isprintable() and not suffix:
        raise UnknownNameError(f"Unknown data set {data!r}. {did_you_mean(data, NAMES)}")
    received = f"a file named {suffix or 'without an ending'}" if exists else "nothing there"
    raise DataError(
        f"{shown_path(path)}: expected a folder of idx files, a folder with a folder of pictures"
        f" for each class, a table such as a .csv file, or an .npz file; received {received}."
    )
