"""The command line of the lean distribution, `kerastut-check`."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .command import configure_check, run_check
from .errors import PROGRAM, LintError, printable
from .explaining import configure_rule, run_rule


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {printable(message)}. See '{self.prog} --help'.\n")


def main(version: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Checks files, or explains a rule where the first argument is `rule`, and exits."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    explains = words[:1] == ["rule"]
    parser = _Parser(prog=f"{PROGRAM} rule" if explains else PROGRAM)
    configure = configure_rule if explains else configure_check
    configure(parser, "zh" if named.lower().startswith("zh") else "en")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version}")
    options = parser.parse_args(words[explains:])
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Chinese must not fail where the locale's encoding has no such characters.
        sys.stdout.reconfigure(errors="replace")
    try:
        status = run_rule(options, _print_table) if explains else run_check(options, version)
        print(end="", flush=True)
    except LintError as error:
        parser.exit(2, f"{PROGRAM}: error: {error}\n")
    except KeyboardInterrupt as stop:
        parser.exit(130, f"{PROGRAM}: {str(stop) or 'interrupted.'}\n")
    except OSError as error:
        # Python's last flush at exit must succeed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            parser.exit(1, f"{PROGRAM}: error: standard output: {error.strerror}.\n")
        status = 0  # the reader of a pipe has gone, as `| head` does; that is no failure
    sys.exit(status)


def _print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in ([headers] if any(headers) else []) + list(rows):
        print("  ".join(row))
