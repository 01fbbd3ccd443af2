"""`kerastut demo`: what it refuses, where it listens, how it ends."""

import errno
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

import kerastut
from kerastut import Run
from kerastut.cli import main
from kerastut.demo import Server
from kerastut.demo.net import LONGEST, SHOWS
from kerastut.demo.server import PLACES
from kerastut.errors import ParameterError

from ..faults.kinds.requests import Request, ask, held, hostile, written
from .tools import png, served

ROOT = Path(kerastut.__file__).parents[1]


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
    reason = f"{folder / 'model.keras'}: {SHOWS}; received a model of other inputs or outputs."
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


def port_of(root: str) -> int:
    return urlsplit(root).port or 0


# Runs the command and tells to whom it speaks, what it writes or reads of others once it has begun,
# and which descriptors and how much memory it has kept at its end.
WATCHED = """
import os, sys
from itertools import islice
from pathlib import Path
from random import Random
from kerastut.cli import main
from kerastut.demo import Server
serve = Server.serve
own = tuple(map(os.path.realpath, (sys.prefix, sys.base_prefix, sys.argv.pop(1), "/proc/self")))
def note(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.sendto"):
        place = values[0] if event.startswith("socket.get") else values[1]
        if "127.0.0.1" not in (place, place[0]):
            print(event, place, file=sys.stderr)
    if begun and event == "open":
        path, mode, _ = values
        if mode not in (None, "r", "rb") or not os.path.realpath(path).startswith(own):
            print(event, values, file=sys.stderr)
def state():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len(os.listdir("/proc/self/fd")), pages * os.sysconf("SC_PAGE_SIZE") / 2**20
def watched(*args):
    before = state()
    begun.append(True)
    try:
        serve(*args)
    finally:
        after = state()
        if after[0] > before[0] or after[1] > before[1] + 100:
            print("kept", before, after, file=sys.stderr)
begun = []
Server.serve = watched
sys.addaudithook(note)
main(sys.argv[1:])
"""


def test_500_hostile_and_50_honest_requests(digits: Run, picture: bytes, tmp_path: Path) -> None:
    """The honest ones are answered, nobody else is; it speaks to nobody, and keeps nothing."""
    random = Random(0)
    pictures = [png(image[..., 0]) for image in digits.data.test.x[:10]]
    good = [Request("honest", written("POST /ask HTTP/1.1", body=body)) for body in pictures]
    start = ("-c", WATCHED, str(ROOT))
    with served(digits, tmp_path, "--lang", "zh", start=start) as root:
        port = port_of(root)
        alone = [ask(port, request) for request in good]
        with ThreadPoolExecutor(100) as pool:
            asked = list(islice(hostile(random), 500))
            bad = [pool.submit(ask, port, request) for request in asked]
            honest = [pool.submit(ask, port, request) for request in good * 5]
            assert [one.result() for one in honest] == alone * 5
            assert [status for status, _ in alone] == [200] * 10
        for request, answer in zip(asked, bad, strict=True):
            assert answer.result()[0] in request.statuses, request.name


def test_ctrl_c_ends_it_while_it_answers_and_waits(reviews: Run, tmp_path: Path) -> None:
    def go_on_asking(root: str) -> None:
        with suppress(OSError, HTTPException):
            while True:
                urllib.request.urlopen(f"{root}ask", ("很" * LONGEST).encode()).read()

    with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
        with served(reviews, tmp_path, "--lang", "en", start=("-m", "kerastut")) as root:
            waiting = [pool.submit(go_on_asking, root) for _ in range(4)]
            for _ in range(2 * PLACES):
                ask(port_of(root), held(Random(0)), stack)
            time.sleep(1)
            begun = time.monotonic()
        assert time.monotonic() - begun < 5  # it takes a tenth of a second; a busy machine
        for one in waiting:
            one.result()
