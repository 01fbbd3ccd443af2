"""Bytes that a terminal would obey, in names, texts, labels, docstrings and code."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

from ..case import Case, Outcome
from ..tiny import LINE, TEXTS, copied, recipe_text, rewrite
from ..words import file_name, hostile, one_line, strange

STALE = "from keras.layers import Conv2D\nlayer = Conv2D(8, 3, border_mode='same')  # {}\n"
FORMATS = ((), ("--diff",), *(("--format", name) for name in ("json", "github", "sarif")))
BOTH, FINE, FOUND = frozenset({0, 2}), frozenset({0}), frozenset({1})


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields commands that print what a stranger wrote."""
    draw = (_word, _word, _word, _file, _recipe, _recipe, _check, _check, _text, _texts, _label)
    for number in count():
        place = folder / f"terminal-{number}"
        yield random.choice((*draw, _table, _written))(random, place)


def _named(word: str) -> str:
    return ascii(word)[1:60]


def _word(random: Random, place: Path) -> Case:
    """A word that names nothing."""
    place.mkdir()
    word = hostile(random)
    command = random.choice(
        (
            *(("show", word), ("copy", word), ("rule", word), (word,), ("data", word)),
            *(("run", word), ("run", "cnn-mnist", f"--{word}"), ("run", "cnn-mnist", word)),
            *(("run", "cnn-mnist", option, word) for option in ("--epochs", "--lr", "--set")),
            ("run", "cnn-mnist", "--set", f"units={word}"),
            ("run", "cnn-mnist", "--set", f"{word}=1"),
            ("run", "cnn-mnist", "--dtype-policy", word),
            ("compare", "mlp-mnist", "--vary", f"{word}=1"),
            ("compare", "mlp-mnist", "--vary", f"units={word}"),
            ("verify", word),
            ("check", "--select", word),
        )
    )
    return Case(f"{command[0][:9]!a} {_named(word)}", command, place, wrong=one_line)


def _file(random: Random, place: Path) -> Case:
    """A path with nothing there, or with no run."""
    place.mkdir()
    name = file_name(random)
    if random.random() < 0.5:
        (place / name).mkdir()
    command = random.choice(
        (
            ("plot", name),
            ("predict", name, "1"),
            ("export", name, "--format", "keras"),
            ("demo", name),
            ("run", f"{name}.py"),
            ("check", f"{name}.py"),
            ("run", "mlp-mnist", "--data", f"./{name}.csv", "-q"),
        )
    )
    return Case(f"{command[0]} {_named(name)}", command, place, wrong=one_line)


def _recipe(random: Random, place: Path) -> Case:
    """A recipe of a stranger: its name, its docstring, its header, its help."""
    place.mkdir()
    word, name = hostile(random), file_name(random, ".py")
    quoted = random.choice((word.encode("utf-8", "replace").decode(), repr(word)[1:-1]))
    text = recipe_text().replace('"""', f'"""A {quoted} ', 1)
    if random.random() < 0.5:
        text = text.replace("Args:", f"Args:\n        learning_rate: {quoted}")
    if random.random() < 0.3:
        text = text.replace('dataset="line"', f"dataset={word!r}")
    (place / name).write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    options = random.choice(((), ("--json",)))
    command = random.choice((("show", f"./{name}", *options), ("run", f"./{name}", "--dry-run")))
    return Case(f"{command[0]} {_named(word)}", command, place, statuses=BOTH, wrong=strange)


def _check(random: Random, place: Path) -> Case:
    """Old code, in its name and its text."""
    place.mkdir()
    name, word = file_name(random, random.choice((".py", ".md"))), hostile(random)
    text = STALE.format(word)
    if name.endswith(".md"):
        text = f"# {word}\n\n```python\n{text}\n```\n"
    (place / name).write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    options = random.choice(FORMATS)
    words = (*options, random.choice((".", f"./{name}")))
    program = random.choice(("kerastut", "kerastut-check"))
    return Case(
        f"check {options} {_named(name)} {_named(word)}",
        words if program == "kerastut-check" else ("check", *words),
        place,
        statuses=frozenset({0, 1, 2}),
        program=program,
        wrong=_in_json if options[-1:] in (("json",), ("sarif",)) else strange,
    )


