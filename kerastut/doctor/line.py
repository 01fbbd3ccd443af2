"""What the doctor says of one thing."""

from dataclasses import dataclass, field
from typing import Any

from kerastut.language import chinese

OK, NOTE, BAD = "ok", "note", "bad"


@dataclass(frozen=True)
class Line:
    """One thing that a run depends on.

    Args:
        subject: What it is, in English.
        value: How it stands: a text in English, with places for `details`.
        state: `OK`; `NOTE` if it may disturb; `BAD` if nothing runs like this.
        mend: What to do, or nothing: a text as `value` is one.
        details: What the places hold, the same in every language.
        advice: What to do by language, where `kerastut why` has told it.
    """

    subject: str
    value: str
    state: str = OK
    mend: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    advice: dict[str, str] = field(default_factory=dict)

    def told(self, language: str) -> dict[str, str]:
        """Returns its texts in a language, by name."""
        texts = {"subject": self.subject, "value": self.value, "mend": self.mend}
        twins = chinese() if language == "zh" else {}  # a name or a mere place has none
        told = {name: twins.get(text, text).format(**self.details) for name, text in texts.items()}
        told["mend"] = told["mend"] or self.advice.get(language, "")
        return {"state": self.state, **told}
