"""What stops a check, each with one line of text; and what the program is called."""

# The same folder is `kerastut.lint` and, in the lean distribution, `kerastut_check`.

PROGRAM = "kerastut" if __name__.startswith("kerastut.") else "kerastut-check"


class LintError(Exception):
    """A setting, a rule or a file that is not what was expected."""


class UnreadableError(LintError):
    """A file that is not text, too large, or not there."""


class UnwritableError(LintError):
    """A file that cannot be written."""
