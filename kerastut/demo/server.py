"""A server for one page: it answers what the page asks, and nobody else.

No path that a request names is opened, nothing that it holds is kept. Only this page's own script
may ask: another page in the reader's browser has another origin, and a name that somebody points at
this machine is none of its names.
"""

import ctypes
import json
import os
import re
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any

from kerastut.errors import DataError, ParameterError, one_line, shown
from kerastut.runs import Interrupted, watch

if TYPE_CHECKING:
    from kerastut.demo.net import Net

PLACES = 64  # requests at a time; others wait
PATIENCE = 10  # seconds that a request may take to arrive
# An option of glibc's `mallopt`, and the bytes from which a block is given back once it is free.
THRESHOLD, LARGE = -3, 2**20
PAGE = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/asking.js": ("asking.js", "text/javascript"),
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingTCPServer):
    """Listens from the beginning, and answers in `serve`.

    Args:
        host: An address of this machine, or a name of one.
        port: 0 takes any that is free.

    Raises:
        ParameterError: If it cannot listen; the port may be in use.
    """

    daemon_threads, block_on_close = True, False
    allow_reuse_address = os.name == "posix"  # elsewhere it would share a port that is in use
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        self.host, self.turn = host, threading.Lock()
        self._places = threading.Semaphore(PLACES)
        try:
            family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            self.address_family = family
            super().__init__((str(place[0]), int(place[1])), _Handler)
        except (OSError, UnicodeError) as error:
            # Python puts the address behind the reason.
            reason = (getattr(error, "strerror", None) or one_line(error)).partition(" (")[0]
            raise ParameterError(
                f"cannot listen on port {port} of {host}: {reason}. Choose another --port (0 takes"
                " any that is free) or --host."
            ) from error

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ip_address(self.socket.getsockname()[0]).is_loopback

    @property
    def address(self) -> str:
        """What to open in a browser on this machine."""
        host, port = self.socket.getsockname()[:2]
        found = ip_address(host)
        if found.is_unspecified:
            host = "127.0.0.1" if found.version == 4 else "::1"
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def serve(self, net: "Net", language: str, ready: Callable[[], None]) -> None:
        """Answers until a signal comes.

        Args:
            net: What the page shows.
            language: `"en"` or `"zh"`, the page's first.
            ready: Called once, when requests are answered.

        Raises:
            Interrupted: At Ctrl-C or SIGTERM.
        """
        from kerastut.demo.answers import describe, of_picture, of_text

        about = describe(net, language)
        here = Path(__file__).parent
        self.files = {path: ((here / name).read_bytes(), k) for path, (name, k) in PAGE.items()}
        self.files["/net.json"] = json.dumps(about).encode(), "application/json"
        self.most = about["most"]
        self.answer = partial(of_text if net.reads_texts else of_picture, net=net)
        # Else glibc, once a large picture has been read, keeps blocks of that size for itself.
        with suppress(AttributeError, OSError, TypeError):  # another system
            ctypes.CDLL(None).mallopt(THRESHOLD, LARGE)
        try:
            with watch():
                ready()
                self.serve_forever()
        except Interrupted as stop:
            raise Interrupted(stop.number, "stopped.") from None

    def knows(self, host: str) -> bool:
        """Returns whether this, a header's `Host`, is a name of this server.

        Only names can be pointed at another machine: an address is what the browser has asked.
        """
        match = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?", host.lower())
        name = (match[1] or match[2]) if match else ""
        if name in ("localhost", self.host.lower()):
            return True
        try:
            return ip_address(name).is_loopback or not self.is_loopback
        except ValueError:
            return False

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begins with a request, once there is a place for it."""
        self._places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Deals with a request, and makes room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: the other side has gone."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "kerastut", ""
    error_message_format, error_content_type = "%(code)d %(message)s\n", "text/plain"
    default_request_version = "HTTP/1.0"  # else some errors would come without a status

    def setup(self) -> None:
        super().setup()
        self._begin_limit()

    def _begin_limit(self) -> None:
        self._limit = threading.Timer(PATIENCE, self._give_up)
        self._limit.daemon = True
        self._limit.start()

    def finish(self) -> None:
        self._limit.cancel()
        super().finish()

    def do_GET(self) -> None:
        content, kind = self.server.files.get(self.path.partition("?")[0], (None, ""))
        if not self._is_from_here():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send(content, kind)

    def do_POST(self) -> None:
        length = self._header("Content-Length")
        if not self._is_from_here():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path != "/ask":
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not re.fullmatch(r"[0-9]{1,12}", length) or "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > self.server.most:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            content = self.rfile.read(int(length))
            if len(content) < int(length):
                self.send_error(HTTPStatus.BAD_REQUEST)
            else:
                self._answer(content)

    def _is_from_here(self) -> bool:
        here = self._header("Host")
        origin = self._header("Origin", f"http://{here}")
        return self.server.knows(here) and origin == f"http://{here}" and not self.headers.defects

    def _header(self, name: str, default: str = "") -> str:
        """Returns a header's value; of one that comes twice both, which is no value we know."""
        return " ".join(self.headers.get_all(name, [default]))

    def _answer(self, content: bytes) -> None:
        self._limit.cancel()
        try:
            # One at a time: TensorFlow has all cores for each, and Pillow's limit of size is set
            # for the whole process.
            with self.server.turn:
                found = self.server.answer(content)
        except DataError:
            self.send_error(HTTPStatus.UNPROCESSABLE_ENTITY)
        except Exception as error:  # whatever a model raises ends this answer and no other
            print(f"kerastut: error: {shown(one_line(error), 200)}", file=sys.stderr)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            self._begin_limit()
            self._send(json.dumps(found).encode(), "application/json")

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses in words of ours: Python's repeat the request."""
        super().send_error(code)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing of a request."""

    def _give_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
