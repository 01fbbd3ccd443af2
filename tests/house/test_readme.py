"""The README says what is so."""

import re
import shlex
from pathlib import Path

import pytest
import readme_table
from readme_table import READMES, updated
from type_pages import PAGES, shown

from kerastut.cli import build_parser
from kerastut.registry import chinese_texts

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", READMES)
def test_the_table_of_recipes_is_that_of_the_registry(language: str) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    assert updated(text, language) == text, "run: python scripts/readme_table.py"


@pytest.mark.parametrize("texts", [{"mlp-mnist": {}}, {"text-lstm": {"summary": "一行"}}])
def test_without_a_chinese_text_no_table_is_written(
    texts: dict[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {language: tmp_path / path.name for language, path in READMES.items()}
    for path in pages.values():
        path.write_text("before\n")
    monkeypatch.setattr(readme_table, "READMES", pages)
    monkeypatch.setattr(readme_table, "chinese_texts", lambda: {**chinese_texts(), **texts})
    with pytest.raises(SystemExit) as stop:
        readme_table.main()
    message = f"a summary and a description in [{next(iter(texts))}]. Nothing was written."
    assert message in str(stop.value)
    assert "\n" not in str(stop.value)
    assert {path.read_text() for path in pages.values()} == {"before\n"}


def shape(language: str) -> dict[str, object]:
    """Returns what the README has alike in both languages; comments in its code are translated."""
    text = READMES[language].read_text(encoding="utf-8")
    blocks = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    prose = prose.replace("](docs/zh/", "](docs/").replace("CONTRIBUTING.zh-CN", "CONTRIBUTING")
    return {
        "headings": re.findall(r"^#+(?= )", prose, re.MULTILINE),
        "links": sorted(re.findall(r"\]\(([^)]+)\)", prose)),
        "pictures": re.findall(r"!\[[^\]]*\]\(([^)]+)\)", prose),
        "code": sorted(set(re.findall(r"`[^`]+`", re.sub(r"\s+", " ", prose)))),
        "numbers": sorted(set(re.findall(r"\d+\.\d+|\d{3,}", prose))),
        # What is printed is told in the language of the page; the command is the same.
        "blocks": [
            re.sub(r" *# .*|(?<=console)(\n\$ .*)(?s:.*)", r"\1", block) for block in blocks
        ],
        "paragraphs": len(re.findall(r"\n\n+", prose)),
    }


def test_the_chinese_readme_is_the_twin_of_the_english_one() -> None:
    english, chinese = shape("en"), shape("zh")
    for part, expected in english.items():
        assert chinese[part] == expected, part


def commands(page: Path) -> list[str]:
    """Returns the words of each command of ours that a page shows, without the program."""
    start, end = r"(?:taskset \S+ |[A-Z_]+=\S+ |.* \| |python -m )*kerastut ", r"(?: [|>&].*)?"
    found = [re.fullmatch(f"{start}(.+?){end}", one.command) for one in shown(page)]
    return [one[1] for one in found if one]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_parses(page: Path) -> None:
    for command in commands(page):
        build_parser().parse_args(shlex.split(command))


def test_commands_are_found() -> None:
    assert len(commands(ROOT / "README.md")) >= 30
    assert sum(len(commands(page)) for page in PAGES) > 150


def test_links_and_pictures_exist() -> None:
    for page in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{page}: {target}"
