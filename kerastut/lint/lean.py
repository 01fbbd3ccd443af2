"""The command line of the lean distribution, `kerastut-check`."""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from glob import glob
from typing import NoReturn

from .command import configure_check, configure_server, run_check
from .errors import PROGRAM, LintError, printable
from .explaining import configure_rule, run_rule


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {printable(message)}. See '{self.prog} --help'.\n")


def main(version: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Checks files, explains a rule (`rule ...`) or serves an editor (`server`), and exits."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if sys.platform == "win32":  # which leaves patterns to the program
        words = [name for word in words for name in sorted(glob(word)) or [word]]  # noqa: PTH207
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    kind = words[0] if words[:1] in (["rule"], ["server"]) else ""
    parser = _Parser(prog=f"{PROGRAM} {kind}".strip())
    configure = {"": configure_check, "rule": configure_rule, "server": configure_server}[kind]
    configure(parser, "zh" if named.lower().startswith("zh") else "en")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version}")
    options = parser.parse_intermixed_args(words[bool(kind) :])
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Chinese must not fail where the locale's encoding has no such characters.
        sys.stdout.reconfigure(errors="replace")
    try:
        if kind == "server":
            try:
                from .server import serve
            except ModuleNotFoundError as error:
                raise LintError(
                    "expected pygls to be installed, which serves editors; run 'pip install pygls'."
                ) from error
            serve(options.lang, version)
        rule = kind == "rule"
        status = run_rule(options, _print_table) if rule else run_check(options, version)
        print(end="", flush=True)
    except LintError as error:
        parser.exit(2, f"{PROGRAM}: error: {error}\n")
    except KeyboardInterrupt as stop:
        parser.exit(130, f"{PROGRAM}: {str(stop) or 'interrupted.'}\n")
    except OSError as error:
        # Python's last flush at exit must succeed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Windows says of a reader that has gone that the argument is wrong.
        gone = isinstance(error, BrokenPipeError) or (
            sys.platform == "win32" and error.errno == errno.EINVAL
        )
        if not gone:
            parser.exit(1, f"{PROGRAM}: error: standard output: {error.strerror}.\n")
        status = 0  # the reader of a pipe has gone, as `| head` does; that is no failure
    sys.exit(status)


def command() -> NoReturn:
    """Runs `kerastut-check` where the whole of kerastut is installed."""
    from importlib.metadata import version

    main(version("kerastut"))


def _print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in ([headers] if any(headers) else []) + list(rows):
        print("  ".join(row))
