"""Turns off Sphinx's own search: pagefind's finds Chinese too."""

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the extension."""
    app.connect("builder-inited", _without_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _without_search(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False
