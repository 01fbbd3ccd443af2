"""Requests that the demo's page would not send."""

import io
import json
import re
import socket
import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from PIL import Image

import kerastut

from ..case import Case, Outcome

PATIENCE = 60  # seconds; a busy machine
HOSTILE, HONEST = 25, 5  # requests of a case
HELD = 100  # connections; more than the server has places for
REFUSED = frozenset({400, 403, 404, 411, 413, 414, 431, 501, 505})
NO_INPUT = frozenset({403, 413, 422})
LINE, HEADERS = 2**16, 100  # what Python's server takes at the most
MOST = 4 * 2**20
RECIPES = {"mlp-mnist": "pictures", "mlp-reviews": "texts"}
SELF = "http://localhost"
FILES = (
    "/etc/passwd|../secret.txt|/dev/zero|/proc/self/environ|file:///etc/passwd|http://evil.test/x"
)
PIECES = (
    "..|%2e%2e|..%2f|%252e|\\..\\|etc|passwd|net.py|run.json|~|page.html|file=|gradio_api|%00|C:|.|é"
    "|%c0%ae|*|;|proc|upload|config"
)
HOSTS = (
    "evil.test|127.0.0.1.evil.test|localhost.evil.test|localhost@evil.test|a:b@c|localhost.|127.1"
    "|0x7f000001|2130706433|0177.0.0.1|[::ffff:8.8.8.8]|[fe80::1%25lo]|192.0.2.1|[2001:db8::1]"
    "|0.0.0.0|[::]|localhost, evil.test|ｌｏｃａｌｈｏｓｔ|localhost\t evil|localhost\0|localhost/"
    "|[localhost]|[::1|::1|local\r\n host|localhost:80:80|localhost:1e1|localhost:123456"
    "|é|¹27.0.0.1||."
)
ORIGINS = (
    f"http://evil.test|null|https://localhost|{SELF}:1|file://||{SELF}.evil.test|{SELF}@evil.test"
    f"|{SELF}/|*|HTTP://LOCALHOST|http://127.0.0.1|{SELF} http://evil.test|localhost"
)
METHODS = (
    "PUT|DELETE|OPTIONS|HEAD|PATCH|TRACE|CONNECT|PROPFIND|get|PRI|\x1b[31mGET|__init__|é|ｇｅｔ"
)
VERSIONS = (
    "HTTP/9.9|HTTP/1.1.1|HTTP/-1.0|HTTP/1.|HTTP/1e1|FTP/1.0|HTTP/|HTTP|HTTP/1.1 x|HTTP/2.0|é"
    "|\x1b]0;x\x07|HTTP/１.１"
)
CODINGS = "chunked|identity|gzip, chunked|\tchunked|xchunked|"
LINES = (
    "Content-Type: application/json|Content-Type: multipart/form-data; boundary=x|X: y"
    f"|Content-Encoding: gzip|Expect: 100-continue|Origin: {SELF}|Range: bytes=0-|Cookie: a=b"
)
NO_HEADERS = ": x|no colon| folded|\0|Host : localhost|\x85:|\x0bHost: localhost"


class Request(NamedTuple):
    """A request.

    Args:
        name: What is hostile about it.
        content: What is sent.
        statuses: Those that are right; 0 stands for no answer.
        held: Whether it stays open until the server ends.
    """

    name: str
    content: bytes
    statuses: frozenset[int] = REFUSED
    held: bool = False


def one(random: Random, words: str) -> str:
    """Draws one of the words between bars."""
    return random.choice(words.split("|"))


def written(first: str, *lines: str, host: str = "Host: localhost", body: bytes = b"") -> bytes:
    """Returns a request with these lines, whose body has the length that is stated."""
    length = [] if any("Length:" in line for line in lines) else [f"Content-Length: {len(body)}"]
    return "\r\n".join([first, host, *lines, *length, "", ""]).encode() + body


def asking(random: Random) -> str:
    """Draws the first line of a request that the page sends."""
    return one(random, "GET / HTTP/1.1|GET /net.json HTTP/1.0|POST /ask HTTP/1.1")


