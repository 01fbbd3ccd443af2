"""The command line of the lean distribution, `kerastut-check`."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .command import configure_check, run_check
from .errors import PROGRAM, LintError
from .explaining import configure_rule, run_rule


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}. See '{self.prog} --help'.\n")


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
    try:
        status = run_rule(options, _print_table) if explains else run_check(options, version)
        sys.stdout.flush()
    except LintError as error:
        parser.exit(2, f"{PROGRAM}: error: {error}\n")
    except KeyboardInterrupt:
        parser.exit(130, f"{PROGRAM}: interrupted.\n")
    except BrokenPipeError:  # the reader of a pipe has gone, as `| head` does; that is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def _print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in ([headers] if any(headers) else []) + list(rows):
        print("  ".join(row))
