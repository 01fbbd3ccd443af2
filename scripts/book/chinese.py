"""Chinese text that was wrapped at the end of a line."""

import re

_CJK = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…"
_HAN, _WIDE = "[\u4e00-\u9fff]", "[，。；：、！？）]"
# Half-width marks beside a Chinese character, wide ones beside a blank or at the head of a line.
_MISPLACED = re.compile(
    rf"{_HAN}[,;:!?(]|[,;:!?] ?{_HAN}|\){_HAN}|^{_WIDE}|[\u4e00-\u9fff*] +{_WIDE}"
    rf"|[，。；：、！？（] +{_HAN}",
    re.MULTILINE,
)
_APART = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\]\([^)]*\)|<[^>]*>", re.DOTALL)
_ENDS, _BEGINS = re.compile(rf"[{_CJK}]$"), re.compile(rf"[{_CJK}]")


def joined(text: str) -> str:
    """Returns Markdown whose wrapped Chinese lines are one again.

    A browser shows a line break as a space, and Chinese has none between its characters.

    Example:

    >>> joined("一个数，\\n即损失。\\n\\n# 标题")
    '一个数，即损失。\\n\\n# 标题'
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and _continues(lines[-1], line):
            lines[-1] += line.lstrip()
        else:
            lines.append(line)
    return "\n".join(lines)


def _continues(line: str, following: str) -> bool:
    block = line.startswith(("#", "|", "    "))
    return not block and bool(_ENDS.search(line) and _BEGINS.match(following.lstrip()))


def misplaced(text: str) -> list[str]:
    """Returns the places of a Chinese text, with what is around them, whose punctuation is wrong.

    Example:

    >>> misplaced("损失,即一个数")
    ['损失,即一个数']
    """
    plain = _APART.sub("`", text)
    return [plain[max(0, m.start() - 10) : m.end() + 10] for m in _MISPLACED.finditer(plain)]
