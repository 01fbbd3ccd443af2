"""Peak memory of `kerastut run cnn-mnist` beside the tutorial's own program."""

from collections.abc import Sequence

from benchmarks.job import Job, Plan, Record
from benchmarks.summary import spread
from benchmarks.tables import failures, ratio, results, table

TITLE = "Memory"
OURS, TUTORIAL = "kerastut run cnn-mnist", "T4's program"


def rounds(plan: Plan) -> int:
    """Returns how often both are measured: two, since memory hardly varies."""
    return min(plan.rounds, 2)


def jobs(plan: Plan) -> list[Job]:
    """Returns the command and the tutorial's program, one epoch each."""
    return [
        Job(OURS, "command", {"recipe": "cnn-mnist", "epochs": 1}),
        Job(TUTORIAL, "tutorial_script", {"epochs": 1}),
    ]


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    peaks = {
        name: [result["peak_mib"] for result in results(records, name)] for name in (OURS, TUTORIAL)
    }
    rows = [
        [name, spread(values, ".0f"), ratio(values, peaks[TUTORIAL])]
        for name, values in peaks.items()
        if values
    ]
    return [
        "Peak of the resident memory of the whole process, for one epoch on the complete MNIST. The"
        " command also writes checkpoint, model and figures; the tutorial's program holds float32"
        " images and one-hot float64 labels.",
        "",
        *table(("", "peak MiB", "of the tutorial's"), rows),
        *failures(records),
    ]
