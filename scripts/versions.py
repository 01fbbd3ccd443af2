"""Runs the example of each rule of `kerastut check` on several versions of Keras.

python scripts/versions.py PYTHON...

Each PYTHON belongs to an environment with one version of Keras and TensorFlow; nothing else has to
be there. The tables go into docs/versions.md and its Chinese twin; where a rule's `since` says
otherwise is printed. It needs a system that forks, as Linux does.
"""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "versions.md", "zh": DOCS / "zh" / "versions.md"}
TABLES = re.compile(r"(<!-- rules -->\n\n).*?(<!-- end of rules -->)", re.DOTALL)
PATIENCE = 120.0  # seconds for one example
# They need a package that is missing, a process that has not imported Keras, and two processes.
APART = {"KT153", "KT154", "KT155", "KT438"}
RUNS, WARNS, WRONG, UNKNOWN = "runs", "warns", "wrong", "–"
CHINESE = {"rule": "规则", RUNS: "能运行", WARNS: "有警告", WRONG: "结果不对"}
PACKAGES = ("keras", "tensorflow", "numpy")
VERSIONS = f"import {', '.join(PACKAGES)}; print({', '.join(f'{p}.__version__' for p in PACKAGES)})"

Example = Mapping[str, Any]
Row = Mapping[str, str]


def run(example: Example) -> str:
    """Runs an example in this process.

    Args:
        example: `scripts`, which are run one after the other, and each alone if there are several;
            `raises`, the class of its exception or warning; `wrong`, an expression that is true
            where it went wrong.

    Returns:
        The class of its exception, `WARNS`, `WRONG` or `RUNS`; `UNKNOWN` if a package is
        missing, or `wrong` fails.
    """
    scripts, names = example["scripts"], dict[str, Any]()
    with warnings.catch_warnings(record=True) as seen, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            for script in [*(scripts if len(scripts) > 1 else ()), "\n".join(scripts)]:
                names = {"__name__": "__main__"}
                exec(compile(script, "example", "exec"), names)
        except ModuleNotFoundError as error:
            known = (error.name or "").partition(".")[0] in PACKAGES
            known = known or example["raises"] in ("ImportError", "ModuleNotFoundError")
            return type(error).__name__ if known else UNKNOWN
        except Exception as error:
            return type(error).__name__
    if example["raises"] in {kind.__name__ for one in seen for kind in one.category.__mro__}:
        return WARNS
    try:
        return WRONG if example["wrong"] and eval(example["wrong"], names) else RUNS
    except Exception:
        return UNKNOWN


def fork(example: Example, patience: float) -> str:
    """Runs an example in a copy of this process, which may end in any way, within some seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.write(writing, run(example).encode())
        os._exit(0)
    os.close(writing)
    deadline = time.monotonic() + patience
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return pipe.read() or UNKNOWN


def serve(patience: str, *packages: str) -> None:
    """Imports packages, then answers each line of standard input, an example, with one line."""
    for name in packages:
        __import__(name)
    for line in sys.stdin:
        print(json.dumps(fork(json.loads(line), float(patience))), flush=True)


def ask(
    python: str, examples: Iterable[Example], packages: Sequence[str], patience: float = PATIENCE
) -> Iterator[str]:
    """Yields what comes of each example on another Python, which imports the packages once."""
    with subprocess.Popen(
        [python, __file__, "--serve", str(patience), *packages],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=surroundings(),
    ) as process:
        assert process.stdin
        assert process.stdout
        for example in examples:
            process.stdin.write(json.dumps(example) + "\n")
            process.stdin.flush()
            yield json.loads(process.stdout.readline())
        process.stdin.close()


def surroundings() -> dict[str, str]:
    """Returns environment variables by which nothing of this process reaches another Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "agg"}


def tables(versions: Sequence[Row], columns: Mapping[str, Row], language: str) -> str:
    """Returns both tables in Markdown: the environments, and what came of each rule in each.

    Args:
        versions: For each environment, the versions of its packages by name.
        columns: By the version of Keras, what came of the rules by code.
        language: `en` or `zh`.
    """

    def line(cells: Iterable[str]) -> str:
        told = (CHINESE.get(cell, cell) if language == "zh" else cell for cell in cells)
        return f"| {' | '.join(told)} |\n"

    text = line(["Keras", "TensorFlow", "NumPy"]) + line(["---"] * 3)
    text += "".join(line(row[name] for name in PACKAGES) for row in versions) + "\n"
    text += line(["rule", *columns]) + line(["---"] * (1 + len(columns)))
    for code in next(iter(columns.values())):
        link = f"[{code}](rules.md#{code.lower()})"
        text += line([link, *(column[code] for column in columns.values())])
    return text


def write(versions: Sequence[Row], columns: Mapping[str, Row]) -> None:
    """Puts the tables into the pages."""
    for language, page in PAGES.items():
        text, inner = page.read_text(encoding="utf-8"), tables(versions, columns, language)
        page.write_text(TABLES.sub(rf"\g<1>{inner}\n\g<2>", text), encoding="utf-8")


def main(pythons: Sequence[str]) -> None:
    """Runs all examples on each Python, and writes the pages after each."""
    from kerastut.lint import load_rules

    rules = {code: rule for code, rule in load_rules().items() if code not in APART}
    blocks = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    examples = [
        {"scripts": blocks.findall(r.bad) or [r.bad], "raises": r.raises, "wrong": r.wrong}
        for r in rules.values()
    ]
    versions: list[Row] = []
    columns: dict[str, Row] = {}
    for python in pythons:
        command, settings = [python, "-c", VERSIONS], surroundings()
        told = subprocess.check_output(command, encoding="utf-8", env=settings)
        versions.append(dict(zip(PACKAGES, told.split()[-len(PACKAGES) :], strict=True)))
        print(versions[-1], flush=True)
        short = ".".join(versions[-1]["keras"].split(".")[:2])
        found = ask(python, examples, ("tensorflow", "keras"))
        columns[short] = dict(zip(rules, found, strict=True))
        write(versions, columns)
        target = tuple(map(int, short.split(".")))
        for code, outcome in columns[short].items():
            rule, failed = rules[code], outcome not in (RUNS, UNKNOWN)
            shown = outcome != UNKNOWN and (rule.raises or rule.wrong)
            if shown and failed != rule.concerns(target):
                print(
                    f"  {code}: {outcome}, since {rule.since!r}, legacy {rule.legacy}", flush=True
                )


if __name__ == "__main__":
    serve(*sys.argv[2:]) if sys.argv[1] == "--serve" else main(sys.argv[1:])
