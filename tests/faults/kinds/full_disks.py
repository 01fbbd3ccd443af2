"""Disks that are full, at any moment of the writing."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

from ..case import Case, Outcome
from ..tiny import LINE, RESUME, copied
from ..words import strange

LARGEST = 120_000  # bytes, more than any file that the commands write
STALE = "from keras.layers import Conv2D\nlayer = Conv2D(8, 3, border_mode='same')\n"
RUN = {"run.json", "history.csv", "model.keras", "history.png", "line.png", "checkpoints"}


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields commands that may write files of some bytes and no more."""
    draw = (_run, _run, _resumed, _plot, _export, _export, _compare, _copy, _fix)
    for number in count():
        yield random.choice(draw)(random, folder / f"full-{number}")


def _case(
    random: Random,
    place: Path,
    command: tuple[str, ...],
    done: Callable[[], str],
    left: Callable[[], str],
    least: int = 1,
    most: int = LARGEST,
) -> Case:
    """Draws where the disk is full.

    Args:
        random: Decides it.
        place: The folder of the case.
        command: What writes.
        done: Returns what is missing if it has succeeded.
        left: Returns what is half-written if it has failed.
        least: Bytes of what libraries need in the temporary folder.
        most: Bytes of the largest file.
    """
    size = least * int((most / least) ** random.random()) - 1

    def wrong(outcome: Outcome) -> str:
        problem = left() if outcome.status else done()
        many = outcome.errors.count(b"kerastut: error: ") != (outcome.status != 0)
        return problem or strange(outcome) or ("expected one line of error" if many else "")

    name = f"{' '.join(command)[:40]} {size}"
    limits = {"RLIMIT_FSIZE": size}
    return Case(name, command, place, statuses=frozenset({0, 1}), wrong=wrong, limits=limits)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def _missing(folder: Path, names: set[str]) -> str:
    return f"missing {sorted(names - _names(folder))}" if names - _names(folder) else ""


def _anything(folder: Path) -> str:
    return f"left {sorted(_names(folder))}" if folder.exists() else ""


def _unfinished(run: Path) -> str:
    """Returns what is left of a run beside what it can be resumed from."""
    checkpoints = _names(run / "checkpoints")
    partial = {name for name in checkpoints if name.startswith(".epoch")}
    more = _names(run) - {"checkpoints"} | partial
    if more or (run.exists() and not checkpoints - {".lock"}):
        return f"left {sorted(_names(run))} {sorted(checkpoints)}"
    return ""


def _run(random: Random, place: Path) -> Case:
    place.mkdir()
    run = place / "run"
    command = ("run", *LINE, *random.choice(((), ("-q",))), "--output-dir", "run")
    return _case(random, place, command, lambda: _missing(run, RUN), lambda: _unfinished(run))


def _resumed(random: Random, place: Path) -> Case:
    run = copied(place)
    before = (run / "run.json").read_bytes()

    def left() -> str:
        changed = (run / "run.json").read_bytes() != before
        return "the finished run was damaged" if changed else _missing(run, RUN)

    return _case(random, place, RESUME, lambda: _missing(run, RUN), left)


def _plot(random: Random, place: Path) -> Case:
    run = copied(place)
    before = {path: path.read_bytes() for path in run.glob("*.png")}
    same = random.random() < 0.5
    figures = {path.name for path in before}

    def left() -> str:
        kept = all(path.read_bytes() == content for path, content in before.items())
        return _anything(place / "figures") if kept else "a figure was damaged"

    command = ("plot", "run") if same else ("plot", "run", "--output-dir", "figures")
    target = run if same else place / "figures"
    return _case(random, place, command, lambda: _missing(target, figures), left)


def _export(random: Random, place: Path) -> Case:
    copied(place)
    form = random.choice(("keras", "saved_model"))
    target = place / "exported"
    command = ("export", "run", "--format", form, "--output-dir", "exported")
    return _case(
        random,
        place,
        command,
        lambda: _missing(target, {"README.md"}),
        lambda: _anything(target),
        least=4096,
    )


def _compare(random: Random, place: Path) -> Case:
    place.mkdir()
    target = place / "grid"
    command = ("compare", *LINE[:3], "--vary", "epochs=1,2", "-q", "--output-dir", "grid")
    files = {"results.csv", "results.json", "compare.png"}
    return _case(random, place, command, lambda: _missing(target, files), lambda: _anything(target))


def _copy(random: Random, place: Path) -> Case:
    place.mkdir()
    recipe = random.choice(("cnn-mnist", "mlp-mnist", "text-lstm", "linear-regression"))
    name = f"my_{random.randrange(999)}.py"
    return _case(
        random,
        place,
        ("copy", recipe, name),
        lambda: _missing(place, {name}),
        lambda: _anything(place) if _names(place) else "",
        most=10_000,
    )


def _fix(random: Random, place: Path) -> Case:
    place.mkdir()
    text = STALE * random.randint(1, 99)
    (place / "old.py").write_text(text)

    def left() -> str:
        return "" if (place / "old.py").read_text() == text else "the file was damaged"

    case = _case(random, place, ("check", "--fix", "old.py"), lambda: "", left, most=len(text) * 2)
    return Case(**{**vars(case), "statuses": frozenset({0, 1, 2})})
