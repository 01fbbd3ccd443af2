"""Tells an explanation in words."""

from collections.abc import Iterator

from kerastut.errors import shown
from kerastut.language import met, word
from kerastut.why.explaining import Cause, Explanation, explain
from kerastut.why.known import load_chapters

COLON = {"en": ": ", "zh": "："}


def tell(explanation: Explanation, language: str) -> str:
    """Returns the explanation as lines of text, in `en` or `zh`."""
    if explanation.causes:
        return "\n\n".join("\n".join(_cause(one, language)) for one in explanation.causes)
    lines = [word("This message is not known here, so nothing is said of its cause.", language)]
    if explanation.line:
        received = shown(explanation.line, longest=200)
        lines.append(f"{word('received', language)}{COLON[language]}{received}")
    if explanation.near:
        lines.append(word("The nearest that is known; it may be something else:", language))
        lines += [f"  {one.id} {one.texts[language].what}" for one in explanation.near]
    else:
        lines.append(word("Nothing that is known comes near it.", language))
    return "\n".join(lines)


def advice(text: str, language: str) -> str:
    """Returns what to do about a message that is a fault of the tutorials, or nothing."""
    for one in explain(text).causes:
        if one.fault:
            return met(one.texts[language].instead, f" kerastut show {one.fault}")
    return ""


def chapter_title(name: str, language: str) -> str:
    """Returns a chapter's title."""
    return str(load_chapters()[name][language])


def _cause(cause: Cause, language: str) -> Iterator[str]:
    text = cause.texts[language]
    yield cause.id if cause.id == cause.name else f"{cause.id} {cause.name}"
    if language in cause.message:
        yield f"  {cause.message[language]}"
    rows = {
        "what happens": text.what,
        "why": text.why,
        "what to do": text.instead,
        "rule": ", ".join(f"kerastut rule {code}" for code in cause.rules),
        "fault": cause.fault and f"kerastut show {cause.fault}",
        "recipe": cause.recipe and f"kerastut show {cause.recipe}",
        "chapter": cause.chapter and f"{cause.chapter} {chapter_title(cause.chapter, language)}",
    }
    for key, value in rows.items():
        if value:
            yield f"  {word(key, language)}{COLON[language]}{value}"
    if cause.good:
        yield f"  {word('put right', language)}{COLON[language]}".rstrip()
        yield from (f"      {line}".rstrip() for line in cause.good.splitlines())
