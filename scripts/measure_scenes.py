"""Has a trained net read the scenes of `scenes.py`, and counts.

    python scripts/measure_scenes.py RUN [--count N] [--first SEED] [--write] [SCENE ...]

A picture counts as read if all its digits are, in order; one without digits if it is
refused or told as doubtful. With `--write` what was measured goes to `scenes.csv`, and from there
to the table and figure of `docs/deploying.md` in both languages, scene by scene; the others stay.
"""

import argparse
import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import scenes

from kerastut.arrays import Array
from kerastut.data import load
from kerastut.plotting import BLUE, GREY, family, house_style, new_figure, save
from kerastut.predict import Prediction, Reading, Trained, fitted, predict, readings
from kerastut.runs import load_model

TABLE = Path(__file__).with_name("scenes.csv")
DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"en": DOCS / "deploying.md", "zh": DOCS / "zh" / "deploying.md"}
HEADS = {"en": "| picture | seen | right |", "zh": "| 图片 | 张数 | 正确 |"}
AXIS = {"en": "share read rightly", "zh": "正确的比例"}
START, END = "<!-- scenes -->\n", "<!-- end of scenes -->\n"


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("scenes", nargs="*", default=list(scenes.SCENES))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_intermixed_args()
    model = load_model(options.run / "model.keras")
    test = load("mnist").test
    images, labels = np.asarray(test.x)[..., 0], [int(label) for label in test.y]

    def ask(samples: Array) -> list[Prediction]:
        return predict(model, tuple("0123456789"), samples)

    def answers(contents: list[bytes]) -> Iterator[list[Reading]]:
        pictures = [fitted(BytesIO(c), (28, 28, 1), Trained("mnist", "dark")) for c in contents]
        samples = [sample for picture in pictures for sample in picture.samples]
        asked = iter(ask(np.stack(samples)) if samples else [])
        for picture in pictures:
            yield readings(picture, [next(asked) for _ in picture.samples], ask)

    for name in options.scenes:
        seeds = range(options.first, options.first + options.count)
        made = [scenes.made(name, seed, images, labels) for seed in seeds]
        right = []
        for read, (_, wanted) in zip(answers([c for c, _ in made]), made, strict=True):
            label = "".join(reading.prediction.label for reading in read)
            doubted = any(reading.is_doubtful for reading in read)
            right.append(label == wanted if wanted else doubted or not read)
        share = float(np.mean(right))
        wrong = [seed for seed, good in zip(seeds, right, strict=True) if not good]
        print(f"| {name} | {share:.3f} | {wrong[:12]}", flush=True)
        if options.write:
            written(name, share, options.count)


def written(scene: str, share: float, count: int) -> None:
    """Writes table and figure with what was measured of a scene."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["scene"]: row for row in csv.DictReader(file)}
    rows[scene] |= {"pictures": str(count), "share": f"{share:.3f}"}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows["plain"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    measured = [row for row in rows.values() if row["share"]]
    for language, page in PAGES.items():
        cells = (f"| {row[language]} | {row['pictures']} | {row['share']} |" for row in measured)
        table = "\n".join([HEADS[language], "|---|---|---|", *cells])
        before, _, rest = page.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        page.write_text(f"{before}{START}\n{table}\n\n{END}{after}", encoding="utf-8")
        drawn(measured, language, page.with_name("scenes.png"))


@house_style
def drawn(rows: list[dict[str, str]], language: str, path: Path) -> None:
    """Draws the shares as points, grey where there is no digit to be read."""
    names, shares = [row[language] for row in rows], [float(row["share"]) for row in rows]
    _, axes = new_figure(6.4, 0.19 * len(rows) + 0.8)
    colours = [GREY if scenes.SCENES[r["scene"]] in scenes.NOTHING else BLUE for r in rows]
    axes.scatter(shares, range(len(names)), color=colours)
    axes.set_yticks(range(len(names)), names, family=family(names))
    axes.set_xlabel(AXIS[language], family=family([AXIS[language]]))
    axes.invert_yaxis()
    axes.tick_params(labelsize=8)
    axes.margins(y=0.02)
    save(axes, path)


if __name__ == "__main__":
    main()
