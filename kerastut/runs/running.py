"""Runs a recipe: trains it, writes its files, and goes on where an earlier run was stopped."""

from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from kerastut.data import Data, DataOptions
from kerastut.errors import ParameterError, PeerError
from kerastut.registry import Recipe, Settings, get_recipe, resolve
from kerastut.runs.artifacts import write
from kerastut.runs.folder import folder_of, opened, publish
from kerastut.runs.interrupts import Interrupted, watch
from kerastut.runs.record import recorded
from kerastut.runs.reopening import read_back
from kerastut.runs.resume.journal import agree, open_journal, plan, resumable
from kerastut.runs.resume.keeper import Kept
from kerastut.streams import say
from kerastut.train import Run, Team, assemble, finish, fitted, peers, prepare, read_strategy, train


def run(
    recipe: str | Path | Recipe,
    *,
    data: str | Data | None = None,
    data_options: DataOptions | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    balance: bool = False,
    output_dir: str | PathLike[str] | None = None,
    resume: bool = False,
    force: bool = False,
    strategy: str | None = None,
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
        batch_size: Samples in an optimizer step, of all workers together; the recipe's number if
            `None`.
        seed: Decides weights, order of samples, dropout and generated data. For the same bits every
            time, TensorFlow's op determinism is switched on for the whole process.
        limit: Most samples in each split, for a quick look.
        balance: Whether samples weigh the more in the loss, the fewer their class has.
        output_dir: Folder to create with `run.json`, `history.csv`, `model.keras`, the plots and
            the last checkpoint; `None` writes nothing.
        resume: Whether to go on with a run that was stopped in `output_dir`, or to extend a
            finished one to more `epochs`. Starts anew if there is none.
        force: Whether to resume although versions, devices or the number of threads have changed.
        strategy: `"mirrored"` trains on all devices of this machine, `"multi-worker"` on those of
            the machines in TF_CONFIG, which all make the same call; only worker 0 writes results.
        verbose: 0 silent, 1 Keras's bar, 2 its two lines an epoch, `"auto"` 1 on a terminal, else
            2.
        **parameters: Hyperparameters of the recipe.

    Returns:
        A `Run` with `.model`, `.history`, `.metrics`, `.dir` and `.plot()`.

    Raises:
        KerastutError: For an unknown name, an unfit value, damaged data, a folder that cannot be
            written, a run that cannot be resumed, a training that diverged, or another worker that
            is missing.
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
        balance=balance,
        data_options=data_options,
    )
    folder = None if output_dir is None else Path(output_dir)
    return start(settings, folder, arrays, resume, force, strategy, verbose)


def start(
    settings: Settings,
    output_dir: Path | None,
    arrays: Data | None = None,
    resume: bool = False,
    force: bool = False,
    strategy: str | None = None,
    verbose: int | str = "auto",
) -> Run:
    """Trains with settings that are resolved, as `run` does, which explains the other arguments."""
    if output_dir is None and resume:
        raise ParameterError("resume needs the output_dir of the run to go on with.")
    team, verbose = _assembled(strategy, settings, verbose)
    if output_dir is None:
        with peers(team):
            return finish(train(settings, verbose, arrays, team))
    folder = folder_of(team.cluster if team else None, output_dir)
    with watch() as interrupts, opened(folder, resume):
        try:
            with peers(team):
                prepared = prepare(settings, arrays, verbose, team)
                journal = open_journal(folder, settings, prepared, interrupts, force)
                journal = agree(team, journal) if team else journal
                if resume and verbose != 0:
                    say(plan(journal, prepared))
                if journal.is_complete() and not (team and team.cluster):
                    again = partial(train, arrays=arrays)
                    return read_back(folder, recorded(folder), settings, prepared.data, again)
                result = finish(fitted(prepared, settings, verbose, arrays, Kept(journal)))
            if team and not team.is_chief:
                return result
            publish(folder, partial(write, result))
        except (Interrupted, PeerError):  # a signal to all workers may stop another one sooner
            if not interrupts.pending:
                raise
            raise resumable(interrupts.pending, folder, settings, output_dir, team) from None
    result.dir = folder
    return result


def _assembled(
    strategy: str | None, settings: Settings, verbose: int | str
) -> tuple[Team | None, int | str]:
    """Returns the devices to train on, and how loud to be: of several workers one reports."""
    cluster = read_strategy(strategy, settings)
    if cluster and not cluster.is_chief:
        if verbose != 0:
            say(f"This is {cluster.named(cluster.index)}; worker 0 reports.")
        verbose = 0
    return assemble(strategy, cluster, settings), verbose
