"""Trains a recipe: seed, data, build, fit, evaluate, files."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import tensorflow as tf

from kerastut.artifacts import write
from kerastut.encoding import end_to_end
from kerastut.errors import TrainingError
from kerastut.pipeline import Batches
from kerastut.preparation import Prepared, accepted, prepare
from kerastut.progress import Progress
from kerastut.recipe import Recipe
from kerastut.registry import get_recipe, load_module
from kerastut.results import Run
from kerastut.settings import Settings, resolve
from kerastut.staging import staged

EVALUATION_BATCH = 1000


def run(
    recipe: str | Path | Recipe,
    *,
    data: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    output_dir: str | PathLike[str] | None = None,
    verbose: int | str = "auto",
    **parameters: Any,
) -> Run:
    """Trains a recipe and evaluates it once on the test split.

    Args:
        recipe: A name of `kerastut.list_recipes()`, the path of a recipe file, or a `Recipe`.
        data: Data set in place of the recipe's own.
        epochs: Passes over the training data; the recipe's number if `None`.
        batch_size: Samples in an optimizer step; the recipe's number if `None`.
        seed: Decides weights, order of samples, dropout and generated data. For the same bits every
            time, TensorFlow's op determinism is switched on for the whole process.
        limit: Most samples in each split, for a quick look.
        output_dir: Folder to create with `run.json`, `history.csv`, `model.keras` and the plots;
            `None` writes nothing.
        verbose: 0 silent, 1 Keras's bar, 2 one line an epoch, `"auto"` 1 on a terminal, else 2.
        **parameters: Hyperparameters of the recipe.

    Returns:
        A `Run` with `.model`, `.history`, `.metrics`, `.dir` and `.plot()`.

    Raises:
        KerastutError: For an unknown name, an unfit value, damaged data, a folder that cannot be
            written, or a training that diverged.

    Example:

    >>> run = kerastut.run("mlp-mnist", units=64, epochs=2, limit=6000)
    >>> run.metrics["accuracy"] > 0.8
    True
    """
    chosen = recipe if isinstance(recipe, Recipe) else get_recipe(recipe)
    settings = resolve(
        chosen,
        parameters,
        data=data,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        limit=limit,
    )
    if output_dir is None:
        return finish(train(settings, verbose=verbose))
    with staged(Path(output_dir)) as folder:
        result = finish(train(settings, verbose=verbose))
        write(result, folder)
    result.dir = Path(output_dir)
    return result


def train(settings: Settings, verbose: int | str = 0) -> Run:
    """Prepares, fits and evaluates, without the recipe's own scores and figures."""
    prepared = prepare(settings)
    history, seconds = _fit(prepared, settings, verbose)
    return Run(
        settings=settings,
        data=prepared.data,
        model=end_to_end(prepared.encoder, prepared.model),
        parameter_count=prepared.model.count_params(),
        history=history,
        metrics=_evaluate(prepared),
        seconds=seconds,
        retrain=train,
    )


def finish(result: Run) -> Run:
    """Adds the scores that the recipe itself computes."""
    score = getattr(load_module(result.settings.recipe), "score", None)
    if score is not None:
        with _one_line(f"{result.settings.recipe.name}: its score cannot be computed"):
            result.metrics |= score(result)
    return result


@contextmanager
def _one_line(what: str) -> Iterator[None]:
    """Turns what Keras, TensorFlow or a recipe raises into an error of one line."""
    try:
        yield
    except (ValueError, TypeError, LookupError, tf.errors.OpError) as error:
        raise TrainingError(f"{what}: {' '.join(str(error).split())[:300]}") from error


def _fit(
    prepared: Prepared, settings: Settings, verbose: int | str
) -> tuple[dict[str, list[float]], float]:
    """Fits; returns the history by metric name and the seconds it took."""
    own = getattr(prepared.module, "callbacks", list)
    validation = prepared.inputs.validation
    batches = Batches(prepared.inputs.train, settings.batch_size, settings.seed)
    progress = Progress(verbose, settings.epochs)
    start = time.perf_counter()
    with _one_line(f"{settings.recipe.name} cannot be trained"):
        fitted = prepared.model.fit(
            batches.dataset,
            epochs=settings.epochs,
            validation_data=(validation.x, validation.y),
            validation_batch_size=EVALUATION_BATCH,
            shuffle=False,  # the pipeline does it, anew in every epoch
            callbacks=[batches, *own(**accepted(own, settings.parameters)), *progress.callbacks],
            verbose=progress.keras_verbose,
        )
    seconds = time.perf_counter() - start
    history = {name: [float(v) for v in values] for name, values in fitted.history.items()}
    return history, seconds


def _evaluate(prepared: Prepared) -> dict[str, float]:
    test = prepared.inputs.test
    metrics = prepared.model.evaluate(
        test.x, test.y, batch_size=EVALUATION_BATCH, verbose=0, return_dict=True
    )
    found = {name: float(value) for name, value in metrics.items()}
    if found["loss"] != found["loss"]:
        raise TrainingError(
            "The loss is not a number: training diverged. Try a smaller learning_rate."
        )
    return found
