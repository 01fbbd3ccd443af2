"""Pipes, devices, sockets, folders and empty files where a file is expected."""

import os
import shutil
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from ..case import Case
from ..corpus import idx_folder, image_folder
from ..tiny import DIGITS, LINE, RESUME, TEXTS, checkpoint, copied

RUN = ("run.json", "history.csv", "model.keras")
KEPT = ("state.json", "SHA256SUMS", "arrays.npz", "model.weights.h5")
DEVICES = (
    "/dev/zero",
    "/dev/full",
    "/dev/urandom",
    "/dev/tty",
    "/dev/null",
    "/dev/stdin",
    "/dev/fd",
)
ENDS = (".png", ".jpg", ".bmp", ".gif")
IDX = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte")
READS = ("--dry-run", "-q")


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields commands that meet something that is no regular file with content."""
    draw = (
        _of_run,
        _of_run,
        _kept,
        _recipe,
        _recipe,
        _table,
        _idx,
        _input,
        _texts,
        _standard,
        _fresh,
    )
    for number in count():
        yield random.choice(draw)(random, folder / f"pipes-{number}")


def _put(random: Random, path: Path, links: bool = True) -> str:
    """Puts what is no regular file at a path; returns what it is."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    kinds = ["pipe", "socket", "folder", "empty", "loop"] + ["device", "linked pipe"] * links
    match random.choice(kinds):
        case "pipe":
            os.mkfifo(path, random.choice((0o600, 0o644, 0o200)))
            return f"pipe {path.name}"
        case "socket":
            # The address of a socket may not be long.
            here = os.open(path.parent, os.O_RDONLY)
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(f"/proc/self/fd/{here}/{path.name}")
            os.close(here)
            return f"socket {path.name}"
        case "folder":
            path.mkdir()
            (path / f"{random.randrange(99)}").touch()
            return f"folder {path.name}"
        case "empty":
            path.touch()
            return f"empty {path.name}"
        case "device":
            device = random.choice(DEVICES)
            path.symlink_to(device)
            return f"{path.name} -> {device}"
        case "loop":
            path.symlink_to(path.name)
            return f"loop {path.name}"
        case _:
            pipe = path.with_name(f"pipe-{random.randrange(999)}")
            os.mkfifo(pipe)
            path.symlink_to(pipe)
            return f"{path.name} -> pipe"


def _name(random: Random, end: str) -> str:
    return f"{random.choice(('a', 'my net', '图', 'x.y', 'UPPER'))}{random.randrange(999)}{end}"


def _of_run(random: Random, place: Path) -> Case:
    """A file of a run."""
    run = copied(place)
    name = random.choice(RUN)
    told = _put(random, run / name)
    commands = [("plot", "run"), ("export", "run", "--format", "keras")]
    if name != "history.csv":
        commands += [("predict", "run", "1.0"), ("demo", "run", "--port", "0")]
    return Case(told, random.choice(commands), place)


def _kept(random: Random, place: Path) -> Case:
    """A file of a checkpoint."""
    kept = checkpoint(copied(place))
    if random.random() < 0.1:  # what is no file there may be a lock all the same
        told = _put(random, kept.parent / ".lock")
        return Case(told, RESUME, place, statuses=frozenset({0, 2}))
    return Case(_put(random, kept / random.choice(KEPT)), RESUME, place)


def _recipe(random: Random, place: Path) -> Case:
    """A recipe's file."""
    run = copied(place)
    name = _name(random, ".py")
    told = _put(random, place / name)
    command = random.choice(
        (
            ("run", name, "-q"),
            ("show", name),
            ("copy", name, "copied.py"),
            ("verify", name),
            ("compare", name, "--vary", "epochs=1,2", "-q"),
            ("plot", str(run), "--recipe", name),
        )
    )
    return Case(f"{told} {command[0]}", command, place)


def _table(random: Random, place: Path) -> Case:
    """A table, or arrays."""
    place.mkdir()
    end = random.choice((".csv", ".tsv", ".npz", ".CSV"))
    name = _name(random, end)
    told = _put(random, place / name)
    recipe = "mlp-mnist" if end == ".npz" else "mlp-reviews"
    return Case(told, ("run", recipe, "--data", name, *READS), place)


def _idx(random: Random, place: Path) -> Case:
    """A file among idx files or pictures."""
    place.mkdir()
    if random.random() < 0.6:
        packed = random.random() < 0.5
        data = idx_folder(place / "data", packed)
        name = random.choice((*(f"{name}.gz" if packed else name for name in IDX), "classes.txt"))
        told = _put(random, data / name)
    else:
        data = image_folder(place / "data")
        told = _put(random, data / random.choice(("cat", "dog")) / _name(random, ".png"), False)
    return Case(told, ("run", "mlp-mnist", "--data", data.name, *READS), place)


def _input(random: Random, place: Path) -> Case:
    """A picture to predict."""
    copied(place, DIGITS)
    name = _name(random, random.choice(ENDS))
    told = _put(random, place / name)
    if random.random() < 0.2:
        told = name = random.choice(DEVICES[:-2])
    return Case(f"predict {told}", ("predict", "run", name), place)


def _texts(random: Random, place: Path) -> Case:
    """A file of texts to predict."""
    copied(place, TEXTS)
    name = _name(random, ".txt")
    told = _put(random, place / name)
    return Case(f"predict {told}", ("predict", "run", name), place)


def _standard(random: Random, place: Path) -> Case:
    """Standard input."""
    copied(place, TEXTS)
    end = random.choice(("/dev/zero", "/dev/urandom", "/dev/null", ""))
    content = random.choice((b"", b" \n\t\r\n" * random.randint(1, 10**5), b"\xff\xfe" * 99))
    told = f"- from {end or ascii(content[:9])} {random.randrange(10**6)}"
    ends = {0: end} if end else {}
    return Case(told, ("predict", "run", "-"), place, stdin=content, ends=ends)


def _fresh(random: Random, place: Path) -> Case:
    """What stands where a run is to be written."""
    place.mkdir()
    told = _put(random, place / "run")
    return Case(f"output {told}", ("run", *LINE, "-q", "--output-dir", "run"), place)
