"""Runs programs, one after the other, in closed processes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from kerastut.errors import ParameterError, TrainingError
from kerastut.migration.programs import WORK, starting_folder

SECONDS = 120  # of the processor
PATIENCE = 10  # times as long may pass, which is for what waits for ever
_POINTER = 1024  # bytes that one of Git LFS has at most, which is no data
LINKED = 8 * 2**20  # bytes of a file from which on a program gets a link to the copy in DIR


@dataclass(frozen=True)
class Execution:
    """How a run has ended.

    Args:
        end: `ran`, to its end; `raised`; `limit`, its time was over; `disk`; `killed` by the
            system, for its memory; `left`, it ended itself and said nothing.
        traceback: Of what it raised, without frames of ours.
        lines: Of the program where it stopped, outermost first.
        trained: How many trainings there were.
        made_up: Names of data that are not there, in whose place it was given others.
        parts: Names of what was made up one by one: such data, and what they consist of.
        passed: Tracebacks of statements that were passed over; see `passing`.
    """

    end: str
    traceback: str = ""
    lines: tuple[int, ...] = ()
    trained: int = 0
    made_up: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


@dataclass
class Runner:
    """A server that runs programs.

    Args:
        place: A new folder for what they write, which is removed.
        seconds: Of the processor that a program may take.
    """

    place: Path
    seconds: int = SECONDS
    _server: "subprocess.Popen[str] | None" = field(default=None, init=False)

    def __enter__(self) -> "Runner":
        shutil.rmtree(self.place, ignore_errors=True)  # of one that was killed
        self.place.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.communicate()  # the end of its input is its end
        shutil.rmtree(self.place, ignore_errors=True)

    def run(
        self,
        root: Path,
        texts: dict[Path, bytes],
        program: Path,
        blocks: Sequence[tuple[int, str]],
        package: str = "",
        hints: Mapping[str, Any] = MappingProxyType({}),
    ) -> Execution:
        """Runs a program in a copy of its folder.

        Args:
            root: The folder of the copy, with its data.
            texts: The files of the program as they are to be, from `root`.
            program: Its own file, from `root`.
            blocks: What of it runs, each with its first line.
            package: That it is a module of.
            hints: What earlier runs have told of its data; see `learning`.
        """
        scratch = self.place.resolve() / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        work = scratch / WORK
        shutil.copytree(root, work, copy_function=_give)
        (scratch / "home").mkdir()
        for path, content in texts.items():
            (work / path).unlink(missing_ok=True)
            (work / path).write_bytes(content)
            # Its own modules come before those of packages that are named like their folders.
            for folder in path.parents[:-1] if path != program else ():
                (work / folder / "__init__.py").touch()
        name = work / program
        return self._ask(
            {
                "name": str(name),
                "blocks": list(blocks),
                "helpers": [
                    content.decode(errors="replace")
                    for path, content in texts.items()
                    if path != program
                ],
                "script": program.suffix == ".py",
                "package": package,
                "hints": dict(hints),
                "scratch": str(scratch),
                "folder": str(work / starting_folder(work, program, texts[program])),
                "paths": [str(work / folder) for folder in program.parents],
                "seconds": self.seconds,
                "patience": PATIENCE * self.seconds,
            },
            tuple(f"{one}{os.sep}" for one in (work, scratch / "home", scratch)),
        )

    def _ask(self, task: dict[str, Any], homes: tuple[str, ...]) -> Execution:
        server = self._server or self._start()
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            server.stdin.write(json.dumps(task) + "\n")
            server.stdin.flush()
            told = server.stdout.readline()
        except BrokenPipeError:
            told = ""
        if not told:
            raise TrainingError(
                f"The process that runs programs has ended with status {server.wait()};"
                " 'kerastut doctor' looks for the reason, and --no-run only fixes."
            )
        end, text = json.loads(told)

        def clean(text: Any) -> str:
            for home in homes:
                text = str(text).replace(home, "")
            return str(text)

        try:  # a program may have told anything in the place of its run
            found = json.loads(text)
            trace, lines = clean(found["traceback"]), tuple(map(int, found["lines"]))
            names = (tuple(map(clean, found[kind])) for kind in ("made_up", "parts", "passed"))
            return Execution(end or str(found["end"]), trace, lines, int(found["trained"]), *names)
        except (ValueError, KeyError, TypeError, RecursionError):
            return Execution(end or "left")

    def _start(self) -> "subprocess.Popen[str]":
        if sys.platform == "win32":
            raise ParameterError(
                "Programs run closed in on Linux and macOS alone; here only --no-run goes, or WSL."
            )
        settings = {
            **dict.fromkeys(("MPLCONFIGDIR", "TMPDIR"), str(self.place.resolve())),
            "KERAS_HOME": str(self.place.resolve() / "scratch" / "home"),
            **{"KERAS_BACKEND": "tensorflow", "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"},
            **dict.fromkeys(("SDL_VIDEODRIVER", "SDL_AUDIODRIVER"), "dummy"),  # games of pygame
            **{"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "CUDA_VISIBLE_DEVICES": ""},
        }
        self._server = subprocess.Popen(
            [sys.executable, "-P", "-m", "kerastut.migration.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **settings},
            start_new_session=True,  # Ctrl-C is for us
            text=True,
            encoding="utf-8",
        )
        return self._server


def _give(source: str, target: str) -> None:
    size = Path(source).stat().st_size
    if size > LINKED:
        Path(target).symlink_to(Path(source).resolve())
    elif not (size < _POINTER and Path(source).read_bytes().startswith(b"version https://git-lfs")):
        shutil.copyfile(source, target)
