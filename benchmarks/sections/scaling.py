"""The CNN's time against the number of samples and of threads, and its memory."""

from collections.abc import Sequence
from typing import Any

from benchmarks.job import Job, Plan, Record
from benchmarks.sections.epochs import PEAK
from benchmarks.summary import median, spread
from benchmarks.tables import failures, results, table

TITLE = "Scaling"
# Samples, epochs, epochs before them that only warm up.
SIZES = ((6_000, 5, 1), (60_000, 1, 1), (600_000, 1, 0))
QUICK = ((1_000, 1, 1), (2_000, 1, 0))
BATCH = 128
BASE = 1  # of the sizes, for the comparison


def rounds(plan: Plan) -> int:
    """Returns how often each size is measured."""
    return plan.rounds


def jobs(plan: Plan) -> list[Job]:
    """Returns a job for each size with all threads, and one for each smaller number of them."""
    sizes = QUICK if plan.quick else SIZES
    counts = [count for count in (1, 2, 4, 8, 16) if count < plan.threads]
    made = [_job(size, plan.threads) for size in sizes]
    seconds = {"seconds": 1.0 if plan.quick else 4.0}
    peaks = [
        Job(f"{PEAK}, {_named(count)}", "matrix_product", seconds, count)
        for count in [*counts, plan.threads]
    ]
    return [*made, *[_job(sizes[BASE], count) for count in counts], *peaks]


def _job(size: tuple[int, int, int], threads: int) -> Job:
    samples, epochs, warm = size
    name = f"{samples:,} images, {_named(threads)}"
    sizes = {"samples": samples, "batch": BATCH, "epochs": epochs, "warm": warm}
    return Job(name, "kerastut_run", {"model": "cnn", **sizes}, threads)


def _named(threads: int) -> str:
    return f"{threads} thread{'s' if threads > 1 else ''}"


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    found = {record["job"]: record for record in records if record["result"]}
    peaks = sorted(name for name in found if name.startswith(PEAK))
    names = sorted(found.keys() - peaks, key=lambda name: _size(found[name]))
    rows = [_row(name, names, records) for name in names]
    head = ("", "µs per image", "of the line", "peak MiB", "the data, MiB", "above them, MiB")
    return [
        "T4's net as the command trains it, batch 128. Beyond the 60,000 real images follow the"
        " same ones moved by a pixel, as uint8 arrays in memory. The time per image leaves out the"
        " first call, which compiles; in proportion to the number of images and to 1 / threads it"
        " would be 1.00 of the line through the second row.",
        "",
        "Nothing tunes the pipelines, for the sake of short epochs: `tf.data` tunes in a thread"
        " that sleeps twice as long each time, and the end of an epoch often waits until it wakes,"
        " up to as long again as the epoch took. Plain `fit` on arrays waits likewise.",
        "",
        *table(head, rows),
        "",
        *[_peak(name, records) for name in peaks],
        *failures(records),
    ]


def _size(record: Record) -> tuple[int, int]:
    return -record["threads"], record["options"]["samples"]


def _peak(name: str, records: Sequence[Record]) -> str:
    gigaflops = median([result["peak"] / 1e9 for result in results(records, name)])
    return f"- {name}: {gigaflops:.0f} GFLOP/s"


def per_image(found: Sequence[dict[str, Any]]) -> list[float]:
    """Returns the microseconds that an image takes, one value a round."""
    return [1e6 * result["steady"] / result["steady_samples"] for result in found]


def _row(name: str, names: Sequence[str], records: Sequence[Record]) -> list[str]:
    found = results(records, name)
    threads = next(r["threads"] for r in records if r["job"] == name)
    base = names[min(BASE, len(names) - 1)]
    base_threads = next(r["threads"] for r in records if r["job"] == base)
    line = median(per_image(results(records, base))) * base_threads / threads
    peak = median([result["peak_mib"] for result in found])
    data = found[0]["data_mib"]
    return [
        name,
        spread(per_image(found), ".1f"),
        f"{median(per_image(found)) / line:.2f}",
        f"{peak:.0f}",
        f"{data:.0f}",
        f"{peak - data:.0f}",
    ]
