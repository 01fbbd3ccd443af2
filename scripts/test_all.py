"""Runs the tests on each Python that is found, and with the lowest and the next versions.

    python scripts/test_all.py [--write] [NAME ...] [-- PYTEST_ARGUMENT ...]

NAME is a Python (3.11, 3.12, 3.13), `lowest` (the floor of each range that pyproject.toml admits)
or `next` (candidates of TensorFlow and Keras); without one all are tried. Each has an environment
of its own, `.venv-NAME`, and one line of result. With `--write` the lines of a whole run go into
docs/versions.md and its Chinese twin, with the date. The exit status is 1 if a test fails or no
Python is found.
"""

import argparse
import datetime
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = str(ROOT / "pyproject.toml")
PAGES = [ROOT / "docs" / "versions.md", ROOT / "docs" / "zh" / "versions.md"]
TABLE = re.compile(r"(?<=<!-- tests -->\n\n).*?(?=\n<!-- end of tests -->)", re.DOTALL)
PYTHONS = ("3.11", "3.12", "3.13")
VERSIONS = (
    "import platform, keras, tensorflow, numpy; print(platform.python_version(),"
    " tensorflow.__version__, keras.__version__, numpy.__version__)"
)
LOWEST = (
    "-m",
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--resolution=lowest-direct",
    "--extra=dev",
    PROJECT,
)
INSTALL = ("-m", "uv", "pip", "install", "--quiet")
NEXT = ("tensorflow>=2.22.0rc0", "keras-nightly")


def main() -> None:
    """Prints a line for each environment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", default=[*PYTHONS, "lowest", "next"])
    parser.add_argument("--write", action="store_true", help="put the lines into docs/versions.md")
    ours, given = sys.argv[1:], []
    if "--" in ours:
        at = ours.index("--")
        ours, given = ours[:at], ours[at + 1 :]
    options = parser.parse_args(ours)
    pythons = {version: path for version in PYTHONS if (path := python(version))}
    if not pythons:
        sys.exit(f"Expected a Python of {', '.join(PYTHONS)}; found none: install one.")
    lines, fails = [], False
    for name in options.names:
        path = pythons.get({"lowest": min(pythons), "next": max(pythons)}.get(name, name))
        if path is None:
            print(f"Python {name}: not found, left out")
            continue
        environment = ROOT / f".venv-{name}"
        try:
            make(name, path, environment)
        except subprocess.CalledProcessError as error:
            print(f"{name}: the environment cannot be made: {error}")
            fails = True
            continue
        status, counts = tests(environment, given)
        fails = fails or status != 0
        versions = output(environment, "-W", "ignore", "-c", VERSIONS).split()[-4:]
        lines.append([name, *versions, counts, str(datetime.date.today())])
        print(" | ".join(lines[-1]), flush=True)
    if options.write and not given:
        write(lines)
    sys.exit(fails)


def python(version: str) -> str | None:
    """Returns the path of a Python, on the PATH or among pyenv's versions."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")]
    for path in found:
        # What pyenv puts on the PATH may stand for a Python that is not chosen.
        if path and not subprocess.run([path, "-c", "import venv"], capture_output=True).returncode:
            return str(path)
    return None


def make(name: str, path: str, environment: Path) -> None:
    """Makes the environment, if it is not there."""
    settings = [f"PYTHON={path}", f"VENV={environment}"]
    stamp = environment / "installed-dev"
    sources = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    newest = max(path.stat().st_mtime for path in sources)
    made = stamp.exists() and stamp.stat().st_mtime > newest
    if name in ("lowest", "next") and not made:  # `make` would bring it up to today's versions
        shutil.rmtree(environment, ignore_errors=True)
    constraints = environment.with_suffix(".txt")
    if name == "lowest" and not made:
        subprocess.run([path, "-m", "venv", environment], check=True)
        output(environment, "-m", "pip", "install", "--quiet", "uv")
        constraints.write_text(output(environment, *LOWEST), encoding="utf-8")
        # pip would refuse a package among them that names older Pythons alone.
        output(environment, *INSTALL, f"--constraint={constraints}", f"--editable={ROOT}[dev]")
        for one in ("installed", "installed-dev"):
            (environment / one).touch()
    if name == "next":
        settings.append(f"CONSTRAINTS={os.devnull}")
    subprocess.run(["make", "-s", *settings, f"{environment}/installed-dev"], cwd=ROOT, check=True)
    if name == "next" and not made:
        output(environment, "-m", "pip", "uninstall", "--quiet", "--yes", "keras")
        output(environment, "-m", "pip", "install", "--quiet", "--pre", *NEXT)


def tests(environment: Path, given: list[str]) -> tuple[int, str]:
    """Runs the tests; returns the exit status, and what pytest counts in its last line."""
    arguments = [*("-m", "pytest", "-n", "3", "--dist", "loadfile"), "--no-loadscope-reorder"]
    command = [f"{environment}/bin/python", *arguments, *given]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line if re.search(r"\d+ (passed|failed|error)", line) else last
    counts = re.sub(r" in [\d.]+s.*", "", last.strip("= \n"))
    return process.returncode, counts or "no test ran"


def output(environment: Path, *arguments: str) -> str:
    """Returns what the environment's Python prints."""
    command = [f"{environment}/bin/python", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout


def write(lines: list[list[str]]) -> None:
    """Puts the lines into both pages; those of other environments stay."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = TABLE.search(text)
        assert found, f"expected a table between comments in {page}"
        rows = found[0].splitlines()
        kept = {row.split(" | ")[0].strip("| "): row for row in rows[2:]}
        kept |= {line[0]: f"| {' | '.join(line)} |" for line in lines}
        order = sorted(kept, key=lambda name: (not name[0].isdigit(), name))
        table = "\n".join([*rows[:2], *(kept[name] for name in order)]) + "\n"
        page.write_text(text.replace(found[0], table), encoding="utf-8")


if __name__ == "__main__":
    main()
