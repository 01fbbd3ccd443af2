"""Seconds per epoch of T4's convolutional net."""

from collections.abc import Sequence

from benchmarks.job import Job, Plan, Record
from benchmarks.sections import epochs

TITLE = "An epoch of the CNN"
SAMPLES, SLOW, QUICK = 20_000, 2_592, 672  # each with a smaller last batch


def rounds(plan: Plan) -> int:
    """Returns how often all competitors are measured."""
    return plan.rounds


def jobs(plan: Plan) -> list[Job]:
    """Returns the competitors."""
    samples, slow = (QUICK, QUICK) if plan.quick else (SAMPLES, SLOW)
    return epochs.jobs("cnn", samples, slow, 1 if plan.quick else 3, plan)


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    net = (
        "T4's net of 225,034 parameters, dropout 0.25 and 0.5, of which kerastut computes the two"
        " halves of a batch side by side"
    )
    return epochs.report("cnn", net, records)
