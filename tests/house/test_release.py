"""What a release asks for, and the workflows that would make it."""

import re
from pathlib import Path

import pytest
import yaml
from release import refuse_what_git_does_not_hold

from kerastut.version import __version__

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_the_changelog_has_a_section_of_this_version() -> None:
    headings = re.findall(r"^## (\S+?),?(?: |$)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0] == __version__
    assert headings == sorted(headings, reverse=True)


def test_the_version_is_told_once() -> None:
    told = [
        path.relative_to(ROOT).as_posix()
        for folder in ("kerastut", "packaging", "scripts", "recipes")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".toml", ".md") and f'"{__version__}"' in path.read_text("utf-8")
    ]
    assert told == ["kerastut/version.py"]


def test_changes_that_git_does_not_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("release.called", lambda *words: " M README.md\n")
    with pytest.raises(SystemExit, match="expected a clean work tree, received changes: M README"):
        refuse_what_git_does_not_hold()
    monkeypatch.setattr("release.called", lambda *words: "")
    monkeypatch.setattr("release.__version__", "9.9.9")
    with pytest.raises(SystemExit, match=r"expected a section '## 9\.9\.9'"):
        refuse_what_git_does_not_hold()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_names_what_exists(path: Path) -> None:
    """`on` is a truth value to YAML 1.1."""
    found = yaml.safe_load(path.read_text("utf-8"))
    assert {"name", True, "permissions", "jobs"} <= found.keys()
    assert found["permissions"] == {"contents": "read"}
    for job in found["jobs"].values():
        assert {"runs-on", "steps", "timeout-minutes"} <= job.keys()
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@v\d", step["uses"])
            elif step["run"].startswith("make "):
                assert step["run"].split()[1] in TARGETS
            elif step["run"].startswith("."):
                assert (ROOT / step["run"]).is_file()


def test_the_workflows_are_those_of_tests_site_and_release() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "release", "site"]
