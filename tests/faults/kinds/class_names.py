"""Names of classes that are formulas, no UTF-8, orders to a terminal, or longer than a picture."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from PIL import Image

from ..case import Case, Outcome
from ..words import hostile, strange

PARTS = (
    *("$", "$\\frac{1$", "$x^2$", "\\$", "$$", "\\frac{", "{", "}", "^", "_", "\\", "&", "#", "%s"),
    *("\\n", "~", "<b>", "&amp;", "[x]", "中文", "猫", "é", "e\u0301", "😀", "x" * 60, " ", "\t"),
    *map(os.fsdecode, (b"\xff", b"caf\xe9", b"\xc3", b"\xed\xb2\x80")),
)
FIGURES = ("history.png", "confusion.png")


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields trainings on pictures and tables whose classes bear such names."""
    for number in count():
        yield random.choice((_pictures, _pictures, _table))(random, folder / f"classes-{number}")


def _name(random: Random, number: int) -> str:
    if random.random() < 0.4:
        return f"{number}{hostile(random)}"
    return f"{number}{''.join(random.choices(PARTS, k=random.randint(1, 5)))}"


def _names(random: Random) -> list[str]:
    """Draws names that differ, each of which a folder may have."""
    names = [_name(random, number) for number in range(random.choice((2, 2, 3, 12)))]
    return [os.fsdecode(os.fsencode(name.replace("/", "-"))[:250]) for name in names]


def _drawn(place: Path, outcome: Outcome) -> str:
    """Returns what is wrong with the figures, or with what is said beside them."""
    figures = [place / "run" / name for name in FIGURES]
    missing = [
        figure.name
        for figure in figures
        if not figure.is_file() or not figure.read_bytes().startswith(b"\x89PNG")
    ]
    failed = b"could not be drawn" in outcome.errors
    return f"not drawn: {missing} {outcome.errors!r}" if missing or failed else strange(outcome)


def _case(random: Random, place: Path, recipe: str, data: str, names: list[str]) -> Case:
    options = ("--epochs", "1", random.choice(("-q", "--json")), "--output-dir", "run")
    small = ("--set", "units=4") if recipe == "mlp-mnist" else ("--set", "max_tokens=50")
    return Case(
        f"{recipe} {'|'.join(map(ascii, names))}"[:90],
        ("run", recipe, "--data", data, *small, *options),
        place,
        statuses=frozenset({0}),
        wrong=lambda outcome: _drawn(place, outcome),
    )


def _pictures(random: Random, place: Path) -> Case:
    names = _names(random)
    for name in names:
        folder = place / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(12):
            Image.new("L", (4, 4), random.randrange(256)).save(folder / f"{number}.png")
    return _case(random, place, "mlp-mnist", "pictures", names)


def _table(random: Random, place: Path) -> Case:
    place.mkdir()
    names = [name.replace('"', "").strip() for name in _names(random)[:2]]
    rows = [f'"text {number}","{name}"' for number in range(12) for name in names]
    content = "\n".join(["text,label", *rows]).encode("utf-8", "surrogateescape")
    (place / "a.csv").write_bytes(content.decode("utf-8", "replace").encode())
    return _case(random, place, "mlp-reviews", "a.csv", names)
