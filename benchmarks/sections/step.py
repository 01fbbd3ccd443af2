"""Where the time of the CNN's training step goes."""

import re
from collections.abc import Sequence

from benchmarks import flops
from benchmarks.job import Job, Plan, Record
from benchmarks.sections.epochs import BATCH, PEAK, RECIPE_DROPOUT
from benchmarks.summary import median
from benchmarks.tables import failures, results, table

TITLE = "A step of the CNN"
NETS = {
    "dropout 0.25 and 0.5, as in T4": [0.25, 0.5],
    "dropout {:g} and {:g}, as in cnn-mnist".format(*RECIPE_DROPOUT): RECIPE_DROPOUT,
}
FIRST, SECOND, DENSE, _ = (BATCH * flops.forward(layer) for layer in flops.CNN)
# What the kernels are called, what they are, and their operations in a step; the first match holds.
KINDS: tuple[tuple[str, str, int], ...] = (
    ("second.*BackpropFilter", "second convolution, gradient of its weights", SECOND),
    ("second.*BackpropInput", "second convolution, gradient of its inputs", SECOND),
    ("second.*Conv2D", "second convolution, forward, with bias and relu", SECOND),
    ("first.*BackpropFilter", "first convolution, gradient of its weights", FIRST),
    ("first.*Conv2D", "first convolution, forward, with bias and relu", FIRST),
    (":.*MatMul", "dense layers, all products", 3 * DENSE),
    ("Random", "random numbers of dropout", 0),
    ("dropout", "the rest of dropout", 0),
    ("MaxPool", "pooling and its gradient", 0),
    ("ReluGrad", "gradients of relu", 0),
    ("adam", "Adam", 0),
    ("", "everything else", 0),
)


def rounds(plan: Plan) -> int:
    """Returns how often each is profiled."""
    return plan.rounds


def jobs(plan: Plan) -> list[Job]:
    """Returns the machine's peak and a profile of each net."""
    steps = 5 if plan.quick else 100
    profiles = [
        Job(name, "profiled_step", {"batch": BATCH, "steps": steps, "dropout": dropout})
        for name, dropout in NETS.items()
    ]
    return [Job(PEAK, "matrix_product", {"seconds": 1.0 if plan.quick else 4.0}), *profiles]


def report(records: Sequence[Record]) -> list[str]:
    """Returns the section's text."""
    peaks = [result["peak"] for result in results(records, PEAK)]
    lines = [
        f"Milliseconds of the kernels in one compiled step of {BATCH} images, by TensorFlow's"
        " profiler. As in training, the two halves of the batch run side by side and a kernel has"
        " half of the threads: together they may take twice as long as the step, which was timed"
        " without the profiler, and their GFLOP/s compare with half of the peak.",
    ]
    for name in NETS:
        if results(records, name):
            lines += ["", *_profile(name, records, median(peaks) if peaks else 0.0)]
    return [*lines, *failures(records)]


def _profile(name: str, records: Sequence[Record], peak: float) -> list[str]:
    found = results(records, name)
    step = median([result["step"] for result in found])
    each = {what: median([_sum(result, what) for result in found]) for _, what, _ in KINDS}
    count = {what: operations for _, what, operations in KINDS}
    rows = [
        (what, f"{value:.2f}", f"{count[what] / value / 1e6:.0f}" if count[what] else "")
        for what, value in each.items()
        if value
    ]
    total = BATCH * flops.per_sample("cnn")
    lines = table((f"Net with {name}", "ms", "GFLOP/s"), [*rows, ("**a step**", f"{step:.2f}", "")])
    if not peak:
        return lines
    least, products = 1e3 * total / peak, sum(v for what, v in each.items() if count[what])
    others = sum(each.values()) - products
    return [
        *lines,
        "",
        f"The matrix product reached {peak / 1e9:.0f} GFLOP/s; at that speed the step's"
        f" {total / 1e9:.2f} GFLOP take {least:.2f} ms, so the step is at {least / step:.2f} of"
        f" the peak. The kernels of convolutions and products take {products:.2f} ms in place of"
        f" twice these {least:.2f}, and those that multiply nothing {others:.2f}.",
    ]


def _sum(result: Record, what: str) -> float:
    operations: dict[str, float] = result["operations"]
    return sum(value for name, value in operations.items() if kind(name) == what)


def kind(kernel: str) -> str:
    """Returns what a kernel `path:type` does, in words."""
    return next(what for pattern, what, _ in KINDS if re.search(pattern, kernel))
