"""Builds the tutorial's notebooks, figures and site from the chapters and the recipes.

The way of a chapter: `chapters` (text to notebook), `execution` (run once, both languages),
`editions` (one language each), `copies` (the readers' notebooks) and `site` (the pages).
"""

from pathlib import Path

from kerastut.language import LANGUAGES as LANGUAGES

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = ROOT / "notebooks_src"
PROGRAMS = ROOT / "recipes" / "plain"
COPIES = ROOT / "notebooks"
BUILD = ROOT / "build"
# Where the buttons "Open in Colab" and the source links lead.
REPOSITORY = "https://github.com/kerastut/kerastut"
BRANCH = "main"
