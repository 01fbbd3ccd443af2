"""`kerastut run`."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerastut import quiet
from kerastut.cli.options import (
    POLICIES,
    add_dtype_policy,
    add_json,
    add_loudness,
    add_settings,
    read_data_options,
    run_folder,
    set_dtype_policy,
)
from kerastut.cli.output import print_facts, print_json
from kerastut.errors import OutputError, ResumeError, UnknownNameError, quoted, shown
from kerastut.language import told
from kerastut.registry import (
    Recipe,
    Settings,
    get_recipe,
    in_band,
    list_recipes,
    parse_parameter,
    resolve,
)
from kerastut.streams import say, unescaped
from kerastut.train import STRATEGIES, read_strategy

NAMED = 20  # classes that are told one by one
SMALL = 100  # test samples below which one of them moves the accuracy by over a hundredth

if TYPE_CHECKING:
    from kerastut.data import Data
    from kerastut.train import Run


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Train a recipe on its data, test it, and write metrics, model and plots."
    parser.epilog = "Example: kerastut run cnn-mnist --epochs 1 --set dense_dropout=0.4"
    parser.add_argument(
        "recipe",
        metavar="RECIPE",
        nargs="?",
        help="a name from 'kerastut list', or a file; with --resume RUN that of the run",
    )
    add_settings(parser, folder="runs/RECIPE-DATE-TIME")
    add_dtype_policy(parser)
    parser.add_argument(
        "--resume",
        metavar="RUN",
        nargs="?",
        const="",
        help="go on with a run that was stopped, or extend it to more --epochs: the one in this"
        " folder, the latest, or that in --output-dir; what is not given is taken from the run",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="with --resume: go on although versions, devices or number of threads have changed",
    )
    parser.add_argument(
        "--strategy",
        choices=STRATEGIES,
        help="train on several devices: all of this machine (mirrored), or those of the machines in"
        " TF_CONFIG, each of which runs the same command (multi-worker)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="load and build, then stop; write nothing"
    )
    add_loudness(parser)
    add_json(parser)
    parser.set_defaults(function=run_command, intermixed=True, refuse=parser.error)


def run_command(options: argparse.Namespace) -> int:
    """Trains; prints the result. What TensorFlow has no part in is refused before its import."""
    from kerastut.data import load, recognised
    from kerastut.runs import continued, folder_of, require_free, require_same

    resume = options.resume is not None
    before = _begun(options) if resume else None
    if options.recipe is None:
        options.refuse("the following arguments are required: RECIPE")
    recipe = get_recipe(options.recipe)
    parameters = read_parameters(recipe, options.assignments, options.lr)
    if before:
        settings = continued(before, recipe, parameters, **read_settings(options))
    else:
        settings = resolve(recipe, parameters, **read_settings(options))
    cluster = read_strategy(options.strategy, settings)
    if cluster and options.output_dir is None and not options.dry_run:
        raise OutputError("multi-worker needs an --output-dir, the same for every worker.")
    folder = options.output_dir or Path("runs", f"{recipe.name}-{time.strftime('%Y%m%d-%H%M%S')}")
    loudness = 0 if options.quiet else 1 if sys.stderr.isatty() else 2
    if not options.dry_run:
        require_free(folder_of(cluster, folder), resume)
    arrays, how = None, settings.data_options
    if recognised(settings.dataset, how) not in ("bundled", "tfds"):
        arrays = load(settings.dataset, settings.limit, settings.seed, how)
        if before:
            require_same(before, {**before, "data_sha256": arrays.sha256}, force=True)
    with quiet.startup(options.verbose):
        from kerastut.runs import start
        from kerastut.train import share_threads
    set_dtype_policy(options)
    share_threads(recipe, options.strategy)
    if options.dry_run:
        return _dry_run(settings, arrays, options.json, loudness)
    # Keras prints its progress to standard output, on a terminal in colours.
    with redirect_stdout(unescaped(sys.stderr)):
        result = start(
            settings,
            folder,
            arrays,
            resume=resume,
            force=options.force,
            strategy=options.strategy,
            verbose=loudness,
        )
    if cluster and not cluster.is_chief:
        return 0
    if options.json:
        print_json(result.summary())
    else:
        print_facts(_report(result))
    return 0


def _begun(options: argparse.Namespace) -> dict[str, Any] | None:
    """Returns what decides the run to resume, and completes the options by it."""
    from kerastut.runs import begun, require_free

    named = options.resume and not Path(options.resume).is_dir()
    if named and options.recipe is None and options.output_dir:  # it stood before RECIPE
        options.recipe, options.resume = options.resume, ""
    run = run_folder(options.resume, "stopped", "finished") if options.resume else None
    if run and options.output_dir not in (None, run):
        raise OutputError(f"--resume {run} and --output-dir {options.output_dir}: give one folder.")
    if not (run or options.output_dir):
        raise OutputError("--resume needs the folder of the run to go on with: --resume RUN.")
    folder = options.output_dir = run or options.output_dir
    found = begun(folder)
    if found is None:
        require_free(folder, resume=True)
        if run:
            raise ResumeError(f"{run}: expected a run that was stopped or finished, found none.")
        return None
    if options.recipe is None:
        known = {one.sha256: one.name for one in list_recipes()}
        options.recipe = known.get(str(found.get("recipe_sha256")))
        if options.recipe is None:
            raise ResumeError(
                f"{folder}: its recipe {shown(found.get('recipe'))} is none that comes with this"
                f" kerastut. Give its file: kerastut run FILE.py --resume {quoted(str(folder))}."
            )
    environment = found["environment"]
    if options.dtype_policy is None and environment.get("dtype_policy") in POLICIES:
        options.dtype_policy = environment["dtype_policy"]
    if options.strategy is None and (devices := environment.get("devices")):
        options.strategy = STRATEGIES[not str(devices).startswith(STRATEGIES[0])]
    return found


def read_parameters(
    recipe: Recipe, assignments: list[tuple[str, str]], learning_rate: float | None
) -> dict[str, Any]:
    """Returns the hyperparameters that `--set` and `--lr` give."""
    parameters = {name: parse_parameter(recipe, name, text) for name, text in assignments}
    if learning_rate is not None:
        if "learning_rate" not in recipe.parameters:
            raise UnknownNameError(f"{recipe.name} has no learning_rate for --lr to set.")
        parameters["learning_rate"] = learning_rate
    return parameters


def read_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Returns the settings that are given and no hyperparameters."""
    names = ("data", "epochs", "batch_size", "seed", "limit", "balance")
    asked = {name: getattr(options, name) for name in names}
    given = {name: one for name, one in asked.items() if one is not None and one is not False}
    return {**given, "data_options": read_data_options(options)}


