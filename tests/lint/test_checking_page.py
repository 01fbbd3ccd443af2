"""What docs/checking.md shows is what the command does."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from kerastut.lint import configuration
from kerastut.lint.rules.rule import load_rules

DOCS = Path(__file__).parents[2] / "docs"
PAGE, CHINESE = (
    (folder / "checking.md").read_text(encoding="utf-8") for folder in (DOCS, DOCS / "zh")
)


def fenced(kind: str, page: str = PAGE) -> list[str]:
    """Returns a page's blocks of one kind."""
    blocks = re.findall(r"^(`{3,4})(\w+)\n(.*?)^\1$", page, re.MULTILINE | re.DOTALL)
    return [text for _, language, text in blocks if language == kind]


@pytest.mark.parametrize("kind", ["toml", "json", "lua", "yaml"])
def test_the_pages_show_the_same(kind: str) -> None:
    assert fenced(kind) == fenced(kind, CHINESE)
    assert [line.count("`") for line in PAGE.splitlines() if line.startswith("| `")] == [
        line.count("`") for line in CHINESE.splitlines() if line.startswith("| `")
    ]


def test_the_settings_can_be_read(tmp_path: Path) -> None:
    (settings,) = fenced("toml")
    table = tomllib.loads(settings)["tool"]["kerastut"]
    assert set(table) == {"select", "ignore", "exclude", "per-file-ignores", "target-version"}
    (tmp_path / "pyproject.toml").write_text(settings)
    assert configuration.configuration_for(tmp_path).target == (3, 0)
    assert all(map(json.loads, fenced("json")))
    hooks, workflow = map(yaml.safe_load, fenced("yaml"))
    assert hooks["repos"][0]["hooks"][0]["id"] == "kerastut-check"
    assert all(step.keys() & {"uses", "run"} for step in workflow["jobs"]["check"]["steps"])


def test_the_codes_exist() -> None:
    assert set(re.findall(r"KT\d{3}", PAGE)) <= set(load_rules())
