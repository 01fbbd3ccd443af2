"""Every English text that is shown in a chosen language has a Chinese twin."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from kerastut.corrections import KINDS
from kerastut.language import LANGUAGES, chinese, preferred, word

PACKAGE = Path(__file__).parents[2] / "kerastut"
PAGE, SCRIPT = (PACKAGE / "demo" / name for name in ("page.html", "page.js"))


def asked() -> Iterator[tuple[str, str]]:
    """Yields file and text of every `word("...")`, and of every element that is translated."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "lint" in path.parts:  # which has a table of its own
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "word":
                yield from ((path.name, text) for text in constants(node.args[0]))
    page, script = (path.read_text(encoding="utf-8") for path in (PAGE, SCRIPT))
    for text in re.findall(r"<\w+ [^>]*data-word[^>]*>([^<]+)<|data-label=\"([^\"]+)\"", page):
        yield PAGE.name, "".join(text)
    yield from (("catalogue.py", kind) for kind in KINDS)
    for text in re.findall(r'\bword\(\s*"([^"]+)"', script):
        yield SCRIPT.name, text


def constants(node: ast.expr) -> list[str]:
    """Returns the texts that an argument may be: itself, or either side of an `if`."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


ASKED = list(asked())


def test_texts_are_found_in_every_kind_of_file() -> None:
    texts = {name: {text for n, text in ASKED if n == name} for name, _ in ASKED}
    assert {"Clear", "Board to draw on"} <= texts["page.html"]
    assert {"What the net sees", "negative"} <= texts["page.js"]
    assert {"Why", "Measured here"} <= texts["showing.py"]
    assert "Execute them? [y/N] " in texts["migrate.py"]


@pytest.mark.parametrize(("file", "text"), ASKED)
def test_it_has_a_chinese_twin(file: str, text: str) -> None:
    assert word(text, "zh")
    assert word(text, "en") == text


@pytest.mark.parametrize(("english", "other"), chinese().items())
def test_twins_say_the_same(english: str, other: str) -> None:
    fields = [
        {name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, other)
    ]
    assert fields[0] == fields[1]
    assert not re.search("[一-鿿]", english)
    assert re.search("[一-鿿]", other) or not re.search("[a-z]{3}", english)


def test_no_twin_is_left_over() -> None:
    files = [path for kind in ("py", "js", "html") for path in PACKAGE.rglob(f"*.{kind}")]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [text for text in chinese() if text not in sources] == []


def test_the_languages() -> None:
    assert list(LANGUAGES) == ["en", "zh"]
    assert preferred() in LANGUAGES
