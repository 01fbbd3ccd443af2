"""Takes the time of the epochs of a Keras training."""

import time

import keras


class Clock(keras.callbacks.Callback):  # type: ignore[misc]
    """Seconds of each epoch, validation excluded.

    An epoch lasts from the end of the one before it, so that whatever prepares it counts.

    Attributes:
        seconds: One value an epoch.
        first: Seconds up to the end of the first call of the training function, which compiles it.
        first_steps: Steps that this call ran.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self.first, self.first_steps = 0.0, 0
        self._mark = self._test = self._testing = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._mark = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if not self.first_steps:
            self.first, self.first_steps = time.perf_counter() - self._mark, batch + 1

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:
        self._test = time.perf_counter()

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:
        self._testing += time.perf_counter() - self._test

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        now = time.perf_counter()
        self.seconds.append(now - self._mark - self._testing)
        self._mark, self._testing = now, 0.0