def paths(random: Random) -> Request:
    """Draws a path that is none of the page's."""
    start = one(random, "/|//|///||/page.css/|/ask/|file://|http://localhost/|http://evil.test/")
    words = [one(random, PIECES) for _ in range(random.randint(1, 9))]
    end = random.choice(["", "", f"?path={one(random, FILES)}", "#x", "x" * random.randint(1, 99)])
    path = start + one(random, "/|/|\\").join(words) + end
    if random.random() < 0.1:
        path = f"/{'a' * random.randint(LINE, 2 * LINE)}"
    if re.fullmatch(r"/*(net\.json|page\.\w+)?(\?.*)?", path):
        return paths(random)
    method = one(random, "GET|GET|POST")
    return Request(f"path {path}", written(f"{method} {path} HTTP/1.1"))


def hosts(random: Random) -> Request:
    """Draws a name that is none of the server's, or one too many."""
    port = random.choice(["", ":80", ":7860", f":{random.randrange(65536)}"])
    known = one(random, HOSTS) if random.random() < 0.8 else f"{random.getrandbits(64):x}.test"
    found = [f"Host: {known}{port}"]
    if random.random() < 0.2:  # which one counts?
        found = random.sample(["Host: localhost", *found], 2)
    content = written(asking(random), host="\r\n".join(found), body=picture(random))
    return Request(f"hosts {found}", content)


def origins(random: Random) -> Request:
    """Draws another page that asks."""
    found = [f"Origin: {one(random, ORIGINS)}"]
    if random.random() < 0.2:
        found = random.sample([f"Origin: {SELF}", *found], 2)
    found.append(one(random, f"Referer: {SELF}/|Sec-Fetch-Site: same-origin|X-Forwarded-Host: x"))
    return Request(f"origins {found}", written(asking(random), *found, body=picture(random)))


def methods(random: Random) -> Request:
    """Draws a method that the page does not use."""
    method = one(random, METHODS) if random.random() < 0.9 else "G" * random.randint(9, 2 * LINE)
    return Request(f"method {method}", written(f"{method} {one(random, '/|/ask|*')} HTTP/1.1"))


def versions(random: Random) -> Request:
    """Draws a version that there is not."""
    version = one(random, VERSIONS)
    if random.random() < 0.1:
        version = f"HTTP/{'9' * random.randint(5, 9000)}.1"
    return Request(f"version {version}", written(f"{asking(random)[:-9]} {version}"))


def headers(random: Random) -> Request:
    """Draws too many lines, too long ones, or some that are none."""
    match random.randrange(3):
        case 0:
            found = [f"X-{n}: y" for n in range(HEADERS + random.randint(1, 900))]
        case 1:
            found = [f"{one(random, 'X|Cookie|Origin')}: {'é' * random.randint(LINE, 2 * LINE)}"]
        case _:  # what comes after it is no header
            found = ["Host: localhost"]
            line = one(random, NO_HEADERS)
            return Request(f"header {line}", written("GET / HTTP/1.1", *found, host=line))
    return Request(f"headers {found}", written("GET / HTTP/1.1", *found))


def lengths(random: Random) -> Request:
    """Draws a length that is none, or two statements about it."""
    body = picture(random)
    size = len(body)
    known = (
        f"-{size}|+{size}|0x{size:x}|1_0|1e3|９|{size}, {size}|{size};|{size}\0|NaN||²|{MOST + 1}"
    )
    found = [f"Content-Length: {one(random, known)}"]
    if random.random() < 0.1:
        found = [f"Content-Length: {'9' * random.randint(7, 5000)}"]
    if random.random() < 0.4:
        good, coding = f"Content-Length: {size}", f"Transfer-Encoding: {one(random, CODINGS)}"
        found = random.sample([good, random.choice([*found, good, coding])], 2)
    # The answer may be lost, since the body stays unread.
    content = written("POST /ask HTTP/1.1", *found, body=body)
    return Request(f"lengths {found}", content, REFUSED | {0})


def cut(random: Random) -> Request:
    """Draws a request that ends too early."""
    whole = written("POST /ask HTTP/1.1", body=picture(random))
    place = random.randint(1, len(whole) - 1)
    return Request(f"cut after {place} bytes", whole[:place], REFUSED | {0})


def held(random: Random) -> Request:
    """Draws a request whose end does not come."""
    return cut(random)._replace(name="held open", held=True)


def others(random: Random) -> Request:
    """Draws what is no request, or asks for another protocol."""
    upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AA==")
    known = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random.randbytes(99),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"*1\r\n$8\r\nFLUSHALL\r\n",
        b"EHLO evil.test\r\n" * random.randint(1, 99),
        random.choice([b"\r\n", b"\0", b"\n\r", b"\xff"]) * random.randint(1, 3 * LINE),
        random.choice([b"GET /", b"GET /net.json"])
        + random.choice([b"\r\n\r\n", b"\n\n", b"\r\r"]),
        random.randbytes(random.randint(1, 999)),
        written("GET /ws HTTP/1.1", *upgrade, f"Origin: {one(random, ORIGINS)}"),
    ]
    content = random.choice(known)
    return Request(f"speaks otherwise: {content[:40]!r}", content, REFUSED | {0})


