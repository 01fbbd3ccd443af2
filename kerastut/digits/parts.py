"""Connected parts of ink, joined into digits; what lies along the picture's edges is none."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage

from kerastut.arrays import Array

# Top, left, bottom, right, in pixels; the last two lie outside.
Box = tuple[int, int, int, int]
# A bar: how near it is to an edge, how long and how thick, as shares of the picture's sides.
NEAR, LONG, THIN = 0.04, 0.75, 0.13
# How much of its longer side a part shares with an edge at most: of a stroke the end alone.
TOUCH = 0.3
# Share of a digit's area and of its longer side that a part of it has at least; less is a speck.
PART, PIECE = 0.012, 0.12
# How far parts of a digit lie apart, as a share of its longer side: at a break of the stroke, one
# above the other, and anyhow.
BREAK, ABOVE, BESIDE = 0.04, 0.25, 0.07


@dataclass(frozen=True)
class Part:
    """Connected ink.

    Args:
        numbers: Its labels.
        box: Where it lies.
        area: Its pixels.
    """

    numbers: tuple[int, ...]
    box: Box
    area: int

    @property
    def height(self) -> int:
        """In pixels."""
        return self.box[2] - self.box[0]

    @property
    def width(self) -> int:
        """In pixels."""
        return self.box[3] - self.box[1]

    @cached_property
    def side(self) -> int:
        """The longer of height and width."""
        return max(self.height, self.width)

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return (self.box[0] + self.box[2]) / 2

    def __add__(self, other: "Part") -> "Part":
        a, b = self.box, other.box
        box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
        return Part(self.numbers + other.numbers, box, self.area + other.area)

    def of(self, labels: Array) -> Array:
        """Returns which pixels of its box are its own."""
        top, left, bottom, right = self.box
        inside = labels[top:bottom, left:right]
        if len(self.numbers) == 1:  # many times faster
            return np.asarray(inside == self.numbers[0])
        return np.isin(inside, self.numbers)

    def strength(self, found: Array, labels: Array) -> float:
        """Returns how strong its ink is: three quarters of it are weaker."""
        top, left, bottom, right = self.box
        values = found[top:bottom, left:right][self.of(labels)]
        return float(np.partition(values, len(values) * 3 // 4)[len(values) * 3 // 4])


def parts_of(mask: Array) -> tuple[Array, list[Part]]:
    """Returns the number of the part that each pixel belongs to, and the parts inside the picture.

    Those along an edge, a frame, a desk, another sheet, are left out.
    """
    labels, count = ndimage.label(mask, np.ones((3, 3), bool))
    areas = np.bincount(labels.ravel())
    edges = [np.rot90(labels, turn)[0] for turn in range(4)]
    touch = np.max([np.bincount(edge, minlength=count + 1) for edge in edges], axis=0)
    parts = [
        Part((n,), (y.start, x.start, y.stop, x.stop), int(areas[n]))
        for n, (y, x) in enumerate(ndimage.find_objects(labels), 1)
    ]
    inside = [part for part in parts if touch[part.numbers[0]] <= max(3, TOUCH * part.side)]
    return labels, [part for part in inside if not is_bar(part, mask.shape)]


def is_bar(part: Part, shape: tuple[int, ...]) -> bool:
    """Returns whether a part is a bar along an edge of the picture, or a frame around it."""
    high, wide = shape
    top, left, bottom, right = part.box
    near = NEAR * min(shape)
    edges = (top < near, left < near, high - bottom < near, wide - right < near)
    along, down = part.width > LONG * wide, part.height > LONG * high
    if sum(edges) >= 3 and along and down:
        return True
    thin = min(part.height, part.width) < THIN * min(shape)
    return thin and ((along and (edges[0] or edges[2])) or (down and (edges[1] or edges[3])))


def joined(parts: list[Part], least: float) -> list[Part]:
    """Returns the parts of each digit as one: its largest, and those near that.

    One whose longer side is shorter than `least` is no digit's largest: it stays by itself.
    """
    digits: dict[Part, Part] = {}
    specks: list[Part] = []
    for part in sorted(parts, key=lambda part: -part.side):
        near = [main for main in digits if belongs(part, main)]
        if near:
            digits[min(near, key=lambda main: gap(part, main))] += part
        elif part.side >= least:
            digits[part] = part
        else:
            specks.append(part)
    return [*digits.values(), *specks]


def gap(part: Part, digit: Part) -> float:
    """Returns how far two parts' boxes are apart."""
    a, b = part.box, digit.box
    rows, columns = max(a[0] - b[2], b[0] - a[2], 0), max(a[1] - b[3], b[1] - a[3], 0)
    return float(np.hypot(rows, columns))


def belongs(part: Part, digit: Part) -> bool:
    """Returns whether a part is one of a digit that is no smaller."""
    if part.area < PART * digit.area or part.side < PIECE * digit.side:
        return False
    apart = gap(part, digit) / digit.side
    if apart > ABOVE:
        return False
    shared = min(part.box[3], digit.box[3]) - max(part.box[1], digit.box[1])
    if shared >= 0.5 * min(part.width, digit.width) and apart < BREAK:
        return True
    if shared >= 0.5 * part.width and part.height < 0.7 * digit.height:
        return True
    return apart < BESIDE and part.area < 0.4 * digit.area


def in_order(digits: list[Part]) -> list[Part]:
    """Returns the digits as they are read: line by line, from left to right."""
    rows: list[list[Part]] = []
    for digit in sorted(digits, key=lambda digit: digit.middle):
        for row in rows:
            tall = max(other.height for other in [*row, digit])
            if abs(digit.middle - np.mean([other.middle for other in row])) < 0.5 * tall:
                row.append(digit)
                break
        else:
            rows.append([digit])
    return [digit for row in rows for digit in sorted(row, key=lambda digit: digit.box[1])]
