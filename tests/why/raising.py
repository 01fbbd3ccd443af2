"""Runs an example and gives back what its reader would paste."""

import contextlib
import io
import itertools
import linecache
import logging
import traceback
import warnings
from typing import NamedTuple

_NUMBERS = itertools.count()


class Pasted(NamedTuple):
    """What a script leaves on the console."""

    text: str
    kinds: set[str]  # the classes of its warnings and of its exception
    error: BaseException | None


def pasted(script: str) -> Pasted:
    """Runs a script and returns all that it writes, warns and raises."""
    raised = None
    source, text, kinds = script.lstrip(), io.StringIO(), set[str]()
    name = f"/home/me/program{next(_NUMBERS)}.py"  # its lines are looked up by it, later too
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    logger, handler = logging.getLogger("tensorflow"), logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))

    with (
        warnings.catch_warnings(record=True) as seen,
        contextlib.redirect_stdout(text),
        contextlib.redirect_stderr(text),
    ):
        warnings.simplefilter("always")
        logger.addHandler(handler)
        try:
            exec(compile(source, name, "exec"), {"__name__": "__main__"})
        except Exception as error:
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
            kinds |= {kind.__name__ for kind in type(error).__mro__}
            text.write("".join(traceback.format_exception(error)))
            raised = error
        finally:
            logger.removeHandler(handler)
    kinds |= {one.category.__name__ for one in seen}
    warned = (
        warnings.formatwarning(one.message, one.category, one.filename, one.lineno) for one in seen
    )
    return Pasted("".join(warned) + text.getvalue(), kinds, raised)
