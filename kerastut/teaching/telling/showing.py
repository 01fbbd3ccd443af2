"""What a code cell shows in the languages of its edition."""

import inspect
import os
import sys
import textwrap
from contextlib import AbstractContextManager, redirect_stderr
from typing import Any, TextIO

from kerastut.corrections import get_fault
from kerastut.language import LANGUAGES, word


def say(*, en: str, zh: str) -> None:
    """Shows a sentence with computed numbers, as Markdown.

    The environment variable `KERASTUT_LANG` chooses a language; without it both are shown. Each
    output carries its language as metadata, by which the build keeps one for each edition.

    Args:
        en: The sentence in English.
        zh: The sentence in Chinese.

    Example:

    >>> say(en=f"The loss is {loss:.3f}.", zh=f"损失为 {loss:.3f}。")
    """
    for language in languages():
        _show_markdown({"en": en, "zh": zh}[language], language)


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


def source(thing: Any) -> None:
    """Shows the source of a function, class or module, so that it never differs from what runs.

    Args:
        thing: Such as `recipe("cnn-mnist").build`.
    """
    _show_markdown(f"```python\n{textwrap.dedent(inspect.getsource(thing)).rstrip()}\n```")


def messages() -> AbstractContextManager[TextIO]:
    """Shows what the block writes to standard error among the cell's outputs."""
    return redirect_stderr(sys.stdout)


def languages() -> tuple[str, ...]:
    """Returns the languages to show."""
    chosen = os.environ.get("KERASTUT_LANG", "")
    return (chosen,) if chosen in LANGUAGES else tuple(LANGUAGES)


def show(bundle: dict[str, str], language: str | None = None) -> None:
    """Shows content in a notebook.

    Args:
        bundle: The content by MIME type.
        language: The language of the edition that it is for; all if `None`.
    """
    # Only chapters need IPython, and whatever runs a chapter has it.
    from IPython.display import display

    metadata = {"lang": language} if language else {}
    display(bundle, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def _show_markdown(text: str, language: str | None = None) -> None:
    show({"text/markdown": text, "text/plain": text}, language)


def _box(name: str, language: str, measured: str) -> str:
    fault = get_fault(name)
    text = fault.text(language)
    parts = {
        word("In the old tutorial", language): text.what,
        word("Why", language): text.why,
        word("Measured here", language): measured,
        word("Instead", language): text.fix,
    }
    lines = [f"**{head}**{word(': ', language)}{body}" for head, body in parts.items() if body]
    title = f"**{fault.id}** · {word(fault.kind, language)} · {fault.id[:2]} {fault.section}"
    return "\n>\n".join(f"> {line}" for line in [title, *lines, f"`{fault.show}`"])
