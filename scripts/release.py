"""Builds what a release consists of, tries it in fresh environments, writes digests and an SBOM.

    python scripts/release.py dist

Nothing is uploaded. The version is told in kerastut/version.py alone; CHANGELOG.md must have a
section of it, and git must hold all that is built.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from hashlib import sha256
from pathlib import Path

import check_dist

from kerastut.version import __version__

ROOT = Path(__file__).parents[1]
STALE = "from keras.utils import np_utils\n"  # KT104


def say(text: str) -> None:
    """Tells what is done now."""
    print(f"release {__version__}: {text}", file=sys.stderr, flush=True)


def called(*command: str | Path, status: int = 0, cwd: Path = ROOT) -> str:
    """Runs a command and returns its standard output; ends the release if it fails."""
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, encoding="utf-8", cwd=cwd
    )
    if done.returncode != status:
        sys.exit(f"{command[0]}: expected exit status {status}, received {done.returncode}")
    return done.stdout


def refuse_what_git_does_not_hold() -> None:
    """Ends the release where the folder differs from the commit, or the changelog lacks it."""
    if changed := called("git", "status", "--porcelain").strip():
        sys.exit(f"expected a clean work tree, received changes: {changed.splitlines()[0]}")
    heading = rf"^## {re.escape(__version__)}\b"
    if not re.search(heading, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        sys.exit(f"CHANGELOG.md: expected a section '## {__version__}', received none")


def environment(folder: Path, *installed: str | Path) -> Path:
    """Makes an environment and installs into it; returns its folder of programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    quiet = ("--quiet", "--disable-pip-version-check")
    called(programs / "python", "-m", "pip", "install", *quiet, *installed)
    return programs


def try_the_package(wheel: Path, folder: Path, sbom: Path) -> None:
    """Installs the wheel alone, trains a recipe with it, and writes what it is made of."""
    say("installing the wheel in a fresh environment")
    programs = environment(folder / "whole", "--constraint", ROOT / "constraints.txt", wheel)
    assert called(programs / "kerastut", "--version", cwd=folder).split()[-1] == __version__
    run = called(programs / "kerastut", "run", "linear-regression", "--json", "-q", cwd=folder)
    assert json.loads(run)["within_band"], "linear-regression: the metric is out of its band"
    (folder / "old.py").write_text(STALE)
    called(programs / "kerastut-check", "old.py", status=1, cwd=folder)
    called(programs / "python", "-m", "pip", "check", cwd=folder)
    command = ("-m", "cyclonedx_py", "environment", programs / "python", "--output-file", sbom)
    called(sys.executable, *command)
    told = sbom.read_text(encoding="utf-8")  # where it was built is nobody's business
    sbom.write_text(told.replace(f"{wheel.parent.as_uri()}/", ""), encoding="utf-8")


def try_the_checker(wheel: Path, single: Path, folder: Path) -> None:
    """Finds a fault with the lean distribution in a fresh environment, and with the single file."""
    say("installing the checker alone in a fresh environment")
    programs = environment(folder / "lean", wheel)
    called(programs / "kerastut-check", "old.py", status=1, cwd=folder)
    called(sys.executable, "-I", single, "old.py", status=1, cwd=folder)


def release(folder: Path) -> list[Path]:
    """Builds everything into a folder and tries it.

    Returns:
        sdist, wheel, the checker's wheel and single file, the SBOM, and the digests of all.
    """
    refuse_what_git_does_not_hold()
    folder.mkdir(parents=True, exist_ok=True)
    say("building the sdist, and the wheel from it")
    with tempfile.TemporaryDirectory() as place:
        called(sys.executable, "-m", "build", "--outdir", place, ROOT)
        built = [Path(path).rename(folder / path.name) for path in Path(place).iterdir()]
    (wheel,) = [path for path in built if path.suffix == ".whl"]
    lean, single = check_dist.build(folder)
    called(sys.executable, "-m", "twine", "check", "--strict", *built, lean)
    sbom = folder / f"kerastut-{__version__}.cdx.json"
    with tempfile.TemporaryDirectory() as place:
        try_the_package(wheel, Path(place), sbom)
        try_the_checker(lean, single, Path(place))
    made = sorted([*built, lean, single, sbom])
    digests = folder / "SHA256SUMS"
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    digests.write_text("".join(lines), encoding="utf-8")
    return [*made, digests]


if __name__ == "__main__":
    for one in release(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()):
        print(one)
