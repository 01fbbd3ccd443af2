"""Builds the tutorial's notebooks, figures and site from the chapters and the recipes.

The way of a chapter: `chapters` (text to notebook), `execution` (run once, both languages),
`editions` (one language each), `copies` (the readers' notebooks) and `site` (the pages).
"""

import tomllib
from pathlib import Path

from kerastut.language import LANGUAGES as LANGUAGES

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = ROOT / "notebooks_src"
PROGRAMS = ROOT / "recipes" / "plain"
COPIES = ROOT / "notebooks"
BUILD = ROOT / "build"
# Where the source lies and where errors are reported, once there are such addresses: a button that
# leads nowhere is not shown.
_URLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"].get("urls", {})
REPOSITORY = _URLS.get("Repository", "")
ISSUES = _URLS.get("Issues", "")
BRANCH = "main"
# Milliseconds that a browser is waited for; machines differ in speed.
PATIENCE = 600_000
