"""The server answers its page and nobody else."""

import json
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastut import Run
from kerastut.demo import Server, answers, server
from kerastut.demo.answers import PICTURE
from kerastut.demo.net import Net

from ..faults.corpus import damaged, fuzz, random_pixels, trials
from ..faults.kinds.requests import REFUSED, Request, ask, written
from .tools import PATIENCE, answering, asked, png

Headers = dict[str, str]


def test_the_page_and_an_answer(serving: Server, picture: bytes, digit_net: Net) -> None:
    assert b"Draw a digit" in asked(serving, "GET", "/")[1]
    assert asked(serving, "GET", "/?anything")[0] == 200
    about = json.loads(asked(serving, "GET", "/net.json")[1])
    assert (about["kind"], about["classes"]) == ("digits", list(digit_net.classes))
    status, content = asked(serving, "POST", "/ask", picture, Origin=serving.address[:-1])
    assert status == 200
    assert json.loads(content)["label"] == answers.of_picture(picture, digit_net)["label"] == "7"


STRANGERS: list[tuple[int, str, str, Headers]] = [
    (403, "GET", "/", {"Host": "evil.example"}),
    (403, "GET", "/net.json", {"Host": "evil.example:7860"}),
    (403, "GET", "/", {"Host": "127.0.0.1.evil.example"}),
    (403, "GET", "/", {"Host": "localhost@evil.example"}),
    (403, "GET", "/", {"Host": "192.0.2.1"}),
    (403, "GET", "/", {"Host": ""}),
    (403, "GET", "/", {"Origin": "http://evil.example"}),
    (403, "POST", "/ask", {"Origin": "http://evil.example"}),
    (403, "POST", "/ask", {"Origin": "null"}),
    (403, "POST", "/ask", {"Origin": "http://127.0.0.1"}),
    (404, "GET", "/../net.py", {}),
    (404, "GET", "//etc/hostname", {}),
    (404, "GET", "/page.css/../net.py", {}),
    (404, "GET", "/%2e%2e/net.py", {}),
    (404, "GET", "http://127.0.0.1/", {}),
    (404, "GET", "/file=/etc/hostname", {}),
    (404, "POST", "/", {}),
    (404, "POST", "/ask?path=/etc/hostname", {}),
    (411, "POST", "/ask", {"Content_Length": ""}),
    (411, "POST", "/ask", {"Content_Length": "-1"}),
    (411, "POST", "/ask", {"Content_Length": "1_0"}),
    (411, "POST", "/ask", {"Transfer_Encoding": "chunked"}),
    (413, "POST", "/ask", {"Content_Length": str(PICTURE + 1)}),
    (413, "POST", "/ask", {"Content_Length": "9" * 12}),
    (422, "POST", "/ask", {}),
    (501, "PUT", "/ask", {}),
    (501, "OPTIONS", "/ask", {}),
    (501, "DELETE", "/", {}),
]


@pytest.mark.parametrize(("expected", "method", "path", "headers"), STRANGERS)
def test_what_the_page_would_not_ask(
    expected: int,
    method: str,
    path: str,
    headers: Headers,
    serving: Server,
    capfd: pytest.CaptureFixture[str],
) -> None:
    status, content = asked(serving, method, path, **headers)
    assert status == expected
    assert re.fullmatch(rb"\d{3} [\w '()/.=-]{1,80}\n", content)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "[::1]:1", "127.0.0.1:7860"])
def test_its_own_names(host: str, serving: Server) -> None:
    assert asked(serving, "GET", "/", Host=host)[0] == 200


def test_names_of_a_server_for_the_network() -> None:
    with Server("0.0.0.0", 0) as found:
        assert found.knows("192.0.2.1:7860")
        assert not found.knows("evil.example:7860")


