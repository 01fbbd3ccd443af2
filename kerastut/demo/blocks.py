"""What the pages' components have in common."""

from typing import Any

import gradio as gr

# Events come while others are being answered: only the last one of those is answered too.
LIVE: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
    "queue": False,
}


def plain(html: str, classes: str = "", script: str | None = None) -> gr.HTML:
    """Returns HTML in the page's own style."""
    return gr.HTML(html, apply_default_css=False, js_on_load=script, elem_classes=classes)
