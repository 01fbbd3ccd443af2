"""A rule of `kerastut check`, and the records it is read from.

The records lie beside this file, one TOML file a family. A rule whose record has a `match` table is
found by the table; the others have a detector of their own in `detectors`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ..errors import PROGRAM, LintError

Severity = Literal["error", "warning", "note"]
Applicability = Literal["safe", "unsafe", "none"]


@dataclass(frozen=True)
class Texts:
    """What a rule says in one language.

    Attributes:
        message: The finding in one line; `{name}` is filled in by the detector.
        what: What happens on Keras 3.
        why: The reason.
        instead: What to write instead.
    """

    message: str
    what: str
    why: str
    instead: str


@dataclass(frozen=True)
class Rule:
    """One thing that `kerastut check` finds.

    Attributes:
        code: `KT` and three digits; the first is the family.
        name: Unique, in kebab-case.
        severity: `error` raises on Keras 3, `warning` runs and is wrong, `note` is a habit.
        since: The version that changed it.
        bad: The shortest script that shows it.
        good: The same script, put right.
        en: The English texts.
        zh: The Chinese texts.
        fix: `safe` keeps the meaning, `unsafe` may change it.
        recipe: The recipe to read.
        raises: The exception that `bad` raises.
        wrong: An expression over the names of `bad` that is true where the result is wrong.
        legacy: Whether Keras 2, as `tf_keras` ships it, still supports what is found.
        match: The table that a table-driven detector reads.
    """

    code: str
    name: str
    severity: Severity
    since: str
    bad: str
    good: str
    en: Texts
    zh: Texts
    fix: Applicability = "none"
    recipe: str | None = None
    raises: str | None = None
    wrong: str | None = None
    legacy: bool = False
    match: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, language: str) -> Texts:
        """Returns the texts in `en` or `zh`."""
        return self.zh if language == "zh" else self.en


@cache
def load_rules() -> Mapping[str, Rule]:
    """Returns all rules by code, in the order of the codes."""
    records = [
        record
        for file in files(__package__).iterdir()
        if file.name.startswith("kt") and file.name.endswith(".toml")
        for record in tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
    ]
    rules = [Rule(**one | {key: Texts(**one[key]) for key in ("en", "zh")}) for one in records]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def get_rule(code: str) -> Rule:
    """Returns the rule of a code or a name, in any case of letters.

    Raises:
        LintError: There is no such rule.
    """
    for rule in load_rules().values():
        if code.upper() == rule.code or code.lower() == rule.name:
            return rule
    raise LintError(
        f"expected the code or name of a rule, received {code!r};"
        f" '{PROGRAM} rule --all' lists them."
    )
