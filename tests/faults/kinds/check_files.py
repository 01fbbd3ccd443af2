"""Files and folders that a checker cannot read, parse or believe."""

import codecs
import json
import os
import re
import socket
from collections.abc import Iterator
from encodings import aliases
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

from kerastut.lint import load_rules

from ..case import Case, Outcome

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
FOUND = b"KT201"
SUFFIXES = (".py", ".md", ".ipynb", ".txt", ".pyw", "", ".PY", ".rst", ".qmd")
ENDS = ("\n", "\r\n", "\r", "\n\r", "\r\r\n")
# These look like ends of lines, to some.
SIGNS = ("\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x1a", "\0", "\ufeff")
UGLY = (
    "\x1b[31m|\x1b]0;x\x07|\x9b2J|\u202e|\u2066|\r|\b|\x7f|\udcff|\ud800|é|\u3000|{0}|%s|\\|'|\"|`"
)
WORDS = "idna punycode undefined unicode_escape utf-7 utf-32 hz rot13 hex zip uu no-such mbcs oem"
CODECS = sorted({*WORDS.split(), *aliases.aliases, *aliases.aliases.values(), "../x", "a" * 9999})
NUMBERS = "0x" + "f" * 9000, "1" * 5000, "1e999", "-1", "1e-999", "1j", "0b1", "1_0", "9" * 4299
# What opens, what is in it, what closes.
DEEP = (
    r"""
(|1|)  [|1|]  {1: |1|}  f(|1|)  -|1|  not |1|  lambda: |1|  1 if a else |1|  a.|b|  |f|()  |a|[0]
a + |1|  a ** |1|  f'{|1|}'  [|1| for x in a]  (lambda: |1|)()  *|a|  await |a|  a := |1|  1 < |1|
a, |1|  "a" |"b"|  \\n|1|  if a:\n|pass|  class A:\n|pass|  def f():\n|pass|  try:\n|pass|
with a:\n|pass|  for a in b:\n|pass|  while a:\n|pass|  match a:\n|pass|  @a\n|def f(): 0|
elif a: 0\n|0|  else: 0\n|0|  print |1|  '|a|'  a or |1|  a = |1|  global |a|
""".strip()
    .replace("\n", "  ")
    .split("  ")
)


def text(random: Random) -> str:
    """Draws a program: what a rule finds, joined, cut, littered."""
    rules = [rule.bad for rule in load_rules().values()]
    drawn = "\n".join(random.choices(rules, k=random.randint(1, 3)))
    for _ in range(random.randint(0, 4)):
        at = random.randrange(len(drawn))
        sign = random.choice((*SIGNS, *UGLY.split("|"), *"()[]{}:,#\\\n\t'\"", "'''", "#noqa", "%"))
        drawn = drawn[:at] + sign * random.randint(0, 3) + drawn[at + random.randint(0, 20) :]
    return drawn


