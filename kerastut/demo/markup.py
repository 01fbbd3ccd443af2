"""HTML of what changes on the page."""

from collections.abc import Mapping, Sequence
from html import escape

from kerastut.arrays import Array
from kerastut.demo.mosaic import MOST, data_url, mosaic
from kerastut.demo.pictures import Seen
from kerastut.demo.words import label, word
from kerastut.predict import CENTRED, Prediction, Trained

# With more classes than this only the most probable are shown.
ROWS = 10
# Contributions below this many percentage points get no number.
LEAST = 0.05


def bars(prediction: Prediction | None, classes: Sequence[str], language: str) -> str:
    """Returns the most probable class and a bar for each, in the order of the classes.

    Args:
        prediction: `None` while there is nothing to predict.
        classes: Class names by class number.
        language: `"en"` or `"zh"`.
    """
    best = prediction.label if prediction else ""
    rows = (
        _bar(label(name, language), share, name == best)
        for name, share in _shares(prediction, classes).items()
    )
    head = _title("probabilities", language) + _top(prediction, language)
    return f'{head}<div class="kt-bars">{"".join(rows)}</div>'


def sight(found: Seen, trained: Trained, language: str) -> str:
    """Returns the picture as it reaches the net, and what was done to it."""
    pixels = found.pixels
    facts = [word("size", language, height=pixels.shape[0], width=pixels.shape[1])]
    if trained.data in CENTRED:
        facts.append(word("placed", language))
    if found.inverted:
        facts.append(word("inverted", language))
    image = _image(pixels[..., 0] if pixels.shape[2] == 1 else pixels, word("seen", language))
    lines = "<br>".join(facts)
    return f'<div class="kt-seen">{image}<div>{_title("seen", language)}<p>{lines}</p></div></div>'


def layers(maps: Mapping[str, Array], language: str) -> str:
    """Returns the feature maps of each convolution layer."""
    if not maps:
        return ""
    panes = "".join(_layer(name, found, language) for name, found in maps.items())
    text = f"{_title('maps', language)}<p>{word('maps-help', language)}</p>"
    return f'{text}<div class="kt-layers">{panes}</div>'


def characters(text: str, shares: Sequence[float], reference: str, language: str) -> str:
    """Returns the text with each character on the colour of its contribution, in points."""
    if not text:
        return ""
    name = escape(label(reference, language))
    strongest = max((abs(share) for share in shares), default=0.0)
    cells = "".join(
        _character(character, 100 * share, share / strongest if strongest else 0.0)
        for character, share in zip(text, shares, strict=True)
    )
    return (
        f"{_title('contributions', language, label=name)}"
        f'<div class="kt-text">{cells}</div>'
        f'<p class="kt-help">{word("contributions-help", language, label=name)}</p>'
    )


def problem(language: str) -> str:
    """Returns the message for a picture that cannot be read."""
    return f'<p class="kt-problem" role="alert">{word("unreadable", language)}</p>'


def _title(key: str, language: str, **values: str) -> str:
    return f"<h2>{word(key, language, **values)}</h2>"


def _shares(prediction: Prediction | None, classes: Sequence[str]) -> Mapping[str, float | None]:
    if prediction is None:
        return dict.fromkeys(classes[:ROWS])
    return prediction.probabilities if len(classes) <= ROWS else prediction.best(ROWS)


def _top(prediction: Prediction | None, language: str) -> str:
    if prediction is None:
        return f'<p class="kt-top kt-none">{word("nothing", language)}</p>'
    name = escape(label(prediction.label, language))
    return f'<p class="kt-top"><b>{name}</b> <span>{prediction.probability:.1%}</span></p>'


def _bar(name: str, share: float | None, best: bool) -> str:
    number = "–" if share is None else f"{share:.1%}"
    return (
        f'<div class="kt-bar{" kt-best" if best else ""}"><span>{escape(name)}</span>'
        f'<i><i style="width:{100 * (share or 0):.1f}%"></i></i><span>{number}</span></div>'
    )


def _layer(name: str, maps: Array, language: str) -> str:
    height, width, filters = maps.shape
    key = "layer" if filters <= MOST else "layer-cut"
    text = word(key, language, shown=MOST, filters=filters, height=height, width=width)
    image = _image(mosaic(maps), f"{escape(name)}: {text}")
    return f"<figure><figcaption><b>{escape(name)}</b> {text}</figcaption>{image}</figure>"


def _image(pixels: Array, text: str) -> str:
    # Decoded before it is shown: pictures that follow each other do not flicker.
    return f'<img decoding="sync" alt="{text}" src="{data_url(pixels)}">'


def _character(character: str, points: float, strength: float) -> str:
    colour = "kt-for" if points > 0 else "kt-against"
    number = f"{points:+.1f}".replace("-", "−") if abs(points) >= LEAST else "·"
    shown = "⏎" if character == "\n" else escape(character)
    style = f"--strength:{abs(strength):.2f}"
    return f'<span class="{colour}" style="{style}"><b>{shown}</b><small>{number}</small></span>'