def test_many_at_once_are_answered_right(serving: Server, digits: Run) -> None:
    pictures = [png(image[..., 0]) for image in digits.data.test.x[:10]]
    alone = [asked(serving, "POST", "/ask", picture) for picture in pictures]
    with ThreadPoolExecutor(100) as pool:
        hostile = [
            pool.submit(asked, serving, method, path, **headers)
            for _, method, path, headers in STRANGERS * 5
        ]
        honest = [pool.submit(asked, serving, "POST", "/ask", picture) for picture in pictures * 5]
        assert [one.result() for one in honest] == alone * 5
        assert [one.result()[0] for one in hostile] == [status for status, *_ in STRANGERS] * 5


GOOD = [written(f"GET {path} HTTP/1.1") for path in ("/", "/page.js", "/net.json")]
GOOD += [written("POST /ask HTTP/1.1", "Origin: http://localhost", body=png(random_pixels(9, 7)))]


@fuzz(300)
@given(st.sampled_from(GOOD).flatmap(damaged) | st.binary(max_size=99))
def test_fuzz_of_requests(serving: Server, content: bytes) -> None:
    """Whatever comes is refused, or one of the page's files or an answer comes back, whole."""
    with trials("requests") as attempt:
        attempt(Path(), lambda: answered(serving, content))


def answered(serving: Server, content: bytes) -> None:
    """Fails if a request is answered as none may be."""
    status, found = ask(serving.socket.getsockname()[1], Request("drawn", content))
    if status == 200 and found not in [file for file, _ in serving.files.values()]:
        answer = json.loads(found)
        assert "label" not in answer if "reason" in answer else answer["label"] in "0123456789"
    else:
        assert status in (0, 200, 422, *REFUSED)
        assert status or not found


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: loc",
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
    ],
)
def test_who_sends_slowly_is_left(
    begun: bytes, serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.2)
    with socket.create_connection(serving.socket.getsockname(), PATIENCE) as line:
        line.sendall(begun)
        assert b"200 OK" not in line.recv(4096)


def test_who_does_not_read_is_left(serving: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    size, begun = 2**26, threading.Event()  # more than the system takes for it

    def answer(content: bytes) -> str:
        begun.set()
        return "x" * size

    monkeypatch.setattr(serving, "answer", answer)
    with socket.socket() as line:
        line.settimeout(PATIENCE)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(serving.socket.getsockname())
        monkeypatch.setattr(server, "PATIENCE", 0.2)
        line.sendall(b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        assert begun.wait(PATIENCE)
        for thread in threading.enumerate():
            if "process_request" in thread.name:
                thread.join(PATIENCE)
                assert not thread.is_alive()
        assert sum(iter(lambda: len(line.recv(2**20)), 0)) < size


def test_a_request_that_ends_too_early(serving: Server) -> None:
    head = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    assert ask(serving.socket.getsockname()[1], Request("cut", head + b"12345678"))[0] == 400


@pytest.mark.parametrize(
    ("status", "lines"),
    [
        (403, ("Origin: http://localhost", "Origin: http://localhost")),
        (403, ("Host: evil.test",)),
        (403, (" folded: Host",)),
        (411, ("Content-Length: 0", "Content-Length: 0")),
        (411, ("Content-Length: 0", "Transfer-Encoding: identity")),
    ],
)
def test_which_of_two_headers_counts(status: int, lines: tuple[str, ...], serving: Server) -> None:
    request = Request("twice", written("POST /ask HTTP/1.1", *lines))
    assert ask(serving.socket.getsockname()[1], request)[0] == status


def test_an_answer_that_fails_is_one_line(
    digit_net: Net, picture: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    net = replace(digit_net, classes=("\x1b]0;\n",) * 3)
    with answering(net) as found:
        assert asked(found, "POST", "/ask", picture) == (500, b"500 Internal Server Error\n")
        assert asked(found, "GET", "/")[0] == 200
    output, error = capsys.readouterr()
    assert output == ""
    assert re.fullmatch(r"kerastut: error: [ -~]+\n", error)
