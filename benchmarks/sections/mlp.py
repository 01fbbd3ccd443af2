"""Seconds per epoch of T3's multilayer perceptron."""

from collections.abc import Sequence

from benchmarks.job import Job, Plan, Record
from benchmarks.sections import epochs

TITLE = "An epoch of the MLP"
SAMPLES, QUICK = 60_000, 2_080


def rounds(plan: Plan) -> int:
    """Returns how often all competitors are measured."""
    return plan.rounds


def jobs(plan: Plan) -> list[Job]:
    """Returns the competitors."""
    samples = QUICK if plan.quick else SAMPLES
    return epochs.jobs("mlp", samples, samples, 1 if plan.quick else 3, plan)


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    return epochs.report("mlp", "T3's net of 407,050 parameters", records)
