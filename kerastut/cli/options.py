"""Options and argument types that several subcommands share."""

import argparse
from typing import Any


class Subparsers:
    """What `add_subparsers` returns; its own type is private to argparse."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Adds a subcommand."""
        raise NotImplementedError


def add_json(parser: argparse.ArgumentParser) -> None:
    """Adds `--json`."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_loudness(parser: argparse.ArgumentParser) -> None:
    """Adds `-q` and `-v`."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="print TensorFlow's messages and tracebacks"
    )


def positive_integer(text: str) -> int:
    """Reads a count of at least 1."""
    return _integer(text, 1, "a positive integer")


def seed(text: str) -> int:
    """Reads a seed: 0 to 2**32 - 1."""
    value = _integer(text, 0, "an integer from 0 to 4294967295")
    if value >= 2**32:
        raise argparse.ArgumentTypeError(
            f"expected an integer from 0 to 4294967295, received {text!r}"
        )
    return value


def positive_number(text: str) -> float:
    """Reads a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a positive number, received {text!r}")
    return value


def assignment(text: str) -> tuple[str, str]:
    """Reads `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, received {text!r}")
    return name, value


def _integer(text: str, least: int, expected: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least:
        raise argparse.ArgumentTypeError(f"expected {expected}, received {text!r}")
    return value
