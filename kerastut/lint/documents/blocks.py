"""Blocks of code between prose, of which those in Python are the chunks of a document."""

import ast
import builtins
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

from .document import Chunk, Document
from .recovering import parsed
from .tabs import tabs_of
from .text import Text

_MARK = re.compile(r"[{.\s]*([\w+-]*)")
PYTHON = {"python", "py", "python3", "py3", "ipython", "ipython3", "pycon", "jupyter", "python2"}
PYTHON |= {"doctest", "testcode"}
# What pages write above code of any language.
_ANY = {"shell", "sh", "bash", "console", "text", "txt", "plain", "code", "none"}
_CELL = {"code-cell", "code-block", "code", "sourcecode"}
_KERAS = re.compile(r"keras|\bmodel\.(add|compile|fit|predict|evaluate)\b")
# What a page about Keras calls without saying where it is from.
_CALLED = {"SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam", "Dense", "LSTM"}
_CALLED |= {"Embedding", "Conv2D", "Convolution2D", "ImageDataGenerator", "np_utils", "K"}
_TENSORFLOW = re.compile(r"^import tensorflow\b|\btf\.[A-Za-z]", re.M)
# What imports Keras is code, also where prose stands between its lines.
_IMPORTS = re.compile(r"^(?:from (?:tensorflow\.)?keras[\w.]* +import|import keras)\b", re.M)
_OUTPUT = re.compile(r"\s*(?:>> |Traceback \(|[\w.]+(?:Error|Exception|Warning): )")
_OUTPUT_WITHIN = re.compile(r"^(?:Traceback \(|[\w.]+Error: |[-+]{3} |\$ )", re.M)
_PROMPT = re.compile(r"^\s*(>>>( |$|(?=\w))|\.\.\.( |$))|^In \[\d+\]: ")
_ASKS = re.compile(r"^\s*>>>( |$|\w)|^In \[\d+\]: ")
# What a training prints, and what a page writes above it.
_SAID = re.compile(
    r"> |\s*\d+/\d+ \[[=>.]+|Epoch \d+(?:/\d+)?\s*$|(?:Train|Trained) on \d+ samples"
    r"|\W?(?:Out|Output)\W?:\s*$|\s*tf\.Tensor\("
)
_TENSOR = re.compile(r"\s*(?:>>> )?tf\.Tensor\(")  # printed: nobody makes one by its class
_NUMBER = re.compile(r"\s*(\d+)(?=\s|$)")
_LARGEST = 500  # lines of a block without a mark that is looked into


@dataclass
class Block:
    """A block of code as it lies in the file."""

    start: int  # the index of its first line
    prefixes: list[str]
    lines: list[str]
    ends: list[str]
    mark: str  # what names the language
    tab: str = ""  # the tab around it
    code: list[str] | None = None  # the lines without HTML, as long
    inline: bool = False  # whether it stands within a line of prose


def join(blocks: Iterable[Block], text: Text, filename: str, whole: list[str]) -> Document:
    """Returns the document of the blocks that are Python; `whole` are the file's lines."""
    chunks: list[Chunk] = []
    names = set(_CALLED) if "keras" in text.content.lower() else set()  # that blocks above define
    left: list[Block] = []  # that no name tells yet to be code
    for block in sorted(blocks, key=lambda block: block.start):
        if block.lines and _is_python(block, names):
            chunk = _chunk(block)
            chunks.append(chunk)
            names |= _defined(chunk.code or chunk.lines)
        elif names and _language(block) in ("", *_ANY):
            left.append(block)
    wanted = _wanted(chunks) if left else set()
    for block in reversed(left):  # what gives names to the code that follows is code as well
        code = block.code or block.lines
        if len(code) <= _LARGEST and _defined(code) & wanted and parsed(code) is not None:
            chunks.append(_chunk(block))
            wanted |= _wanted(chunks[-1:])
    chunks.sort(key=lambda chunk: chunk.first_line)

    def rebuild(texts: list[str]) -> str:
        lines = list(whole)
        for chunk, new in zip(chunks, texts, strict=True):
            start, stop = chunk.first_line - 1, chunk.first_line - 1 + len(chunk.lines)
            lines[start:stop] = [new, *[""] * (stop - start - 1)]
        return "".join(lines)

    return Document(filename, text.content, chunks, "markdown", rebuild)


def _chunk(block: Block) -> Chunk:
    if _has_prompts(block.code or block.lines):
        for index, line in enumerate(block.code or block.lines):
            _leave(block, index, _prompt(line))
    elif block.mark.startswith("{"):
        _leave_options(block)
    elif numbers := _numbered(block.code or block.lines):
        for index, length in enumerate(numbers):
            _leave(block, index, length)
    else:
        _leave_answers(block)
    tabs = tabs_of(block.lines) or frozenset({block.tab.lower()} - {""})
    place = block.lines, block.start + 1, block.prefixes, block.ends
    chunk = Chunk(*place, code=block.code, tabs=tabs, marked=_language(block) not in ("", *_ANY))
    chunk.inline = block.inline
    chunk.dedent()
    return chunk


