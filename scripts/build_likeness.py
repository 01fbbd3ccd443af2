"""Trains the small net that tells digits from what is none, for `kerastut/digits/likeness.npz`.

    python scripts/build_likeness.py

Digits are MNIST's training images and printed ones; what is none are letters, scribbles, faces,
bars, blots, and pieces of digits and of paper, all of them drawn here from one seed.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from kerastut.arrays import Array
from kerastut.digits import cut, placed

if TYPE_CHECKING:
    import keras

FILE = Path(__file__).parents[1] / "kerastut" / "digits" / "likeness.npz"
DRAWN = 112  # pixels of the side that all is drawn in
LETTERS = "AACEFHHJKKLMMNNPQRRTTUVVWWXXYYacdefhkmmnprtuvwwxx?!&%@#+=$ßΔΨΩδπλжшяфюд"
COUNT = 110_000


def eight(values: Array) -> Array:
    """Returns values from 0 to 255 as bytes."""
    return values.astype(np.uint8)


def fonts() -> list[ImageFont.FreeTypeFont]:
    """Returns matplotlib's fonts of text."""
    from matplotlib import get_data_path

    paths = sorted(Path(get_data_path(), "fonts", "ttf").glob("*.ttf"))
    names = [p for p in paths if p.stem.startswith(("DejaVuS", "STIXGeneral", "cm"))]
    names = [p for p in names if not p.stem.startswith(("cmsy", "cmex", "cmmi"))]
    return [ImageFont.truetype(str(path), 80) for path in names]


def glyph(rng: np.random.Generator, font: ImageFont.FreeTypeFont, text: str) -> Image.Image:
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    pen = ImageDraw.Draw(image)
    pen.text(
        (DRAWN, DRAWN), text, fill=255, font=font, anchor="mm", stroke_width=int(rng.integers(0, 4))
    )
    return image


