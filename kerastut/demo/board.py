"""The board to draw on, which also takes pictures."""

from pathlib import Path

import gradio as gr

from kerastut.demo.net import Net
from kerastut.demo.words import word

SCRIPT = Path(__file__).with_name("board.js")
# Pixels along the longer edge.
EDGE = 336


def board(net: Net, language: str) -> gr.HTML:
    """Returns the board; its value is a data URL, or `None` if empty, its event is `drawn`."""
    height, width, _ = net.shape
    scale = EDGE / max(height, width)
    # What is drawn looks like what the net was trained on.
    paper, ink = ("black", "white") if net.trained.background == "dark" else ("white", "black")
    return gr.HTML(
        html_template=(
            f'<canvas width="{width * scale:.0f}" height="{height * scale:.0f}" tabindex="0"'
            f' data-paper="{paper}" data-ink="{ink}" aria-label="{word("board", language)}">'
            "</canvas>"
            f'<div class="kt-tools"><button type="button">{word("clear", language)}</button>'
            f'<label>{word("choose", language)}<input type="file"'
            ' accept="image/png,image/jpeg,image/bmp,image/gif"></label></div>'
            f"<p>{word('drop', language)}</p>"
        ),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_classes="kt-board",
    )