def _text(random: Random, place: Path) -> Case:
    """Texts to predict, given as words."""
    copied(place, TEXTS)
    words = [f"a{hostile(random)}" for _ in range(random.randint(1, 3))]
    given = [word for word in words if word.isascii() or max(word) < "\udc80"]
    shown = random.random() < 0.5
    return Case(
        f"predict {_named(words[0])}",
        ("predict", "run", *(given or ["a\x1b[1m"]), *["--json"] * shown),
        place,
        statuses=FINE,
        wrong=_repeats(given or ["a\x1b[1m"]) if shown else _rows(len(given) or 1),
    )


def _texts(random: Random, place: Path) -> Case:
    """Texts to predict, in a file or on standard input."""
    copied(place, TEXTS)
    name, word = file_name(random, ".txt"), hostile(random)
    content = f"good\n{word}\n".encode("utf-8", "surrogateescape")
    (place / name).write_bytes(content)
    command = ("predict", "run", random.choice((f"./{name}", "-")))
    said = f"predict {command[2][:1]} {_named(word)}"
    return Case(said, command, place, content, statuses=BOTH, wrong=strange)


def _label(random: Random, place: Path) -> Case:
    """Names of classes in a run's record."""
    run = copied(place, TEXTS)
    names = [hostile(random), f"{hostile(random)} "]
    rewrite(run / "run.json", lambda found: found | {"classes": names})
    shown = random.random() < 0.5
    command = ("predict", "run", "a text", "--top", "2", *["--json"] * shown)
    return Case(
        f"label {_named(names[0])}",
        command,
        place,
        statuses=FINE,
        wrong=_in_json if shown else _rows(2),
    )


def _table(random: Random, place: Path) -> Case:
    """Names of columns and classes in a table."""
    place.mkdir()
    name, word, column = file_name(random, ".csv"), hostile(random), hostile(random)
    rows = [f'{number} "good","{word}{number % 2}"' for number in range(30)]
    header = random.choice(("text,label", f'"{column}","label"'))
    content = "\n".join([header, *(f'"text {row[:2]}",{row.split(",")[1]}' for row in rows)])
    (place / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    command = ("run", "mlp-reviews", "--data", f"./{name}", "--dry-run", "--set", "max_tokens=50")
    return Case(f"table {_named(word)}", command, place, statuses=BOTH, wrong=strange)


def _written(random: Random, place: Path) -> Case:
    """Where results are to lie."""
    name = file_name(random)
    command = random.choice(("copy", "run", "plot"))
    if command == "plot":
        copied(place)
        words: tuple[str, ...] = ("plot", "run", "--output-dir", name)
    else:
        place.mkdir()
        words = ("run", *LINE, "--output-dir", name)
        words = ("copy", "cnn-mnist", f"{name}.py") if command == "copy" else words
    return Case(f"{command} to {_named(name)}", words, place, statuses=FINE, wrong=strange)


def _in_json(outcome: Outcome) -> str:
    try:
        json.loads(outcome.output if outcome.status != 2 else b"null")
    except ValueError as error:
        return f"no JSON: {error}: {outcome.output!r}"
    return strange(outcome)


def _repeats(words: list[str]) -> Callable[[Outcome], str]:
    def wrong(outcome: Outcome) -> str:
        if problem := _in_json(outcome):
            return problem
        names = [entry["input"] for entry in json.loads(outcome.output)]
        return "" if names == words else f"expected {words!a}, received {names!a}"

    return wrong


def _rows(count: int) -> Callable[[Outcome], str]:
    def wrong(outcome: Outcome) -> str:
        lines = outcome.output.count(b"\n")
        return strange(outcome) if lines == count + 1 else f"{lines} lines: {outcome.output!r}"

    return wrong
