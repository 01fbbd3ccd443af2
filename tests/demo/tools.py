"""What the tests of the demo have in common."""

import base64
import http.client
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from kerastut import Run
from kerastut.demo import Server
from kerastut.demo.net import Net, open_net
from kerastut.runs.subjects import subject
from tests.warm import warm

PATIENCE = 60  # seconds; a busy machine


def opened(run: Run) -> Net:
    assert run.dir is not None
    return open_net(subject(run.dir))


def png(pixels: Any) -> bytes:
    """Returns a PNG file of the pixels."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def pixels_of(url: str) -> Any:
    """Returns the pixels of a picture in a data URL."""
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))))


@contextmanager
def answering(net: Net) -> Iterator[Server]:
    """Serves a net in this process."""
    begun = threading.Event()
    with Server("127.0.0.1", 0) as found:
        thread = threading.Thread(target=found.serve, args=(net, "en", begun.set))
        thread.start()
        assert begun.wait(PATIENCE)
        try:
            yield found
        finally:
            found.shutdown()
            thread.join()


def asked(served: Server, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Sends one request as it is written here; returns status and content."""
    port = served.socket.getsockname()[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=True)
    given = {"Host": f"127.0.0.1:{port}", "Content_Length": str(len(body or b"")), **headers}
    for name, value in given.items():
        if value:
            connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read()


@contextmanager
def served(run: Run, folder: Path, *options: str, start: tuple[str, ...]) -> Iterator[str]:
    """Starts the demo in a folder; yields its address; stops it with Ctrl-C."""
    command = [*warm(), *start, "demo", str(run.dir), "--port", "0", *options]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=-1, stderr=-1, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            (found,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            yield found
            process.send_signal(signal.SIGINT)
            output, error = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    farewell = "kerastut：已停止。\n" if "zh" in options else "kerastut: stopped.\n"
    assert (process.returncode, output, error) == (130, "", farewell), (output, error)
    assert list(folder.iterdir()) == []
