"""Seconds per epoch of one net, over all competitors: the body of the sections `cnn` and `mlp`."""

from collections.abc import Sequence
from typing import Any

from benchmarks import flops, machine
from benchmarks.job import Job, Plan, Record
from benchmarks.summary import median, spread
from benchmarks.tables import failures, ratio, results, table

BATCH = 128
PEAK = "matrix product"
RECIPE = "the recipe's own dropout"
RECIPE_DROPOUT = [0.0, 0.3]  # of cnn-mnist
OURS, OWN = "kerastut", f"kerastut, {RECIPE}"
HALF, TORCH_HALF = "kerastut, mixed_bfloat16", "PyTorch, channels_last, bfloat16"
BARE = "bare compiled step"
TORCH = ("PyTorch, eager", "PyTorch, channels_last", "PyTorch, compiled")
TORCH_OWN = tuple(f"{name}, {RECIPE}" for name in TORCH[:2])
JAX = ("JAX, Flax, step", "JAX, Flax, scan", "JAX through Keras")
# XLA's convolutions are so slow on a CPU that a part of the images tells as much.
SLOW = frozenset({"Keras, jit_compile", "JAX through Keras", "JAX, Flax, step", "JAX, Flax, scan"})
COMPETITORS: dict[str, tuple[str, dict[str, Any]]] = {
    OURS: ("kerastut_run", {}),
    OWN: ("kerastut_run", {"own": True}),
    HALF: ("kerastut_run", {"policy": "mixed_bfloat16"}),
    "Keras fit": ("keras_fit", {}),
    "Keras fit, steps_per_execution=32": ("keras_fit", {"steps": 32}),
    "Keras, jit_compile": ("keras_fit", {"jit": True}),
    "the tutorial's settings": ("keras_fit", {"one_hot": True}),
    BARE: ("bare_step", {}),
    TORCH[0]: ("pytorch", {}),
    TORCH[1]: ("pytorch", {"channels_last": True}),
    TORCH[2]: ("pytorch", {"compiled": True}),
    TORCH_OWN[0]: ("pytorch", {"dropout": RECIPE_DROPOUT}),
    TORCH_OWN[1]: ("pytorch", {"dropout": RECIPE_DROPOUT, "channels_last": True}),
    TORCH_HALF: ("pytorch", {"channels_last": True, "bfloat16": True}),
    JAX[0]: ("jax_flax", {}),
    JAX[1]: ("jax_flax", {"scan": True}),
    JAX[2]: ("keras_fit", {"backend": "jax", "jit": "auto"}),
    "scikit-learn": ("sklearn_mlp", {}),
}
WHAT = (
    "The times are of training alone, in new random order in every epoch but for the bare step;"
    " compilation is the first call's. Keras also computes the accuracy on the training data as it"
    " goes, PyTorch and JAX the loss alone."
)
PARAMETERS = {"cnn": 225_034, "mlp": 407_050}


def jobs(model: str, samples: int, slow_samples: int, epochs: int, plan: Plan) -> list[Job]:
    """Returns a job for each competitor, and one for the machine's peak."""
    made = [Job(PEAK, "matrix_product", {"seconds": 1.0 if plan.quick else 4.0})]
    for name, (module, own) in COMPETITORS.items():
        if name in no_competitor(model):
            continue
        count = slow_samples if name in SLOW else samples
        sizes = {"model": model, "samples": count, "batch": BATCH, "epochs": epochs}
        made.append(Job(name, module, {**sizes, **own}))
    return made


def no_competitor(model: str) -> set[str]:
    """Returns the names that do not apply.

    scikit-learn has no convolution, the MLP no dropout; and bfloat16 is for processors that have
    instructions for it.
    """
    if model == "mlp":
        return {TORCH[1], OWN, *TORCH_OWN, HALF, TORCH_HALF}
    return {"scikit-learn"} | (set() if machine.has("avx512_bf16") else {HALF, TORCH_HALF})


