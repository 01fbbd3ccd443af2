"""Writes an export into a folder, checks it, and explains it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.errors import one_line
from kerastut.export import FORMATS, Exported, ExportError, readme, vocabulary
from kerastut.export.agreement import check
from kerastut.export.part import part
from kerastut.export.silence import silenced

if TYPE_CHECKING:
    from kerastut.results import Run


def write_checked(run: "Run", format: str, folder: Path, verbose: bool) -> Exported:
    """Writes the model's file, its encoder if it needs one, and a README.

    Args:
        run: Whose model is exported.
        format: Its name.
        folder: An empty folder.
        verbose: Whether to show what the converters print.

    Raises:
        ExportError: If the format cannot hold the model, or the file does not agree with it.
    """
    module = import_module(f"kerastut.export.{FORMATS[format][0]}")
    with silenced(verbose), _conversion_errors(f"{run.settings.recipe.name} as {format}"):
        found = part(run.model, module.STRINGS)
        module.write(found.model, folder / module.FILE)
        if found.encoder is not None:
            vocabulary.write(found.encoder, folder)
        difference, samples = check(run, module, found, folder)
    agreement = f"On {samples} test samples it differs from the model by {difference:.1e} at most."
    readme.write(run, module, found, folder, agreement)
    return Exported(folder, folder / module.FILE, difference, samples)


@contextmanager
def _conversion_errors(what: str) -> Iterator[None]:
    """Turns what converters and runtimes raise, which may be anything, into one line."""
    try:
        yield
    except OSError:
        raise
    except ExportError as error:
        raise ExportError(f"{what}: {error}") from error
    except Exception as error:
        raise ExportError(f"{what}: {one_line(error)}") from error
