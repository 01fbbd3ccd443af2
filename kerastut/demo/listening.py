"""Listens on an address and serves a page there until a signal comes."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from kerastut.errors import ParameterError, one_line
from kerastut.runs import Interrupted, watch

# Seconds that pages still open get when the server ends.
PATIENCE = 1


def listen(host: str, port: int) -> socket.socket:
    """Returns a socket that listens.

    Args:
        host: An address of this machine, or a name of one.
        port: 0 takes any that is free.

    Raises:
        ParameterError: If it cannot; the port may be in use.
    """
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family)
    except (OSError, UnicodeError) as error:
        # Python puts the address behind the reason.
        reason = (getattr(error, "strerror", None) or one_line(error)).partition(" (")[0]
        raise ParameterError(
            f"cannot listen on port {port} of {host}: {reason}. Choose another --port (0 takes any"
            " that is free) or --host."
        ) from error


def is_loopback(listener: socket.socket) -> bool:
    """Returns whether only this machine can reach the socket."""
    return ip_address(listener.getsockname()[0]).is_loopback


def address(listener: socket.socket) -> str:
    """Returns what to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    found = ip_address(host)
    if found.is_unspecified:
        host = "127.0.0.1" if found.version == 4 else "::1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: Any, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serves an ASGI application.

    Args:
        app: The application.
        listener: From `listen`.
        ready: Called once, when requests are answered.

    Raises:
        Interrupted: At Ctrl-C or SIGTERM.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=PATIENCE)
    try:
        # The server gives the signal back when it has closed down.
        with watch():
            Server(config).run(sockets=[listener])
    except Interrupted as stop:
        raise Interrupted(stop.number, "stopped.") from None
