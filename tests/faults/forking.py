"""Forks commands of kerastut from a process that has imported TensorFlow once.

    python -P forking.py DESCRIPTOR

It takes tasks from a connection and sends back what came of them. The package is the one that
PYTHONPATH names, which may be another checkout than the one this file lies in. No operation of
TensorFlow runs before a fork, hence none of its threads is lost by it.
"""

import gc
import importlib
import os
import pkgutil
import resource
import selectors
import signal
import sys
import tempfile
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

HEAD = "head"
KEPT = 8 * 2**20  # bytes of an output; what follows is read and dropped
MOST = 3 * 2**30  # bytes of resident memory above which a process is killed
PAUSE = 0.05  # seconds between two looks at the memory
Task = dict[str, Any]


def import_all() -> None:
    """Imports whatever a command may, so that each fork finds it there."""
    import kerastut
    from kerastut.quiet import startup

    with startup(verbose=False):
        for name in ("tensorflow", "keras", "matplotlib.pyplot", "h5py"):
            importlib.import_module(name)
    for module in pkgutil.walk_packages(kerastut.__path__[:1], "kerastut."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def serve(line: Connection) -> Task:
    """Forks a process for each task; returns the task there, and never here."""
    while True:
        try:
            task = line.recv()
        except EOFError:
            sys.exit()
        inner, outer = pipes(task["ends"])
        child = os.fork()
        if not child:
            line.close()
            for end in outer.values():
                os.close(end)
            become(task, inner)
            return task  # type: ignore[no-any-return]
        for end in set(inner.values()):
            os.close(end)
        line.send(Watch(child, outer, task, line).until_the_end())


def pipes(ends: dict[int, str]) -> tuple[dict[int, int], dict[int, int]]:
    """Opens what descriptors 0 to 2 of a command are, and our ends of those that are pipes."""
    inner: dict[int, int] = {}
    outer: dict[int, int] = {}
    for descriptor in range(3):
        end = ends.get(descriptor, "")
        others = [d for d in outer if ends.get(d) == HEAD]
        if end not in ("", HEAD):
            inner[descriptor] = os.open(end, os.O_RDONLY if descriptor == 0 else os.O_WRONLY)
        elif end == HEAD and others:
            inner[descriptor] = inner[others[0]]
        else:
            reader, writer = os.pipe()
            mine, theirs = (writer, reader) if descriptor == 0 else (reader, writer)
            outer[descriptor], inner[descriptor] = mine, theirs
            os.set_blocking(mine, False)
    return inner, outer


def become(task: Task, inner: dict[int, int]) -> None:
    """Makes this process what a shell would have started."""
    os.setsid()
    for descriptor, end in inner.items():
        os.dup2(end, descriptor)
    for end in set(inner.values()):
        os.close(end)
    for descriptor in task["closed"]:
        os.close(descriptor)
    os.environ |= task["environment"]
    tempfile.tempdir = None
    sys.modules |= dict.fromkeys(task["hides"])
    for name, most in task["limits"].items():
        kind = getattr(resource, name)
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    os.chdir(task["cwd"])
    if task["gone"]:
        Path(task["cwd"]).rmdir()
    sys.stdin = sys.__stdin__ = stream(0, "r")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = stream(1, "w")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stream(2, "w", buffering=1, errors="backslashreplace")  # type: ignore[misc]


def stream(descriptor: int, mode: str, buffering: int = -1, errors: str = "strict") -> Any:
    """Opens a standard stream as Python does at its start: none where nothing is open."""
    try:
        os.fstat(descriptor)
    except OSError:
        return None
    return open(descriptor, mode, buffering, encoding="utf-8", errors=errors, closefd=False)


class Watch:
    """Feeds a process, reads what it says, and ends it when its time or memory is over.

    Args:
        child: The process, which leads its group.
        outer: Our ends of its pipes, by its descriptors.
        task: What it does.
        line: To whom the first line of a server's output goes, and from where its end comes.
    """

    def __init__(self, child: int, outer: dict[int, int], task: Task, line: Connection) -> None:
        self.child, self.outer, self.task, self.line = child, outer, task, line
        self.feed = memoryview(task["stdin"])
        self.said = {1: b"", 2: b""}
        self.began, self.waited, self.killed = time.monotonic(), 0.0, ""
        self.waits: dict[int, float] = {}
        self.will_serve, self.serves = task["serves"], False
        self.selector = selectors.DefaultSelector()
        self.alive = os.pidfd_open(child)
        self.selector.register(self.alive, selectors.EVENT_READ, None)
        for descriptor, end in outer.items():
            kind = selectors.EVENT_WRITE if descriptor == 0 else selectors.EVENT_READ
            self.selector.register(end, kind, descriptor)

    def until_the_end(self) -> dict[str, Any]:
        """Returns what came of it."""
        ended = False
        while not ended:
            for key, _ in self.selector.select(PAUSE):
                if key.fd == self.alive:
                    ended = True
                elif key.fd == self.line.fileno():
                    self.end_serving()
                    self.began = time.monotonic() - self.waited
                    os.kill(self.child, signal.SIGINT)
                else:
                    self.move(key.data)
            self.limit()
        seconds = self.seconds()
        _, status, usage = os.wait4(self.child, 0)
        self.kill("")  # what it has started
        self.will_serve = False
        if self.serves:
            self.end_serving()
        for descriptor in list(self.outer):
            while descriptor and descriptor in self.outer and self.move(descriptor):
                pass
            self.leave(descriptor)
        os.close(self.alive)
        self.selector.close()
        return {
            "status": os.waitstatus_to_exitcode(status),
            "output": self.said[1],
            "errors": self.said[2],
            "seconds": seconds,
            "mebibytes": usage.ru_maxrss / 1024,
            "killed": self.killed,
        }

    def move(self, descriptor: int) -> bool:
        """Passes on what a pipe takes or gives; returns whether there may be more."""
        try:
            if descriptor == 0:
                self.feed = self.feed[os.write(self.outer[0], self.feed) :]
                content: bytes | memoryview = self.feed
            else:
                content = os.read(self.outer[descriptor], 2**16)
                kept = self.said[descriptor]
                self.said[descriptor] = kept + content[: KEPT - len(kept)]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            content = b""
        if not content or (self.task["ends"].get(descriptor) == HEAD and b"\n" in content):
            self.leave(descriptor)
        if self.will_serve and b"\n" in self.said[1]:
            self.will_serve, self.serves = False, True
            self.line.send({"line": self.said[1]})
            self.selector.register(self.line.fileno(), selectors.EVENT_READ, None)
        return bool(content)

    def end_serving(self) -> None:
        """Hears that nobody asks any more."""
        self.line.recv()
        self.selector.unregister(self.line.fileno())
        self.serves = False

    def leave(self, descriptor: int) -> None:
        """Closes our end of a pipe."""
        if (end := self.outer.pop(descriptor, None)) is not None:
            self.selector.unregister(end)
            os.close(end)

    def limit(self) -> None:
        """Kills the process if it has taken too long or too much."""
        with suppress(OSError, IndexError, ValueError):
            place = Path(f"/proc/{self.child}")
            self.waits |= waits(self.child)
            self.waited = sum(self.waits.values())
            if int((place / "statm").read_text().split()[1]) * resource.getpagesize() > MOST:
                self.kill("memory")
        if not self.serves and self.seconds() > self.task["seconds"]:
            self.kill("time")

    def seconds(self) -> float:
        """Returns how long it has run or slept; not how long it has waited for a processor."""
        return time.monotonic() - self.began - self.waited

    def kill(self, reason: str) -> None:
        """Kills the process and its group."""
        self.killed = self.killed or reason
        try:
            os.killpg(self.child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            if reason:  # it has not yet begun a group of its own
                os.kill(self.child, signal.SIGKILL)


def waits(process: int) -> dict[int, float]:
    """Returns for how many seconds a process and those that it started waited for a processor."""
    found, waiting = {}, [process]
    while waiting:
        threads = Path(f"/proc/{(one := waiting.pop())}/task")
        with suppress(OSError, IndexError, ValueError):
            texts = [path.read_text().split() for path in threads.glob("*/schedstat")]
            found[one] = max(int(text[1]) / 1e9 for text in texts)
            waiting += [
                int(c) for path in threads.glob("*/children") for c in path.read_text().split()
            ]
    return found


def run(task: Task) -> None:
    """Runs the command, in the process that was forked for it; the interpreter ends after it."""
    lean = task["program"] == "kerastut-check"
    if task["fresh"]:
        code = "import sys; from kerastut.lint import main; main('0', sys.argv[1:])"
        start = ["-c", code] if lean else ["-m", "kerastut"]
        os.execv(sys.executable, [sys.executable, "-P", *start, *task["argv"]])
    sys.argv = [task["program"], *task["argv"]]
    if lean:
        from kerastut.lint import main as check

        check("0", task["argv"])
    from kerastut.cli import main

    main(task["argv"])


if __name__ == "__main__":
    import_all()
    gc.freeze()
    connection = Connection(int(sys.argv[1]))
    connection.send("ready")
    run(serve(connection))