def values(random: Random) -> Request:
    """Draws a body that is no picture."""
    file = one(random, FILES)
    meta = {"_type": "gradio.FileData"}
    match random.randrange(5):
        case 0:
            found = {"data": [{"path": file, "url": file, "size": 10**99, "meta": meta}]}
            body = json.dumps(random.choice([found, found["data"][0], [file]])).encode()
        case 1:
            body = random.choice([b"[", b'{"a":', b"(", b"<a>"]) * random.randint(1, 99_999)
        case 2:
            body = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{file}"/></svg>'.encode()
        case 3:
            body = one(random, f'NaN|1e999|"\\ud800"|null|-|\x1b[31m|\u202e|{file}').encode()
        case _:
            body = random.choice([b"\0", b"\xff", b"x", b"\r\n"]) * random.randint(1, MOST // 2)
    return posted(f"value {body[:60]!r}", body, random)


def posted(name: str, body: bytes, random: Random, *more: int) -> Request:
    """Returns a body as the page sends it, but for a line."""
    content = written("POST /ask HTTP/1.1", one(random, LINES), body=body)
    return Request(name, content, NO_INPUT | set(more))


def picture(random: Random, kind: str = "PNG") -> bytes:
    """Returns a picture's file, which differs each time."""
    size = random.randint(1, 40), random.randint(1, 40)
    pixels = np.frombuffer(random.randbytes(size[0] * size[1]), np.uint8).reshape(size)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def pictures(random: Random) -> Request:
    """Damages a picture, states another size than it has, or hides something in it."""
    kind = one(random, "PNG|JPEG|BMP|GIF")
    good = picture(random, kind)
    match random.randrange(8):
        case 0:
            return posted(f"{kind} cut", good[: random.randrange(len(good))], random, 200)
        case 1:
            broken = bytearray(good)
            for _ in range(random.randint(1, 9)):
                broken[random.randrange(len(broken))] = random.randrange(256)
            return posted(f"{kind} damaged", bytes(broken), random, 200)
        case 2:
            return posted(f"{kind} of an absurd size", stretched(kind, good, random), random)
        case 3:
            other = one(random, "TIFF|WEBP|PPM|TGA|ICO|PDF|EPS|PCX|DDS|SGI")
            return posted(f"picture of kind {other}", picture(random, other), random)
        case 4:
            tail = random.choice([b"PK\3\4", b"<script>", b"#!/bin/sh\n", random.randbytes(999)])
            return posted(f"{kind} with a tail", good + tail * random.randint(1, 99), random, 200)
        case 5:
            side = int(10 ** random.uniform(3, 3.97))
            mode, file = one(random, "L|P|RGB|RGBA|LA|I;16"), io.BytesIO()
            Image.new(mode, (side, side)).save(file, "PNG", compress_level=1)
            return posted(f"{mode} of {side} x {side}", file.getvalue()[:MOST], random, 200)
        case 6:
            scans = random.randint(300, 9999)
            return posted(f"JPEG of {scans} scans", scanned(scans, random), random)
        case _:
            packed = zlib.compress(bytes(random.randint(1, 30) * 2**20))
            heads = {
                b"zTXt": b"a\0\0",
                b"iCCP": b"a\0\0",
                b"iTXt": b"a\0\1\0\0\0",
                b"eXIf": b"MM\0*",
            }
            name, head = random.choice(list(heads.items()))
            good = picture(random)
            content = good[:33] + chunk(name, head + packed) + good[33:]
            return posted(f"PNG with {name!r} of much", content, random, 200)


def stretched(kind: str, good: bytes, random: Random) -> bytes:
    """Returns a file that states more pixels than it has, and than anybody has."""
    sizes = [random.choice([40_000, 65_535]), random.choice([30_000, 50_000])]
    if kind == "PNG":
        head = struct.pack(">IIBBBBB", *sizes, 8, 0, 0, 0, 0)
        return good[:8] + chunk(b"IHDR", head) + good[33:]
    place, form = {
        "GIF": (6, "<HH"),
        "BMP": (18, "<ii"),
        "JPEG": (good.find(b"\xff\xc0") + 5, ">HH"),
    }[kind]
    content = bytearray(good)
    struct.pack_into(form, content, place, *sizes)
    return bytes(content)


def scanned(scans: int, random: Random) -> bytes:
    """Returns a picture whose pixels are to be gone through again and again."""
    side, file = random.randint(500, 2000), io.BytesIO()
    Image.new("L", (side, side), random.randrange(256)).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + whole[-2:]


def chunk(name: bytes, content: bytes) -> bytes:
    """Returns a part of a PNG file."""
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


FAMILIES = (
    paths,
    hosts,
    origins,
    methods,
    versions,
    headers,
    lengths,
    cut,
    others,
    values,
    pictures,
)


def hostile(random: Random) -> Iterator[Request]:
    """Draws requests, without an end."""
    while True:
        yield random.choice(FAMILIES)(random)


def honest(random: Random, kind: str) -> Request:
    """Draws a request of the page."""
    letters = [chr(random.randint(0x4E00, 0x9FA5)) for _ in range(9)]
    body = "".join(letters).encode() if kind == "texts" else picture(random)
    return Request("honest", written("POST /ask HTTP/1.1", body=body), frozenset({200}))


def ask(port: int, request: Request, stack: ExitStack | None = None) -> tuple[int, bytes]:
    """Sends a request; returns status and content, or 0 where there is no answer.

    Args:
        port: Of the server.
        request: What is sent.
        stack: Keeps the connection of a request that is held.
    """
    answer = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        with suppress(OSError):  # it may answer, and close, before the end
            line.sendall(request.content)
            if request.held and stack:
                stack.enter_context(line.dup())
                return 0, b""
            line.shutdown(socket.SHUT_WR)
        try:
            while piece := line.recv(2**16):
                answer += piece
        except ConnectionError:
            pass
        except TimeoutError:
            return -1, answer
    head, _, content = answer.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1\.[01] (\d{3}) [ -~]{1,80}\r\n", head + b"\r\n")
    return int(found[1]) if found else 0, content


def meet(line: str, asked: list[Request], good: list[Request], stack: ExitStack) -> str:
    """Has a server meet requests, and honest ones at the same time; returns what is wrong."""
    port = int(line.rpartition(":")[2].partition("/")[0])
    alone = [ask(port, request) for request in good]
    with ThreadPoolExecutor(len(asked)) as pool:
        waiting = [pool.submit(ask, port, request, stack) for request in [*asked, *good]]
        answers = [one.result() for one in waiting]
    if answers[len(asked) :] != alone or {status for status, _ in alone} != {200}:
        return f"honest requests were answered otherwise than alone: {alone}"
    for request, (status, content) in zip(asked, answers, strict=False):
        if status not in request.statuses or (status >= 400 and len(content) > 80):
            return f"answered {status} {content[:200]!r} to {request.name[:200]!r}"
    return ""


def ended(outcome: Outcome, stack: ExitStack) -> str:
    """Closes what was held open; returns what is wrong with the end."""
    stack.close()
    if outcome.errors != b"kerastut: stopped.\n":
        return "it said something else at the end"
    # It takes a tenth of a second; a busy machine.
    return f"Ctrl-C took {outcome.seconds:.1f} s" if outcome.seconds > 5 else ""


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Draws servers that meet some hostile requests and some honest ones."""
    for recipe in RECIPES:
        kerastut.run(recipe, epochs=1, limit=200, output_dir=folder / recipe, verbose=0)
    drawn, number = hostile(random), 0
    while True:
        number += 1
        here = folder / f"demo-{number}"
        here.mkdir()
        recipe, kind = random.choice(list(RECIPES.items()))
        asked = [next(drawn) for _ in range(HOSTILE)]
        if kind == "texts":  # whatever comes is a text
            asked = [
                each._replace(statuses=each.statuses | {200}) if 422 in each.statuses else each
                for each in asked
            ]
        asked += [held(random) for _ in range(random.choice([*range(9), HELD]))]
        stack = ExitStack()
        yield Case(
            f"{len(asked)} requests to {recipe}",
            ("demo", str(folder / recipe), "--port", "0", "--lang", one(random, "en|zh")),
            here,
            statuses=frozenset({130}),
            meanwhile=partial(
                meet,
                asked=asked,
                good=[honest(random, kind) for _ in range(HONEST)],
                stack=stack,
            ),
            wrong=partial(ended, stack=stack),
        )
