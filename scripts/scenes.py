"""Pictures as readers take them, made from seeds: a digit or more, or none, on all kinds of ground.

    python scripts/scenes.py FOLDER [COUNT]

writes some of each scene. `python scripts/measure_scenes.py` has a trained net read them.
"""

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from kerastut.arrays import Array

Pixels = Array
WHITE = (255, 255, 255)


def eight(values: Array) -> Array:
    """Returns values from 0 to 255 as bytes."""
    return values.astype(np.uint8)


@dataclass
class Scene:
    """A page that is being drawn.

    Args:
        rng: Where all chance comes from.
        page: `(height, width, 3)` float32 from 0 to 1.
        digits: `(n, 28, 28)` uint8 that are to stand on it.
        ink: Colour of what is written, from 0 to 1.
        side: Side of a digit's 28x28, in pixels.
    """

    rng: np.random.Generator
    page: Pixels
    digits: Pixels
    ink: Pixels
    side: float

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.page.shape[0], self.page.shape[1]


def between(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, max(low, high)))


def begun(
    rng: np.random.Generator, digits: Pixels, longest: tuple[int, int] = (250, 1400)
) -> Scene:
    """Returns a page of some size and colour, and an ink."""
    wide = int(np.exp(between(rng, *np.log(longest))))
    high = int(wide * between(rng, 0.6, 1.0))
    shape = (high, wide) if rng.random() < 0.6 else (wide, high)
    light = between(rng, 0.75, 1.0)
    paper = light * (1 - np.array([0.0, rng.uniform(0, 0.04), rng.uniform(0, 0.14)]))
    page = np.broadcast_to(paper, (*shape, 3)).astype(np.float32).copy()
    inks = [(0.08, 0.08, 0.1), (0.0, 0.0, 0.0), (0.1, 0.15, 0.45), (0.2, 0.2, 0.25)]
    ink = np.array(inks[rng.integers(len(inks))], np.float32)
    return Scene(rng, page, digits, ink, min(shape) * between(rng, 0.3, 0.75))


def ink_of(digit: Pixels, side: float, rng: np.random.Generator) -> Pixels:
    """Returns how much of a pixel is covered, from 0 to 1, for a digit of that side."""
    ways = [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS]
    number = max(8, round(side))
    image = Image.fromarray(digit).resize((number, number), ways[rng.integers(3)])
    cover = np.asarray(image, np.float32) / 255
    hard = between(rng, 1, 4)  # from the soft edge of the enlarged picture to a pen's
    return np.clip((cover - 0.5) * hard + 0.5, 0, 1) if rng.random() < 0.5 else cover


def put(scene: Scene, digit: Pixels, top: float, left: float, side: float) -> None:
    """Writes a digit."""
    cover = ink_of(digit, side, scene.rng)
    high, wide = scene.size
    top, left = int(np.clip(top, 0, high - len(cover))), int(np.clip(left, 0, wide - len(cover)))
    _cover(scene, cover, top, left)


def _cover(scene: Scene, cover: Pixels, top: int, left: int) -> None:
    part = scene.page[top : top + cover.shape[0], left : left + cover.shape[1]]
    part += cover[: part.shape[0], : part.shape[1], None] * (scene.ink - part)


def write(scene: Scene, margin: float = 0.02) -> None:
    """Writes one digit somewhere."""
    high, wide = scene.size
    side = min(scene.side, (1 - 2 * margin) * min(high, wide))
    top = between(scene.rng, margin * high, high * (1 - margin) - side)
    left = between(scene.rng, margin * wide, wide * (1 - margin) - side)
    put(scene, scene.digits[0], top, left, side)


def grain(scene: Scene, low: float = 0.0, high: float = 0.03) -> None:
    sigma = between(scene.rng, low, high)
    scene.page += scene.rng.normal(0, sigma, scene.page.shape).astype(np.float32)


def blurred(field: Pixels, radius: float) -> Pixels:
    """Returns a field `(height, width)` from 0 to 1 blurred."""
    image = Image.fromarray(eight(np.clip(field, 0, 1) * 255))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def grid(scene: Scene) -> tuple[Pixels, Pixels]:
    high, wide = scene.size
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    return rows, columns


def ramp(scene: Scene) -> Pixels:
    """Returns a field that grows from 0 to 1 in any direction."""
    rows, columns = grid(scene)
    angle = between(scene.rng, 0, 2 * np.pi)
    field = rows * np.sin(angle) + columns * np.cos(angle)
    field -= field.min()
    return np.asarray(field / field.max())


