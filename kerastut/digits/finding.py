"""Finds the digits in a picture, or says why there are none."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from scipy import ndimage
from scipy.special import expit

from kerastut.arrays import Array
from kerastut.digits import ink as inks
from kerastut.digits.likeness import likeness
from kerastut.digits.lines import lines
from kerastut.digits.parts import Box, Part, in_order, joined, parts_of
from kerastut.digits.placing import cut, placed, turned

# Share of the strength of ink that a pixel has to have, and a pixel beside such ones; share that
# most of a digit has.
HALF, WEAK, MOST = 0.5, 0.3, 0.65
# Where parts are cut out to learn how strong ink is; the smallest that count, as a share of the
# picture's shorter side; how much weaker the next strength is that is tried, and how many are.
STEPS, LARGE, NEXT, TRIES = (0.3, 0.55), 0.045, 0.75, 4
# The thickest line of paper, as a share of the shorter side.
LINE = 1 / 130
# A digit's longer side at least, as a share of the picture's and of the largest digit's.
SMALLEST, SIZE = 0.035, 0.33
# More digits are a texture or a text, and so are so many times as many parts.
MANY, PIECES = 60, 4
# How far around a digit, as a share of its longer side, and by how many times the strength of ink
# at least and at most it differs from what is there, in each of so many directions. A finger of a
# shadow does not where the hand is, nor does paper between specks; a wedge of shade or light fades
# on one side, and differs by far more on the other.
AROUND, SEEN, EXCESS, DIRECTIONS = 0.1, 0.25, 2.0, 12
# A part is narrow below this share of its length; how far beside it, as a share of its length, and
# along which share of it other ink lies on both sides of a stripe of wood.
NARROW, BESIDE, ALONG = 0.45, 0.35, 0.5
# Logarithm of the odds that something is a digit: below the first it is none, below the second it
# may be none; beside a likely one, less is left out, beside many of them less so.
UNLIKE, DOUBTFUL, AMONG = -7.0, -1.2, 1.5
# The longer side of a picture that has room for one digit alone; the share of a picture's shorter
# side that a digit has which fills it.
TINY, CROPPED = 64, 0.45
# Share of the brightest ground that the darkest lacks, if its light is uneven.
UNEVEN = 0.3
TURNS = (-16, -8, 8, 16)


@dataclass(frozen=True)
class Digit:
    """A digit in a picture.

    Args:
        box: Where it is.
        ink: How much there is at each pixel, from 0 to 1.
        odds: How much it looks like a digit at all: the logarithm of the odds.
    """

    box: Box
    ink: Array
    odds: float

    @cached_property
    def pixels(self) -> Array:
        """As MNIST has it, `(28, 28)` uint8."""
        return placed(self.ink)

    @property
    def turned(self) -> Array:
        """The same, turned by the degrees of `TURNS`: `(4, 28, 28)` uint8."""
        return np.stack([placed(turned(self.ink, degrees)) for degrees in TURNS])

    @property
    def can_turn(self) -> bool:
        """Whether it has pixels enough to be turned."""
        return bool(max(self.ink.shape) > TINY)

    @property
    def is_doubtful(self) -> bool:
        """Whether it looks little like a digit."""
        return bool(self.odds < DOUBTFUL)


@dataclass
class FoundDigits:
    """What was found in a picture.

    Args:
        digits: In the order of reading.
        reason: Why there are none.
        dark: Whether the ink is darker than the paper.
        removed: Which pixels were taken for lines or squares of the paper.
        left_out: Where parts lie that were left out: specks, and what looks like no digit.
        uneven: Whether the light or the ground is uneven.
        score: How much there is that looks like digits.
    """

    digits: list[Digit] = field(default_factory=list)
    reason: str = "the page is blank"
    dark: bool = True
    removed: Array | None = None
    left_out: list[Box] = field(default_factory=list)
    uneven: bool = False
    score: float = 0.0

    @property
    def is_likely(self) -> bool:
        """Whether something among it looks like a digit."""
        return any(digit.odds > 0 for digit in self.digits)

    @property
    def largest(self) -> int:
        """The longest side of a digit."""
        return max(max(d.box[2] - d.box[0], d.box[3] - d.box[1]) for d in self.digits)


def find(pixels: Array) -> FoundDigits:
    """Finds the digits in a picture.

    Args:
        pixels: `(height, width, 3)` uint8.
    """
    if max(pixels.shape[:2]) <= TINY:
        return tiny(next(inks.greys(pixels)))
    best = FoundDigits()
    for window, shades in product(inks.WINDOWS, inks.greys(pixels)):
        if best.is_likely and best.largest < CROPPED * min(shades.shape):
            break
        grey = inks.smoothed(shades)
        ground = inks.ground(grey)
        for dark in (True, False):
            found = inks.ink(grey, dark, window)
            least = inks.least(found, dark)
            for level in levels(found, least):
                contrast = ground - grey if dark else grey - ground
                one = read(found, level, least, contrast, -grey if dark else grey)
                one.dark, one.uneven = dark, bool(np.ptp(ground) > UNEVEN * ground.max())
                if not best.is_likely or len(one.digits) <= len(best.digits):
                    best = max(best, one, key=lambda found: found.score)
                if one.is_likely:
                    break
    return best


def tiny(grey: Array) -> FoundDigits:
    """Takes all that is in a tiny picture, such as MNIST's own, for one digit."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(edge))
    dark = paper > float(grey.mean())
    found = np.clip(paper - grey if dark else grey - paper, 0, None)
    if found.max() < inks.FAINTEST:
        return FoundDigits()
    odds = float(likeness(placed(found)[None])[0])
    if odds < UNLIKE:
        return FoundDigits(reason="what is on it looks like no digit", dark=dark)
    return FoundDigits([Digit((0, 0, *grey.shape), found, odds)], "", dark)


