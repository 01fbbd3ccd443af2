"""What a code cell shows, in the languages of its edition."""

import ast
import inspect
import os
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from kerastut.corrections import get_fault
from kerastut.errors import UnknownNameError, did_you_mean
from kerastut.language import LANGUAGES, preferred, word
from kerastut.teaching.telling.plain import edition

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def say(*, en: str, zh: str) -> None:
    """Shows a sentence with computed numbers, as Markdown.

    The environment variable `KERASTUT_LANG` chooses a language, or both; without it the locale
    does. Each output carries its language as metadata, by which the build keeps one for each
    edition.

    Args:
        en: The sentence in English.
        zh: The sentence in Chinese.
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
    """
    say(en=_box(name, "en", en), zh=_box(name, "zh", zh))


def source(thing: Any) -> None:
    """Shows the source of a function, class or module, so that it never differs from what runs.

    Docstrings are left out; comments are those of the edition, where `# zh:` gives a Chinese twin.

    Args:
        thing: Such as `recipe("cnn-mnist").build`.
    """
    code = _undocumented(textwrap.dedent(inspect.getsource(thing)))
    for language in languages():
        _show_markdown(f"```python\n{edition(code, language).strip()}\n```", language)


def diagram(name: str) -> None:
    """Shows a diagram, with its words in the languages that `say` shows.

    Args:
        name: Of a file in `diagrams/`, such as `"lstm-cell"`. In the file an element with the
            attribute `xml:lang` is for that language alone.

    Raises:
        UnknownNameError: If there is no such diagram.
    """
    files = {path.stem: path for path in DIAGRAMS.glob("*.svg")}
    if name not in files:
        raise UnknownNameError(f"No diagram named {name!r}. {did_you_mean(name, files)}")
    for language in languages():
        root = ElementTree.parse(files[name]).getroot()
        for parent in root.iter():
            parent[:] = [child for child in parent if child.get(_LANGUAGE, language) == language]
        text = ElementTree.tostring(root, encoding="unicode")
        title, about = (root.findtext(f"{{*}}{tag}", default=name) for tag in ("title", "desc"))
        show({"image/svg+xml": text, "text/plain": title}, language, {"alt": about})


def tell(*, en: str, zh: str) -> None:
    """Prints a line in the languages of the edition.

    Args:
        en: The line in English.
        zh: The same in Chinese.
    """
    for language in languages():
        text = {"en": en, "zh": zh}[language]
        if len(languages()) > 1:
            show({"text/plain": text}, language)
        else:
            print(text)


def languages() -> tuple[str, ...]:
    """Returns the languages of the edition: the build shows both and keeps one for each."""
    chosen = os.environ.get("KERASTUT_LANG") or preferred()
    return tuple(LANGUAGES) if chosen == "both" else (chosen,)


def show(bundle: Mapping[str, str], language: str = "", metadata: Mapping[str, Any] = {}) -> None:
    """Shows content by MIME type.

    Args:
        bundle: The content.
        language: The edition it is for; all if empty.
        metadata: What else the output carries.
    """
    # Only chapters need IPython, and whatever runs a chapter has it.
    from IPython.display import display

    about = {**metadata, "lang": language} if language else dict(metadata)
    display(dict(bundle), raw=True, metadata=about)  # type: ignore[no-untyped-call]


def _show_markdown(text: str, language: str = "") -> None:
    show({"text/markdown": text, "text/plain": text}, language)


def _undocumented(code: str) -> str:
    """Returns code without its docstrings."""
    lines = code.splitlines(keepends=True)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            text = node.body[0]
            for number in range(text.lineno, (text.end_lineno or text.lineno) + 1):
                lines[number - 1] = ""
    return "".join(lines)


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
