"""Comments in two languages, in the code of chapters."""

import re
import tokenize
from io import StringIO

from kerastut.teaching import edition

_CHINESE = "# zh: "
_MARK = re.compile(r"# (BEGIN|END) SOLUTION")


def commented(code: str, language: str) -> str:
    """Returns code with the comments of one language; the marks of a solution are no comments.

    Args:
        code: A run of lines that begin with `# zh:` is the Chinese of the comments above it.
        language: `"en"` or `"zh"`.

    Example:

    >>> commented("# one\\n# zh: 一\\nx = 1", "zh")
    '# 一\\nx = 1'
    """
    found = edition(_MARK.sub(r"#\1 SOLUTION", code) + "\n", language)
    return re.sub(r"#(BEGIN|END) SOLUTION", r"# \1 SOLUTION", found).removesuffix("\n")


def untranslated(code: str) -> list[str]:
    """Returns the English comments without a Chinese twin; those beside code have none."""
    found: list[str] = []
    run: list[str] = []  # comment lines that wait for their twin
    last = 0
    for token in tokenize.generate_tokens(StringIO(code).readline):
        if token.type != tokenize.COMMENT or _MARK.match(token.string):
            continue
        line, text = token.start[0], token.line.strip()
        if line != last + 1:
            found += run
            run = []
        last = line
        if text.startswith(_CHINESE):
            run = []
        elif text == token.string:
            run.append(text)
        else:
            found.append(token.string)
    return found + run
