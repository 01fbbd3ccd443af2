"""What the page asks of a net, and the answers that JSON can hold."""

import base64
from io import BytesIO
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.demo.net import LONGEST, Net
from kerastut.language import LANGUAGES, chinese
from kerastut.predict import CENTRED, Prediction, fitted, marked, readings

# Bytes of the largest picture and of the longest text that are read.
PICTURE, TEXT = 4 * 2**20, 4 * 2**10
# With more classes than this only the most probable are shown.
ROWS = 10
COLUMNS, MOST = 8, 64
GAP = 1  # transparent pixels between panes
COLOURS = "magma"
# Written for this page; none is in the data.
EXAMPLES = (
    "味道很好，分量也足，下次还会再来。",
    "房间又小又吵，空调还是坏的，很失望。",
    "物流很快，包装也好，可惜质量一般。",
)


def describe(net: Net, language: str) -> dict[str, Any]:
    """Returns what the page must know before the first question."""
    kind = "texts" if net.reads_texts else "pictures"
    return {
        "name": net.name,
        "kind": "digits" if net.trained.data in CENTRED else kind,
        "classes": net.classes[:ROWS],
        "shape": () if net.reads_texts else net.shape,
        "background": net.trained.background,
        "most": TEXT if net.reads_texts else PICTURE,
        "longest": LONGEST,
        "examples": EXAMPLES if net.trained.data == "reviews" else (),
        "language": language,
        "languages": LANGUAGES,
        "words": chinese(),
    }


def of_picture(content: bytes, net: Net) -> dict[str, Any]:
    """Returns what the net makes of a picture, brought to what it knows as `kerastut predict` does.

    Args:
        content: Of a PNG, JPEG, BMP or GIF file.
        net: Of pictures.

    Returns:
        The probabilities, the picture as the net sees it, and the feature maps of each layer; of
        digits also where they are, or why there are none.

    Raises:
        DataError: If it is none of these, or damaged.
    """
    picture = fitted(BytesIO(content), net.shape, net.trained)
    found: dict[str, Any] = {"inverted": picture.inverted}
    if picture.found is not None:
        found["boxes"] = data_url(marked(picture))
        if not picture.samples:
            return {**found, "reason": picture.found.reason}
    pixels = picture.samples[0]
    if picture.found is not None:
        read = readings(picture, net.ask(np.stack(picture.samples)), net.ask)
        found["read"] = "".join(reading.prediction.label for reading in read)
        found["doubtful"] = any(reading.is_doubtful for reading in read)
        # The bars and the maps are those of the digit that is the least sure.
        pixels = min(read, key=lambda reading: reading.prediction.probability).pixels
    prediction, maps = net.look(pixels)
    layers = [
        {"name": name, "shape": each.shape, "shown": MOST, "image": data_url(mosaic(each))}
        for name, each in maps.items()
    ]
    seen = data_url(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    return {**_chances(prediction), **found, "seen": seen, "layers": layers}


def of_text(content: bytes, net: Net) -> dict[str, Any]:
    """Returns what the net makes of a text in UTF-8, and of each of its characters."""
    text = content.decode("utf-8", "replace")[:LONGEST]
    prediction, shares, reference = net.weigh(text)
    return {**_chances(prediction), "text": text, "shares": shares, "reference": reference}


def _chances(prediction: Prediction) -> dict[str, Any]:
    few = len(prediction.probabilities) <= ROWS
    rows = prediction.probabilities if few else prediction.best(ROWS)
    return {"label": prediction.label, "rows": list(rows.items())}


def mosaic(maps: Array) -> Array:
    """Puts the first maps of a layer side by side, bright where a filter answers.

    Args:
        maps: `(height, width, filters)`. Black is the layer's lowest value, the brightest colour
            its highest, so that the panes can be compared.

    Returns:
        `(rows, columns, 4)` uint8, red, green, blue and opacity.
    """
    import matplotlib

    lowest, highest = float(maps.min()), float(maps.max())
    scaled = (maps[..., :MOST] - lowest) / (highest - lowest or 1.0)
    height, width, filters = scaled.shape
    columns = min(filters, COLUMNS)
    rows = -(-filters // columns)
    panes = np.zeros((rows * columns, height + GAP, width + GAP, 4), np.uint8)
    painted = matplotlib.colormaps[COLOURS](np.moveaxis(scaled, 2, 0), bytes=True)
    panes[:filters, :height, :width] = painted
    whole = panes.reshape(rows, columns, height + GAP, width + GAP, 4).swapaxes(1, 2)
    return whole.reshape(rows * (height + GAP), columns * (width + GAP), 4)[:-GAP, :-GAP]


def data_url(pixels: Array) -> str:
    """Returns a PNG of the pixels `(height, width)` or `(height, width, 3 or 4)` as a data URL."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
