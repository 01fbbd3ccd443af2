"""The records of known messages: which signs tell them, and what is said of them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kerastut.language import LANGUAGES
from kerastut.lint import load_rules
from kerastut.records import fill
from kerastut.why.pasted import squeeze

_FOLDER = Path(__file__).parent
_GAP = 400  # characters that `…` may stand for at the most


@dataclass(frozen=True)
class Text:
    """What is said of a fault, in one language."""

    what: str  # what happened
    why: str
    instead: str  # what to write or do


@dataclass(frozen=True)
class Known:
    """One thing that a message can mean."""

    id: str  # a name, or the code of the checker's rule whose texts tell it
    signs: tuple[str, ...]  # pieces of the message, any of which tells it; `…` is any text
    also: tuple[str, ...] = ()  # one of these has to stand in the text as well
    rank: int = 2  # of several that match, the highest is meant
    warning: bool = False  # whether the program goes on after the message
    keras: bool = False  # whether other libraries say the same: then Keras must be in the text
    near: tuple[str, ...] = ()  # what else it may be
    rule: str | None = None  # the checker's rule that finds it in source code
    recipe: str | None = None
    chapter: str | None = None
    example: str | None = None  # the shortest script that raises it
    seen: str | None = (
        None  # the message as strangers have pasted it, where it cannot be raised here
    )
    en: Text | None = None
    zh: Text | None = None

    @property
    def is_warning(self) -> bool:
        """Whether the program goes on after the message."""
        rule = load_rules().get(self.id)
        return self.warning or (rule is not None and (rule.raises or "").endswith("Warning"))


@cache
def load_known() -> dict[str, Known]:
    """Returns all records by id."""
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for record in tomllib.loads(path.read_text(encoding="utf-8")).get("fault", ()):
            place = f"{path.name}: {record.get('id', 'no id')}"
            texts = {code: fill(Text, record[code], place) for code in LANGUAGES if code in record}
            known = fill(Known, record | texts, place)
            found[known.id] = known
    return found


@cache
def load_chapters() -> dict[str, dict[str, Any]]:
    """Returns the chapters by name: their titles, and the recipes and rules they are about."""
    chapters: dict[str, dict[str, Any]] = tomllib.loads(
        (_FOLDER / "chapters.toml").read_text(encoding="utf-8")
    )
    return chapters


def find(sign: str, text: str) -> int:
    """Returns where a sign ends in a squeezed text the last time, or -1."""
    first, *others = _pieces(sign)
    start = text.rfind(first)
    while start >= 0:
        end = start + len(first)
        for piece in others:
            place = text.find(piece, end, end + _GAP + len(piece))
            if place < 0:
                break
            end = place + len(piece)
        else:
            return end
        start = text.rfind(first, 0, start + len(first) - 1)
    return -1


@cache
def _pieces(sign: str) -> list[str]:
    return squeeze(sign).split("…")
