"""The box that says what an old tutorial got wrong."""

from kerastut.corrections import get_fault
from kerastut.language import word
from kerastut.teaching.edition import say


def erratum(name: str, *, en: str = "", zh: str = "") -> None:
    """Shows what an old tutorial said, why it is wrong, what it costs and what to do instead.

    Args:
        name: Id of the fault, such as `"T1-05"`.
        en: The effect that the chapter measured, in English; left out if empty.
        zh: The same in Chinese.

    Raises:
        UnknownNameError: If there is no such fault.

    Example:

    >>> erratum("T1-05", en=f"Accuracy falls by {loss:.3f}.", zh=f"准确率下降 {loss:.3f}。")
    """
    say(en=_box(name, "en", en), zh=_box(name, "zh", zh))


def _box(name: str, language: str, measured: str) -> str:
    fault = get_fault(name)
    text = fault.text(language)
    parts = {
        word("In the old tutorial", language): text.what,
        word("Why", language): text.why,
        word("Measured here", language): measured,
        word("Instead", language): text.fix,
    }
    colon = word(": ", language)
    lines = [f"**{head}**{colon}{body}" for head, body in parts.items() if body]
    title = f"**{fault.id}** · {word(fault.kind, language)} · {fault.id[:2]} {fault.section}"
    return "\n>\n".join(f"> {line}" for line in [title, *lines, f"`{fault.show}`"])
