"""Forks a closed process for each program, from one that has imported TensorFlow once.

    python -P -m kerastut.migration.server

It takes tasks as lines of JSON on standard input and gives what came of them on standard output. No
operation of TensorFlow runs before a fork, hence none of its threads is lost by it. It ends with
its standard input, and with it the program that is running.
"""

import ctypes
import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

MOST = 2**20  # bytes of an answer
DISK = 4 * 2**30  # bytes that a program may write in all
_LOOKS = 0.02, 1.0  # seconds between two looks at the process, and at its folder
_SIGNS = {signal.SIGXCPU: "limit", signal.SIGXFSZ: "disk"}


def serve() -> None:
    """Answers task after task."""
    line, told = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    import keras
    import matplotlib.pyplot
    import tensorflow

    from kerastut.migration import closing, harness

    assert all((keras, matplotlib, tensorflow))  # they are imported for the forks
    gc.freeze()
    with (
        os.fdopen(line, encoding="utf-8") as tasks,
        os.fdopen(told, "w", encoding="utf-8") as answers,
    ):
        for text in iter(tasks.readline, ""):
            task = json.loads(text)
            with tempfile.TemporaryFile() as place:
                child = os.fork()
                if not child:
                    tasks.close()
                    answers.close()
                    _become(task, os.getppid())
                    closing.close(Path(task["scratch"]), task["seconds"])
                    found = json.dumps(harness.run(task)).encode()
                    os.pwrite(place.fileno(), found, 0)
                    os._exit(0)
                end = _watch(child, task, line)
                place.seek(0)
                said = place.read(MOST).decode(errors="replace")
                answers.write(json.dumps([end, said]) + "\n")
                answers.flush()


def _become(task: dict[str, Any], parent: int) -> None:
    """Makes this process one of its own, in the program's folder."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with this server
        if os.getppid() != parent:
            os._exit(1)
    scratch = Path(task["scratch"])
    for name in ("HOME", "TMPDIR", "KERAS_HOME"):
        os.environ[name] = str(scratch / "home")
    tempfile.tempdir = None
    os.chdir(task["folder"])
    sys.path[:] = [*task["paths"], *sys.path]


def _watch(child: int, task: dict[str, Any], line: int) -> str:
    """Waits for a process and ends it where it takes too much; returns why it has ended."""
    began, looked, why = time.monotonic(), 0.0, ""
    try:
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                sign = os.waitstatus_to_exitcode(status)
                return why or (_SIGNS.get(signal.Signals(-sign), "killed") if sign < 0 else "")
            now = time.monotonic()
            if now - began > task["patience"]:
                why = "limit"
            elif now - looked > _LOOKS[1]:
                looked = now
                why = "disk" if _size(Path(task["scratch"])) > DISK else why
            if why:
                os.kill(child, signal.SIGKILL)
            if select.select([line], [], [], _LOOKS[0])[0]:
                sys.exit()  # whoever asked is gone
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # and what it has started


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found = Path(parent, name).lstat()
                total += found.st_blocks * 512 // found.st_nlink
    return total


if __name__ == "__main__":
    serve()
