"""What inputs are put to: a finished run, or any `.keras` file; without Keras."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kerastut.data import Fit
from kerastut.errors import DataError, ParameterError, refused, shown, shown_path
from kerastut.files import opened, read
from kerastut.runs.record import model_file, recorded

MOST = 2**20


@dataclass(frozen=True)
class Subject:
    """A model's file, and what is known of it."""

    name: str  # the recipe's, or the file's
    model: Path  # the `.keras` file
    classes: tuple[str, ...] = ()  # by class number; none if unknown, or for regression
    data: str = ""  # name of what it was trained on; empty if unknown
    background: str | None = None  # "dark", "light"; `None` where pictures have none in common
    columns: Mapping[str, str] = field(default_factory=dict)  # a table's, by the model's inputs
    fit: Fit | None = None  # how pictures came to their size
    bits: int | None = None  # that pictures of 16 bits used
    missing: str | None = None  # what became of a table's missing values
    units: Mapping[str, str] = field(default_factory=dict)  # of its numbers, by the columns' names

    def classes_of(self, shape: Sequence[int | None]) -> tuple[str, ...]:
        """Returns the class names for a model with an output of this shape.

        Where none were given, they are the numbers of the outputs.

        Raises:
            DataError: If there are more or fewer names than outputs.
        """
        names, outputs = self.classes, (shape[-1] if len(shape) > 1 else 1) or 0
        if not names:
            return tuple(map(str, range(outputs))) if outputs > 1 and not self.data else ()
        if not self.data and len(names) != (outputs if outputs > 1 else 2):
            raise DataError(
                f"{shown_path(self.model)}: expected {outputs if outputs > 1 else 2} class names,"
                f" one for each output, received {len(names)}. Give a file of one name a line."
            )
        return names


def subject(path: Path, classes: Path | None = None) -> Subject:
    """Returns what there is to know of a run or a `.keras` file.

    Args:
        path: The folder of a finished run, or a `.keras` file.
        classes: A file with the names of the classes, one a line, for a `.keras` file.

    Raises:
        DataError: If it is neither, or the names cannot be read.
        ParameterError: If names are given for a run, which knows its own.
    """
    if path.suffix == ".keras" and not path.is_dir():
        opened(path, "a .keras file").close()
        return Subject(path.stem, path, _names(classes) if classes else ())
    if classes is not None:
        raise ParameterError(
            "--classes is for a .keras file; a run knows the names of its classes."
        )
    record = recorded(path)
    return Subject(
        record.recipe,
        model_file(path),
        tuple(record.classes),
        record.data,
        record.background,
        record.columns,
        record.settings.data_options.fit,
        record.bits,
        record.settings.data_options.missing,
        record.units,
    )


def _names(path: Path) -> tuple[str, ...]:
    content = read(path, "a file of class names, one a line", MOST)
    with refused(path, "Save it as UTF-8.", UnicodeError):
        lines = content.decode("utf-8-sig").splitlines()
    names = tuple(line.strip() for line in lines if line.strip())
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"{shown_path(path)}: names the class {shown(twice)!r} twice.")
    return names