def levels(found: Array, least: float) -> list[float]:
    """Returns how strong the ink may be, the strongest first.

    An opening takes away what is as thin as a line, and small parts are specks; the others are cut
    out several times, for a digit may be connected to something fainter.
    """
    window = max(1, round(LINE * min(found.shape))) | 1
    thick = ndimage.maximum_filter(ndimage.minimum_filter(found, window), window)
    strengths: list[float] = []
    for step in (least, *(step for step in STEPS if step > least)):
        labels, parts = parts_of(thick > step)
        large = (part for part in parts if part.side > LARGE * min(found.shape))
        strengths += (part.strength(thick, labels) for part in large)
    distinct: list[float] = []
    for level in sorted(strengths, reverse=True):
        if not distinct or level < NEXT * distinct[-1]:
            distinct.append(level)
    return distinct[:TRIES]


def read(found: Array, level: float, least: float, contrast: Array, bright: Array) -> FoundDigits:
    """Finds the digits that are written in ink of a strength.

    Args:
        found: Ink at each pixel.
        level: How strong it is.
        least: How much is more than noise.
        contrast: By how much each pixel differs from most around it, positive for ink.
        bright: Its brightness, negative where ink is dark.
    """
    mask, weak = (found > max(least, share * level) for share in (HALF, WEAK))
    removed = lines(weak)
    labels, parts = parts_of(grown(mask & ~removed, weak, removed))
    strong = [p for p in parts if p.area > 3 and p.strength(found, labels) > MOST * level]
    small = max([SMALLEST * max(mask.shape), 4, *(SIZE * part.side for part in strong)])
    many = sum(part.side >= small for part in strong) > PIECES * MANY
    digits = strong if many else joined(strong, small)
    small = max([small, *(SIZE * digit.side for digit in digits)])
    specks = [digit.box for digit in digits if digit.side < small]
    large = [digit for digit in digits if digit.side >= small]
    seen = [digit for digit in large if stands_out(digit, labels, removed, bright, level)]
    whole = in_order(seen)
    if not whole or len(whole) > MANY:
        reason = "there is too much on it" if whole else "the page is blank"
        return FoundDigits(reason=reason, removed=removed, left_out=specks)
    clear = found * ~removed
    pieces = [cut(clear, np.isin(labels, part.numbers), part.box, level) for part in whole]
    odds = likeness(np.stack([placed(piece) for piece in pieces]))
    # Three ones in a row may be grain or not: they are read, and told as doubtful.
    grain = [is_grain(part, labels, weak & ~removed) for part in whole]
    odds = np.where(grain, np.minimum(odds, DOUBTFUL - 0.1), odds)
    weights = [max(0.0, weight(part, labels, contrast)) for part in whole]
    score = float((np.sqrt(weights) * expit(odds) ** 3).sum())
    prior = float(np.log(max(1, int((odds > 0).sum()))))
    bound = max(UNLIKE, min(float(odds.max()), DOUBTFUL - 1)) - AMONG * prior
    rows = list(zip(whole, pieces, odds.tolist(), strict=True))
    kept = [Digit(part.box, piece, odd) for part, piece, odd in rows if odd >= bound]
    specks += (part.box for part, _, odd in rows if odd < bound)
    reason = "" if kept else "what is on it looks like no digit"
    return FoundDigits(kept, reason, removed=removed, left_out=specks, score=score + 1e-6)


