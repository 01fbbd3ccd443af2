"""Notes when a training's first step begins and ends, and how long the training lasts."""

import json
import os
import time
from pathlib import Path

import keras

VARIABLE = "KERASTUT_BENCH_TIMES"  # names the file to write


class FirstStep(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes `begun` and `stepped`, in seconds since the epoch, and the seconds of `training`."""

    def __init__(self) -> None:
        super().__init__()
        self._times: dict[str, float] = {}
        self._start = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._start = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._times.setdefault("begun", time.time())

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._times.setdefault("stepped", time.time())

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self._times["training"] = time.perf_counter() - self._start
        Path(os.environ[VARIABLE]).write_text(json.dumps(self._times), encoding="utf-8")
