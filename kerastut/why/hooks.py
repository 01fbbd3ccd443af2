"""Explains after an exception: in IPython and Jupyter, and behind a script. It changes neither."""

import runpy
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from kerastut.errors import printable
from kerastut.language import preferred
from kerastut.why.explaining import explain
from kerastut.why.telling import tell


def load_ipython_extension(shell: Any) -> None:
    """Explains each exception below its traceback, from `%load_ext kerastut.why` on."""
    shell.events.register("post_run_cell", _after_cell)


def unload_ipython_extension(shell: Any) -> None:
    """Explains no more."""
    shell.events.unregister("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    error = result.error_in_exec or result.error_before_exec
    if isinstance(error, Exception):
        _say("".join(traceback.format_exception(error)))


def run_script(path: Path, arguments: Sequence[str]) -> None:
    """Runs a script as Python does, and explains below its traceback what it raises.

    Args:
        path: The script.
        arguments: What the script finds behind its name in `sys.argv`.
    """
    script = path.absolute()

    def explained(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        while trace is not None and trace.tb_frame.f_code.co_filename != str(script):
            trace = trace.tb_next  # ours, and those of `runpy`
        text = "".join(traceback.format_exception(kind, error, trace))
        print(text, end="", file=sys.stderr)
        if isinstance(error, Exception):
            _say(text)

    sys.argv = [str(path), *arguments]
    sys.path[0] = str(script.parent)
    sys.excepthook = explained
    runpy.run_path(str(script), run_name="__main__")


def _say(text: str) -> None:
    told = tell(explain(text), preferred())
    print("\n" + printable(told, "\n"), file=sys.stderr)
