"""Runs an example and gives back what its reader would paste."""

import contextlib
import io
import linecache
import logging
import traceback
import warnings
from collections.abc import Callable

NAME = "/home/me/program.py"
Render = Callable[[BaseException], str]


def plain(error: BaseException) -> str:
    """Returns a traceback as Python prints it."""
    return "".join(traceback.format_exception(error))


def pasted(script: str, render: Render = plain) -> tuple[str, set[str]]:
    """Returns all that a script writes, warns and raises, and the classes of the two latter.

    Args:
        script: Python.
        render: Writes an exception.
    """
    source, text, kinds = script.lstrip(), io.StringIO(), set()
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    logger, handler = logging.getLogger("tensorflow"), logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))

    def show(
        message: Warning | str, category: type[Warning], file: str, line: int, *_: object
    ) -> None:
        text.write(warnings.formatwarning(message, category, file, line))
        kinds.add(category.__name__)

    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(text),
        contextlib.redirect_stderr(text),
    ):
        warnings.simplefilter("always")
        warnings.showwarning = show
        logger.addHandler(handler)
        try:
            exec(compile(source, NAME, "exec"), {"__name__": "__main__"})
        except Exception as error:
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
            kinds |= {kind.__name__ for kind in type(error).__mro__}
            text.write(render(error))
        finally:
            logger.removeHandler(handler)
    return text.getvalue(), kinds
