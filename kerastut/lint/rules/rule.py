"""A rule of `kerastut check`, and the records it is read from.

The records lie beside this file, one TOML file a family. A rule whose record has a `match` table is
found by the table; the others have a detector of their own in `detectors`.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ..errors import PROGRAM, LintError

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
Applicability = Literal["safe", "unsafe", "none"]


@dataclass(frozen=True)
class Texts:
    """What a rule says in one language."""

    message: str  # the finding in one line; `{name}` is filled in by the detector
    what: str  # what happens on Keras 3
    why: str  # the reason
    instead: str  # what to write instead


@dataclass(frozen=True)
class Rule:
    """One thing that `kerastut check` finds."""

    code: str  # `KT` and three digits; the first is the family
    name: str  # unique, in kebab-case
    severity: Severity  # `error` raises on Keras 3, `warning` runs and is wrong, `note` is a habit
    since: str  # the version that changed it
    bad: str  # the shortest script that shows it
    good: str  # the same script, put right
    en: Texts
    zh: Texts
    fix: Applicability = "none"  # `safe` keeps the meaning, `unsafe` may change it
    recipe: str | None = None  # the recipe to read
    raises: str | None = None  # the exception that `bad` raises
    wrong: str | None = None  # an expression over the names of `bad`, true where it went wrong
    legacy: bool = False  # whether Keras 2, as `tf_keras` ships it, still supports what is found
    match: Mapping[str, Any] = field(default_factory=dict)  # what a detector of tables reads

    @property
    def url(self) -> str:
        """Where it is explained, seen from the root of kerastut's repository."""
        return f"docs/rules.md#{self.code.lower()}"

    def concerns(self, target: tuple[int, ...]) -> bool:
        """Tells whether code for a version of Keras is concerned: what is found fails there."""
        if self.legacy and target < (3,):
            return False
        told = re.search(r"(?:Keras|TensorFlow) (\d+(?:\.\d+)*)", self.since)
        return told is None or tuple(map(int, told[1].split("."))) <= target

    def texts(self, language: str) -> Texts:
        """Returns the texts in `en` or `zh`."""
        return self.zh if language == "zh" else self.en


@cache
def read_table(name: str) -> dict[str, Any]:
    """Returns what a TOML file of this folder says."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def read_api() -> dict[str, dict[str, str]]:
    """Returns the tables of the names that packages have, which `scripts/lint_api.py` writes."""
    text = (files(__package__) / "api.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = json.loads(text)
    return loaded


@cache
def load_rules() -> Mapping[str, Rule]:
    """Returns all rules by code, in the order of the codes."""
    names = [file.name for file in files(__package__).iterdir() if file.name.startswith("kt")]
    records = [record for name in names for record in read_table(name)["rule"]]
    rules = [Rule(**one | {key: Texts(**one[key]) for key in ("en", "zh")}) for one in records]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def word(text: str, language: str) -> str:
    """Returns a word that stands around the texts, in `en` or `zh`."""
    return str(read_table("words.toml")[text]) if language == "zh" else text


def get_rule(code: str) -> Rule:
    """Returns the rule of a code or a name, in any case of letters."""
    for rule in load_rules().values():
        if code.upper() == rule.code or code.lower() == rule.name:
            return rule
    raise LintError(
        f"expected the code or name of a rule, received {code!r};"
        f" '{PROGRAM} rule --all' lists them."
    )
