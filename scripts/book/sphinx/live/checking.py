"""What the page's Python does: checks a file, or explains a traceback. Nothing in them is run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kerastut.language import speaking, told
from kerastut.lint import Job, Outcome, check_file, load_rules
from kerastut.why import explain, tell


def check(name: str, content: bytes, language: str) -> str:
    """Returns what is found in a file, what the rules say of it, and the mended file, as JSON."""

    def outcome(fix: str) -> Outcome:
        return check_file(Path(name), Job(format="json", language=language, fix=fix), content)

    found = outcome("no")
    if found.error is not None:
        with speaking(language):
            return json.dumps({"error": told(found.error)})
    findings = json.loads(f"[{found.text}]")
    rules = {one["code"]: load_rules()[one["code"]] for one in findings}
    mended = outcome("give")
    result: dict[str, Any] = {
        "findings": findings,
        "rules": {
            code: {**asdict(rule.texts(language)), "name": rule.name, "good": rule.good.strip()}
            for code, rule in rules.items()
        },
        "fixed": mended.fixed,
        "mended": mended.given.decode("utf-8", "replace") if mended.fixed else "",
        "diff": outcome("show").text if mended.fixed else "",
    }
    return json.dumps(result)


def explained(text: str, language: str) -> str:
    """Returns what is known of a traceback or a warning, as JSON."""
    return json.dumps({"explanation": tell(explain(text), language)})
