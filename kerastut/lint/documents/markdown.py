"""Markdown and its relatives: fenced and indented blocks, `{% highlight %}`, `<pre><code>`.

What wraps blocks is unwrapped first, so that the parser meets them: containers of MyST and Quarto,
tabs of MkDocs and others. Every line keeps its number and its end, so that a place is found again.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from markdown_it import MarkdownIt

from ..errors import UnreadableError
from . import html
from .blocks import Block, join
from .document import Document
from .neighbours import only_keras
from .recovering import first_error, parsed
from .text import Text, split_lines

_MOST = 100_000  # lines
# What code that no fence is around begins with, and how often a stretch is tried as Python.
_BEGINS = re.compile(r"(?:import \w|from [\w.]+ import\b|\w+ *= *Sequential\()")
_BUILDS = re.compile(r"\.(?:add|compile)\(")
_TRIES = 5
_NESTED = 20  # containers that are unwrapped, one in the other
_FENCE = re.compile(r"\s*(?:>\s?)*(`{3,}|~{3,})")
# Code of several lines in prose, of which the first is no mark of a block.
_WRITTEN = re.compile(r"\s*(?:>\s?)*`{3,}[\w.]+\(")
# HTML that shows none of its lines, and what ends it. Where other HTML stands above a fence without
# a blank line, people mean a fence all the same.
_HIDES = re.compile(r" {0,3}<(?:(!--)|(?:pre|script|style|textarea)\b)", re.I)
_SHOWS = re.compile(r"</(?:pre|script|style|textarea)>", re.I)
_EXECUTES = re.compile(r"^(\s*(?:`{3,}|~{3,}))\{\{\w+\}\}\s*$")  # as Katacoda closes a fence
_CONTAINER = re.compile(
    r"\s*(:{3,}|`{3,}|~{3,})\s*\{(tab-set|tab-item|tab|tabs|group-tab|note|tip|warning|important|hint"
    r"|admonition|dropdown|details|card|grid|grid-item|exercise|solution|seealso|attention|caution"
    r"|\.[^}]*)\}(.*)"
)
_COLONS = re.compile(r"\s*(:{3,})\s*[^\s:]")
_COLON_CODE = re.compile(r"\s*:{3,}\s*(\{(?:code-block|code-cell|code|sourcecode)\}.*)")
_COLONS_END = re.compile(r"\s*:{3,}\s*$")
_MKDOCS = re.compile(r"(\s*)={3}[!+]?\s+[\"'](.*)[\"']")
_TAB = re.compile(
    r"\s*(?:<TabItem\b[^>]*?\b(?:label|value)=|\{%-?\s*tab\s+(?:title=)?)[\"']?([^\"'>%]+)"
)
_TAB_ENDS = re.compile(r"\s*(?:</TabItem>|\{%-?\s*endtab\s*-?%\})")
_HEADING = re.compile(r"\s*#+\s+(.+)")
_OPENS = re.compile(r"\s*\{%-?\s*(?:highlight|codeblock)\b(.*?)-?%\}")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_CLOSES = re.compile(r"\{%-?\s*end(?:highlight|codeblock)\s*-?%\}")


@dataclass
class _Wrapper:
    """What wraps lines: a container, which a line of its sign closes, or MkDocs' indentation."""

    sign: str  # colons, backticks or tildes; "" if indentation wraps
    tab: str = ""
    width: int = 0  # of the indentation
    headed: bool = False  # whether headings name its tabs, as in Quarto


