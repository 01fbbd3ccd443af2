"""Has a trained net read the scenes of `scenes.py`, and counts.

    python scripts/measure_scenes.py RUN [--count N] [--first SEED] [--figure FILE] [SCENE ...]

A picture counts as read if all its digits are, in order; one without digits if it is
refused or told as doubtful. Clean digits are the first of MNIST's test images as they are.
"""

import argparse
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import scenes

from kerastut.arrays import Array
from kerastut.data import load
from kerastut.plotting import BLUE, GREY, house_style, new_figure, save
from kerastut.predict import Prediction, Reading, Trained, fitted, predict, readings
from kerastut.runs import load_model


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("scenes", nargs="*", default=list(scenes.SCENES))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=10_000)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
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

    shares: dict[str, float] = {}
    for name in options.scenes:
        seeds = range(options.first, options.first + options.count)
        made = [scenes.made(name, seed, images, labels) for seed in seeds]
        right = []
        for read, (_, wanted) in zip(answers([c for c, _ in made]), made, strict=True):
            label = "".join(reading.prediction.label for reading in read)
            doubted = any(reading.is_doubtful for reading in read)
            right.append(label == wanted if wanted else doubted or not read)
        shares[name] = float(np.mean(right))
        wrong = [seed for seed, good in zip(seeds, right, strict=True) if not good]
        print(f"| {name.replace('_', ' ')} | {shares[name]:.3f} | {wrong[:12]}", flush=True)
    digits = [share for name, share in shares.items() if scenes.SCENES[name] not in scenes.NOTHING]
    none = [share for name, share in shares.items() if scenes.SCENES[name] in scenes.NOTHING]
    for what, found in (("digits", digits), ("no digits", none)):
        if found:
            print(f"{what}: {len(found)} scenes, mean {np.mean(found):.4f}, least {min(found):.3f}")
    if options.figure:
        drawn(shares, options.figure)


@house_style
def drawn(shares: dict[str, float], path: Path) -> None:
    """Draws the shares as bars."""
    _, axes = new_figure(6.4, 0.19 * len(shares) + 0.8)
    colours = [GREY if scenes.SCENES[n] in scenes.NOTHING else BLUE for n in shares]
    axes.barh([name.replace("_", " ") for name in shares], list(shares.values()), color=colours)
    axes.set_xlim(min(0.85, *shares.values()), 1)
    axes.invert_yaxis()
    axes.tick_params(labelsize=8)
    axes.margins(y=0.01)
    save(axes, path)


if __name__ == "__main__":
    main()
