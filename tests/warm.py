"""A Python that has imported Keras before: it forks where another would begin from nothing.

Importing TensorFlow takes some seconds of the processor, and hundreds of tests start a command.
What `warm()` returns stands for `sys.executable` where a test asks what a command does, and not how
Python begins: `[*warm(), "-m", "kerastut", ...]`. Arguments, streams, folder, environment, signals,
limits and exit status are those of the command. It finds Keras imported, and kerastut not. Where
the environment has another word for what acts at the import of a library, or memory is limited, a
real Python takes its place.
"""

import atexit
import gc
import json
import os
import re
import resource
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

# What acts when Python starts, or when a library is imported; the server draws no windows either.
AT_IMPORT = re.compile(
    "PYTHON|KERAS_|MPL(?!BACKEND=[Aa]gg)|MATPLOTLIB|LD_|OMP_|MALLOC_|TF_ENABLE|CUDA|LC_|LANG="
)
STREAMS = ("stdin", "stdout", "stderr")  # by their descriptors
LARGEST = 2**20  # bytes of a task
Task = dict[str, Any]


@cache
def warm() -> list[str]:
    """Returns the beginning of a command; starts the server first."""
    address = str(Path(tempfile.mkdtemp(prefix="warm"), "s"))
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(server.kill)
    assert server.stdout
    assert server.stdout.readline() == b"ready\n"
    return [sys.executable, "-S", "-E", __file__, address]


def ask(address: str, words: list[str]) -> None:
    """Has the server run a command in this process's surroundings, and ends as it does."""
    child = 0
    there = [descriptor for descriptor in range(3) if is_open(descriptor)]
    with socket.socket(socket.AF_UNIX) as line:
        with suppress(FileNotFoundError):  # the folder was removed
            folder = str(Path.cwd())
            task = {
                "words": words,
                "there": there,
                "folder": folder,
                "environment": dict(os.environ),
                "memory": resource.getrlimit(resource.RLIMIT_AS),
                "file": resource.getrlimit(resource.RLIMIT_FSIZE),
            }
            line.connect(address)
            socket.send_fds(line, [json.dumps(task).encode()], there)
            child = int(line.recv(20))
        if not child:
            os.execv(sys.executable, [sys.executable, *words])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: os.kill(child, number))
        status = os.waitstatus_to_exitcode(int(line.recv(20)))
    if status < 0:
        with suppress(OSError):  # SIGKILL has no other handler
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


def is_open(descriptor: int) -> bool:
    with suppress(OSError):
        os.fstat(descriptor)
        return True
    return False


def serve(address: str) -> Task:
    """Forks a process for each task; returns the task there, and never here."""
    known = at_import(dict(os.environ)), list(resource.getrlimit(resource.RLIMIT_AS))
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}
    import keras  # noqa: F401
    import matplotlib.pyplot  # noqa: F401

    gc.freeze()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is not listening:
                attend(selector, key)
                continue
            line, _ = listening.accept()
            content, descriptors, *_ = socket.recv_fds(line, LARGEST, len(STREAMS))
            task: Task = json.loads(content)
            if (at_import(task["environment"]), task["memory"]) != known:
                line.sendall(b"0")
                line.close()
            elif child := os.fork():
                line.sendall(str(child).encode())
                alive = os.pidfd_open(child)
                for end in (alive, line):
                    selector.register(end, selectors.EVENT_READ, (child, line, alive))
            else:
                selector.close()
                listening.close()
                line.close()
                become(task, descriptors)
                return task
            for descriptor in descriptors:
                os.close(descriptor)


def attend(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    """Kills the process of a command that was killed itself, or tells the command its end."""
    child, line, alive = key.data
    if key.fileobj is line:
        os.kill(child, signal.SIGKILL)
        selector.unregister(line)
        return
    with suppress(OSError, KeyError):
        line.sendall(str(os.waitpid(child, 0)[1]).encode())
        selector.unregister(line)
    selector.unregister(alive)
    line.close()
    os.close(alive)


def at_import(environment: dict[str, str]) -> dict[str, str]:
    """Returns the variables that act at the import of a library."""
    return {n: value for n, value in environment.items() if AT_IMPORT.match(f"{n}={value}")}


def become(task: Task, descriptors: list[int]) -> None:
    """Makes this process what a shell would have started."""
    import numpy as np

    os.setpgid(0, 0)
    np.random.seed()  # or every process would draw the same numbers
    os.environ.clear()
    os.environ.update(task["environment"])
    tempfile.tempdir = None
    resource.setrlimit(resource.RLIMIT_FSIZE, task["file"])
    os.chdir(task["folder"])
    for descriptor in range(3):
        os.close(descriptor)
    for descriptor, given in zip(task["there"], descriptors, strict=True):
        os.dup2(given, descriptor)
        os.close(given)
    for descriptor, name in enumerate(STREAMS):
        stream = opened(descriptor) if descriptor in task["there"] else None
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def opened(descriptor: int) -> Any:
    """Opens a standard stream as Python does at its start."""
    mode = "w" if descriptor else "r"
    line, errors = (1, "backslashreplace") if descriptor == 2 else (-1, "strict")
    return open(descriptor, mode, line, encoding="utf-8", errors=errors, closefd=False)


def run(words: list[str]) -> None:
    """Runs what stands behind `python`."""
    first, *rest = words
    if first == "-m":
        sys.path[0], sys.argv = str(Path.cwd()), rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.path[0], sys.argv = "", ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.path[0], sys.argv = str(Path(first).resolve().parent), words
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        run(serve(sys.argv[2])["words"])
    else:
        ask(sys.argv[1], sys.argv[2:])
