"""Serves the built site on this machine, as a host should: `make live`.

Usage: PYTHONPATH=scripts python -m book.serving [--port 8000] [--prefix /kerastut]
"""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from book import BUILD

SITE = BUILD / "site"
HEADERS = {
    "Cache-Control": "no-cache",  # ask whether it has changed, and take one's own copy if not
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 (as in the base class)
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def __init__(self, *arguments: object, prefix: str, directory: str) -> None:
        self.prefix = prefix
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Returns the file of a path below the prefix; others have none."""
        if not path.startswith(f"{self.prefix}/"):
            return ""
        return super().translate_path(path.removeprefix(self.prefix))

    def end_headers(self) -> None:
        """Adds the headers that a host should send."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path, prefix: str = "", port: int = 0) -> Iterator[str]:
    """Serves a folder to this machine alone; yields the address.

    Args:
        folder: The site.
        prefix: A path that stands before all others, such as `/kerastut`.
        port: 0 takes any that is free.
    """
    handler = partial(_Handler, prefix=prefix, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()


def main(arguments: list[str]) -> int:
    """Serves until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="book.serving")
    parser.add_argument("--port", type=int, default=8000, help="0 takes any that is free")
    parser.add_argument("--prefix", default="", help="a path before all others, such as /kerastut")
    options = parser.parse_args(arguments)
    if not SITE.exists():
        print("live needs a built site (make site).", file=sys.stderr)
        return 2
    prefix = f"/{options.prefix.strip('/')}".rstrip("/")
    with served(SITE, prefix, options.port) as address, suppress(KeyboardInterrupt):
        print(f"Open {address}/index.html in your browser. Ctrl-C stops it.", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
