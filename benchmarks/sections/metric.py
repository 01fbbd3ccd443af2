"""Seconds to the tutorial's result: its settings to their end, and the recipe's to theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.counterparts import COUNTERPARTS, Counterpart
from benchmarks.job import Job, Plan, Record
from benchmarks.summary import geometric_mean, mean_error, median, reached, spread
from benchmarks.tables import failures, results, table

TITLE = "Time to the tutorial's result"
SIDES = {"tutorial": "tutorial", "kerastut": "recipe_run"}
QUICK: Mapping[str, Any] = {"epochs": 1, "limit": 1000}
QUICK_MOST = 4  # counterparts


def rounds(plan: Plan) -> int:
    """Returns the seeds: round and seed are one number."""
    return plan.seeds


def jobs(plan: Plan) -> list[Job]:
    """Returns both sides of each counterpart, next to each other."""
    own = QUICK if plan.quick else {}
    chosen = COUNTERPARTS[:QUICK_MOST] if plan.quick else COUNTERPARTS
    return [
        Job(_name(found, side), module, {"name": found.name, **own})
        for found in chosen
        for side, module in SIDES.items()
    ]


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    head = ("recipe", "tutorial, s", "kerastut, s", "ratio", "its metric", "ours", "reached")
    pairs = {found: _pair(found, records) for found in COUNTERPARTS}
    complete = {found: pair for found, pair in pairs.items() if all(pair)}
    return [
        "For each recipe whose scenario a tutorial prints: the tutorial's own optimizer, batch size"
        " and epochs in plain Keras, and the recipe's defaults, with the same architecture and data"
        " and the same seeds. Seconds are those of training, compilation and the validation of each"
        " side included; the ratio is taken seed by seed, from two trainings one after the other."
        " The metric is on the test data, mean ± standard error over the seeds; reached means that"
        " ours is worse by at most one standard error of the difference.",
        "",
        *table(head, [_row(found, *pair) for found, pair in complete.items()]),
        *failures(records),
        "",
        *_geometric(complete),
        "",
        *[f"- {found.name}: {found.note}." for found in complete if found.note],
    ]


Pair = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def _pair(found: Counterpart, records: Sequence[Record]) -> Pair:
    """Returns the results of the tutorial's side and of ours."""
    tutorial, ours = (results(records, _name(found, side)) for side in SIDES)
    return tutorial, ours


def ratio(tutorial: Sequence[Mapping[str, Any]], ours: Sequence[Mapping[str, Any]]) -> float:
    """Returns how many times as long the tutorial's settings take, seed by seed."""
    return median(_ratios(tutorial, ours))


def _ratios(tutorial: Sequence[Any], ours: Sequence[Any]) -> list[float]:
    pairs = zip(_values(tutorial, "seconds"), _values(ours, "seconds"), strict=False)
    return [theirs / own for theirs, own in pairs]


def is_reached(found: Counterpart, tutorial: Sequence[Any], ours: Sequence[Any]) -> bool:
    """Tells whether the recipe reaches the tutorial's metric."""
    higher = found.metric != "loss"
    return reached(_values(ours, "metric"), _values(tutorial, "metric"), higher)


def ratios(records: Sequence[Record]) -> dict[str, tuple[float, bool]]:
    """Returns for each complete counterpart the ratio, and whether the metric is reached."""
    pairs = {found: _pair(found, records) for found in COUNTERPARTS}
    return {
        found.name: (ratio(*pair), is_reached(found, *pair))
        for found, pair in pairs.items()
        if all(pair)
    }


def _row(found: Counterpart, tutorial: Sequence[Any], ours: Sequence[Any]) -> list[str]:
    return [
        found.name,
        spread(_values(tutorial, "seconds"), ".1f"),
        spread(_values(ours, "seconds"), ".1f"),
        spread(_ratios(tutorial, ours), ".2f"),
        _mean(_values(tutorial, "metric")),
        f"{_mean(_values(ours, 'metric'))} {found.metric}",
        "yes" if is_reached(found, tutorial, ours) else "**no**",
    ]


def _geometric(complete: Mapping[Counterpart, Pair]) -> list[str]:
    counted = {found: pair for found, pair in complete.items() if found.counted}
    there = [ratio(*pair) for found, pair in counted.items() if is_reached(found, *pair)]
    missed = [found.name for found, pair in counted.items() if not is_reached(found, *pair)]
    lines = []
    if there:
        lines.append(
            f"Geometric mean of the ratio over the {len(there)} recipes that reach the tutorial's"
            f" metric: **{geometric_mean(there):.2f}**."
        )
    if missed:
        lines += ["", f"Not reached, so not in the mean: {', '.join(missed)}."]
    return lines


def _mean(values: Sequence[float]) -> str:
    mean, error = mean_error(values)
    return f"{mean:.4f} ± {error:.4f}" if len(values) > 1 else f"{mean:.4f}"


def _values(found: Sequence[Mapping[str, Any]], key: str) -> list[float]:
    return [result[key] for result in found]


def _name(found: Counterpart, side: str) -> str:
    return f"{found.name}, {side}"
