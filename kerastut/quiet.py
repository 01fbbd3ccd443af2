"""Silence on standard error, also of native code."""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from kerastut.errors import ParameterError


@contextmanager
def startup(verbose: bool) -> Iterator[None]:
    """Silences what native code writes to standard error while Keras is imported.

    TensorFlow 2.21 writes some lines before it reads `TF_CPP_MIN_LOG_LEVEL`, so only redirecting
    the file descriptor silences them. If the import fails, what was written is shown after all.

    Args:
        verbose: `True` lets everything through.

    Raises:
        ParameterError: If the package of the backend that was asked for is missing.
    """
    try:
        with nullcontext() if verbose else _kept_back():
            yield
    except ModuleNotFoundError as error:
        if error.name != os.environ.get("KERAS_BACKEND"):
            raise
        raise ParameterError(
            f"KERAS_BACKEND={error.name} needs the package {error.name}, which is not installed:"
            f" pip install 'kerastut[{error.name}]', or unset KERAS_BACKEND."
        ) from error


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
    with Path(os.devnull).open("wb") as sink, _led_into(sink), warnings.catch_warnings():
        logging.disable(logging.WARNING)
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def _kept_back() -> Iterator[None]:
    """Keeps standard error to itself, and shows it if the block fails."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryFile() as sink, _led_into(sink) as outside:
        try:
            yield
        except BaseException:
            sink.seek(0)
            os.write(outside, sink.read())
            raise


@contextmanager
def _led_into(sink: IO[bytes]) -> Iterator[int]:
    """Leads descriptor 2 into a file; yields a descriptor of where it led before."""
    sys.stderr.flush()
    outside = os.dup(2)
    os.dup2(sink.fileno(), 2)
    try:
        yield outside
    finally:
        sys.stderr.flush()
        os.dup2(outside, 2)
        os.close(outside)
