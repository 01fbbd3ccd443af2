"""Every message that the command may print has a Chinese twin, whatever it is composed of."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from kerastut.language import chinese, messages, speaking, told

PACKAGE = Path(__file__).parents[2] / "kerastut"
# What draws, writes programs, or has its words in both languages by itself.
APART = (
    *("teaching", "plotting", "lint", "doctor/importing.py", "export/readme.py"),
    *(
        "migration/harness.py",
        "migration/libraries.py",
        "migration/python2.py",
        "migration/tensors.py",
    ),
    *("migration/learning.py", "migration/making.py", "migration/rewriting.py"),
    *("migration/pieces", "why/stale.py", "why/__main__.py"),
)
# Texts that no reader sees: code, patterns, and what is compared with.
INTERNAL = re.compile(
    r"(?s).*(?:\\[dwsbx.(\[]|<\w+ |</|^import |^from \{?|^\{\} as \{\}$|'none'|charset=|\(\?:"
    r"|On \{\} \{\} it differs| --[a-z-]+ \{\}$|kerastut worker |[A-Z]\w+Error\||\{\} -m venv"
    r"|dict\[|tuple\[|subprocess\.|^%|Unable to import|has no attribute|is neither|\[\{\}\]"
    r"|import numpy|Could not|module \{\}|^\. \{\}$|graph is full|triggered tf"
    r"|cuda_compute|in \{\}\)$)"
)
COMMAND = re.compile(
    r"(?:kerastut|pip|python|source|wsl|ulimit|chcp|export|pytest|py)(?: [!-~]+)+|--[!-~]+ [!-~]+"
)
LATIN = re.compile(r"[a-z]{2,} [a-z]{2,}")


def texts(tree: ast.AST) -> Iterator[str]:
    """Yields every text of a module that has words in it, `{}` for what an f-string fills in."""
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inner = {
        id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values
    }
    for node in ast.walk(tree):
        if id(node) in documents | inner:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[!\w.:]*\}", "{}", node.value)


def asked() -> Iterator[tuple[str, str]]:
    """Yields file and text of what may be a message."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(APART):
            for text in texts(ast.parse(path.read_text(encoding="utf-8"))):
                if re.search(r"[a-z]{2} [\w{(]|[\w})] [a-z]{2}", text) and not INTERNAL.match(text):
                    yield name, text


def filled(text: str) -> str:
    for number in range(text.count("{}")):
        text = text.replace("{}", f"Q{number}", 1)
    return text


def is_told(text: str) -> bool:
    """Tells whether it has a twin: as it is, as the end of a message, or in a message's place."""
    if any(part.search(english) for part in [in_order(text)] for english in WHOLE):
        return True  # a part of a message that stands in the table as a whole
    with speaking("zh"):
        for one in (filled(text), filled("{}" + text), text.strip(), f"{filled(text).strip()}x"):
            other = COMMAND.sub("", told(one))
            if re.search("[一-鿿]", other) and not LATIN.search(other):
                return True
    return False


def in_order(text: str) -> re.Pattern[str]:
    """Returns what finds a part of a message, whose places another part may fill."""
    return re.compile(".*".join(map(re.escape, text.strip().split("{}"))))


WHOLE = [re.sub(r"\{\w*\}", "{}", one) for one in (*messages(), *chinese())]
ASKED = sorted(set(asked()))


@pytest.mark.parametrize(("file", "text"), ASKED)
def test_it_has_a_chinese_twin(file: str, text: str) -> None:
    assert is_told(text) or COMMAND.fullmatch(text) or text in chinese()


@pytest.mark.parametrize(("english", "other"), messages().items())
def test_twins_have_the_same_places(english: str, other: str) -> None:
    """The ending of a plural alone has none in Chinese."""
    given = [place for _, place, _, _ in Formatter().parse(other) if place is not None]
    places = [int(place or count) for count, place in enumerate(given)]
    assert len(places) == len(set(places))
    assert "" not in given or set(given) == {""}  # in their order, or all by number
    numbers = range(english.count("{}"))
    plural = {n for n in numbers if re.search(rf"Q{n - 1} [a-z]+Q{n}\b", filled(english))}
    assert set(numbers) - plural == set(places) - plural
    assert not re.search("[一-鿿]", english)
    assert not re.search("[,;!?][一-鿿]|[一-鿿][,;!?]|[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", other)


def test_no_message_is_hidden_by_what_surrounds_any() -> None:
    """What follows `kerastut: ` is looked up without it."""
    found = [one for one in messages() if one.startswith("kerastut: ") and "{}" in one]
    assert set(found) == {"kerastut: {}", "kerastut: error: {}", "kerastut: warning: {}"}


def test_no_mark_sticks_to_an_address() -> None:
    """A terminal and a browser would take it as a part of the address."""
    for other in (*messages().values(), *chinese().values()):
        assert not re.search(r"(https?://[!-~]*|\{address\})[，。；：、）]", other)


# What a command that is printed may hold as it is: names of ours, and what was quoted before.
QUOTED = re.compile(r"quoted\(|as_argument\(|\.name\b|\b(data|name)$")


def test_a_printed_command_quotes_its_paths() -> None:
    """A path with blanks would be several words."""
    commands = "band|convert|copy|data|demo|export|plot|predict|run|verify"
    command = re.compile(rf"kerastut (?:{commands}) (?:[^'\"\s]+ )*$")
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            for before, value in pairwise(parts):
                text = str(before.value) if isinstance(before, ast.Constant) else ""
                if isinstance(value, ast.FormattedValue) and command.search(text):
                    assert QUOTED.search(ast.unparse(value.value)), f"{path}:{value.lineno}: {text}"
