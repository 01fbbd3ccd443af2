"""The corrections as one table that can be filtered."""

import re
from html import escape
from pathlib import Path

from book.relations import chapters_of_fault, titles
from book.words import word
from kerastut.corrections import KINDS, Fault, load_faults
from kerastut.language import word as term

_CODE = re.compile(r"``(.+?)``|`(.+?)`")


def write(folder: Path, language: str) -> None:
    """Writes the page and its table."""
    title = word("Corrections", language)
    intro = word("What the five tutorials get wrong, fault by fault.", language)
    page = f"---\nhide-toc: true\n---\n# {title}\n\n{intro}\n\n"
    page += "```{raw} html\n:file: corrections.html\n```\n"
    (folder / "corrections.md").write_text(page, encoding="utf-8")
    (folder / "corrections.html").write_text(table(language), encoding="utf-8")


def table(language: str) -> str:
    """Returns the controls and the table as HTML."""
    headers = ("fault", "what happens, why, and what to do", "recipe")
    cells = "".join(f"<th>{escape(word(header, language))}</th>" for header in headers)
    rows = "\n".join(_row(fault, language) for fault in load_faults())
    return (
        f"{_controls(language)}\n<table class='kt-corrections' id='kt-corrections'>\n"
        f"<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n"
    )


def _controls(language: str) -> str:
    hint = escape(word("Type to filter: an id, a word, a function", language))
    kinds = "".join(f"<option value='{kind}'>{term(kind, language)}</option>" for kind in KINDS)
    count = escape(word("{shown} of {all} faults", language))
    return (
        "<div class='kt-filter' role='search' data-pagefind-ignore>"
        f"<input id='kt-filter' type='search' placeholder='{hint}' aria-label='{hint}'>"
        f"<select id='kt-kind' aria-label='{word('all kinds', language)}'>"
        f"<option value=''>{word('all kinds', language)}</option>{kinds}</select>"
        f"<span id='kt-count' aria-live='polite' data-form='{count}'></span></div>"
    )


def _row(fault: Fault, language: str) -> str:
    text = fault.text(language)
    names = titles(language)
    links = [f"<a href='recipes/{name}.html'>{name}</a>" for name in fault.recipes]
    links += [f"<a href='chapters/{c}.html'>{names[c]}</a>" for c in chapters_of_fault(fault.id)]
    recipes = " ".join(links)
    kind = term(fault.kind, language)
    css = fault.kind.replace(" ", "-")
    rule = f"<code class='kt-rule'>{fault.rule}</code>" if fault.rule else ""
    return (
        f"<tr id='{fault.id}' data-kind='{fault.kind}'>"
        f"<td><a class='kt-id' href='#{fault.id}'>{fault.id}</a>"
        f"<span class='kt-place'>{fault.id[:2]} {escape(fault.section)}</span>"
        f"<span class='kt-kind kt-{css}'>{kind}</span>{rule}</td>"
        f"<td><p>{_html(text.what)}</p>"
        f"<p><b>{word('Why', language)}</b> {_html(text.why)}</p>"
        f"<p><b>{word('Instead', language)}</b> {_html(text.fix)}</p></td>"
        f"<td>{recipes}<code>{escape(fault.show)}</code></td></tr>"
    )


def _html(text: str) -> str:
    """Returns a record's text as HTML: only code is marked up in it."""
    return _CODE.sub(lambda m: f"<code>{(m[1] or m[2]).strip()}</code>", escape(text, quote=False))