# ---- what lies on a page or around it ----


def uneven_light(scene: Scene) -> None:
    """Dims one side, or leaves a spot of light."""
    if scene.rng.random() < 0.6:
        field = 1 - ramp(scene) * between(scene.rng, 0.4, 0.78)
    else:
        rows, columns = grid(scene)
        high, wide = scene.size
        y, x = between(scene.rng, 0, high), between(scene.rng, 0, wide)
        far = np.hypot(rows - y, columns - x) / max(high, wide)
        field = np.maximum(0.22, 1 - far * between(scene.rng, 0.5, 0.95))
    scene.page *= field[..., None]


def shadow(scene: Scene) -> None:
    """Lays the shadow of a hand or an arm over a part, with a soft or rather hard edge."""
    rng, (high, wide) = scene.rng, scene.size
    image = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(image)
    angle = between(rng, 0, 2 * np.pi)
    x, y = wide / 2 + np.cos(angle) * wide * 0.4, high / 2 + np.sin(angle) * high * 0.4
    reach = min(high, wide) * between(rng, 0.2, 0.5)
    if rng.random() < 0.4:  # half of the page
        turn = between(rng, 0, np.pi)
        far = 3 * max(high, wide)
        px, py = wide * between(rng, 0.3, 0.7), high * between(rng, 0.3, 0.7)
        dx, dy = far * np.cos(turn), far * np.sin(turn)
        pen.polygon(
            [
                (px - dx, py - dy),
                (px + dx, py + dy),
                (px + dx - dy, py + dy + dx),
                (px - dx - dy, py - dy + dx),
            ],
            fill=255,
        )
    else:
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
        for finger in range(int(rng.integers(0, 5))):
            lean = angle + np.pi + (finger - 2) * 0.35
            tip = (x + np.cos(lean) * reach * 1.9, y + np.sin(lean) * reach * 1.9)
            pen.line([(x, y), tip], fill=255, width=max(2, int(reach * 0.3)))
    soft = blurred(np.asarray(image, np.float32) / 255, min(high, wide) * between(rng, 0.005, 0.08))
    scene.page *= (1 - soft * between(rng, 0.25, 0.65))[..., None]


def line_width(scene: Scene) -> int:
    return max(1, round(min(scene.size) * between(scene.rng, 0.0015, 0.006)))


def line_colour(scene: Scene) -> tuple[int, int, int]:
    colours = [(170, 190, 225), (150, 150, 150), (120, 160, 220), (190, 190, 190), (110, 110, 110)]
    colours += [(150, 200, 170), (95, 95, 95), (205, 170, 170)]
    return colours[scene.rng.integers(len(colours))]


def drawn_on(scene: Scene, draw: Callable[[ImageDraw.ImageDraw], None], lean: float = 0) -> None:
    """Draws on the page with Pillow, on a larger one that is then turned by some degrees."""
    high, wide = scene.size
    big = int(np.hypot(high, wide)) + 4
    image = Image.new("RGBA", (big, big))
    draw(ImageDraw.Draw(image))
    image = image.rotate(lean, Image.Resampling.BICUBIC)
    left, top = (big - wide) // 2, (big - high) // 2
    layer = np.asarray(image.crop((left, top, left + wide, top + high)), np.float32) / 255
    scene.page += layer[..., 3:] * (layer[..., :3] - scene.page)


def ruled(scene: Scene, lean: float = 0) -> None:
    """Draws the lines of a writing pad."""
    far = int(sum(scene.size))
    step = max(9, int(min(scene.size) * between(scene.rng, 0.06, 0.16)))
    colour, width = (*line_colour(scene), 255), line_width(scene)
    start = int(scene.rng.integers(step))

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for y in range(start, far, step):
            pen.line([(0, y), (far, y)], fill=colour, width=width)

    drawn_on(scene, draw, lean)


def squared(scene: Scene, lean: float = 0) -> None:
    """Draws the squares of an exercise book."""
    far = int(sum(scene.size))
    step = max(8, int(min(scene.size) * between(scene.rng, 0.03, 0.1)))
    colour, width = (*line_colour(scene), 255), line_width(scene)
    start, other = scene.rng.integers(step, size=2)

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for place in range(0, far, step):
            pen.line([(0, place + start), (far, place + start)], fill=colour, width=width)
            pen.line([(place + other, 0), (place + other, far)], fill=colour, width=width)

    drawn_on(scene, draw, lean)


