"""Types every command that the READMEs and docs show, and compares with what the pages promise.

Usage: PYTHONPATH=scripts python scripts/type_pages.py [PAGE ...]

Each page's commands are typed in a fresh clone, at 80 columns, in the page's language, beside the
files of `type_pages_scene`. A line is printed for each difference; the exit status is 1 if there is
one. Trainings are shortened where no output stands below them.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from math import isclose
from pathlib import Path
from typing import Any

import type_pages_scene as scene

ROOT = Path(__file__).parents[1]
# All but the one that names what was new.
PAGES = [*ROOT.glob("README*.md"), *ROOT.glob("CONT*.md"), *(ROOT / "docs").rglob("*.md")]
FENCE = re.compile(r"^( *)(`{3,})(\w*)\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)
PROGRAM = r"(?:taskset -c \S+ )?(?:python (?:-m )?)?kerastut(?:-check)? "
START = re.compile(
    rf"(?:[A-Z_]+=\S+ )?{PROGRAM}|python |make |pip |mkdir |ln |printf |sbatch |kubectl "
)
# Not typed, and why.
UNTYPED = {
    r"git clone|cd |source |.*pip |python3 -m venv|py ": "changes the environment it is typed in",
    r"sbatch|kubectl|apt-get|ln |printf|mkdir fashion": "needs what is not on this machine",
    r".*(tensorflow_datasets as tfds|KERAS_BACKEND=jax)": "needs a network, or another backend",
    r".*(kerastut-check\.pyz|benchmarks|versions\.py|build_|scenes\.py|results\.py)": "takes long",
    r"kerastut copy my-net|python scripts/readme_table": "needs what the reader writes",
    r"python -m (pytest|book)": "is run by make test and make site",
    r"python -m notebook": "needs Jupyter, which the line above it installs",
}
# What ends otherwise than with status 0: findings, a network that is not there.
STATUS = {
    r"kerastut(-check)? check (?!--fix)|kerastut-check lesson": 1,
    r".*--data (tfds:|fashion)": 2,
    r"python -m kerastut\.why": 1,
    r".*(kerastut demo|--watch)": 130,  # by Ctrl-C
}
# What takes long is shortened by arguments that come later, where the page shows no output.
SHORTER = {
    r".*kerastut run .*(--data |\./)": "--epochs 1",
    r".*kerastut run (?!--resume)": "--epochs 1 --limit 600",
    r".*kerastut compare": "--repeats 1 --epochs 1 --limit 300",
    r"kerastut demo": "--port 0",
    r"kerastut migrate (?!.*(--yes|--no-run))": "--yes",  # it asks on a terminal alone
}
ENDLESS = re.compile(r".*(kerastut demo|--watch)")
WRITTEN = re.compile(r"(?:-o|--output|--output-dir|--output-file|--out|--explain|--picture) (\S+)")
TIME = re.compile(
    r"\d+s - \d+m?s/step|-\d{8}-\d{6}|^(?:seconds|samples per second|秒|每秒样本数) .*", re.M
)
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Shown:
    """A command on a page, and what the page prints below it."""

    command: str
    output: str = ""


def language(page: Path) -> str:
    """Returns the language that a page is written in."""
    return "zh" if "zh" in page.relative_to(ROOT).as_posix() else "en"


def shown(page: Path) -> list[Shown]:
    """Returns the commands that a page shows, in its blocks and in its text, each once."""
    text = page.read_text(encoding="utf-8")
    found = [one for block in FENCE.findall(text) for one in _of_block(*block)]
    for inline in re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", FENCE.sub("", text)):
        words = " ".join(inline.split())
        # In the text, words alone name a command, or an option of it.
        if START.match(words) and not re.fullmatch(rf"{PROGRAM}[a-z ]+(--[a-z-]+)?", words):
            found.append(Shown(words))
    return [one for one in dict.fromkeys(found) if not re.search(r"\.\.\.| RUN\b", one.command)]


def _of_block(indent: str, _: str, kind: str, block: str) -> Iterator[Shown]:
    block = re.sub(r"\\\n +", " ", textwrap.dedent(block) if indent else block)
    if kind == "console" or block.startswith("$ "):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = session.partition("\n")
            yield Shown(command, output)
    elif kind in ("", "sh"):
        for line in block.splitlines():
            command = re.sub(r" {2,}#.*|^#.*", "", line).strip()
            if START.match(command):
                yield Shown(command)


def untyped(one: Shown) -> str:
    """Returns why a command is not typed, if it is not."""
    return str(_first(UNTYPED, one.command, ""))


def differences(one: Shown, status: int, said: str, folder: Path) -> Iterator[str]:
    """Yields what is not as the page promises."""
    expected = _first(STATUS, one.command, 0)
    if status != expected:
        yield f"status {status}, not {expected}: {said.strip()[-400:]}"
    if "Traceback (most recent call last)" in said and "kerastut.why" not in one.command:
        yield f"a traceback: {said[-400:]}"
    for file in WRITTEN.findall(one.command) if status == 0 else ():
        if not (folder / file).exists():
            yield f"{file} is not there"
    wanted, received = _lines(one.output), _lines(said)
    received = received[-len(wanted) :] if wanted else []
    for want, have in zip_longest(wanted, received, fillvalue=""):
        if not alike(want, have):
            yield f"\n    page: {want}\n    said: {have}"


def _lines(text: str) -> list[str]:
    """Returns lines without times; one that was folded is whole again."""
    return TIME.sub("(time)", re.sub(r"\n {8,}", " ", text)).splitlines()


def alike(want: str, have: str) -> bool:
    """Tells whether two lines have the same words, and numbers as near as two machines come."""
    if [part.split() for part in NUMBER.split(want)] != [
        part.split() for part in NUMBER.split(have)
    ]:
        return False
    numbers = [[float(n.replace(",", "")) for n in NUMBER.findall(line)] for line in (want, have)]
    return all(isclose(a, b, rel_tol=0.01, abs_tol=0.005) for a, b in zip(*numbers, strict=True))


def _first(table: dict[str, Any], command: str, default: Any) -> Any:
    return next((value for form, value in table.items() if re.match(form, command)), default)


def cleared(command: str) -> str:
    """Returns what has to be typed before a command, for what stood at its place."""
    forms = ((re.match(form, command), line) for form, line in scene.BEFORE.items())
    return "; ".join(match.expand(line) for match, line in forms if match)


def typed(one: Shown, folder: Path, wanted: str) -> tuple[int, str]:
    """Types a command in a folder; returns its status and what it said on both streams."""
    command = one.command
    if command == "make demo" and one.output:
        command = "python -m kerastut run cnn-mnist"
    elif command.startswith("make "):
        command = f"make -n {command.removeprefix('make ')}"
    elif not one.output and (more := _first(SHORTER, command, "")):
        command = f"{command} {more}"
    if "verify --all" in command:
        command = command.replace("--all", "linear-regression")
    environment = {
        **os.environ,
        "COLUMNS": "80",
        "PYTHONUNBUFFERED": "1",  # both streams in the order of a terminal
        "KERASTUT_LANG": wanted,
        "PYTHONPATH": str(folder),
        **({"TF_CONFIG": scene.ALONE} if "multi-worker" in command else {}),
    }
    if before := cleared(command):
        subprocess.run(before, shell=True, cwd=folder, env=environment, check=True)
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}" if ENDLESS.match(command) else command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ENDLESS.match(command):
        time.sleep(20)
        process.send_signal(signal.SIGINT)
    said, _ = process.communicate(_first(scene.ANSWERS, one.command, ""))
    return process.returncode, said


def main(names: list[str]) -> int:
    """Types the pages' commands and prints the differences."""
    count, done = 0, set()
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as base:
        made = scene.runs(Path(base) / "made")
        for page in [ROOT / name for name in names] or PAGES:
            folder = Path(base) / "clone" / page.relative_to(ROOT).with_suffix("")
            subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
            shutil.copytree(made, folder, dirs_exist_ok=True)
            scene.write(folder, page)
            for one in shown(page):
                # What writes nothing that the next lines need is typed once a language.
                if (language(page), one) in done and not WRITTEN.search(one.command):
                    continue
                done.add((language(page), one))
                place = f"{page.relative_to(ROOT)}: {one.command}"
                if reason := untyped(one):
                    print(f"{place}: not typed: {reason}", flush=True)
                    continue
                start = time.perf_counter()
                found = list(differences(one, *typed(one, folder, language(page)), folder))
                print(f"{place}: {time.perf_counter() - start:.1f} s", flush=True)
                for line in found:
                    print(f"  DIFFERENCE {line}", flush=True)
                count += len(found)
    print(f"{count} differences")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
