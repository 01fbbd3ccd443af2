"""What docs/checking.md shows is what the command does."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from kerastut.cli import main
from kerastut.lint.rules.rule import load_rules

PAGE = (Path(__file__).parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")


def fenced(kind: str) -> list[str]:
    """Returns the page's blocks of one kind."""
    blocks = re.findall(r"^(`{3,4})(\w+)\n(.*?)^\1$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for _, language, text in blocks if language == kind]


@pytest.mark.parametrize("session", fenced("console"), ids=["check", "diff"])
def test_the_output_is_real(
    session: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lesson.md").write_text(fenced("markdown")[0], encoding="utf-8")
    command, _, shown = session.partition("\n")
    with pytest.raises(SystemExit) as left:
        main(command.split()[2:])
    assert left.value.code == 1
    said = capsys.readouterr()
    assert said.out + said.err == shown


def test_the_settings_can_be_read() -> None:
    for text in fenced("toml"):
        assert set(tomllib.loads(text)["tool"]["kerastut"]) == {"select", "ignore", "exclude"}
    hooks, workflow = map(yaml.safe_load, fenced("yaml"))
    assert hooks["repos"][0]["hooks"][0]["id"] == "kerastut-check"
    assert all(step.keys() & {"uses", "run"} for step in workflow["jobs"]["check"]["steps"])


def test_the_codes_exist() -> None:
    assert set(re.findall(r"KT\d{3}", PAGE)) <= set(load_rules())
