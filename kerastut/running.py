"""Runs a recipe: trains it, writes its files, and goes on where an earlier run was stopped."""

import sys
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from kerastut import rundir
from kerastut.artifacts import write
from kerastut.data.options import DataOptions
from kerastut.data.splits import Data
from kerastut.errors import ParameterError
from kerastut.interrupts import Interrupted, watch
from kerastut.preparation import prepare
from kerastut.recipe import Recipe
from kerastut.registry import get_recipe
from kerastut.reopen import reopen
from kerastut.results import Run
from kerastut.resuming import open_journal, plan, resumable
from kerastut.settings import Settings, resolve
from kerastut.training import finish, fitted, train


def run(
    recipe: str | Path | Recipe,
    *,
    data: str | Data | None = None,
    data_options: DataOptions | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    output_dir: str | PathLike[str] | None = None,
    resume: bool = False,
    force: bool = False,
    verbose: int | str = "auto",
    **parameters: Any,
) -> Run:
    """Trains a recipe and evaluates it once on the test split.

    Args:
        recipe: A name of `kerastut.list_recipes()`, the path of a recipe file, or a `Recipe`.
        data: Data set in place of the recipe's own: a name or path that `kerastut.load` takes, or
            arrays as `kerastut.from_arrays` makes them.
        data_options: How data of your own are read, such as
            `kerastut.DataOptions(text_column="body")`.
        epochs: Passes over the training data; the recipe's number if `None`.
        batch_size: Samples in an optimizer step; the recipe's number if `None`.
        seed: Decides weights, order of samples, dropout and generated data. For the same bits every
            time, TensorFlow's op determinism is switched on for the whole process.
        limit: Most samples in each split, for a quick look.
        output_dir: Folder to create with `run.json`, `history.csv`, `model.keras`, the plots and
            the last checkpoint; `None` writes nothing.
        resume: Whether to go on with a run that was stopped in `output_dir`, or to extend a
            finished one to more `epochs`. Starts anew if there is none.
        force: Whether to resume although versions or the number of cores have changed.
        verbose: 0 silent, 1 Keras's bar, 2 one line an epoch, `"auto"` 1 on a terminal, else 2.
        **parameters: Hyperparameters of the recipe.

    Returns:
        A `Run` with `.model`, `.history`, `.metrics`, `.dir` and `.plot()`.

    Raises:
        KerastutError: For an unknown name, an unfit value, damaged data, a folder that cannot be
            written, a run that cannot be resumed, or a training that diverged.
        KeyboardInterrupt: After Ctrl-C, when the step under way is done and saved; the message has
            the command that resumes.

    Example:

    >>> run = kerastut.run("mlp-mnist", units=64, epochs=2, limit=6000)
    >>> run.metrics["accuracy"] > 0.8
    True
    """
    chosen = recipe if isinstance(recipe, Recipe) else get_recipe(recipe)
    arrays, name = (data, data.name) if isinstance(data, Data) else (None, data)
    settings = resolve(
        chosen,
        parameters,
        data=name,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        limit=limit,
        data_options=data_options,
    )
    if output_dir is None:
        if resume:
            raise ParameterError("resume needs the output_dir of the run to go on with.")
        return finish(train(settings, verbose=verbose, arrays=arrays))
    return _run_in(Path(output_dir), settings, arrays, resume, force, verbose)


def _run_in(
    folder: Path,
    settings: Settings,
    arrays: Data | None,
    resume: bool,
    force: bool,
    verbose: int | str,
) -> Run:
    """Trains with checkpoints in `folder`, and writes the results there."""
    with watch() as interrupts, rundir.opened(folder, resume):
        try:
            prepared = prepare(settings, arrays, verbose)
            journal = open_journal(folder, settings, prepared, interrupts, force)
            if resume and verbose != 0:
                print(plan(journal, prepared), file=sys.stderr)
            if journal.is_complete():
                return reopen(folder, arrays)
            result = finish(fitted(prepared, settings, verbose, arrays, journal))
            rundir.publish(folder, partial(write, result))
        except Interrupted as stop:
            raise resumable(stop, folder, settings) from None
    result.dir = folder
    return result
