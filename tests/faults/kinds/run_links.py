"""Symbolic links in a run's folder, which lead out of it."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from ..case import Case
from ..tiny import LINE, RESUME, checkpoint, copied

PICTURES = ("history.png", "line.png")
FILES = ("run.json", "history.csv", "model.keras")
KEPT = ("state.json", "SHA256SUMS", "arrays.npz", "model.weights.h5")
SOON = frozenset({0, 2})


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields runs with a link in the place of a file or folder."""
    neighbour = folder / "neighbour"
    neighbour.mkdir(exist_ok=True)
    (neighbour / "precious.txt").write_text("precious\n")
    (neighbour / "empty").mkdir(exist_ok=True)
    for number in count():
        place = folder / f"run_links-{number}"
        yield random.choice((_pictures, _read, _read, _exports, _checkpoints, _kept, _fresh))(
            random, place
        )


def _link(random: Random, path: Path, place: Path, inside: Path | None = None) -> str:
    """Puts a link at a path; returns where it leads."""
    outside = place.parent
    targets = [
        outside / "secret.txt",
        outside / "neighbour" / "precious.txt",
        outside / "neighbour" / f"new-{random.randrange(99)}",
        outside / "neighbour",
        outside / "neighbour" / "empty",
        Path("/dev/zero"),
        Path("/dev/full"),
        Path("/proc/self/environ"),
        path,  # to itself
    ]
    if inside is not None:  # a good file, or folder, elsewhere
        targets.append(inside)
    target = random.choice(targets)
    if random.random() < 0.5 and target.is_relative_to(outside):
        target = Path(os.path.relpath(target, path.parent))
    if random.random() < 0.3:
        between = place / f"between-{random.randrange(999)}"
        between.symlink_to(target if target.is_absolute() else path.parent / target)
        target = between
    path.symlink_to(target)
    return f"{path.relative_to(place)} -> {target}"


def _pictures(random: Random, place: Path) -> Case:
    """A picture is written where the link is, not where it leads."""
    run = copied(place)
    target = run
    words: tuple[str, ...] = ()
    if random.random() < 0.4:
        target = place / "out"
        target.mkdir()
        words = ("--output-dir", "out")
    names = [name for name in PICTURES if random.random() < 0.7] or [PICTURES[0]]
    told = []
    for name in names:
        (target / name).unlink(missing_ok=True)
        told.append(_link(random, target / name, place))

    def wrong(outcome: object) -> str:
        linked = [name for name in PICTURES if (target / name).is_symlink()]
        return f"{linked} are still links" if linked else ""

    return Case(
        "; ".join(told), ("plot", "run", *words), place, statuses=frozenset({0}), wrong=wrong
    )


def _read(random: Random, place: Path) -> Case:
    """A file of the run is not read from elsewhere."""
    run = copied(place)
    name = random.choice(FILES)
    good = place / name
    (run / name).rename(good)
    told = _link(random, run / name, place, good)
    commands = [("plot", "run"), ("export", "run", "--format", "keras")]
    if name != "history.csv":
        commands += [("predict", "run", "1.0"), ("demo", "run", "--port", "0")]
    return Case(told, random.choice(commands), place)


def _exports(random: Random, place: Path) -> Case:
    """Nothing is exported to elsewhere."""
    run = copied(place)
    path = run / "exports"
    if random.random() < 0.5:
        path.mkdir()
        path = path / "keras"
    told = _link(random, path, place)
    return Case(told, ("export", "run", "--format", "keras"), place)


def _checkpoints(random: Random, place: Path) -> Case:
    """No checkpoint is written to elsewhere, nor removed there, nor read."""
    run = copied(place)
    kept = checkpoint(run)
    path = random.choice((kept, kept.parent, kept.parent / ".epoch-x", kept.parent / ".lock"))
    good = place / "good"
    if path.exists():
        path.rename(good)
    told = _link(random, path, place, good)
    resume = RESUME if random.random() < 0.7 else RESUME[:-1]
    return Case(told, resume, place)


def _kept(random: Random, place: Path) -> Case:
    """No file of a checkpoint is read from elsewhere."""
    run = copied(place)
    path = checkpoint(run) / random.choice(KEPT)
    good = place / path.name
    path.rename(good)
    return Case(_link(random, path, place, good), RESUME, place)


def _fresh(random: Random, place: Path) -> Case:
    """A run into a folder that seems to be empty."""
    run = place / "run"
    run.mkdir(parents=True)
    name = random.choice(("checkpoints", ".writing-x", "worker-1", "run.json", "history.png"))
    told = _link(random, run / name, place)
    left = name in (".writing-x", "worker-1")
    return Case(
        told,
        ("run", *LINE, "-q", "--output-dir", "run"),
        place,
        statuses=SOON if left else frozenset({2}),
    )
