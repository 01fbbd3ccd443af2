"""Standard streams that are closed, full, or left by their reader."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

from ..case import HEAD, Case, Outcome
from ..tiny import LINE, copied

RECIPES = ("cnn-mnist", "mlp-mnist", "text-lstm", "linear-regression")
STALE = "from keras.layers import Conv2D\nlayer = Conv2D(8, 3, border_mode='same')\n"
FULL = "/dev/full"


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields commands whose streams are none."""
    draw = (_told, _told, _told, _checked, _copied, _run, _predicted)
    for number in count():
        yield random.choice(draw)(random, folder / f"ends-{number}")


def _case(
    random: Random,
    place: Path,
    command: tuple[str, ...],
    status: int = 0,
    wrong: Callable[[Outcome], str] = lambda outcome: "",
) -> Case:
    """Draws what becomes of the streams of a command that has results and ends with a status."""
    closed = tuple(number for number in range(3) if random.random() < 0.3)
    ends = {
        number: random.choice((HEAD, FULL))
        for number in (1, 2)
        if number not in closed and random.random() < 0.5
    }
    lost = 1 in closed or ends.get(1) == FULL
    return Case(
        f"{' '.join(command)[:40]} closed {closed} ends {ends}",
        command,
        place,
        statuses=frozenset({status or int(lost)}),
        faults=2 if command[-1] == "x" else 1,
        wrong=wrong,
        closed=closed,
        ends=ends,
    )


def _told(random: Random, place: Path) -> Case:
    """What only prints."""
    place.mkdir()
    recipe, language = random.choice(RECIPES), random.choice(("en", "zh"))
    command = random.choice(
        (
            *(("list",), ("list", "--json"), ("data", "list"), ("data", "verify"), ("--help",)),
            *(("--version",), ("rule", "--all"), ("rule", "KT201", "--lang", language)),
            *(("show", recipe, "--lang", language), ("show", recipe, "--json"), ("run", "--help")),
        )
    )
    return _case(random, place, command)


def _checked(random: Random, place: Path) -> Case:
    """Findings, which have a status of their own."""
    place.mkdir()
    (place / "old.py").write_text(STALE * random.randint(1, 3))
    form = random.choice(("text", "json", "github", "sarif"))
    return _case(random, place, ("check", "old.py", "--format", form), status=1)


def _copied(random: Random, place: Path) -> Case:
    """A file, whose name is printed."""
    place.mkdir()
    name = f"my_{random.randrange(999)}.py"
    return _case(
        random,
        place,
        ("copy", random.choice(RECIPES), name),
        wrong=lambda outcome: "" if (place / name).is_file() else "nothing was copied",
    )


def _run(random: Random, place: Path) -> Case:
    """A training, which is done whoever listens."""
    place.mkdir()
    options = random.choice(((), ("-q",), ("--json",), ("-v",)))
    return _case(
        random,
        place,
        ("run", *LINE, *options, "--output-dir", "run"),
        wrong=lambda outcome: "" if (place / "run" / "run.json").is_file() else "nothing was run",
    )


def _predicted(random: Random, place: Path) -> Case:
    """Predictions of numbers, and of what is none."""
    copied(place)
    words = random.choice((("1",), ("2", "3"), ("x",), ("1", "x")))
    status = {("x",): 2, ("1", "x"): 1}.get(words, 0)
    return _case(random, place, ("predict", "run", *words), status)
