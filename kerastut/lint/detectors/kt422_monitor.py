"""KT422: callbacks that watch for what does not come."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import callbacks, fits, has_validation
from kerastut.lint.semantics import Call, Program

_WATCHERS = ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")


@detects("KT422")
def monitor_without_validation(program: Program) -> Iterator[Finding]:
    """Finds callbacks that monitor a validation metric where there is none."""
    for _, fit in fits(program):
        for call in callbacks(fit) if not has_validation(fit) else ():
            monitor = _monitored(call)
            if monitor.startswith("val_"):
                callee = call.name.rpartition(".")[2]
                yield from program.report("KT422", call, callee=callee, monitor=monitor)


def _monitored(call: Call) -> str:
    """Returns the metric that a callback depends on, or ""."""
    kind = call.name.removeprefix("keras.callbacks.")
    if kind not in _WATCHERS:
        return ""
    if kind == "ModelCheckpoint" and call.literal(None, "save_best_only") is not True:
        return ""
    position = 1 if kind == "ModelCheckpoint" else 0
    if call.value(position, "monitor") is None:
        return "val_loss"
    monitor = call.literal(position, "monitor")
    return monitor if isinstance(monitor, str) else ""
