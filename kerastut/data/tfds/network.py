"""Finds out within seconds whether hosts can be reached at all.

What TensorFlow Datasets downloads with waits without end, also where `socket.setdefaulttimeout` is
set, and asking for a host's address has no time limit of its own.
"""

import socket
from collections.abc import Iterable
from contextlib import suppress
from threading import Thread
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

SECONDS = 5.0
PORTS = {"http": 80, "https": 443, "ftp": 21}


def unreachable(urls: Iterable[str], seconds: float = SECONDS) -> list[str]:
    """Returns the hosts of these addresses that take no connection, or whose proxy takes none.

    Args:
        urls: Such as `https://host/file`.
        seconds: How long all of them together may take.
    """
    places = {urlsplit(url).hostname or url: _place(url) for url in urls}
    reached: set[str] = set()

    def attempt(host: str) -> None:
        with suppress(OSError, ValueError):
            socket.create_connection(places[host], timeout=seconds).close()
            reached.add(host)

    threads = [Thread(target=attempt, args=(host,), daemon=True) for host in places]
    end = monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    return [host for host in places if host not in reached]


def _place(url: str) -> tuple[str, int]:
    """Returns what to connect to for an address: its host, or the proxy that leads to it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    if proxy:
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80)
