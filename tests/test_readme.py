"""The README says what is so."""

import re
import shlex
from pathlib import Path

from readme_table import updated

from kerastut.cli import build_parser

ROOT = Path(__file__).parent.parent


def test_the_table_of_recipes_is_that_of_the_registry() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert updated(text) == text, "run: python scripts/readme_table.py"


def test_every_command_of_the_readme_parses() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^kerastut (.+?)(?: {2,}#.*)?$", text, re.MULTILINE)
    assert len(commands) >= 10
    for command in commands:
        build_parser().parse_args(shlex.split(command))


def test_links_and_pictures_exist() -> None:
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{page}: {target}"
