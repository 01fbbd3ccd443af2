"""`kerastut` and `python -m kerastut`."""

import os
import signal
from contextlib import suppress
from typing import Any, NoReturn

INTERRUPTED = 128 + signal.SIGINT


def main() -> NoReturn:
    """Runs the command line; Ctrl-C is no traceback before and after it either."""
    usual = signal.getsignal(signal.SIGINT)  # in the background it is ignored
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    from kerastut.cli import main as run

    signal.signal(signal.SIGINT, usual)
    try:
        run()
    except SystemExit as end:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done, but for TensorFlow's end
        if end.code == INTERRUPTED:
            os._exit(INTERRUPTED)  # Python might end by the signal itself, whose status is another
        raise


def _stop(*_: Any) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"kerastut: interrupted.\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