def _dry_run(settings: Settings, arrays: "Data | None", as_json: bool, loudness: int) -> int:
    from kerastut.train import prepare

    prepared = prepare(settings, arrays, loudness)
    samples = len(prepared.inputs.train)
    plan = {
        "recipe": settings.recipe.name,
        "parameters": prepared.model.count_params(),
        "data": prepared.data.name,
        "seed": settings.seed,
        "epochs": settings.epochs,
        "batch_size": settings.batch_size,
        "samples": samples,
        "steps": -(-samples // settings.batch_size) * settings.epochs,
    }
    if as_json:
        print_json(plan)
        return 0
    with redirect_stdout(unescaped(sys.stdout)):
        prepared.model.summary()
    print_facts([(name, str(value)) for name, value in plan.items()])
    say("Dry run: nothing was trained or written.")
    return 0


def _report(result: "Run") -> list[tuple[str, str]]:
    data, recipe = result.data, result.settings.recipe
    sizes = (
        f"{len(data.train):,} to train, {len(data.validation):,} to validate,"
        f" {len(data.test):,} to test"
    )
    rows = [
        ("recipe", recipe.name),
        ("data", told(data.source) + told(": ") + told(sizes)),
        ("parameters", f"{result.parameter_count:,}"),
        ("epochs", f"{result.epochs}, batch size {result.settings.batch_size}"),
    ]
    for name, value in result.metrics.items():
        rows.append((f"test {name}", f"{value:.4g}{_beside(result, name)}"))
    return [
        *rows,
        *_by_class(result),
        ("seconds", f"{result.seconds:.1f}"),
        ("samples per second", f"{result.samples_per_second:,.0f}"),
        ("files", str(result.dir)),
    ]


def _by_class(result: "Run") -> Iterator[tuple[str, str]]:
    """Yields what there is to say of the classes; of each where they are not the recipe's own."""
    if (found := result.by_class()) is None:
        return
    yield "largest class alone", f"{found['majority_accuracy']:.4g}"
    settings = result.settings
    if result.expected and not settings.balance:
        return
    if (tested := len(result.data.test)) < SMALL:
        yield (
            "warning",
            f"only {tested} to test: a single one moves the accuracy by {1 / tested:.2g}",
        )
    yield "test macro F1", f"{found['macro_f1']:.4g}"
    yield "test balanced accuracy", f"{found['balanced_accuracy']:.4g}"
    for name, of in islice(found["classes"].items(), NAMED):
        scores = f"recall {of['recall']:.4g}, precision {of['precision']:.4g}, F1 {of['f1']:.4g}"
        yield f"class {shown(name, 20)}", f"{scores} ({of['samples']:,} samples)"
    if found["answers_one"]:
        yield "warning", f"the model answers {shown(found['answers_one'], 20)!r} to every sample"


def _beside(result: "Run", metric: str) -> str:
    if (band := result.expected.get(metric)) is None:
        return ""
    place = "a full run:"
    if result.settings.full:
        place = "within" if in_band(result.metrics[metric], band) else "OUTSIDE"
    return f"  ({place} {band[0]:g} to {band[1]:g})"
