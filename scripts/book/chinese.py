"""Chinese text that was wrapped at the end of a line."""

import re

_CJK = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…"
_HAN, _WIDE = "[\u4e00-\u9fff]", "[，。；：、！？）]"
# Half-width marks beside a Chinese character, wide ones beside a blank or at the head of a line.
_MISPLACED = re.compile(
    rf"{_HAN}[,;:!?(]|[,;:!?] ?{_HAN}|\){_HAN}|^{_WIDE}|[\u4e00-\u9fff*] +{_WIDE}"
    r"|[，。；：、！？（）《》] +[\w`$*\[]",
    re.MULTILINE,
)
_APART = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\]\([^)]*\)|<[^>]*>", re.DOTALL)
# Marks of emphasis and of links may stand between.
_ENDS, _BEGINS = re.compile(rf"[{_CJK}][*\])]*$"), re.compile(rf"[*\[]*[{_CJK}]")
# Wide marks have their blank in them, whatever stands on their other side.
_MARK = "[，。；：、！？（）《》]"
_MARK_ENDS, _MARK_BEGINS = re.compile(f"{_MARK}$"), re.compile(_MARK)
_BLOCK = re.compile(r"$|[-*+] |\d+\. |[#|<>]|```|\$\$|\([\w-]+\)=$|!\[|:::")


def joined(text: str) -> str:
    """Returns Markdown whose wrapped Chinese lines are one again.

    A browser shows a line break as a space, and Chinese has none between its characters.

    Example:

    >>> joined("一个数，\\n即损失。\\n\\n# 标题")
    '一个数，即损失。\\n\\n# 标题'
    """
    lines: list[str] = []
    code = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        if lines and not (code or fence) and _continues(lines[-1], line.lstrip()):
            lines[-1] += line.lstrip()
        else:
            lines.append(line)
        code ^= fence
    return "\n".join(lines)


def _continues(line: str, following: str) -> bool:
    if not line or line.startswith(("#", "|", "    ", "```")) or _BLOCK.match(following):
        return False
    chinese = _ENDS.search(line) and _BEGINS.match(following)
    return bool(chinese or _MARK_ENDS.search(line) or _MARK_BEGINS.match(following))


def misplaced(text: str) -> list[str]:
    """Returns the places of a Chinese text, with what is around them, whose punctuation is wrong.

    Example:

    >>> misplaced("损失,即一个数")
    ['损失,即一个数']
    """
    plain = _APART.sub("`", text)
    return [plain[max(0, m.start() - 10) : m.end() + 10] for m in _MISPLACED.finditer(plain)]
