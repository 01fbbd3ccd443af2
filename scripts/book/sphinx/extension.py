"""Anchors that both editions share; the theme's labels in the edition's language.

No search of Sphinx's own: pagefind's finds Chinese too.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from book import mathematics
from book.anchors import FILE
from book.words import in_chinese

LONGEST_WHOLE = 28  # characters that a narrow screen has room for


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the extension."""
    mathematics.register(app)
    app.connect("builder-inited", _without_search)
    app.connect("html-page-context", _label)
    app.connect("doctree-read", _whole_options)
    app.connect("doctree-read", _anchor, priority=100)  # before the table of contents is made
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _without_search(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def _whole_options(app: Sphinx, doctree: nodes.document) -> None:
    """Keeps a browser from ending a line behind the hyphens of `--resume`."""
    for literal in doctree.findall(nodes.literal):
        text = literal.astext()
        if text.startswith("-") and len(text) <= LONGEST_WHOLE:
            literal["classes"].append("kt-joined")


def _anchor(app: Sphinx, doctree: nodes.document) -> None:
    """Gives each section its anchor; the one that Sphinx gave it stays valid."""
    known = json.loads(Path(app.srcdir, FILE).read_text(encoding="utf-8"))
    anchors = known.get(app.env.docname, [])
    sections = list(doctree.findall(nodes.section))
    if len(anchors) == len(sections):
        for section, anchor in zip(sections, anchors, strict=True):
            section["ids"] = [anchor, *(name for name in section["ids"] if name != anchor)]


def _label(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Gives the template what puts the theme's own labels into the edition's language.

    Sphinx's own translations are for its search, and evaluate a text, which the policy forbids.
    """
    scripts = context.get("script_files", [])
    context["script_files"] = [one for one in scripts if "translations.js" not in str(one.filename)]
    context["in_edition"] = in_chinese if context["edition"] == "zh" else str