def red_margin(scene: Scene, lean: float = 0) -> None:
    """Draws the line of a margin, left or right."""
    far = int(np.hypot(*scene.size)) + 4
    side = far / 2 + scene.size[1] * between(scene.rng, 0.3, 0.45) * scene.rng.choice((-1, 1))
    reds = [(220, 90, 90), (200, 60, 60), (235, 140, 140), (180, 60, 90)]
    colour = (*reds[scene.rng.integers(len(reds))], 255)
    width = line_width(scene)
    drawn_on(scene, lambda pen: pen.line([(side, 0), (side, far)], fill=colour, width=width), lean)


def frame(scene: Scene) -> None:
    """Draws bars along one to four edges: another sheet, a scanner's lid, a printed frame."""
    rng, (high, wide) = scene.rng, scene.size
    dark = np.float32(between(rng, 0, 0.4))
    gap = int(between(rng, 0, 0.02) * min(high, wide)) if rng.random() < 0.3 else 0
    for edge in rng.permutation(4)[: rng.integers(1, 5)]:
        thick = max(2, int(between(rng, 0.006, 0.11) * min(high, wide)))
        turned = np.rot90(scene.page, edge)
        turned[gap : gap + thick] = dark


def specks(scene: Scene) -> None:
    """Strews dust and crumbs."""
    rng, (high, wide) = scene.rng, scene.size
    image = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 40))):
        radius = min(high, wide) * between(rng, 0.001, 0.011)
        y, x = between(rng, 0, high), between(rng, 0, wide)
        stretch = between(rng, 0.6, 1.6)
        pen.ellipse((x - radius * stretch, y - radius, x + radius * stretch, y + radius), fill=255)
    cover = np.asarray(image, np.float32)[..., None] / 255
    scene.page += cover * (np.float32(between(rng, 0, 0.4)) - scene.page)


def creases(scene: Scene) -> None:
    """Folds the page: a brighter and a darker side, or a thin dark line."""
    rng = scene.rng
    for _ in range(int(rng.integers(1, 5))):
        field = ramp(scene)
        fold, width = between(rng, 0.15, 0.85), between(rng, 0.004, 0.03)
        far = (field - fold) / width
        scene.page *= (1 - between(rng, 0.05, 0.25) * np.exp(-(far**2)))[..., None]
        scene.page *= (1 - between(rng, 0.0, 0.12) * (far > 0))[..., None]


def wood(scene: Scene, high: int, wide: int) -> Pixels:
    """Returns a table top."""
    rng = scene.rng
    colours = [(0.35, 0.22, 0.12), (0.5, 0.35, 0.2), (0.2, 0.13, 0.09), (0.15, 0.15, 0.17)]
    colours += [(0.3, 0.3, 0.3), (0.1, 0.18, 0.3)]
    base = np.array(colours[rng.integers(len(colours))], np.float32)
    rows, columns = np.mgrid[:high, :wide].astype(np.float32) / max(high, wide)
    if rng.random() < 0.5:
        rows, columns = columns, rows
    bend = between(rng, 0, 0.04) * np.sin(columns * between(rng, 3, 12))
    rings = np.sin((rows + bend) * between(rng, 60, 300)) * between(rng, 0, 0.22)
    noise = rng.normal(0, between(rng, 0.0, 0.06), (high, wide))
    return np.asarray(np.clip(base * (1 + rings + noise)[..., None], 0, 1), np.float32)


def on_desk(scene: Scene, lean: float = 0, bend: float = 0) -> None:
    """Lays the page on a desk, turned and seen askew."""
    rng, (high, wide) = scene.rng, scene.size
    around = [between(rng, 0.03, 0.35) for _ in range(4)]
    new = (int(high * (1 + around[0] + around[1])), int(wide * (1 + around[2] + around[3])))
    desk = wood(scene, *new)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners - (wide / 2, high / 2)
    turn = np.deg2rad(lean)
    moved = moved @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shrink = min(1, min(new[1] / np.ptp(moved[:, 0]), new[0] / np.ptp(moved[:, 1])) * 0.97)
    moved = moved * shrink + (new[1] / 2, new[0] / 2)
    moved += rng.uniform(-bend, bend, (4, 2)) * min(high, wide)
    scene.page = warped(scene.page, corners, moved, desk)
    scene.side *= shrink


