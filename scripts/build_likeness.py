"""Trains the small net that tells digits from what is none, for `kerastut/digits/likeness.npz`.

    pip install hershey-fonts font-caladea font-fredoka-one font-source-sans-pro \\
        font-source-serif-pro
    python scripts/build_likeness.py

Digits are MNIST's training images and printed ones; what is none are letters, scribbles, faces,
bars, blots, and pieces of digits and of paper, all of them drawn here from one seed. The fonts that
`scenes.py` measures with are not among those here.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scenes import FONTS
from scipy.ndimage import map_coordinates

from kerastut.arrays import Array
from kerastut.digits import cut, placed

if TYPE_CHECKING:
    import keras

FILE = Path(__file__).parents[1] / "kerastut" / "digits" / "likeness.npz"
# Plotted alphabets whose letters are those that hands write.
PLOTTED = ("futural", "futuram", "rowmans", "rowmand", "timesr", "timesi", "scripts", "cursive")
EMPTY = ("DejaVuSansDisplay", "DejaVuSerifDisplay")  # without letters and digits
DRAWN = 112  # pixels of the side that all is drawn in
# Not O, o, I, l, S, s, Z and z, which many fonts and hands write as 0, 1, 5 and 2.
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtuvwxy" * 2 + "?!&%@#+=$ßΔΨΩδπλжшяфюд"
# By how much more often than here something is a digit where readers ask: logarithm of the odds.
PRIOR = 1.5
COUNT, EPOCHS, BATCH = 110_000, 18, 256


def eight(values: Array) -> Array:
    """Returns values from 0 to 255 as bytes."""
    return values.astype(np.uint8)


Drawer = Callable[[np.random.Generator, str], Image.Image]


def drawers() -> list[Drawer]:
    """Returns what writes a sign: fonts of several makers, and the strokes of a plotter."""
    from matplotlib import get_data_path

    paths = sorted(Path(get_data_path(), "fonts", "ttf").glob("*.ttf"))
    paths = [p for p in paths if p.stem.startswith(("DejaVuS", "STIXGeneral", "cmb", "cmt"))]
    for name in ("source_sans_pro", "source_serif_pro", "caladea", "fredoka_one"):
        folder = import_module(f"font_{name}").__path__[0]
        paths += sorted(Path(folder, "files").glob("*.ttf"))
    fonts = [ImageFont.truetype(str(p), 80) for p in paths if p.stem not in (*FONTS, *EMPTY)]
    plotters = [import_module("HersheyFonts").HersheyFonts() for _ in PLOTTED]
    for plotter, name in zip(plotters, PLOTTED, strict=True):
        plotter.load_default_font(name)
    return [partial(glyph, f) for f in fonts] + [partial(strokes, p) for p in plotters] * 4


def glyph(font: ImageFont.FreeTypeFont, rng: np.random.Generator, text: str) -> Image.Image:
    """Writes a sign in a font."""
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    width, place = int(rng.integers(0, 4)), (DRAWN, DRAWN)
    pen = ImageDraw.Draw(image)
    pen.text(place, text, fill=255, font=font, anchor="mm", stroke_width=width)
    return image


def strokes(plotter: Any, rng: np.random.Generator, text: str) -> Image.Image:
    """Writes a Latin letter or a digit as a pen does, for other signs a tangle."""
    lines = [np.array(line, float) for line in plotter.strokes_for_text(text) if len(line) > 1]
    if not text.isascii() or not lines:
        return polyline(rng)
    points = np.concatenate(lines)
    scale = 80 / np.ptp(points, axis=0).max()
    image = Image.new("L", (DRAWN * 2, DRAWN * 2))
    pen, width = ImageDraw.Draw(image), int(rng.integers(4, 14))
    middle = (points.min(0) + points.max(0)) / 2
    for line in lines:
        moved = [tuple(point) for point in (line - middle) * scale + DRAWN]
        pen.line(moved, fill=255, width=width, joint="curve")
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


def bent(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """Bends strokes as no two hands write alike."""
    far = rng.uniform(0, 7)
    fields = (Image.fromarray(rng.normal(0, far, (5, 5)).astype(np.float32)) for _ in range(2))
    moves = [np.asarray(field.resize(image.size, Image.Resampling.BICUBIC)) for field in fields]
    places = np.indices(image.size, np.float32) + moves
    return Image.fromarray(map_coordinates(np.asarray(image), places, order=1))


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


def made(digits: Array, count: int, seed: int | list[int]) -> tuple[Array, Array]:
    """Returns `(n, 28, 28)` uint8, and 1 for digits."""
    rng = np.random.default_rng(seed)
    writers = drawers()
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
            if chance < 0.58:
                image = bent(rng, writers[rng.integers(len(writers))](rng, str(rng.integers(10))))
            else:
                image = digit_image(digit)
            x.append(disturbed(rng, image, 12, 0.1))
        else:
            if chance < 0.65:
                letter = LETTERS[rng.integers(len(LETTERS))]
                image = bent(rng, writers[rng.integers(len(writers))](rng, letter))
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
        keras.layers.Conv2D(24, 5, strides=2, **relu),
        keras.layers.Conv2D(48, 5, strides=2, **relu),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(64, **relu),
        keras.layers.Dense(1),
    ]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers])


def main() -> None:
    """Trains, says what is told apart at some bounds, and writes the weights."""
    import keras

    from kerastut.data import load

    data = load("mnist")
    train, test = (np.asarray(part.x)[..., 0] for part in (data.train, data.test))
    halves = [made(train, COUNT // 2, [1, half]) for half in range(2)]
    x, y = (np.concatenate(part) for part in zip(*halves, strict=True))
    model = net()
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(x) // BATCH)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    model.fit(x[..., None].astype("float32"), y, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    model.layers[-1].bias.assign_add([PRIOR])
    x, y = made(test, 6000, 2)
    odds = model.predict(x[..., None].astype("float32"), verbose=0)[:, 0]
    for bound in np.quantile(odds[y == 1], [0.001, 0.005, 0.01, 0.02]):
        print(f"below {bound:.2f}: {(odds[y == 0] < bound).mean():.3f} of what is no digit")
    np.savez_compressed(FILE, *(np.asarray(one, np.float16) for one in model.get_weights()))


if __name__ == "__main__":
    main()
