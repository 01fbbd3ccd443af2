"""Keeps the converters' chatter from the terminal."""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


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
