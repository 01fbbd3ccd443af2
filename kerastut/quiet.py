"""Silence on standard error, also of native code; and a word there at once when a signal comes."""

import logging
import mmap
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread

from kerastut.errors import ParameterError, one_line, shown
from kerastut.language import told

BACKENDS = ("tensorflow", "jax")
# Bytes that Keras with TensorFlow 2.21 maps when it is imported, and when it trains for the first
# time; it touches a third of them.
IMPORT, WORK = 1700 * 2**20, 1100 * 2**20

GRACE = 1.0  # seconds after a second signal in which Python may end the command by itself
_is_command = False  # the process is ours to end


@contextmanager
def startup(verbose: bool) -> Iterator[None]:
    """Imports Keras, and silences what native code writes to standard error until the block ends.

    TensorFlow 2.21 writes some lines before it reads `TF_CPP_MIN_LOG_LEVEL`, so only redirecting
    the file descriptor silences them.

    Args:
        verbose: `True` lets everything through.

    Raises:
        ParameterError: If Keras refuses what it finds in the environment.
    """
    global _is_command
    _is_command = True
    os.environ["MPLBACKEND"] = "agg"  # nothing opens a window, and an unknown name ends the import
    if not verbose:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if (backend := os.environ.get("KERAS_BACKEND") or "tensorflow") not in BACKENDS:
        raise ParameterError(
            f"kerastut runs on the backends {' and '.join(BACKENDS)}; received"
            f" {shown(backend)}. Set KERAS_BACKEND to one of them."
        )
    with acknowledging(), nullcontext() if verbose else _unheard():
        if "keras" not in sys.modules:
            _require_memory(IMPORT)
        try:
            import keras  # noqa: F401
        except ModuleNotFoundError as error:
            if error.name == "keras":
                raise
            raise _unfit(error) from error
        except Exception as error:  # any package that Keras imports may raise anything
            raise _unfit(error) from error
        _require_memory(WORK)
        yield


def _require_memory(size: int) -> None:
    """Refuses a process that may map less: TensorFlow would end it in the middle of its work."""
    try:
        if sys.platform != "win32":
            mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ).close()
    except OSError as error:
        raise ParameterError(
            f"Keras needs {(IMPORT + WORK) / 2**30:.1f} GiB of address space, and this process may"
            " take less. Raise its limit: ulimit -v unlimited."
        ) from error


def _unfit(error: Exception) -> ParameterError:
    """Returns the error to raise when Keras cannot be imported."""
    backend = os.environ.get("KERAS_BACKEND")
    if isinstance(error, ModuleNotFoundError) and error.name == backend:
        return ParameterError(
            f"KERAS_BACKEND={backend} needs the package {backend}, which is not installed:"
            f' pip install "kerastut[{backend}]", or unset KERAS_BACKEND.'
        )
    return ParameterError(
        f"Keras cannot be imported: {type(error).__name__}: {one_line(error).rstrip('.')}. Check"
        " KERAS_BACKEND, KERAS_HOME, MATPLOTLIBRC and the files there; --verbose shows more."
    )


@contextmanager
def silenced(verbose: bool) -> Iterator[None]:
    """Drops warnings, log records, and what native code writes to standard error.

    Args:
        verbose: `True` lets everything through.
    """
    if verbose:
        yield
        return
    before = logging.root.manager.disable
    with _unheard(), warnings.catch_warnings():
        logging.disable(logging.WARNING)
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def acknowledging() -> Iterator[None]:
    """Says at once that a signal has come, while native code keeps Python from acting on it.

    Python's handlers run in the main thread, between its own steps; what the system calls writes to
    a pipe, from which another thread reads.
    """
    if current_thread() is not main_thread():
        yield
        return
    with ExitStack() as closing:
        reading, writing = os.pipe()
        try:
            heard = os.dup(sys.stderr.fileno())
        except (AttributeError, OSError):  # none, as in a notebook, or it is closed
            heard = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (reading, writing, heard):
            closing.callback(os.close, descriptor)
        if hasattr(os, "set_blocking"):  # Windows has it from Python 3.12 on, and needs it not
            os.set_blocking(writing, False)
        ended = Event()
        thread = Thread(target=_acknowledge, args=(reading, heard, ended), daemon=True)
        thread.start()
        closing.callback(thread.join)
        closing.callback(os.write, writing, b"\0")
        closing.callback(ended.set)
        closing.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(writing))
        yield


def _acknowledge(reading: int, heard: int, ended: Event) -> None:
    """Writes a line for the first and the second signal to end; a zero ends the wait.

    The second ends the command also where native code does not return.
    """
    lines = [
        told("kerastut: stopping when what is under way is done."),
        told("kerastut: stopping at once."),
    ]
    while lines and (number := os.read(reading, 1)[0]):
        if number in (signal.SIGINT, signal.SIGTERM):
            line = lines.pop(0) + os.linesep
            before = os.linesep if os.isatty(heard) else ""  # of a bar, which is not at its end
            with suppress(OSError):
                os.write(heard, (before + line).encode(errors="backslashreplace"))
    if not lines and _is_command and not ended.wait(GRACE):
        os._exit(128 + number)


@contextmanager
def _unheard() -> Iterator[None]:
    """Drops what is written to descriptor 2."""
    sys.stderr.flush()
    outside = os.dup(2)
    with Path(os.devnull).open("wb") as sink:
        os.dup2(sink.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(outside, 2)
        os.close(outside)


@contextmanager
def without_retracing_warnings() -> Iterator[None]:
    """Drops the complaint that functions are traced anew: each model of a process has its own."""

    def passes(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(passes)
    try:
        yield
    finally:
        logger.removeFilter(passes)
