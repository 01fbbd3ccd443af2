"""`kerastut demo`: what it refuses, where it listens, how it ends."""

import errno
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

import kerastut
from kerastut import Run
from kerastut.cli import main
from kerastut.demo import Server
from kerastut.demo.answers import LONGEST
from kerastut.demo.net import SHOWS
from kerastut.errors import ParameterError

from .tools import served


def status(*arguments: object) -> Any:
    with pytest.raises(SystemExit) as stopped:
        main(["demo", *map(str, arguments)])
    return stopped.value.code


@pytest.mark.parametrize("recipe", ["linear-regression", "functional-multi-io"])
def test_runs_it_cannot_show(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    kerastut.run(recipe, epochs=1, limit=100, output_dir=folder, verbose=0)
    assert status(folder, "--port", 0) == 2
    reason = f"{folder}: {SHOWS}; received a model of other inputs or outputs."
    assert capsys.readouterr().err == f"kerastut: error: {reason}\n"


def test_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"kerastut: error: {tmp_path}: expected the folder of a finished run")
    assert error.count("\n") == 1


def test_port_in_use(digits: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert status(digits.dir, "--port", port) == 2
    assert capsys.readouterr().err == (
        f"kerastut: error: cannot listen on port {port} of 127.0.0.1:"
        f" {os.strerror(errno.EADDRINUSE)}. Choose another --port (0 takes any that is free) or"
        " --host.\n"
    )


def test_bad_ports_and_hosts(digits: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for port in ("65536", "-1", "x", "8,0"):
        assert status(digits.dir, f"--port={port}") == 2
        assert f"expected 0 to 65535, received {port!r}" in capsys.readouterr().err
    for host in ("203.0.113.1", "no..name"):
        with pytest.raises(ParameterError, match=f"^cannot listen on port 0 of {re.escape(host)}"):
            Server(host, 0)


def test_addresses() -> None:
    for host, opens, local in (("127.0.0.1", "127.0.0.1", True), ("0.0.0.0", "127.0.0.1", False)):
        with Server(host, 0) as server:
            assert server.address == f"http://{opens}:{server.socket.getsockname()[1]}/"
            assert server.is_loopback == local


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from kerastut.cli import main\n"
        "try: main(['demo', '--help'])\n"
        "finally: print(*sorted({'keras', 'matplotlib', 'tensorflow'} & set(sys.modules)), 'end')"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "usage: kerastut demo" in output
    assert output.splitlines()[-1] == "end"


# Runs the command and notes to whom it speaks, and what it writes once it has begun.
WATCHED = """
import sys
from kerastut.cli import main
from kerastut.demo import Server
serve = Server.serve
def note(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.sendto"):
        place = values[0] if event.startswith("socket.get") else values[1]
        if "127.0.0.1" not in (place, place[0]):
            print(event, place, file=sys.stderr)
    if begun and event == "open" and values[1] not in (None, "r", "rb"):
        print(event, values, file=sys.stderr)
def watched(*args):
    begun.append(True)
    serve(*args)
begun = []
Server.serve = watched
sys.addaudithook(note)
main(sys.argv[1:])
"""


def test_it_speaks_to_nobody_and_keeps_nothing(digits: Run, picture: bytes, tmp_path: Path) -> None:
    with served(digits, tmp_path, "--lang", "zh", start=("-c", WATCHED)) as root:
        with urllib.request.urlopen(f"{root}net.json") as answer:
            assert json.load(answer)["language"] == "zh"
        with urllib.request.urlopen(f"{root}ask", picture) as answer:
            assert json.load(answer)["label"] == "7"


def test_ctrl_c_ends_it_while_it_answers(reviews: Run, tmp_path: Path) -> None:
    def ask(root: str) -> None:
        with suppress(OSError, HTTPException):
            while True:
                urllib.request.urlopen(f"{root}ask", ("很" * LONGEST).encode()).read()

    with ThreadPoolExecutor(4) as pool:
        with served(reviews, tmp_path, "--lang", "en", start=("-m", "kerastut")) as root:
            waiting = [pool.submit(ask, root) for _ in range(4)]
            time.sleep(1)
            begun = time.monotonic()
        assert time.monotonic() - begun < 5  # it takes a tenth of a second; a busy machine
        for one in waiting:
            one.result()