def grown(mask: Array, weak: Array, removed: Array) -> Array:
    """Returns a mask with the weaker ink beside it, which joins a stroke that is torn."""
    near = ndimage.binary_dilation(mask, iterations=max(1, min(mask.shape) // 150))
    return np.asarray(mask | (near & weak & ~ndimage.binary_dilation(removed, iterations=2)))


def stands_out(part: Part, labels: Array, removed: Array, bright: Array, level: float) -> bool:
    """Returns whether a part differs from what lies around it, in each direction."""
    reach = max(3, round(AROUND * part.side))
    near = tuple(
        slice(max(0, first - reach), last + reach)
        for first, last in zip(part.box[:2], part.box[2:], strict=True)
    )
    own, shades = np.isin(labels[near], part.numbers), bright[near]
    inks = ndimage.maximum_filter(np.where(own, shades, -1), 2 * reach + 1)
    close, wide = (ndimage.maximum_filter(own, 2 * size + 1) for size in (reach // 2, reach))
    apart, step = inks - shades, level * np.maximum(np.abs(inks), np.abs(shades))
    strong = (apart > SEEN * step) & (apart < EXCESS * step)
    around = wide & ~close & ~removed[near]
    down, across = (
        (places + 0.5) / side - 0.5
        for places, side in zip(around.nonzero(), own.shape, strict=True)
    )
    directions = (np.arctan2(down, across) / (2 * np.pi) + 0.5) * DIRECTIONS
    votes = 2.0 * strong[around] - 1
    return bool((np.bincount(directions.astype(int) % DIRECTIONS, votes, DIRECTIONS) >= 0).all())


def is_grain(part: Part, labels: Array, weak: Array) -> bool:
    """Returns whether a narrow part has others on both sides, as a stripe of wood has.

    The edge of the picture counts as one, for there the next stripe is not seen.

    Args:
        part: The part.
        labels: The number of the part that each pixel belongs to.
        weak: Where there is ink, strong or weak, that is no line of the paper.
    """
    top, left, bottom, right = part.box
    lies = right - left > bottom - top
    reach = max(3, round(BESIDE * part.side))
    down, across = (reach, 0) if lies else (0, reach)
    near = np.s_[max(0, top - down) : bottom + down, max(0, left - across) : right + across]
    own = np.isin(labels[near], part.numbers)
    other = weak[near] & ~own
    if lies:
        own, other = own.T, other.T
    rows = own.any(axis=1)
    own, other = own[rows], other[rows]
    first, after = own.argmax(axis=1), own.shape[1] - own[:, ::-1].argmax(axis=1)
    if np.median(after - first) > NARROW * part.side:
        return False
    places = np.arange(own.shape[1])
    company = []
    for start, end in ((first - reach, first), (after, after + reach)):
        beside = (places >= start[:, None]) & (places < end[:, None])
        seen = beside.sum(axis=1) > reach / 2
        inside = seen.mean() > 0.5
        company.append((other & beside).any(axis=1)[seen].mean() > ALONG if inside else None)
    return True in company and False not in company


def weight(part: Part, labels: Array, values: Array) -> float:
    """Returns the sum of a part's values."""
    top, left, bottom, right = part.box
    return float(values[top:bottom, left:right][part.of(labels)].sum())
