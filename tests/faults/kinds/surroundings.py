"""Surroundings that are not as they should be: folders, names, variables, memory."""

import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from ..case import Case, Outcome
from ..tiny import LINE, copied
from ..words import hostile, strange

BOTH = frozenset({0, 2})
NO_BACKENDS = ("torch", "openvino", "numpy", "theano", "TENSORFLOW", "tensorflow ", "keras", "os")
# Nothing of them is needed.
IGNORED = (
    *(("HOME", "/nowhere"), ("HOME", "/dev/null"), ("TMPDIR", "/nowhere"), ("LANG", "xx_YY.none")),
    *(("LC_ALL", "C"), ("PYTHONIOENCODING", "ascii"), ("PYTHONUTF8", "0"), ("COLUMNS", "0")),
    *(("COLUMNS", "-5"), ("LINES", "x"), ("TERM", "none"), ("NO_COLOR", "1"), ("TZ", "Nowhere/X")),
)
LIGHT = (("list",), ("list", "--json"), ("data", "list"), ("show", "cnn-mnist"), ("rule", "--all"))


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields commands in strange surroundings."""
    quick = (_gone, _gone, _long, _long, _long, _barred, _barred, _odd)
    draw = (*quick, *quick, *quick, _backend, _backend, _memory, _memory, _configured, _drawn)
    for number in count():
        yield random.choice(draw)(random, folder / f"around-{number}")


def _one_line(outcome: Outcome) -> str:
    lines = outcome.errors.count(b"kerastut: error: ")
    wrong = lines != (outcome.status != 0) or (outcome.status and outcome.output)
    return f"{outcome.output!r} {outcome.errors!r}" if wrong else strange(outcome)


def _gone(random: Random, place: Path) -> Case:
    """The working folder was removed."""
    place.mkdir()
    refused = (
        *(("copy", "cnn-mnist"), ("check",), ("check", "a.py"), ("run", "own.py")),
        *(("run", *LINE), ("run", "cnn-mnist", "--data", "pictures"), ("plot", "run")),
        *(("predict", "run", "1"), ("compare", "mlp-mnist", "--vary", "epochs=1,2")),
    )
    light = random.random() < 0.4
    command = random.choice(LIGHT if light else refused)
    statuses = frozenset({0 if light else 2})
    name = f"gone {' '.join(command)} {random.randrange(99)}"
    return Case(name, command, place, statuses=statuses, wrong=_one_line, gone=True)


def _long(random: Random, place: Path) -> Case:
    """A name or a path that no system takes."""
    copied(place)
    letter = random.choice(("a", "线", "é", ".", " a"))
    name = letter * (random.randint(256, 5000) // len(letter) + 1)
    if random.random() < 0.3:
        name = "a/" * random.randint(2048, 9000) + "a"
    command = random.choice(
        (
            *(("run", f"{name}.py"), ("show", f"{name}.py"), ("copy", "cnn-mnist", f"{name}.py")),
            *(("run", *LINE, "--output-dir", name), ("plot", name), ("predict", name, "1")),
            *(("run", "mlp-reviews", "--data", f"./{name}.csv"), ("check", f"{name}.py")),
            *(("run", "mlp-mnist", "--data", f"./{name}"), ("export", name, "--format", "keras")),
            *(("plot", "run", "--output-dir", name), ("demo", name), ("verify", f"{name}.py")),
            ("export", "run", "--format", "keras", "--output-dir", name),
            ("compare", *LINE[:3], "--vary", "epochs=1,2", "--output-dir", name),
        )
    )
    said = f"long {' '.join(word[:12] for word in command)} {len(name)}"
    return Case(ascii(said)[1:-1], command, place, wrong=_one_line)


def _barred(random: Random, place: Path) -> Case:
    """A folder or a file without permission, or a file where a folder is expected."""
    run = copied(place)
    barred = place / f"barred-{random.randrange(999)}"
    if random.random() < 0.5 or os.geteuid() == 0:
        barred.write_text("x")
    else:
        barred.mkdir()
        (barred / "a").mkdir()
        barred.chmod(random.choice((0o000, 0o200, 0o400)))
    inside = f"{barred.name}/a"
    command = random.choice(
        (
            *(("run", *LINE, "--output-dir", inside), ("plot", inside), ("predict", inside, "1")),
            *(("plot", run.name, "--output-dir", inside), ("export", inside, "--format", "keras")),
            *(("run", "mlp-mnist", "--data", inside), ("run", f"{inside}.py"), ("demo", inside)),
            *(("copy", "cnn-mnist", f"{inside}.py"), ("check", f"{inside}.py")),
            ("export", run.name, "--format", "keras", "--output-dir", inside),
            ("compare", *LINE[:3], "--vary", "epochs=1,2", "--output-dir", inside),
        )
    )
    return Case(f"barred {' '.join(command)}", command, place, wrong=_one_line)


def _odd(random: Random, place: Path) -> Case:
    """Variables that nothing depends on."""
    place.mkdir()
    environment = dict(random.sample(IGNORED, random.randint(1, 3)))
    command = random.choice(LIGHT)
    return Case(
        f"{command[0]} {environment}",
        command,
        place,
        environment=environment,
        statuses=frozenset({0}),
        wrong=_one_line,
    )


def _backend(random: Random, place: Path) -> Case:
    """A backend that is none, or not installed, or not one of kerastut's."""
    copied(place)
    word = hostile(random) if random.random() < 0.7 else random.choice(NO_BACKENDS)
    return Case(
        f"backend {word!a}"[:70],
        random.choice((("run", *LINE, "-q"), ("predict", "run", "1"), ("plot", "run"))),
        place,
        environment={"KERAS_BACKEND": word},
        wrong=_one_line,
    )


