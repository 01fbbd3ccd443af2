"""Finds out within seconds whether hosts can be reached at all."""

import socket
from collections.abc import Iterable
from threading import Thread
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

SECONDS = 5.0
PORTS = {"http": 80, "https": 443, "ftp": 21}

Place = tuple[str, int]


def unreachable(urls: Iterable[str], seconds: float = SECONDS) -> list[str]:
    """Returns the hosts of these addresses that take no connection, or whose proxy takes none.

    Args:
        urls: Such as `https://host/file`.
        seconds: How long all of them together may take. Asking for a host's address has no time
            limit of its own, so each host is tried in a thread that is not waited for.
    """
    places = {urlsplit(url).hostname or url: _place(url) for url in urls}
    reached: set[str] = set()
    threads = [
        Thread(target=_try, args=(host, place, seconds, reached), daemon=True)
        for host, place in places.items()
    ]
    end = monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    return [host for host in places if host not in reached]


def _place(url: str) -> Place:
    """Returns what to connect to for an address: its host, or the proxy that leads to it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    if proxy:
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80)


def _try(host: str, place: Place, seconds: float, reached: set[str]) -> None:
    try:
        socket.create_connection(place, timeout=seconds).close()
    except (OSError, ValueError):
        return
    reached.add(host)
