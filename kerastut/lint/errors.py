"""What stops a check, each with one line of text; and what the program is called."""

import unicodedata

# The same folder is `kerastut.lint` and, in the lean distribution, `kerastut_check`.

PROGRAM = "kerastut" if __name__.startswith("kerastut.") else "kerastut-check"


def printable(text: str) -> str:
    """Returns a text of unknown origin on one line, with what has no shape written out as in JSON.

    Those are controls, ends of lines, marks of direction, what has no width, and halves of a pair.
    """
    if text.isprintable():
        return text
    hidden = (sign for sign in set(text) if not _has_shape(sign))
    return text.translate({ord(sign): _written_out(sign) for sign in hidden})


def _has_shape(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) == "Zs"


def _written_out(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    coded = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
    return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(sign, coded)


class LintError(Exception):
    """A setting, a rule or a file that is not what was expected."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


class UnreadableError(LintError):
    """A file that is not text, too large, or not there."""


class UnwritableError(LintError):
    """A file that cannot be written."""
