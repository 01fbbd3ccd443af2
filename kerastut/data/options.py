"""How data of the reader's own are read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerastut.errors import DataError

TFDS = "tfds:"
_TABLE = "a .csv or .tsv file"
# What each option goes with.
PLACES = {
    "text_column": _TABLE,
    "label_column": _TABLE,
    "encoding": _TABLE,
    "image_size": "a folder of pictures or tfds:NAME",
    "data_dir": "tfds:NAME",
}


@dataclass(frozen=True)
class DataOptions:
    """How data of the reader's own are read; `None` leaves it to the reader of that kind.

    Args:
        text_column: Column of texts of a table; guessed from usual names if `None`.
        label_column: Column of labels of a table; likewise.
        encoding: Encoding of a table; UTF-8 if `None`.
        image_size: Height and width that pictures are resized to; `(28, 28)` if `None`, except that
            pictures of TensorFlow Datasets keep a size that they all have.
        data_dir: Folder of prepared data for `tfds:NAME`; `~/tensorflow_datasets` if `None`.
    """

    text_column: str | None = None
    label_column: str | None = None
    encoding: str | None = None
    image_size: tuple[int, int] | None = None
    data_dir: str | None = None

    def given(self) -> dict[str, Any]:
        """Returns the options that are not `None`."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def check(self, data: str) -> None:
        """Refuses options that these data would leave without effect.

        Args:
            data: A name or path.

        Raises:
            DataError: Naming the option and what it goes with.
        """
        given = self.given()
        if unfit := [name for name in given if name not in _fitting(data)]:
            raise DataError(
                f"{unfit[0]} goes with {PLACES[unfit[0]]}; received the data {data!r}."
                " Leave it out."
            )


def _fitting(data: str) -> frozenset[str]:
    """Returns the options that change how these data are read."""
    if data.startswith(TFDS):
        return frozenset({"image_size", "data_dir"})
    if data.lower().endswith((".csv", ".tsv")):
        return frozenset({"text_column", "label_column", "encoding"})
    if Path(data).is_dir():
        from kerastut.data.own import idx
        from kerastut.errors import refused

        with refused(Path(data), "Check its permissions.", OSError):
            return frozenset() if idx.is_folder(Path(data)) else frozenset({"image_size"})
    return frozenset()
