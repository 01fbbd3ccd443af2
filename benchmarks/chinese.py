"""The page and its figures in Chinese, by a table of their texts."""

import re
import tomllib
from pathlib import Path

TABLE = Path(__file__).with_name("zh.toml")
_PAIRS: dict[str, str] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
# A name in small letters stands for a text that is translated in its turn, one in capitals for one
# that stays.
_FORMS = [
    (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(english))), chinese)
    for english, chinese in _PAIRS.items()
    if "{" in english
]
_CODE = re.compile(r"`[^`]*`|\b[a-z]+(?:-[a-z]+)+\b|\b\w*_\w*\b|\bT\d\b")
_PROSE = re.compile(r"[A-Za-z]{2,}")
_MARK = re.compile(r"(#+ |- |)(.*)", re.DOTALL)
_PICTURE = re.compile(r"!\[(.*)\](\(.*\))")


def twin(text: str) -> str:
    """Returns a text in Chinese; numbers, code and names of recipes stay as they are.

    Raises:
        LookupError: If the table has no twin for it.
    """
    if text in _PAIRS:
        return _PAIRS[text]
    for form, chinese in _FORMS:
        if match := form.fullmatch(text):
            found = match.groupdict()
            return chinese.format_map({k: v if k.isupper() else twin(v) for k, v in found.items()})
    if _PROSE.search(_CODE.sub("", text)):
        raise LookupError(f"{TABLE.name}: no Chinese twin of {text!r}")
    return text


def in_chinese(page: str) -> str:
    """Returns a page in Chinese: each heading, cell of a table, item and paragraph by its twin."""
    return "\n\n".join(_block(block) for block in re.split(r"\n{2,}", page.strip())) + "\n"


def _block(block: str) -> str:
    if block.startswith(("|", "- ")):
        return "\n".join(map(_line, block.split("\n")))
    return _line(" ".join(block.split("\n")))


def _line(line: str) -> str:
    if line.startswith("|"):
        return f"| {' | '.join(twin(cell.strip()) for cell in line.split('|')[1:-1])} |"
    if picture := _PICTURE.fullmatch(line):
        return f"![{twin(picture[1])}]{picture[2]}"
    mark, text = _MARK.fullmatch(line).groups()  # type: ignore[union-attr]  # it always matches
    return f"{mark}{twin(text)}"
