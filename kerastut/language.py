"""The languages that kerastut speaks, and its words in Chinese."""

import argparse
import os
import tomllib
from functools import cache
from pathlib import Path

# What each calls itself.
LANGUAGES = {"en": "English", "zh": "中文"}
_FILE = Path(__file__).with_name("zh.toml")


@cache
def chinese() -> dict[str, str]:
    """Returns all texts in Chinese, by the English ones."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def word(text: str, language: str) -> str:
    """Returns a text in the language.

    Args:
        text: In English. Its Chinese twin stands in `zh.toml`; a test looks for those without one.
        language: A key of `LANGUAGES`.
    """
    return chinese()[text] if language == "zh" else text


def add_language(parser: argparse.ArgumentParser) -> None:
    """Adds `--lang`."""
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=of_locale(), help="default: that of the locale"
    )


def of_locale() -> str:
    """Returns the language that the environment asks for; the first variable set decides."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