def parse_markdown(text: Text, filename: str) -> Document:
    """Returns the document of a Markdown text."""
    lines, ends = split_lines(text.content)
    if len(lines) > _MOST:
        raise UnreadableError(f"{filename}: expected at most {_MOST:,} lines; exclude the file.")
    blocks: list[Block] = []
    tabs = [""] * len(lines)
    shown = _unwrapped(lines, ends, tabs, blocks)
    # Nothing is asked of what stands inside a paragraph.
    parser = MarkdownIt("commonmark").disable(["inline", "html_block"])
    for token in parser.parse("\n".join(shown)):
        if token.type in ("fence", "code_block") and token.map is not None:
            start = token.map[0] + (token.type == "fence")
            content = token.content.split("\n")[:-1]
            pairs = [_split(lines[start + index], line) for index, line in enumerate(content)]
            prefixes, inner = [one for one, _ in pairs], [one for _, one in pairs]
            here = ends[start : start + len(inner)]
            mark = token.info.strip()
            blocks.append(Block(start, prefixes, inner, here, mark, tabs[token.map[0]]))
    blocks += _inline(lines, ends, blocks) if only_keras(text.content) else []
    if (bare := _bare(lines, ends, blocks)) is not None:
        rows = range(bare.start, bare.start + len(bare.lines))
        blocks = [*(block for block in blocks if block.start not in rows), bare]
    whole = list(map("".join, zip(lines, ends, strict=True)))
    return join(blocks, text, filename, whole)


def _bare(lines: list[str], ends: list[str], blocks: list[Block]) -> Block | None:
    """Returns the code that builds a model and has no fence, up to the prose below it."""
    taken = {block.start + index for block in blocks for index in range(len(block.lines))}
    begins = (i for i, line in enumerate(lines) if _BEGINS.match(line) and i not in taken)
    for start in islice(begins, _TRIES):
        stop = len(lines)
        for _ in range(_TRIES):
            part = lines[start:stop]
            row, _column = first_error(part)
            if row > len(part):
                if len(_BUILDS.findall("\n".join(part))) > 1:
                    return Block(start, [""] * len(part), part, ends[start:stop], "")
                break
            above = range(start + int(row) - 1, start, -1)
            stop = next((one for one in above if not lines[one].strip()), start)
    return None


def _inline(lines: list[str], ends: list[str], blocks: list[Block]) -> Iterator[Block]:
    """Yields calls within prose, `model.fit(x, y, nb_epoch=5)`, that are old for certain."""
    taken = {block.start + index for block in blocks for index in range(-1, len(block.lines) + 1)}
    for index, line in enumerate(lines):
        found = None if index in taken else next(filter(_is_call, _CODE.finditer(line)), None)
        if found is not None:
            start, end = found.span(1)
            after = line[end:] + ends[index]
            yield Block(index, [line[:start]], [found[1]], [after], "python", inline=True)


def _is_call(found: re.Match[str]) -> bool:
    """Tells whether code within prose calls something with arguments, as only old Keras did."""
    tree = parsed([found[1]]) if only_keras(found[1]) else None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    given = [part for call in calls for part in (*call.args, *call.keywords)]
    return bool(given) and not any(getattr(part, "value", None) is ... for part in given)


def _split(whole: str, line: str) -> tuple[str, str]:
    """Returns what the container puts before a line, and the line."""
    if whole.endswith(line):
        return whole[: len(whole) - len(line)], line
    return "", whole


def _unwrapped(
    lines: list[str], ends: list[str], tabs: list[str], blocks: list[Block]
) -> Iterator[str]:
    """Yields the lines as the Markdown parser is to read them.

    Args:
        lines: Of the file.
        ends: Of these.
        tabs: Takes the tab that each line is in.
        blocks: Takes the blocks that the parser would not find.
    """
    finder = _Finder(lines, ends)
    wrappers: list[_Wrapper] = []
    fence = ""  # the signs that opened one
    skipped = 0  # lines that belong to a block of ours
    hidden: re.Pattern[str] | None = None  # what ends HTML that shows none of its lines
    for index, whole in enumerate(lines):
        line = _EXECUTES.sub(r"\1", _dedented(whole, wrappers))
        tabs[index] = next((one.tab for one in reversed(wrappers) if one.tab), "")
        if hidden is not None:
            hidden = None if hidden.search(line) else hidden
            yield ""
        elif skipped:
            skipped -= 1
            yield ""
        elif fence:
            match = _FENCE.match(line)
            if match and match[1].startswith(fence) and not line[match.end() :].strip():
                fence = ""
            yield line
        elif block := finder.block_at(index, tabs[index]):
            blocks.append(block)
            skipped = len(block.lines) - 1
            yield ""
        elif match := _HIDES.match(line):
            closing = re.compile("-->") if match[1] else _SHOWS
            hidden = None if closing.search(line) else closing
            yield ""
        elif _wraps(line, wrappers):
            yield ""
        else:
            match = _FENCE.match(line)
            fence = match[1] if match and "`" not in line[match.end() :] else ""
            if fence and _WRITTEN.match(line):
                fence = line = ""
            yield line


