"""Finds data of TensorFlow Datasets on disk, or downloads them where their hosts can be reached.

What it downloads with waits without end for a host that does not answer, also where
`socket.setdefaulttimeout` is set, and asking for a host's address has no time limit of its own.
Therefore the hosts are tried first, in threads that are not waited for.
"""

import logging
import re
import socket
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout, suppress
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from kerastut.data.options import TFDS
from kerastut.errors import DataError, UnknownNameError, did_you_mean, one_line
from kerastut.streams import say, unescaped

NAME = re.compile(r"\w+(/[\w.+-]+)?(:\d+\.\d+\.\d+)?")
PORTS = {"http": 80, "https": 443, "ftp": 21}


def prepared(name: str, data_dir: str | None) -> Any:
    """Returns the builder of data that are prepared; prepares them if need be."""
    builder = _builder(name, data_dir)
    if not builder.is_prepared():
        _prepare(builder, name)
    return builder


def require_known(name: str, data_dir: str | None) -> None:
    """Refuses a name that no data set has; TensorFlow, which takes seconds, is not imported."""
    import tensorflow_datasets as tfds

    bare = name.removeprefix(TFDS)
    if not NAME.fullmatch(bare):
        raise UnknownNameError(
            f"Expected tfds:NAME, tfds:NAME/CONFIG or tfds:NAME:1.2.3; received {name!r}."
        )
    plain, known = re.split("[/:]", bare)[0], tfds.list_builders(with_community_datasets=False)
    if plain in known:
        return
    try:  # one that somebody has prepared is known by its files
        tfds.builder(bare, data_dir=data_dir)
    except tfds.core.DatasetNotFoundError:
        place = f" in {data_dir}" if data_dir else ""
        raise UnknownNameError(
            f"TensorFlow Datasets has no {bare!r}{place}. {did_you_mean(plain, known)}"
        ) from None
    except Exception as error:
        raise _unusable(name, error) from error


def _builder(name: str, data_dir: str | None) -> Any:
    import tensorflow_datasets as tfds

    logging.getLogger("absl").setLevel(logging.ERROR)  # it warns of data that are not prepared
    try:
        return tfds.builder(name.removeprefix(TFDS), data_dir=data_dir)
    except Exception as error:
        raise _unusable(name, error) from error


def _unusable(name: str, error: Exception) -> DataError:
    return DataError(f"{name}: {one_line(error)}. Check name and version.")


def _prepare(builder: Any, name: str) -> None:
    """Downloads the data, if their hosts can be reached."""
    bare = name.removeprefix(TFDS)
    elsewhere = (
        'On a machine with a network run: python -c "import tensorflow_datasets as tfds;'
        f" tfds.builder('{bare}').download_and_prepare()\" and copy its ~/tensorflow_datasets"
        " here; then pass --data-dir COPY."
    )
    if hosts := unreachable(builder.url_infos or ()):
        raise DataError(
            f"{name}: not prepared in {builder.data_dir}, and {', '.join(hosts)} cannot be reached."
            f" {elsewhere}"
        )
    say(f"{name}: preparing {builder.data_dir}")
    bars = unescaped(sys.stderr)
    try:
        with redirect_stdout(bars), redirect_stderr(bars):
            builder.download_and_prepare()
    except Exception as error:
        raise DataError(f"{name}: cannot be prepared: {one_line(error)}. {elsewhere}") from error


def unreachable(urls: Iterable[str], seconds: float = 5.0) -> list[str]:
    """Returns the hosts of these addresses that take no connection, or whose proxy takes none."""
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
