"""Comments in two languages."""

import re
import tokenize
from io import StringIO

_CHINESE = re.compile(r"^(\s*)# zh: ?")
_MARK = re.compile(r"\s*# (?:BEGIN|END) SOLUTION")


def commented(code: str, language: str) -> str:
    """Returns code with the comments of one language.

    A run of lines that begin with `# zh:` is the Chinese of the run of comment lines above it.

    Args:
        code: With comments in both languages.
        language: `"en"` or `"zh"`.

    Example:

    >>> commented("# one\\n# zh: 一\\nx = 1", "zh")
    '# 一\\nx = 1'
    """
    lines: list[str] = []
    english = 0  # comment lines at the end of what is kept
    for line in code.split("\n"):
        if not _CHINESE.match(line):
            comment = line.lstrip().startswith("#") and not _MARK.match(line)
            english = english + 1 if comment else 0
            lines.append(line)
        elif language == "zh":
            del lines[len(lines) - english :]
            english = 0
            lines.append(_CHINESE.sub(r"\1# ", line))
    return "\n".join(lines)


def untranslated(code: str) -> list[str]:
    """Returns the English comments without a Chinese twin; those beside code have none."""
    found: list[str] = []
    run: list[str] = []  # comment lines that wait for their twin
    last = 0
    for token in tokenize.generate_tokens(StringIO(code).readline):
        if token.type != tokenize.COMMENT or _MARK.match(token.line):
            continue
        line, text = token.start[0], token.line.strip()
        if line != last + 1:
            found += run
            run = []
        last = line
        if _CHINESE.match(text):
            run = []
        elif text == token.string:
            run.append(text)
        else:
            found.append(token.string)
    return found + run
