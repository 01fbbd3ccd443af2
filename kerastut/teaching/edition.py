"""Text that a code cell shows in the language of the edition."""

import os

from kerastut.language import LANGUAGES


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
    texts = {"en": en, "zh": zh}
    chosen = os.environ.get("KERASTUT_LANG")
    for language in LANGUAGES if chosen not in LANGUAGES else (chosen,):
        show(texts[language], {"lang": language})


def show(markdown: str, metadata: dict[str, str] | None = None) -> None:
    """Shows Markdown in a notebook.

    Args:
        markdown: The text.
        metadata: Kept with the cell's output.
    """
    # Only chapters need IPython, and whatever runs a chapter has it.
    from IPython.display import display

    bundle = {"text/markdown": markdown, "text/plain": markdown}
    display(bundle, raw=True, metadata=metadata or {})  # type: ignore[no-untyped-call]
