"""What `kerastut run` costs beside a bare script with the same model, batch and epochs."""

from collections.abc import Sequence
from typing import Any

from benchmarks.job import Job, Plan, Record
from benchmarks.summary import median, spread
from benchmarks.tables import failures, results, table

TITLE = "Overhead of the command"
RECIPES = ("cnn-mnist", "mlp-mnist", "text-lstm", "linear-regression")
AFTER, LIST = "linear-regression, after imports", "kerastut list"
OURS, BARE = "kerastut run", "bare fit"


def rounds(plan: Plan) -> int:
    """Returns how often both are measured."""
    return plan.rounds


def jobs(plan: Plan) -> list[Job]:
    """Returns command and script for each recipe, next to each other."""
    made = [
        Job(_name(recipe, bare), "command", {"recipe": recipe, "bare": bare})
        for recipe in (RECIPES[-1:] if plan.quick else RECIPES)
        for bare in (False, True)
    ]
    after = Job(AFTER, "after_imports", {"recipe": "linear-regression"})
    return [*made, after, Job(LIST, "listing")]


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    rows = [row for recipe in RECIPES for row in _rows(recipe, records)]
    after = [result["after_imports"] for result in results(records, AFTER)]
    listing = [result["processor"] for result in results(records, LIST)]
    last = (
        f"A whole run of linear-regression after the imports: {spread(after)} s. `kerastut list`"
        f" takes {spread(listing)} s of processor time."
    )
    return [
        "`kerastut run` with checkpoints and progress into a file, and a script that imports"
        " Keras, loads the same arrays, builds the same model and calls `fit` for the recipe's own"
        " epochs. Training is from its beginning to its end, with compilation and validation. The"
        " first step is counted from the start of the process; so is the end of the first call,"
        " which compiles, and which runs one step in the script and several in the command. The"
        " ratio is taken round by round.",
        "",
        *table(("", "kerastut run, s", "bare script, s", "ratio"), rows),
        *failures(records),
        *(["", last] if after else []),
    ]


def _rows(recipe: str, records: Sequence[Record]) -> list[list[str]]:
    ours, bare = (results(records, _name(recipe, bare)) for bare in (False, True))
    if not ours or not bare:
        return []
    what = {
        "training": ": training",
        "begun": ": start to first step",
        "stepped": ": start to end of the first call",
    }
    return [_row(recipe + text, key, ours, bare) for key, text in what.items()]


def _row(
    label: str, key: str, ours: Sequence[dict[str, Any]], bare: Sequence[dict[str, Any]]
) -> list[str]:
    mine, other = ([result[key] for result in found] for found in (ours, bare))
    ratios = [a / b for a, b in zip(mine, other, strict=False)]
    return [label, f"{median(mine):.2f}", f"{median(other):.2f}", spread(ratios, ".3f")]


def _name(recipe: str, bare: bool) -> str:
    return f"{recipe}, {BARE if bare else OURS}"
