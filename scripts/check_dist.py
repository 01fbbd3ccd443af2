"""Builds the lean distribution of the checker: a wheel and a single file, kerastut-check.pyz."""

import shutil
import subprocess
import sys
import tempfile
import zipapp
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "packaging" / "kerastut-check"


def build(folder: Path) -> tuple[Path, Path]:
    """Builds both into a folder.

    Args:
        folder: Is made if it is not there.

    Returns:
        The wheel and the .pyz, which holds the wheel and what it depends on.
    """
    with tempfile.TemporaryDirectory() as place:
        _run("build", "--wheel", "--outdir", place, str(SOURCE))
        (built,) = Path(place).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        wheel = Path(shutil.copy(built, folder))
        inside = Path(place, "inside")
        _run("pip", "install", "--quiet", "--no-compile", "--target", str(inside), str(wheel))
        shutil.rmtree(inside / "bin")
        single = folder / "kerastut-check.pyz"
        main = "kerastut_check.__main__:main"
        zipapp.create_archive(inside, single, "/usr/bin/env python3", main, compressed=True)
        single.chmod(0o755)
    return wheel, single


def _run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    for path in build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")):
        print(path)