def polyline(rng: np.random.Generator) -> Image.Image:
    """Draws a letter-like sign of a few strokes, or a tangle."""
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    pen = ImageDraw.Draw(image)
    width = int(rng.integers(4, 14))
    kind = rng.integers(3)
    if kind == 0:
        steps = rng.normal(0, 1, (int(rng.integers(15, 90)), 2)).cumsum(0)
        steps = (steps - steps.min(0)) / np.ptp(steps, 0) * 90 + 67
        pen.line([tuple(p) for p in steps], fill=255, width=max(2, width // 2), joint="curve")
    else:
        grid = (
            rng.integers(0, 3, (int(rng.integers(3, 7)), 2, 2)) * 42
            + 70
            + rng.normal(0, 5, (1, 1, 2))
        )
        for a, b in grid:
            pen.line([tuple(a), tuple(b)], fill=255, width=width)
            if kind == 2 and rng.random() < 0.4:
                r = rng.integers(15, 40)
                pen.arc(
                    (a[0] - r, a[1] - r, a[0] + r, a[1] + r),
                    0,
                    int(rng.integers(90, 360)),
                    fill=255,
                    width=width,
                )
    return image


def face(rng: np.random.Generator) -> Image.Image:
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    pen, c, r, w = ImageDraw.Draw(image), DRAWN, 45, int(rng.integers(2, 8))
    pen.ellipse(
        (c - r, c - r * rng.uniform(0.85, 1.2), c + r, c + r * rng.uniform(0.85, 1.2)),
        outline=255,
        width=w,
    )
    for side in (-1, 1):
        x, y, e = c + side * rng.uniform(14, 20), c - rng.uniform(8, 18), rng.uniform(2, 8)
        pen.ellipse((x - e, y - e, x + e, y + e), fill=255)
    if rng.random() < 0.4:
        pen.line((c, c - 5, c, c + 8), fill=255, width=w)
    y = c + rng.uniform(-5, 15)
    pen.arc(
        (c - 22, y - 10, c + 22, y + 18),
        *((20, 160) if rng.random() < 0.7 else (200, 340)),
        fill=255,
        width=w,
    )
    return image


def blot(rng: np.random.Generator, digit: Array) -> Image.Image:
    """Draws a bar that lies, a piece of paper, a cloud of noise, squares, or a blot."""
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    pen = ImageDraw.Draw(image)
    kind = rng.integers(6)
    w, h = rng.integers(25, 100, 2)
    box = (DRAWN - w // 2, DRAWN - h // 2, DRAWN + w // 2, DRAWN + h // 2)
    if kind == 0:
        thick = int(rng.integers(2, 12))
        pen.rectangle((DRAWN - 50, DRAWN - thick, DRAWN + 50, DRAWN + thick), fill=255)
    elif kind == 1:
        pen.rectangle(box, fill=255)
        hole = Image.fromarray(255 - digit).resize((90, 90))
        image.paste(hole, (int(rng.integers(60, 110)), int(rng.integers(60, 110))))
        keep = Image.new("L", image.size)
        ImageDraw.Draw(keep).rectangle(box, fill=255)
        image = Image.composite(image, Image.new("L", image.size), keep)
    elif kind == 2:
        pen.polygon(
            [tuple(p) for p in rng.integers(60, 160, (int(rng.integers(3, 6)), 2))], fill=255
        )
    elif kind == 3:
        noise = Image.fromarray(eight(rng.random((DRAWN * 2, DRAWN * 2)) * 255)).filter(
            ImageFilter.GaussianBlur(rng.uniform(1, 9))
        )
        field = np.asarray(noise, np.float32)
        mask = np.zeros_like(field)
        mask[DRAWN - h // 2 : DRAWN + h // 2, DRAWN - w // 2 : DRAWN + w // 2] = 1
        image = Image.fromarray(
            eight((field > np.quantile(field, rng.uniform(0.5, 0.8))) * mask * 255)
        )
    elif kind == 4:
        step, thick = int(rng.integers(10, 40)), int(rng.integers(1, 7))
        for place in range(DRAWN - h // 2, DRAWN + h // 2 + 1, step):
            pen.line((box[0], place, box[2], place), fill=255, width=thick)
        for place in range(DRAWN - w // 2, DRAWN + w // 2 + 1, step):
            pen.line((place, box[1], place, box[3]), fill=255, width=thick)
    else:
        pen.ellipse(box, fill=255)
    return image


def digit_image(digit: Array) -> Image.Image:
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    image.paste(
        Image.fromarray(digit).resize((DRAWN, DRAWN), Image.Resampling.BICUBIC),
        (DRAWN // 2, DRAWN // 2),
    )
    return image


def pair(digits: Array) -> Image.Image:
    """Draws two digits that touch."""
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    for place, digit in enumerate(digits):
        image.paste(
            Image.fromarray(digit).resize((70, 70)),
            (DRAWN - 60 + place * 52, DRAWN - 35),
            Image.fromarray(digit).resize((70, 70)),
        )
    return image


def disturbed(rng: np.random.Generator, image: Image.Image, turn: float, slant: float) -> Array:
    """Turns, slants, thickens or thins, blurs; and places as MNIST does."""
    a = np.deg2rad(rng.uniform(-turn, turn))
    s, k = rng.uniform(-slant, slant), rng.uniform(0.85, 1.18)
    m = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ np.array([[k, s], [0, 1 / k]])
    c = DRAWN
    off = np.array([c, c]) - m @ np.array([c, c])
    image = image.transform(
        image.size,
        Image.Transform.AFFINE,
        (m[0, 0], m[0, 1], off[0], m[1, 0], m[1, 1], off[1]),
        Image.Resampling.BILINEAR,
    )
    way = rng.random()
    if way < 0.15 or np.asarray(image).mean() < 3:
        image = image.filter(ImageFilter.MaxFilter(3 + 2 * int(rng.integers(2))))
    elif way < 0.25:
        image = image.filter(ImageFilter.MinFilter(3))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 3)))
    found = np.asarray(image, np.float32) / 255
    top = found.max()
    mask = found > 0.5 * top
    if top < 0.1:
        return disturbed(rng, digit_image(np.full((28, 28), 255, np.uint8)), turn, slant)
    rows, columns = mask.nonzero()
    box = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
    return placed(cut(found, mask, box, float(top) * rng.uniform(0.7, 1)))


def made(digits: Array, count: int, seed: int) -> tuple[Array, Array]:
    """Returns `(n, 28, 28)` uint8, and 1 for digits."""
    rng = np.random.default_rng(seed)
    faces = fonts()
    x, y = [], []
    for number in range(count):
        digit = digits[rng.integers(len(digits))]
        chance = rng.random()
        is_digit = number % 2 == 0
        if is_digit:
            if chance < 0.45:
                x.append(digit)
                y.append(1)
                continue
            if chance < 0.53:
                image = glyph(rng, faces[rng.integers(len(faces))], str(rng.integers(10)))
            else:
                image = digit_image(digit)
            x.append(disturbed(rng, image, 12, 0.1))
        else:
            if chance < 0.62:
                image = glyph(
                    rng, faces[rng.integers(len(faces))], LETTERS[rng.integers(len(LETTERS))]
                )
            elif chance < 0.74:
                image = polyline(rng)
            elif chance < 0.82:
                image = face(rng)
            elif chance < 0.95:
                image = blot(rng, digit)
            else:
                image = pair(digits[rng.integers(len(digits), size=2)])
            x.append(disturbed(rng, image, 14, 0.2))
        y.append(is_digit)
    return np.stack(x), np.array(y, np.float32)


def net() -> "keras.Model":
    """Returns the net; its last layer gives the logarithm of the odds."""
    import keras

    keras.utils.set_random_seed(0)
    relu = {"activation": "relu"}
    layers = [
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(16, 5, strides=2, **relu),
        keras.layers.Conv2D(32, 5, strides=2, **relu),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(32, **relu),
        keras.layers.Dense(1),
    ]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers])


def main() -> None:
    import keras

    from kerastut.data import load

    data = load("mnist")
    digits = np.asarray(data.train.x)[..., 0]
    x, y = made(digits, COUNT, 1)
    xt, yt = made(np.asarray(data.test.x)[..., 0], 6000, 2)
    model = net()
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, 22 * len(x) // 128)),
        keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0)],
    )
    model.summary()
    model.fit(
        x[..., None].astype("float32"),
        y,
        batch_size=128,
        epochs=22,
        verbose=2,
        validation_data=(xt[..., None].astype("float32"), yt),
    )
    out = model.predict(xt[..., None].astype("float32"), verbose=0)[:, 0]
    cut = np.quantile(out[yt == 1], [0.001, 0.005, 0.01, 0.02])
    print("cuts", cut, "negatives under", [(out[yt == 0] < c).mean() for c in cut])
    weights = [np.asarray(weight, np.float16) for weight in model.get_weights()]
    np.savez_compressed(FILE, *weights)


if __name__ == "__main__":
    main()
