"""Says why a program does not run to its end, in both languages."""

import re
import tomllib
from pathlib import Path
from typing import Any

from kerastut.errors import one_line, shown
from kerastut.language import LANGUAGES
from kerastut.migration.running import Execution
from kerastut.why import explain

_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit)\b")
REASONS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)["reason"]


def raised_by(traceback: str) -> str:
    """Returns the line of a traceback that names the last exception, whatever follows it."""
    lines = traceback.strip().splitlines() or [""]
    return next(filter(_RAISED.match, reversed(lines)), lines[-1])


def is_stale(traceback: str) -> bool:
    """Tells whether an error has its cause in Keras as it was, hence in no data."""
    causes = explain(traceback).causes
    return bool(causes) and causes[0].id.startswith("KT")


def reason(run: Execution) -> dict[str, Any]:
    """Returns what stands in a program's way: its name, and by language what it is, what to do.

    Args:
        run: That has not come to its end.
    """
    last = raised_by(run.traceback)
    text = f"{run.end}{'*' * bool(run.made_up)}: {last}"  # a star where data were made up
    known = next(one for one in REASONS if re.search(one["pattern"], text))
    causes = explain(run.traceback).causes if run.end == "raised" else ()
    if causes and (causes[0].id.startswith("KT") or known["id"] == "unknown"):
        told = {
            language: {
                "what": causes[0].message.get(language) or causes[0].texts[language].what,
                "instead": causes[0].texts[language].instead,
            }
            for language in LANGUAGES
        }
        return {"id": causes[0].id, "error": shown(last, 300), **told}
    told = {language: known[language] for language in LANGUAGES}
    return {"id": known["id"], "error": one_line(ValueError(last)) if last else "", **told}
