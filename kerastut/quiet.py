"""Imports TensorFlow without its start-up lines."""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

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
        with nullcontext() if verbose else _silenced():
            yield
    except ModuleNotFoundError as error:
        if error.name != os.environ.get("KERAS_BACKEND"):
            raise
        raise ParameterError(
            f"KERAS_BACKEND={error.name} needs the package {error.name}, which is not installed:"
            f" pip install 'kerastut[{error.name}]', or unset KERAS_BACKEND."
        ) from error


@contextmanager
def _silenced() -> Iterator[None]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        except BaseException:
            sink.seek(0)
            os.write(kept, sink.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


@contextmanager
def silenced(verbose: bool) -> Iterator[None]:
    """Drops warnings, log records, and what native code writes to standard error.

    Args:
        verbose: `True` lets everything through.
    """
    if verbose:
        yield
        return
    sys.stderr.flush()
    kept, before = os.dup(2), logging.root.manager.disable
    with open(os.devnull, "wb") as sink, warnings.catch_warnings():  # noqa: PTH123
        os.dup2(sink.fileno(), 2)
        logging.disable(logging.WARNING)
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(before)
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
