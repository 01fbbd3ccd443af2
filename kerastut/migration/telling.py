"""Says why a program does not run to its end, in both languages."""

import re
from typing import Any

from kerastut.errors import one_line, shown
from kerastut.language import LANGUAGES, word
from kerastut.migration.running import Execution
from kerastut.why import explain

_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit)\b")
# What a run's end means by itself: a name, what happened, what to do.
_ENDS = {
    "limit": (
        "limit",
        "It was still running when its time was over.",
        "Give it more with --seconds, or shorten its loops.",
    ),
    "disk": ("disk", "It wrote too much.", "Have it write less, and run it yourself."),
    "killed": (
        "killed",
        "The system has ended it, most likely since its memory was over.",
        "Have it take less data at a time.",
    ),
    "left": (
        "left",
        "It ended its process by itself, without a word.",
        "Look for os._exit in it, and for native code that fails.",
    ),
}
# What an exception means that has nothing to do with Keras; the first that fits counts.
_ERRORS = (
    (
        r"kerastut migrate lets no program do this",
        "refused",
        "It wants the network, another program or a file outside, which no run here gets.",
        "Give it the data as files beside it, or run it yourself.",
    ),
    (
        r"SystemExit",
        "arguments",
        "It ends by itself, most likely since it wants arguments on its command line.",
        "Run the copy yourself with these arguments.",
    ),
    (
        r"FileNotFoundError|No such file or directory|NotADirectoryError|LookupError",
        "data",
        "It reads a file that is not there.",
        "Put the data beside it, and migrate again.",
    ),
    (
        r"MemoryError",
        "memory",
        "It wants more memory than a run here gets.",
        "Have it take less data at a time.",
    ),
    (
        r"ModuleNotFoundError|No module named",
        "package",
        "It imports a package that is not installed.",
        "Install the package, if it is still kept up, and migrate again.",
    ),
)


def reason(run: Execution) -> dict[str, Any]:
    """Returns what stands in a program's way: its name, and by language what it is, what to do.

    Args:
        run: That has not come to its end.
    """
    lines = run.traceback.strip().splitlines() or [""]
    last = next(filter(_RAISED.match, reversed(lines)), lines[-1])
    if run.end in _ENDS:
        return _told(*_ENDS[run.end], last)
    causes = explain(run.traceback).causes
    cause = causes[0] if causes else None
    if cause is None or not cause.id.startswith("KT"):
        for pattern, name, what, instead in _ERRORS:
            if re.search(pattern, last):
                return _told(name, what, instead, last)
        if run.made_up:
            what = "Its data are not there; most likely made-up ones do not do."
            return _told("data", what, "Put the data beside it, and migrate again.", last)
    if cause is None:
        what = "Nothing is known here of what it raises."
        return _told("unknown", what, "Read the error, and look at the line.", last)
    told = {
        language: {
            "what": cause.message.get(language) or cause.texts[language].what,
            "instead": cause.texts[language].instead,
        }
        for language in LANGUAGES
    }
    return {"id": cause.id, "error": shown(last, 300), **told}


def _told(name: str, what: str, instead: str, last: str) -> dict[str, Any]:
    texts = {
        language: {"what": word(what, language), "instead": word(instead, language)}
        for language in LANGUAGES
    }
    return {"id": name, "error": one_line(ValueError(last)) if last else "", **texts}