def per_sample(records: Sequence[Record], name: str) -> list[float]:
    """Returns the seconds a training sample takes, one value an epoch."""
    return [
        seconds / record["options"]["samples"]
        for record in records
        if record["job"] == name and record["result"]
        for seconds in record["result"]["seconds"]
    ]


def measured(records: Sequence[Record]) -> list[str]:
    """Returns the competitors with a result, in the order of the table."""
    return [name for name in COMPETITORS if results(records, name)]


def report(model: str, net: str, records: Sequence[Record]) -> list[str]:
    """Returns the table of all competitors and what the ratios say.

    Args:
        model: `"cnn"` or `"mlp"`.
        net: What it is, in words.
        records: Of its section.
    """
    samples = max(record["options"].get("samples", 0) for record in records)
    peaks = [result["peak"] for result in results(records, PEAK)]
    rows = [_row(model, samples, records, name, peaks) for name in measured(records)]
    head = ("", "s per epoch", "µs per image", "of kerastut", "share of peak", "first call, s")
    lines = table((*head, "peak MiB", "accuracy"), rows)
    text = (
        f"{net}; {samples:,} images of MNIST, batch {BATCH}, Adam, in float32 where no other"
        f" precision is named. {WHAT}"
    )
    return [text, "", *lines, *failures(records), "", *_peak(model, peaks), "", *_ratios(records)]


def _row(
    model: str, samples: int, records: Sequence[Record], name: str, peaks: Sequence[float]
) -> list[str]:
    each, found = per_sample(records, name), results(records, name)
    options = next(r["options"] for r in records if r["job"] == name)
    epochs = [value * samples for value in each]
    wrong = {result["parameters"] for result in found} - {PARAMETERS[model]}
    part = f" (from {options['samples']:,} images)" if options["samples"] != samples else ""
    return [
        name + (f" ({wrong} parameters!)" if wrong else ""),
        spread(epochs) + part,
        f"{1e6 * median(each):.1f}",
        ratio(each, per_sample(records, OURS)),
        f"{flops.share(model, median(each), median(peaks)):.2f}" if peaks else "-",
        f"{median([result['first'] for result in found]):.1f}",
        f"{median([result['peak_mib'] for result in found]):.0f}",
        f"{median([result['accuracy'] for result in found]):.3f}",
    ]


def _peak(model: str, peaks: Sequence[float]) -> list[str]:
    total = flops.per_sample(model) / 1e6
    layers = "; ".join(
        f"{layer[0]}: {flops.forward(layer) / 1e6:.3f}" for layer in flops.LAYERS[model]
    )
    best = ""
    if peaks:
        best = f" The matrix product reached {spread([p / 1e9 for p in peaks], '.0f')} GFLOP/s."
    return [
        f"Operations of a forward pass, in MFLOP: {layers}. Three times their sum is"
        f" {total:.2f} MFLOP for a training sample.{best}"
    ]


def _ratios(records: Sequence[Record]) -> list[str]:
    compared = (
        ("PyTorch's best", TORCH, OURS),
        ("JAX's best", JAX, OURS),
        (BARE, (BARE,), OURS),
        (f"with {RECIPE}, PyTorch's best", TORCH_OWN, OWN),
    )
    lines = []
    for label, names, ours in compared:
        times = {n: median(per_sample(records, n)) for n in names if results(records, n)}
        if times and results(records, ours):
            best = min(times, key=lambda name: times[name])
            shown = "" if best == label else f" ({best.removesuffix(f', {RECIPE}')})"
            factor = times[best] / median(per_sample(records, ours))
            lines.append(f"- {label}{shown} takes {factor:.2f} times as long.")
    return [*lines, *_half(records)]


def _half(records: Sequence[Record]) -> list[str]:
    if not (results(records, HALF) and results(records, TORCH_HALF)):
        return []
    half, torch = (median(per_sample(records, name)) for name in (HALF, TORCH_HALF))
    gain = median(per_sample(records, OURS)) / half
    return [
        f"- in bfloat16 kerastut is {gain:.2f} times as fast as in float32, and PyTorch takes"
        f" {torch / half:.2f} times as long as kerastut."
    ]
