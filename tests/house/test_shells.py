"""What pages show is typed as it stands on every system, or its counterpart stands beside it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "packaging").rglob("*.md"),
]
FENCE = re.compile(r"^```(?:sh|bash|shell|console)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(
    r"(?:kerastut|python3?|pip|make|git|cd|source|export|ln|cp|mv|rm|for|printf) .+"
    r"|[A-Z_]+=\S+ \S.*"
)
# What sh knows and cmd or PowerShell does not.
FOREIGN = re.compile(
    r"""'|&&|;\ |\$\(|`|<<|\$[A-Za-z{]
    |\\$  # the line goes on
    |^(?:for|source|export|ln|cp|mv|rm|printf|touch|cat|chmod|python3)\b
    |^[A-Z_]+=\S+\ """,
    re.VERBOSE,
)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yields the commands that a page shows, each with its section."""
    for section in re.split(r"^(?=#+ )(?![^`]*^```$)", text, flags=re.MULTILINE):
        for block in FENCE.findall(section):
            for line in block.splitlines():
                shown = re.sub(r" {2,}#.*", "", line.removeprefix("$ ")).strip()
                if COMMAND.fullmatch(shown):
                    yield shown, section
        prose = FENCE.sub("", section)
        for shown in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose):
            if COMMAND.fullmatch(shown):
                yield shown, section


def foreign(text: str) -> list[str]:
    """Returns the commands of a page that Windows does not know, where nothing is said of it."""
    return [
        shown
        for shown, section in commands(text)
        if FOREIGN.search(re.sub(r'"[^"$]*"', "", shown)) and "Windows" not in section
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_command_is_for_every_system_or_has_its_counterpart(page: Path) -> None:
    assert foreign(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "kerastut run a --set 'b=1 2'",
        "KERAS_BACKEND=jax kerastut run a",
        "for seed in 0 1; do kerastut run a; done",
        "ln -s /usr/share/x y",
        "source .venv/bin/activate",
        "export A=1",
        "git clone x && cd x",
        "cd x; make",
        "kerastut run $NAME",
        "kerastut run $(ls)",
        "kerastut compare a \\",
        "python3 -m venv .venv",
    ],
)
def test_each_kind_is_found(line: str) -> None:
    assert foreign(f"# A\n\n```sh\n{line}\n```\n") == [line]
    assert foreign(f"# A\n\n`{line}`\n") == [line]
    assert foreign(f"# A\n\n```\n{line}\n```\n\nOn Windows it is another.\n") == []
    assert foreign(f"# A\n\n```\n{line}\n```\n\n# B\n\nWindows\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        'kerastut compare a --vary b=1,2 --set "c=(1, 2)"  # it\'s a comment',
        "python -c \"import a; a.b('c')\"",
        "python train.py 2>&1 | kerastut why",
    ],
)
def test_what_all_know_is_left_alone(line: str) -> None:
    assert foreign(f"```\n{line}\n```\n") == []
