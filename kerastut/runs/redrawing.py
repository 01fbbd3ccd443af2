"""Draws a finished run again, from its folder."""

from pathlib import Path

from kerastut.data import DataOptions
from kerastut.errors import DataError, KerastutError, one_line, shown_path
from kerastut.files import cannot_write, missing_parents, placed, remove_empty
from kerastut.runs.artifacts import save_all
from kerastut.runs.history import read_history
from kerastut.runs.record import HISTORY, recorded
from kerastut.runs.reopening import reopen


def redraw(
    folder: Path,
    output_dir: Path,
    recipe: str | Path | None = None,
    data: str | None = None,
    data_options: DataOptions | None = None,
) -> list[Path]:
    """Draws the history and what the recipe draws of its runs.

    Args:
        folder: What `kerastut run` wrote, or a stranger.
        output_dir: Where to write; files of the same names are replaced, links are not followed.
        recipe: The recipe's file, if it was the reader's own; without it the history is all.
        data: The data, if they lie elsewhere by now; see `reopen`.
        data_options: How these are read.

    Returns:
        The paths of the figures.

    Raises:
        KerastutError: If the folder holds no run, something has changed since, a figure cannot be
            drawn or written.
    """
    from kerastut.plotting import history

    try:
        if recipe is None and recorded(folder).recipe_file is not None:
            figures = {"history": history(read_history(folder / HISTORY))[0]}
        else:
            figures = reopen(folder, None, recipe, data, data_options).figures()
        made = missing_parents(output_dir / "figure")
        try:
            output_dir.mkdir(parents=True, exist_ok=True)
            with placed(output_dir) as staging:
                names = [path.name for path in save_all(figures, staging)]
        finally:
            remove_empty(made)
    except KerastutError:
        raise
    except OSError as error:
        raise cannot_write(output_dir, error) from error
    except Exception as error:  # a model and data that do not go together may raise anything
        raise DataError(
            f"{shown_path(folder)}: its figures cannot be drawn: {one_line(error)}"
        ) from error
    return [output_dir / name for name in names]