def wrapped(random: Random, source: str, suffix: str) -> bytes:
    """Returns a program as a file of a kind."""
    if suffix == ".ipynb":
        cell = {"cell_type": "code", "source": random.choice((source, source.splitlines(True)))}
        text = json.dumps({"cells": [cell]}, ensure_ascii=random.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")
    if suffix not in (".py", ".pyw", ""):
        before = random.choice(("", "> ", "  ", "- ", "\t"))
        lines = (before + line for line in f"```python\n{source}\n```".split("\n"))
        source = "\n".join(lines) + "\n"
    return source.encode("utf-8", "surrogatepass")


def encodings(random: Random, path: Path) -> None:
    """A coding that is declared, and bytes that may be of it."""
    coding = random.choice(CODECS)
    head = random.choice(("# coding: {}", "# -*- coding: {} -*-", "#!x\n# vim: fileencoding={} :"))
    drawn = f"{head.format(coding)}\n{text(random)}"
    written = random.choice((coding, "utf-8", "utf-16", "utf-32", "latin-1", "gbk", "utf-8-sig"))
    try:
        content = codecs.lookup(written).encode(drawn, "ignore")[0]
    except (LookupError, ValueError, AssertionError):
        content = drawn.encode("utf-8", "ignore")
    content = content if isinstance(content, bytes) else drawn.encode("utf-8", "ignore")
    path.with_suffix(".py").write_bytes(random.choice((b"", b"", codecs.BOM_UTF8)) + content)


def line_ends(random: Random, path: Path) -> None:
    """Ends of lines of several kinds, also where there is no end."""
    signs = random.choices((*ENDS, *ENDS, *SIGNS), k=random.randint(1, 4))
    source = re.sub("\n", lambda _: random.choice(signs), text(random))
    at = random.randrange(len(source))
    suffix = random.choice(SUFFIXES)
    source = source[:at] + random.choice(signs) + source[at:]
    path.with_suffix(suffix).write_bytes(wrapped(random, source, suffix))


def nesting(random: Random, path: Path) -> None:
    """Code that is nested deeply."""
    deep = int(10 ** random.uniform(1, 5))
    opening, core, *closing = (part.replace(r"\n", "\n") for part in random.choice(DEEP).split("|"))
    if opening.endswith(":\n"):
        deep = min(deep, 1000)
        opened = "".join(" " * i + opening for i in range(deep)) + " " * deep
    else:
        opened = opening * deep
    source = f"import keras\n{opened}{core}{''.join(closing) * deep}\n"
    if random.random() < 0.5:
        source += STALE
    suffix = random.choice((".py", ".py", ".md", ".ipynb"))
    path.with_suffix(suffix).write_bytes(wrapped(random, source, suffix))


def numbers(random: Random, path: Path) -> None:
    """Arguments with numbers that are no usual ones."""
    calls = "keras.Input({0})|keras.Input(shape={0})|m.fit(x, y, {0})|m.fit(x, y, epochs={0})"
    calls += (
        "|keras.layers.Dense({0})|keras.layers.Conv2D(3, {0}, {0})|np.zeros({0})|x[{0}]|x / {0}"
    )
    calls += "|m.fit(x, x, validation_split={0})|np.random.randint(0, {0}, {0})|m.save({0})|-{0}"
    calls += "|keras.layers.Dense(1, foo={0})|{{{0}: {0}}}[{0}]|keras.layers.Dense(1, name={0})"
    drawn = [one.format(random.choice(NUMBERS)) for one in random.choices(calls.split("|"), k=5)]
    head = "import keras\nimport numpy as np\nm = keras.Sequential([keras.layers.Dense(1)])\n"
    lines = [f"{random.choice(('x', 'y', 'x, y', 'm'))} = {one}" for one in drawn]
    path.with_suffix(".py").write_text(head + "\n".join(lines) + "\n")


def notebooks(random: Random, path: Path) -> None:
    """JSON that is no notebook, or nearly none."""

    def value(depth: int) -> object:
        if depth > 3 or random.random() < 0.3:
            return random.choice(
                (None, 1, -1e308, "code", "a\ud800", STALE, True, [], {}, "\x1b[m")
            )
        if random.random() < 0.5:
            return [value(depth + 1) for _ in range(random.randint(0, 3))]
        keys = "cells cell_type source input worksheets metadata kernelspec name language_info"
        return {key: value(depth + 1) for key in random.sample(keys.split(), 3)}

    drawn = value(0) if random.random() < 0.3 else {"cells": value(0), "metadata": value(1)}
    cell = {"cell_type": "code", "source": value(0), "input": value(2)}
    whole = json.dumps(
        random.choice((drawn, {"cells": [cell]}, {"worksheets": [{"cells": [cell]}]}))
    )
    deep = int(10 ** random.uniform(1, 5))
    content = random.choice(
        (
            whole,
            whole,
            whole[: random.randrange(len(whole) + 1)],
            whole.replace('"', "'"),
            "[" * deep + "]" * deep,
            '{"cells": ' * deep + "1" + "}" * deep,
            f'{{"cells": [], "nbformat": {"1" * deep}}}',
            whole.replace("1", "NaN"),
            f'{{"cells": [], {whole[1:]}',
        )
    )
    path.with_suffix(".ipynb").write_text(content)


def silences(random: Random, path: Path) -> None:
    """Comments that are none: a finding behind them is to be told."""
    quote = random.choice(("'", '"', "'''", '"""', "f'", "rb'", "'''\n"))
    noqa = random.choice(("# noqa", "#noqa: KT2", "# NOQA:KT201", "## noqa", "# x # noqa"))
    end = quote.lstrip("frb").strip()
    line = f"SGD(lr={quote}{noqa}{end})"
    path.with_suffix(".py").write_text(f"from keras.optimizers import SGD\n{line}\n")


def special(random: Random, path: Path) -> None:
    """What has the name of a file and is none."""
    path = path.with_suffix(random.choice((".py", ".ipynb", ".md")))
    kind = random.choice(("pipe", "socket", "folder", "gone", "circle", "zero", "secret", "stdin"))
    targets = {"gone": "nowhere", "circle": path.name, "zero": "/dev/zero", "stdin": "/dev/stdin"}
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            here = Path.cwd()
            os.chdir(path.parent)  # its path must be short
            one.bind(path.name)
            os.chdir(here)
    elif kind == "folder":
        path.mkdir()
        (path / "inner.py").write_text(STALE)
    else:
        path.symlink_to(targets.get(kind, "../../secret.txt"))


def rights(random: Random, path: Path) -> None:
    """What nobody may look into, but for the superuser."""
    path.mkdir()
    (path / "inner").mkdir()
    (path / "inner" / "x.py").write_text(STALE)
    (path / "pyproject.toml").write_text("[tool.kerastut]\n")
    names = (path, path / "inner", path / "inner" / "x.py", path / "pyproject.toml")
    random.choice(names).chmod(random.choice((0, 0o100, 0o400, 0o200, 0o444, 0o111)))


def projects(random: Random, path: Path) -> None:
    """A pyproject.toml that is not what was expected."""
    path.mkdir()
    (path / "x.py").write_text(STALE)
    file = path / "pyproject.toml"
    deep = int(10 ** random.uniform(1, 5))
    table = "[tool.kerastut]\n"
    values = (
        "1|'KT1'|[1]|[['KT1']]|{}|[{}]|true|1979-05-27|inf|['KT9']|['\\u001b[31m']|''|['[z-a]']"
    )
    value = random.choice(
        (*values.split("|"), "[" * deep + "]" * deep, f"0x{'f' * deep}", "9" * deep)
    )
    key = random.choice(("select", "ignore", "exclude", "x", '"\\u202e"', f'"{"a" * deep}"', "a.b"))
    many = ",".join(
        f"'{random.choice(('KT1', '*a', 'KT', '[', '**/', 'x' * 99))}'" for _ in range(deep)
    )
    content = random.choice(
        (
            f"{table}{key} = {value}\n",
            f"{table}{key} = [{many}]\n",
            f"tool = {value}\n",
            f"[tool]\nkerastut = {value}\n",
            "a." * deep + "b = 1\n",
            "".join(f"[a{i}]\n" for i in range(deep)),
            "[[" + "a." * deep + "a]]\n",
            table[: random.randrange(len(table))],
            table + "a = '" + "x" * 2_000_000 + "'\n",
            table + "\ufeff\x1b\u202e",
        )
    )
    match random.randrange(6):
        case 0:
            os.mkfifo(file)
        case 1:
            file.symlink_to(random.choice(("../../../secret.txt", "/dev/zero", "pyproject.toml")))
        case 2:
            file.write_bytes(content.encode("utf-16"))
        case _:
            file.write_text(content, "utf-8")


def names(random: Random, path: Path) -> None:
    """A name that a terminal would obey, and texts that would."""
    ugly = random.choice(
        [sign for sign in UGLY.split("|") if "\\" not in sign and sign != "\ud800"]
    )
    path = path.parent / f"x{ugly}{random.choice(('.py', '.md', '.ipynb'))}"
    called = random.choice(("m.save({!r})", "m.load_weights('{}')", "keras.layers.Dense('{}')"))
    texts = "\n".join(called.format(f"a{sign}.x") for sign in UGLY.split("|") if "'" not in sign)
    source = f"import keras\nm = keras.Sequential()\n{texts}\n{text(random)}"
    path.write_bytes(wrapped(random, source, path.suffix))


def damaged(random: Random, path: Path) -> None:
    """What rules find, damaged."""
    suffix = random.choice(SUFFIXES)
    content = bytearray(wrapped(random, text(random), suffix))
    for _ in range(random.randint(0, 3)):
        content[random.randrange(len(content))] = random.randrange(256)
    path.with_suffix(suffix).write_bytes(content)


def deep_folders(random: Random, path: Path) -> None:
    """Folders in folders, and many of them."""
    deep = random.choice((5, 100, 400))
    here = os.open(path.parent, os.O_RDONLY)
    for _ in range(deep):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    file = os.open("x.py", os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(file, STALE.encode())
    os.close(file)
    os.close(here)


MAKERS = (
    *(encodings, line_ends, nesting, numbers, notebooks, silences),
    *(special, rights, projects, names, damaged, deep_folders),
)
# What a stranger's code would do if it ran.
CANARY = "import os\nopen(os.environ['KERASTUT_CANARY'], 'w')\n"


def told(own: str, outcome: Outcome) -> str:
    """Tells what the others' results, or a finding, lack."""
    if b"the check itself failed" in outcome.errors:
        return "the check itself failed"
    if FOUND not in outcome.output:
        return "the other file's finding is lost"
    return f"nothing is said of {own}" if own.encode() not in outcome.output else ""


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Draws files, without an end; beside each lies one that is as it should be."""
    for number in count():
        here = folder / f"files-{number}"
        inner = here / "inner"
        inner.mkdir(parents=True)
        maker = MAKERS[number % len(MAKERS)]
        maker(random, inner / "strange")
        (here / "good.py").write_text(STALE + CANARY)
        (here / "conftest.py").write_text(CANARY)
        formats = random.choice(("text", "text", "json", "github", "sarif"))
        more = random.choice(((), ("--select", "ALL"), ("--lang", "zh"), ("--ignore", "KT1")))
        paths = ["."]
        if random.random() < 0.3:  # named one by one
            paths = ["good.py", *(f"inner/{path.name}" for path in inner.iterdir())]
        yield Case(
            name=f"{maker.__name__} {number}",
            argv=(*["check"] * (number % 2), *paths, "--format", formats, *more),
            folder=here,
            stdin=STALE.encode(),
            statuses=frozenset({1, 2}),
            program="kerastut" if number % 2 else "kerastut-check",
            wrong=partial(told, "strange.py" if maker is silences else "good.py"),
        )
