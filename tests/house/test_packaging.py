"""A wheel in a fresh environment, and a bare checkout, find the recipes."""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import kerastut

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds sdist and wheel, and installs the wheel; returns the environment's Python.

    The environment borrows the heavy dependencies from this one by a path file, so that they need
    not be installed again.
    """
    folder = tmp_path_factory.mktemp("packaging")
    build = [sys.executable, "-m", "build", "--outdir", str(folder / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    found = folder / "venv" / "bin" / "python"
    install = [str(found), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(
        f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})\n"
    )
    return found


def call(python: Path | str, *arguments: str, cwd: Path) -> str:
    """Runs kerastut with that Python and returns its standard output."""
    command = [str(python), "-m", "kerastut", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=True).stdout


@pytest.mark.slow
def test_the_wheel_lists_copies_and_trains(python: Path, tmp_path: Path) -> None:
    names = [entry["name"] for entry in json.loads(call(python, "list", "--json", cwd=tmp_path))]
    assert names == [recipe.name for recipe in kerastut.list_recipes()]
    show = json.loads(call(python, "show", "cnn-mnist", "--json", cwd=tmp_path))
    assert str(python.parent.parent) in show["file"]
    assert call(python, "copy", "cnn-mnist", "--script", cwd=tmp_path) == "cnn_mnist.py\n"
    assert call(python, "data", "verify", cwd=tmp_path).count("  ok") == 6
    found = call(python, "run", "linear-regression", "--json", "-q", cwd=tmp_path)
    assert json.loads(found)["within_band"]


def test_a_bare_checkout_finds_the_recipes(tmp_path: Path) -> None:
    """Without installation: Python started in the checkout, nothing of this environment."""
    command = [sys.executable, "-S", "-m", "kerastut", "list", "--json"]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    names = [entry["name"] for entry in json.loads(finished.stdout)]
    assert names == [recipe.name for recipe in kerastut.list_recipes()]
