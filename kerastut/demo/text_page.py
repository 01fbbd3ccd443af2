"""The page of a run that judges texts."""

import gradio as gr

from kerastut.demo.blocks import LIVE, plain
from kerastut.demo.markup import bars, characters
from kerastut.demo.net import Net
from kerastut.demo.occlusion import occlusion, reference
from kerastut.demo.words import EXAMPLES, word

# Each character costs a prediction.
LONGEST = 200
Shown = tuple[str, str]


def text_page(net: Net, language: str) -> None:
    """Lays out the text, the probabilities beside it, and the contributions below."""
    examples = EXAMPLES if net.trained.data == "reviews" else ()
    first = examples[0] if examples else ""
    empty = show(first, net, language)
    with gr.Row(elem_classes="kt-columns"):
        with gr.Column(elem_classes="kt-input"):
            text = gr.Textbox(
                first, lines=4, max_length=LONGEST, label=word("text", language), autofocus=True
            )
            if examples:
                gr.Examples(
                    [[example] for example in examples], text, label=word("examples", language)
                )
        chances = plain(empty[0], "kt-result")
    contributions = plain(empty[1], "kt-result")

    def typed(text: str) -> Shown:
        return show(text, net, language)

    text.change(typed, text, [chances, contributions], **LIVE)


def show(text: str, net: Net, language: str) -> Shown:
    """Returns the HTML of the probabilities and of each character's contribution."""
    # Half of a pair that a browser may send cannot be encoded.
    text = text.encode("utf-8", "replace").decode("utf-8")[:LONGEST]
    if not text.strip():
        return bars(None, net.classes, language), ""
    prediction, shares = occlusion(text, net)
    name = reference(prediction, net.classes)
    return bars(prediction, net.classes, language), characters(text, shares, name, language)