def warped(page: Pixels, corners: Pixels, moved: Pixels, ground: Pixels) -> Pixels:
    """Returns the ground with the page on it, its corners `(x, y)` moved."""
    rows, right = [], []
    for (u, v), (x, y) in zip(corners, moved, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    numbers = np.linalg.solve(np.array(rows, float), np.array(right, float))
    image = Image.fromarray(eight(np.clip(page, 0, 1) * 255)).convert("RGBA")
    size = (ground.shape[1], ground.shape[0])
    laid = image.transform(
        size, Image.Transform.PERSPECTIVE, tuple(numbers), Image.Resampling.BICUBIC
    )
    layer = np.asarray(laid, np.float32) / 255
    return np.asarray(ground + layer[..., 3:] * (layer[..., :3] - ground))


def turned(scene: Scene, lean: float) -> None:
    """Turns the page as it lies, with paper of its own beyond the edges."""
    fill = tuple(int(v) for v in np.clip(np.median(scene.page, (0, 1)), 0, 1) * 255)
    image = Image.fromarray(eight(np.clip(scene.page, 0, 1) * 255))
    scene.page = (
        np.asarray(image.rotate(lean, Image.Resampling.BICUBIC, fillcolor=fill), np.float32) / 255
    )


def askew(scene: Scene) -> None:
    """Shows the page in perspective, beyond its edges paper alone."""
    high, wide = scene.size
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners + scene.rng.uniform(-0.12, 0.12, (4, 2)) * (wide, high)
    fill = np.broadcast_to(np.median(scene.page, (0, 1)), scene.page.shape).astype(np.float32)
    scene.page = warped(scene.page, corners, moved, fill)


def lean_of(scene: Scene, most: float = 20) -> float:
    return between(scene.rng, -most, most)


# ---- scenes of one digit ----


def plain(s: Scene) -> None:
    write(s)


def small(s: Scene) -> None:
    s.side = min(s.size) * between(s.rng, 0.14, 0.28)
    write(s)
    grain(s, 0, 0.02)


def large(s: Scene) -> None:
    s.side = min(s.size) * between(s.rng, 0.9, 1.0)
    write(s, 0)


def grainy(s: Scene) -> None:
    write(s)
    grain(s, 0.03, 0.08)


def pencil(s: Scene) -> None:
    s.ink = np.median(s.page, (0, 1)) * np.float32(between(s.rng, 0.45, 0.72))
    write(s)
    grain(s, 0.005, 0.03)


def marker(s: Scene) -> None:
    s.ink = np.array(
        [(0, 0, 0), (0.8, 0.05, 0.1), (0.0, 0.4, 0.15), (0.1, 0.1, 0.7)][s.rng.integers(4)],
        np.float32,
    )
    s.digits = s.digits.copy()
    thick = (
        Image.fromarray(s.digits[0])
        .resize((280, 280))
        .filter(ImageFilter.MaxFilter(9 + 2 * int(s.rng.integers(4))))
    )
    s.digits[0] = np.asarray(thick.resize((28, 28)))
    write(s)


def thin(s: Scene) -> None:
    big = Image.fromarray(s.digits[0]).resize((280, 280), Image.Resampling.BICUBIC)
    fine = np.asarray(big.filter(ImageFilter.MinFilter(5 + 2 * int(s.rng.integers(3)))), np.float32)
    s.digits = eight(fine)[None] if fine.max() > 200 else s.digits
    write(s)
    grain(s, 0, 0.02)


def colours(s: Scene) -> None:
    paper = np.array(
        [s.rng.uniform(0.6, 1), s.rng.uniform(0.6, 1), s.rng.uniform(0.4, 1)], np.float32
    )
    s.page[:] = paper
    inks = [
        (0.75, 0.1, 0.15),
        (0.1, 0.2, 0.65),
        (0.05, 0.45, 0.2),
        (0.4, 0.1, 0.5),
        (0.1, 0.1, 0.1),
    ]
    s.ink = np.array(inks[s.rng.integers(len(inks))], np.float32)
    write(s)
    grain(s, 0, 0.02)


def board(s: Scene) -> None:
    greens = [(0.1, 0.22, 0.16), (0.1, 0.1, 0.11), (0.05, 0.05, 0.05), (0.15, 0.25, 0.3)]
    s.page[:] = np.array(greens[s.rng.integers(len(greens))], np.float32)
    smear = blurred(s.rng.random(s.size), 12) - 0.5
    s.page += (smear * between(s.rng, 0, 1.2))[..., None]
    s.ink = np.array([between(s.rng, 0.7, 1.0)] * 3, np.float32)
    write(s)
    grain(s, 0, 0.05)


def light_on_dark(s: Scene) -> None:
    s.page[:] = np.float32(between(s.rng, 0, 0.25))
    s.ink = np.array([between(s.rng, 0.6, 1.0)] * 3, np.float32)
    write(s)


def desk(s: Scene) -> None:
    write(s, 0.08)
    on_desk(s, lean_of(s, 5), 0.01)
    grain(s, 0, 0.03)


def desk_turned(s: Scene) -> None:
    write(s, 0.08)
    on_desk(s, lean_of(s), 0.03)
    grain(s, 0, 0.03)


def squares(s: Scene) -> None:
    squared(s)
    write(s)


def squares_grey(s: Scene) -> None:
    squared(s, lean_of(s, 3))
    s.ink = np.array([between(s.rng, 0.05, 0.3)] * 3, np.float32)
    write(s)
    grain(s, 0.005, 0.03)


def lines(s: Scene) -> None:
    ruled(s)
    write(s)


def margins(s: Scene) -> None:
    ruled(s, lean := lean_of(s, 2))
    red_margin(s, lean)
    write(s)
    grain(s, 0, 0.02)


def light(s: Scene) -> None:
    write(s)
    uneven_light(s)
    grain(s, 0, 0.015)


def hand_shadow(s: Scene) -> None:
    write(s)
    shadow(s)
    grain(s, 0, 0.015)


def frames(s: Scene) -> None:
    s.side = min(s.side, 0.6 * min(s.size))
    write(s, 0.14)
    frame(s)
    grain(s, 0, 0.015)


def dust(s: Scene) -> None:
    write(s)
    specks(s)


def folded(s: Scene) -> None:
    write(s)
    creases(s)
    grain(s, 0, 0.02)


def blur(s: Scene) -> None:
    write(s)
    radius = between(s.rng, 0.01, 0.035) * s.side
    image = Image.fromarray(eight(np.clip(s.page, 0, 1) * 255))
    s.page = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255
    grain(s, 0, 0.02)


def turns(s: Scene) -> None:
    write(s, 0.1)
    turned(s, lean_of(s))


def lines_turned(s: Scene) -> None:
    ruled(s)
    write(s, 0.12)
    turned(s, lean_of(s))


def perspective(s: Scene) -> None:
    write(s, 0.15)
    askew(s)
    grain(s, 0, 0.02)


def squares_shadow(s: Scene) -> None:
    squared(s, lean_of(s, 2))
    write(s)
    shadow(s)
    grain(s, 0, 0.02)


def desk_lines_light(s: Scene) -> None:
    ruled(s)
    write(s, 0.1)
    on_desk(s, lean_of(s, 8), 0.03)
    uneven_light(s)
    grain(s, 0, 0.02)


def whiteboard(s: Scene) -> None:
    s.page[:] = np.float32(between(s.rng, 0.8, 0.95))
    s.ink = np.array(
        [(0.1, 0.2, 0.7), (0.7, 0.1, 0.1), (0.1, 0.5, 0.2), (0.1, 0.1, 0.1)][s.rng.integers(4)],
        np.float32,
    )
    write(s)
    uneven_light(s)
    rows, columns = grid(s)
    y, x = (between(s.rng, 0, side) for side in s.size)
    glare = np.exp(-(((rows - y) ** 2 + (columns - x) ** 2) / (0.12 * max(s.size)) ** 2))
    s.page += (glare * between(s.rng, 0, 0.25))[..., None]


def jpeg_poor(s: Scene) -> None:
    write(s)
    uneven_light(s)


# ---- scenes of several digits ----


def several(s: Scene) -> None:
    """Writes all digits in a row."""
    rng, (high, wide) = s.rng, s.size
    count = len(s.digits)
    side = min(wide / count * 0.95, high * between(rng, 0.3, 0.8))
    step = between(rng, side * 0.95, min(side * 1.5, wide / count))
    left = between(rng, 0, wide - step * (count - 1) - side)
    top = between(rng, 0.02 * high, high * 0.95 - side)
    for number, digit in enumerate(s.digits):
        put(s, digit, top + between(rng, -0.05, 0.05) * side, left + number * step, side)


def several_lines(s: Scene) -> None:
    several(s)
    if s.rng.random() < 0.5:
        uneven_light(s)
    grain(s, 0, 0.015)


def several_ruled(s: Scene) -> None:
    ruled(s)
    several(s)


def page_of_twenty(s: Scene) -> None:
    rng, (high, wide) = s.rng, s.size
    side = min(wide / 5, high / 4) * between(rng, 0.75, 0.95)
    for number, digit in enumerate(s.digits):
        row, column = divmod(number, 5)
        put(
            s,
            digit,
            (row + 0.5) * high / 4 - side / 2 + between(rng, -0.05, 0.05) * side,
            (column + 0.5) * wide / 5 - side / 2 + between(rng, -0.05, 0.05) * side,
            side,
        )
    grain(s, 0, 0.02)


# ---- scenes of nothing that is a digit ----


def blank(s: Scene) -> None:
    grain(s, 0, 0.04)


def blank_lines(s: Scene) -> None:
    (ruled if s.rng.random() < 0.5 else squared)(s)
    grain(s, 0, 0.02)


def blank_light(s: Scene) -> None:
    uneven_light(s)
    if s.rng.random() < 0.5:
        shadow(s)
    grain(s, 0, 0.02)


def blank_dust(s: Scene) -> None:
    specks(s)


def blank_desk(s: Scene) -> None:
    on_desk(s, lean_of(s), 0.02)
    grain(s, 0, 0.02)


def texture(s: Scene) -> None:
    rng, size = s.rng, s.size
    kind = rng.integers(4)
    if kind == 0:
        s.page = wood(s, *size)
    elif kind == 1:
        noise = blurred(rng.random(size), between(rng, 0.7, 14))
        noise = (noise - noise.min()) / (np.ptp(noise) + 1e-6)
        s.page = s.page * (0.3 + 0.7 * noise[..., None])
    elif kind == 2:
        rows, columns = grid(s)
        step = between(rng, 6, 40)
        weave = np.sin(rows / step * 2 * np.pi) * np.sin(columns / step * 2 * np.pi)
        s.page *= (1 - between(rng, 0.1, 0.4) * (weave + 1) / 2)[..., None]
    else:
        rows, columns = grid(s)
        step = between(rng, 12, 90)
        bricks = ((rows // step + columns // (2 * step)) % 2)[..., None]
        s.page *= 1 - between(rng, 0.1, 0.6) * bricks
    grain(s, 0, 0.03)


LETTERS = "ABCDEFGHJKLMNPQRTUVWXYabdefghkmnprtuwxy"  # not those that are written as a digit is
FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSerif",
    "DejaVuSans-Oblique",
    "STIXGeneral",
    "cmr10",
    "DejaVuSansMono",
    "STIXGeneralBol",
    "cmss10",
)


def fonts() -> list[str]:
    from matplotlib import get_data_path

    return [f"{get_data_path()}/fonts/ttf/{name}.ttf" for name in FONTS]


def lettered(s: Scene, text: str) -> None:
    """Writes letters in some font."""
    rng, (high, wide) = s.rng, s.size
    side = int(min(wide / len(text), high) * between(rng, 0.5, 0.9))
    font = ImageFont.truetype(fonts()[rng.integers(len(FONTS))], max(12, side))
    image = Image.new("L", (wide, high))
    box = font.getbbox(text)
    left = between(rng, 0, max(1, wide - (box[2] - box[0]))) - box[0]
    top = between(rng, 0, max(1, high - (box[3] - box[1]))) - box[1]
    ImageDraw.Draw(image).text((left, top), text, fill=255, font=font)
    _cover(s, np.asarray(image, np.float32) / 255, 0, 0)


def letter(s: Scene) -> None:
    lettered(s, LETTERS[s.rng.integers(len(LETTERS))])
    grain(s, 0, 0.02)


def word(s: Scene) -> None:
    lettered(
        s, "".join(LETTERS[i] for i in s.rng.integers(len(LETTERS), size=s.rng.integers(2, 5)))
    )
    grain(s, 0, 0.02)


def face(s: Scene) -> None:
    """Draws a circle with eyes and a mouth."""
    rng, (high, wide) = s.rng, s.size
    image = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(image)
    r = min(high, wide) * between(rng, 0.2, 0.42)
    x, y = between(rng, r, wide - r), between(rng, r, high - r)
    width = max(2, int(r * between(rng, 0.04, 0.14)))
    pen.ellipse((x - r, y - r * between(rng, 0.9, 1), x + r, y + r), outline=255, width=width)
    for side in (-1, 1):
        ex, ey, er = x + side * r * 0.38, y - r * 0.3, r * between(rng, 0.06, 0.15)
        pen.ellipse(
            (ex - er, ey - er, ex + er, ey + er),
            fill=255 if rng.random() < 0.7 else 0,
            outline=255,
            width=width,
        )
    if rng.random() < 0.5:
        pen.line((x, y - r * 0.1, x, y + r * 0.15), fill=255, width=width)
    pen.arc((x - r * 0.5, y - r * 0.2, x + r * 0.5, y + r * 0.6), 20, 160, fill=255, width=width)
    _cover(s, np.asarray(image, np.float32) / 255, 0, 0)
    grain(s, 0, 0.02)


def scribble(s: Scene) -> None:
    """Draws a tangle."""
    rng, (high, wide) = s.rng, s.size
    image = Image.new("L", (wide, high))
    steps = rng.normal(0, 1, (int(rng.integers(40, 90)), 2)).cumsum(0)
    steps = (steps - steps.min(0)) / np.ptp(steps, 0) * 0.6 + 0.2
    points = [(x * wide, y * high) for x, y in steps]
    ImageDraw.Draw(image).line(
        points, fill=255, width=max(2, int(min(high, wide) * 0.012)), joint="curve"
    )
    _cover(s, np.asarray(image, np.float32) / 255, 0, 0)


ONE = (
    plain,
    small,
    large,
    grainy,
    pencil,
    marker,
    thin,
    colours,
    board,
    light_on_dark,
    whiteboard,
    desk,
    desk_turned,
    squares,
    squares_grey,
    lines,
    margins,
    light,
    hand_shadow,
    frames,
    dust,
    folded,
    blur,
    turns,
    lines_turned,
    perspective,
    squares_shadow,
    desk_lines_light,
    jpeg_poor,
)
SEVERAL: dict[Callable[[Scene], None], tuple[int, int]] = {
    several_lines: (2, 6),
    several_ruled: (2, 5),
    page_of_twenty: (20, 21),
}
NOTHING = (
    blank,
    blank_lines,
    blank_light,
    blank_dust,
    blank_desk,
    texture,
    letter,
    word,
    face,
    scribble,
)
SCENES: dict[str, Callable[[Scene], None]] = {
    scene.__name__: scene for scene in (*ONE, *SEVERAL, *NOTHING)
}


def made(name: str, seed: int, images: Pixels, labels: Sequence[int]) -> tuple[bytes, str]:
    """Returns a picture as a file's content, and what is to be read in it.

    Args:
        name: A key of `SCENES`.
        seed: Decides everything.
        images: `(n, 28, 28)` uint8 digits to choose from.
        labels: Their labels.
    """
    scene = SCENES[name]
    rng = np.random.default_rng([seed, sorted(SCENES).index(name)])
    count = int(rng.integers(*SEVERAL.get(scene, (1, 2))))
    chosen = rng.integers(len(images), size=count)
    longest = (700, 1600) if scene in SEVERAL else (250, 1400)
    page = begun(rng, images[chosen], longest)
    scene(page)
    pixels = eight(np.clip(page.page, 0, 1) * 255 + 0.5)
    image = Image.fromarray(pixels)
    if rng.random() < 0.3:
        image = image.convert("L")
    file = io.BytesIO()
    if scene is jpeg_poor:
        image.save(file, "JPEG", quality=int(rng.integers(15, 40)))
    elif rng.random() < 0.6:
        image.save(file, "JPEG", quality=int(rng.integers(30, 96)))
    else:
        image.save(file, "PNG", compress_level=1)
    wanted = "" if scene in NOTHING else "".join(str(labels[i]) for i in chosen)
    return file.getvalue(), wanted


def main(folder: Path, count: int) -> None:
    """Writes `count` pictures of each scene."""
    from kerastut.data import load

    test = load("mnist").test
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCENES:
        for seed in range(count):
            content, wanted = made(name, seed, np.asarray(test.x)[..., 0], test.y)
            suffix = "png" if content.startswith(b"\x89") else "jpg"
            (folder / f"{name}-{seed}-{wanted or 'none'}.{suffix}").write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
