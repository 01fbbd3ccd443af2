"""Reads the reader's own data: a folder of idx files or pictures, a table of texts, an .npz."""

from os import PathLike
from pathlib import Path

from kerastut.data.checks import check
from kerastut.data.dividing import divide
from kerastut.data.found import Found
from kerastut.data.in_memory import content_digest
from kerastut.data.own import colour, idx, images, npz, table
from kerastut.data.splits import Data
from kerastut.errors import DataError, refused, shown_path

TABLES = (".csv", ".tsv")
SIZE = (28, 28)


def read(
    path: str | PathLike[str],
    *,
    seed: int,
    limit: int | None = None,
    size: tuple[int, int] = SIZE,
    mode: images.Mode | None = None,
    text: str | None = None,
    label: str | None = None,
    encoding: str | None = None,
) -> Data:
    """Reads data of any of the kinds known here, and divides them.

    Args:
        path: A folder of idx files, a folder with a folder of pictures for each class, a `.csv` or
            `.tsv` file of texts and labels, or an `.npz` file of x_train, y_train, x_test, y_test.
        seed: Decides which samples are drawn for validation, and for test where the data have no
            test part of their own.
        limit: Most samples in each split, or `None` for all.
        size: Height and width that pictures are resized to.
        mode: Channels of pictures: `"L"` for grey, `"RGB"` for colour, `None` for what they show.
        text: Column of texts of a table; guessed if `None`.
        label: Column of labels of a table; guessed if `None`.
        encoding: Encoding of a table; UTF-8 if `None`.

    Returns:
        A `Data` whose `source` says what was taken and whose `sha256` is the digest of the contents
        before they are divided: it does not depend on `seed` or `limit`.

    Raises:
        DataError: If the data are missing, damaged or unfit; the text names the file.

    Example:

    >>> data = read("reviews.csv", seed=0)
    >>> data.source
    "reviews.csv: text from column 'review', label from column 'label'"
    """
    place = Path(path)
    found = _found(place, size, mode, text, label, encoding)
    return made(found, str(path), shown_path(place), seed, limit)


def made(found: Found, name: str, where: str, seed: int, limit: int | None) -> Data:
    """Divides and checks what a reader found.

    Args:
        found: The samples.
        name: What loads the data again.
        where: What to call them in an error.
        seed: Decides which samples are drawn.
        limit: Most samples in each split, or `None` for all.

    Raises:
        DataError: If they are unfit for training.
    """
    contents = {
        f"{part}.{axis}": getattr(found.parts[part], axis) for part in found.parts for axis in "xy"
    }
    data = Data(
        name=name,
        **divide(found, seed, where),
        classes=found.classes,
        source=f"{where}: {found.note}",
        sha256=content_digest(contents),
    )
    try:
        check(data)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
    return data if limit is None else data.limited(limit, seed)


def _found(
    path: Path,
    size: tuple[int, int],
    mode: images.Mode | None,
    text: str | None,
    label: str | None,
    encoding: str | None,
) -> Found:
    """Recognises what the path is and reads it."""
    suffix = path.suffix.lower()
    with refused(path, "Check the path and its permissions.", OSError, ValueError):
        exists, folder = path.exists(), path.is_dir()
        if exists and folder:
            if idx.is_folder(path):
                return idx.read(path)
            return images.read(path, size, mode or colour.mode_of(path))
    if exists and suffix in TABLES:
        return table.read(path, text=text, label=label, encoding=encoding)
    if exists and suffix == ".npz":
        return npz.read(path)
    received = f"a file named {suffix or 'without an ending'}" if exists else "nothing there"
    raise DataError(
        f"{shown_path(path)}: expected a folder of idx files, a folder with a folder of pictures"
        f" for each class, or a .csv, .tsv or .npz file; received {received}."
    )
