"""The page of a run that recognises pictures."""

import gradio as gr

from kerastut.demo.blocks import LIVE, plain
from kerastut.demo.board import board
from kerastut.demo.markup import bars, layers, problem, sight
from kerastut.demo.net import Net
from kerastut.demo.pictures import seen
from kerastut.errors import DataError

Shown = tuple[str, str, str]


def picture_page(net: Net, language: str) -> None:
    """Lays out the board, the probabilities beside it, and the feature maps below."""
    empty = show(None, net, language)
    with gr.Row(elem_classes="kt-columns"):
        canvas = board(net, language)
        with gr.Column(elem_classes="kt-result"):
            chances = plain(empty[0])
            sees = plain(empty[1])
    maps = plain(empty[2], "kt-maps")

    def drawn(picture: str | None) -> Shown:
        return show(picture, net, language)

    canvas.drawn(drawn, canvas, [chances, sees, maps], **LIVE)


def show(picture: str | None, net: Net, language: str) -> Shown:
    """Returns the HTML of the probabilities, of what the net sees, and of the feature maps."""
    if picture is None:
        return bars(None, net.classes, language), "", ""
    try:
        found = seen(picture, net)
    except DataError:
        return bars(None, net.classes, language), problem(language), ""
    prediction, maps = net.look(found.pixels)
    return (
        bars(prediction, net.classes, language),
        sight(found, net.trained, language),
        layers(maps, language),
    )