def _memory(random: Random, place: Path) -> Case:
    """Less address space than TensorFlow needs."""
    copied(place)
    size = random.randint(60, 1500) * 2**20
    command = random.choice((("run", *LINE, "-q"), ("predict", "run", "1"), ("plot", "run")))
    limits = {"RLIMIT_AS": size}
    name = f"{command[0]} in {size / 2**20:.0f} MiB"
    return Case(name, command, place, wrong=_one_line, limits=limits, fresh=True)


def _configured(random: Random, place: Path) -> Case:
    """A configuration of Keras, or of matplotlib, that is damaged."""
    place.mkdir()
    keras: dict[str, tuple[Any, ...]] = {
        "backend": (*NO_BACKENDS, 5, None, []),
        "floatx": ("int8", "", 7, None, "float16"),
        "epsilon": ("x", None, [], -1),
        "image_data_format": ("", "nhwc", 0),
    }
    chosen = random.sample(list(keras), random.randint(1, 3))
    text = json.dumps({name: random.choice(keras[name]) for name in chosen})
    if random.random() < 0.3:
        text = random.choice(("[]", "5", '"a"', "null"))
    (place / "keras.json").write_text(text)
    name = random.choice(("KERAS_HOME", "MATPLOTLIBRC"))
    junk = random.randbytes(random.randint(1, 300))
    (place / "matplotlibrc").write_bytes(b"\xff\n" + junk if name == "MATPLOTLIBRC" else b"")
    return Case(
        f"{name} {text}"[:90],
        ("run", *LINE, "-q", "--output-dir", "run"),
        place,
        environment={name: "."},
        statuses=BOTH,
        wrong=_one_line,
    )


def _drawn(random: Random, place: Path) -> Case:
    """A window system that does not exist."""
    copied(place)
    word = random.choice((hostile(random), "tkagg", "qtagg", "module://none", "Agg"))

    def wrong(outcome: Outcome) -> str:
        drawn = (place / "figures" / "history.png").is_file()
        return _one_line(outcome) if drawn else "nothing was drawn"

    return Case(
        f"MPLBACKEND {word!a}"[:70],
        ("plot", "run", "--output-dir", "figures"),
        place,
        environment={"MPLBACKEND": word},
        statuses=frozenset({0}),
        wrong=wrong,
    )
