"""Ctrl-C and SIGTERM: the first waits for a safe point, the second does not."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """A run that was stopped by a signal; the message tells what was saved, and how to go on."""

    def __init__(self, number: int, message: str = "interrupted; nothing was written.") -> None:
        super().__init__(message)
        self.number = number
        self.exit_status = 128 + number


class Interrupts:
    """Remembers a signal while work that must not be cut is under way."""

    def __init__(self) -> None:
        self.pending = 0  # or the number of the signal that has come
        self._deferring = False
        self._kept = {number: signal.getsignal(number) for number in SIGNALS}

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Within the block a signal only sets `pending`; the block looks at it when it can.

        Raises:
            Interrupted: At the end of the block, if a signal came and the block did not react.
        """
        self._deferring = True
        try:
            yield
        finally:
            self._deferring = False
        if self.pending:
            raise Interrupted(self.pending)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Takes a signal; the next one finds the handlers that were there before."""
        self.restore()
        self.pending = number
        if not self._deferring:
            raise Interrupted(number)

    def restore(self) -> None:
        """Gives the signals back."""
        for number, handler in self._kept.items():
            signal.signal(number, handler)


@contextmanager
def watch() -> Iterator[Interrupts]:
    """Handles SIGINT and SIGTERM within the block; only a main thread can."""
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    for number in SIGNALS:
        signal.signal(number, interrupts.handle)
    try:
        yield interrupts
    finally:
        interrupts.restore()