def _dedented(whole: str, wrappers: list[_Wrapper]) -> str:
    """Returns a line without the indentation that wraps it; leaves what it no longer is in."""
    width = sum(one.width for one in wrappers)
    space = len(whole) - len(whole.lstrip())
    while whole.strip() and space < width:
        while not wrappers[-1].width:
            wrappers.pop()
        width -= wrappers.pop().width
    return whole[min(width, space) :]


def _wraps(line: str, wrappers: list[_Wrapper]) -> bool:
    """Tells whether a line opens or closes what wraps others."""
    inner = wrappers[-1] if wrappers else _Wrapper("")
    bare = line.strip()
    if inner.sign and len(bare) >= len(inner.sign) and not bare.strip(inner.sign[0]):
        wrappers.pop()
        return True
    if len(wrappers) >= _NESTED:
        return False
    if match := _CONTAINER.match(line):
        tab = match[3].strip() if "tab" in match[2] and match[2] not in ("tab-set", "tabs") else ""
        if match[2].startswith("."):
            if match[1][0] != ":":
                return False  # a block whose language is an attribute
            wrappers.append(_Wrapper(match[1], headed="panel-tabset" in match[2]))
        else:
            wrappers.append(_Wrapper(match[1], tab))
        return True
    if match := _COLONS.match(line):
        wrappers.append(_Wrapper(match[1]))
        return True
    if match := _MKDOCS.match(line):
        wrappers.append(_Wrapper("", match[2], len(match[1]) + 4))
        return True
    if match := _TAB.match(line):
        wrappers.append(_Wrapper("<", match[1].strip()))
        return True
    if _TAB_ENDS.match(line) and inner.sign == "<":
        wrappers.pop()
        return True
    heading = _HEADING.match(line) if inner.headed else None
    if heading:
        inner.tab = heading[1].partition("{")[0].strip()
    return False


class _Finder:
    """Finds blocks that are none of Markdown's own."""

    def __init__(self, lines: list[str], ends: list[str]) -> None:
        self._lines, self._ends = lines, ends
        self._closing: dict[re.Pattern[str], list[int]] = {}

    def block_at(self, index: int, tab: str) -> Block | None:
        """Returns the block that begins on a line."""
        line = self._lines[index]
        if match := _COLON_CODE.match(line):
            return self._until(_COLONS_END, index, match.end(), match[1], tab)
        if match := _OPENS.match(line):
            words = match[1].replace("lang:", " ").split()
            return self._until(_CLOSES, index, match.end(), words[0] if words else "", tab)
        if match := html.PRE.match(line):
            mark = html.language(match[0])
            block = self._until(html.PRE_ENDS, index, match.end(), mark, tab)
            return block and html.as_python(block)
        return None

    def _until(
        self, closing: re.Pattern[str], first: int, column: int, mark: str, tab: str
    ) -> Block | None:
        """Returns the block from a place to what closes it; None if nothing does."""
        if closing not in self._closing:
            found = (i for i, line in enumerate(self._lines) if closing.search(line))
            self._closing[closing] = list(found)
        for last in self._closing[closing][bisect_left(self._closing[closing], first) :][:2]:
            match = closing.search(self._lines[last], column if last == first else 0)
            if match is not None:
                lines, ends = self._lines[first : last + 1], self._ends[first : last + 1]
                ends[-1] = lines[-1][match.start() :] + ends[-1]
                lines[-1] = lines[-1][: match.start()]
                prefixes = [lines[0][:column], *[""] * (last - first)]
                return Block(first, prefixes, [lines[0][column:], *lines[1:]], ends, mark, tab)
        return None