def _language(block: Block) -> str:
    """Returns the language that a block's mark names, or ""."""
    match = _MARK.match(block.mark.strip())
    return match[1].lower() if match else ""


def _is_python(block: Block, names: set[str]) -> bool:
    language = _language(block)
    if language in _CELL:
        return "python" in block.mark.lower()
    code = block.code or block.lines
    if language not in ("", *_ANY):
        shown = next((line for line in code if line.strip()), "")
        return language in PYTHON and _OUTPUT.match(shown) is None
    if _has_prompts(code):
        code = [line[_prompt(line) :] for line in code]
    elif numbers := _numbered(code):
        code = [line[length:] for line, length in zip(code, numbers, strict=True)]
    chunk = Chunk(list(code), 1, [""] * len(code), [""] * len(code))
    chunk.dedent()
    text = "\n".join(chunk.lines)
    if _KERAS.search(text) or (names and _TENSORFLOW.search(text)):
        imports = _IMPORTS.search(text) and not _OUTPUT_WITHIN.search(text)
        return bool(imports) or parsed(chunk.lines) is not None
    return bool(names) and len(code) <= _LARGEST and _goes_on(chunk.lines, names)


def _goes_on(lines: list[str], names: set[str]) -> bool:
    """Tells whether lines are Python and call what blocks above define, or make more of it."""
    tree = parsed(lines)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            read = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
            if read & names:
                return True
        head = node.func if isinstance(node, ast.Call) else None
        while isinstance(head, ast.Attribute):
            head = head.value
        if isinstance(head, ast.Name) and head.id in names:
            return True
    return False


def _wanted(chunks: Iterable[Chunk]) -> set[str]:
    """Returns the names that code reads before it gives them a meaning."""
    wanted, known = set[str](), {*dir(builtins)}
    for chunk in chunks:
        tree = parsed(chunk.code or chunk.lines)
        for statement in tree.body if tree is not None else ():
            names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            wanted |= {one.id for one in names if isinstance(one.ctx, ast.Load)} - known
            known |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
        known |= _defined(chunk.code or chunk.lines)
    return wanted


def _defined(lines: list[str]) -> set[str]:
    """Returns the names that lines give a meaning, roughly: they only tell what is code."""
    text = "\n".join(lines)
    found = set(re.findall(r"^(\w+)[ \t]*=[^=]|^(?:def|class)[ \t]+(\w+)", text, re.M))
    names = {name for pair in found for name in pair if name}
    for imported in re.findall(
        r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(.{1,500})", text, re.M
    ):
        names.update(re.findall(r"(\w+)\s*(?:,|\)|#|$)", imported))
    return names


def _has_prompts(code: list[str]) -> bool:
    """Tells whether code stands behind prompts; `...` without them leaves something out."""
    first = next((index for index, line in enumerate(code) if _ASKS.match(line)), None)
    before = parsed(code[:first]) if first is not None else None
    own = before is not None and bool(before.body)
    return first is not None and not own and parsed(code) is None  # they may stand in a text


def _prompt(line: str) -> int:
    """Returns the length of a prompt; a line without one is output, and no code."""
    prompt = None if _TENSOR.match(line) else _PROMPT.match(line)
    return prompt.end() if prompt is not None else len(line)


def _numbered(code: list[str]) -> list[int]:
    """Returns the lengths of the numbers before the lines of a listing; none if it has none."""
    found = [(line, _NUMBER.match(line)) for line in code if line.strip()]
    numbers = [int(one[1]) for _, one in found if one]
    counted = all(after - before in (0, 1) for before, after in pairwise(numbers))
    if not 2 < len(found) == len(numbers) or not counted or parsed(code) is not None:
        return []
    # What follows stands right behind each number, or all of it in one column.
    own = [one.end(1) if (one := _NUMBER.match(line)) else 0 for line in code]
    rest = dedent("\n".join(line[end:] for line, end in zip(code, own, strict=True)))
    return own if parsed(rest.split("\n")) is not None else [max(own)] * len(own)


def _leave_options(block: Block) -> None:
    """Leaves out the options at the head of a MyST cell."""
    for index, line in enumerate(block.lines):
        if line.strip() and not line.startswith(":"):
            break
        _leave(block, index, len(line))


def _leave_answers(block: Block) -> None:
    """Leaves out what code printed, `> 0.93` or `Epoch 1/10`, where the rest is Python."""
    code = block.code or block.lines
    answers = [index for index, line in enumerate(code) if _SAID.match(line)]
    if answers and parsed(code) is not None:
        answers = [index for index in answers if _TENSOR.match(code[index])]
    if not answers:
        return
    for gone in (answers, range(answers[0], len(code))):  # alone, or with all that follows
        if parsed(["" if index in gone else line for index, line in enumerate(code)]) is not None:
            for index in gone:
                _leave(block, index, len(code[index]))
            return


def _leave(block: Block, index: int, length: int) -> None:
    """Moves the beginning of a line to its prefix."""
    block.prefixes[index] += block.lines[index][:length]
    block.lines[index] = block.lines[index][length:]
    if block.code is not None:
        block.code[index] = block.code[index][length:]
