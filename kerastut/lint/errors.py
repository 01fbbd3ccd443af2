"""What stops a check, each with one line of text; and what the program is called."""

import re

# The same folder is `kerastut.lint` and, in the lean distribution, `kerastut_check`.

PROGRAM = "kerastut" if __name__.startswith("kerastut.") else "kerastut-check"

# Controls, line ends, marks of direction and halves of a pair: what a terminal would obey.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Returns a text of unknown origin on one line, with what a terminal would obey written out."""
    return UNPRINTABLE.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


class LintError(Exception):
    """A setting, a rule or a file that is not what was expected."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


class UnreadableError(LintError):
    """A file that is not text, too large, or not there."""


class UnwritableError(LintError):
    """A file that cannot be written."""
