"""The checker stands alone, and the lean distribution finds what `kerastut check` finds."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

import check_dist
import pytest
import yaml

from kerastut.version import __version__

ROOT = Path(__file__).parents[2]
LINT = ROOT / "kerastut" / "lint"
HERE = Path(__file__).parent
STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
LARGEST = 15_000_000  # bytes that an installation may bring


def run(command: Sequence[object], cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
    """Runs a command that knows nothing of this environment's packages."""
    environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    words = [str(word) for word in command]
    return subprocess.run(
        words, capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


@pytest.mark.parametrize("path", sorted(LINT.rglob("*.py")), ids=lambda path: path.stem)
def test_lint_imports_nothing_outside_its_folder(path: Path) -> None:
    depth = len(path.relative_to(LINT).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level <= depth
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or alias.name for alias in node.names]
            for name in names:
                assert name.partition(".")[0] in {
                    *sys.stdlib_module_names,
                    "markdown_it",
                    "pygls",
                    "lsprotocol",
                }


def test_the_lean_distribution_has_the_ranges_of_the_whole_one() -> None:
    whole, lean = (
        tomllib.loads(path.read_text("utf-8"))["project"]
        for path in (ROOT / "pyproject.toml", ROOT / "packaging/kerastut-check/pyproject.toml")
    )
    assert set(lean["dependencies"]) <= set(whole["dependencies"])
    assert lean["optional-dependencies"]["lsp"] == whole["optional-dependencies"]["lsp"]


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """Copies the folder as the build does, under its other name; returns where it lies."""
    target = tmp_path / "kerastut_check"
    shutil.copytree(LINT, target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "kerastut" / "version.py", target)
    shutil.copy(check_dist.SOURCE / "__main__.py", target)
    return tmp_path


def test_the_folder_serves_under_another_name(renamed: Path) -> None:
    (renamed / "x.py").write_text(STALE)
    bare = [sys.executable, "-S", "-m", "kerastut_check"]
    found = run([*bare, "x.py"], renamed)
    assert found.stdout.startswith("x.py:2:5: KT201 [*] ")
    assert (found.returncode, found.stderr) == (
        1,
        "Found 1 error; 1 fixable with --fix. To learn more: kerastut-check rule KT201\n",
    )
    assert run([*bare, "--version"], renamed).stdout == f"kerastut-check {__version__}\n"
    assert run([*bare, "rule", "KT201"], renamed).stdout.startswith("KT201 ")
    unknown = run([*bare, "rule", "KT999"], renamed)
    assert "'kerastut-check rule --all' lists them" in unknown.stderr
    assert unknown.returncode == 2


def test_without_their_dependencies_markdown_and_the_server_are_refused_in_one_line(
    renamed: Path,
) -> None:
    (renamed / "x.md").write_text(f"```python\n{STALE}```\n")
    found = run([sys.executable, "-S", "-m", "kerastut_check", "x.md"], renamed)
    assert found.returncode == 2
    assert "run 'pip install markdown-it-py'" in found.stderr.splitlines()[0]
    server = run([sys.executable, "-S", "-m", "kerastut_check", "server"], renamed)
    assert (server.returncode, server.stdout, server.stderr.count("\n")) == (2, "", 1)
    assert "run 'pip install pygls'" in server.stderr


HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_the_hooks_run_without_an_installation(hook: dict[str, str], tmp_path: Path) -> None:
    assert hook["language"] == "script"
    script, *options = hook["entry"].split()
    path = tmp_path / "x.py"
    path.write_text(STALE)
    found = run([sys.executable, "-S", ROOT / script, *options, "x.py"], tmp_path)
    assert found.returncode == int("--fix" not in options)
    assert ("learning_rate" in path.read_text()) == ("--fix" in options)
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text("utf-8").startswith("#!/usr/bin/env python3\n")


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Builds and installs the lean distribution; returns its commands, installed and .pyz."""
    folder = tmp_path_factory.mktemp("lean")
    wheel, single = check_dist.build(folder / "dist")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    before = size(folder / "venv")
    install = [str(python), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    assert size(folder / "venv") - before < LARGEST
    return [[str(python.with_name("kerastut-check"))], [sys.executable, "-S", str(single)]]


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_the_lean_distribution_finds_the_same(commands: list[list[str]]) -> None:
    arguments = ["stale", "modern", "--select", "ALL", "--format"]
    whole = [sys.executable, "-m", "kerastut", "check"]
    for kind in ("json", "text", "sarif"):
        environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}
        wanted = subprocess.run(
            [*whole, *arguments, kind], capture_output=True, text=True, cwd=HERE, env=environment
        )
        for command in commands:
            found = run([*command, *arguments, kind])
            assert found.stdout == wanted.stdout
            last = wanted.stderr.replace("kerastut rule", "kerastut-check rule")
            assert (found.returncode, found.stderr) == (1, last)
    findings = json.loads(run([*commands[0], *arguments[:1], *arguments[2:], "json"]).stdout)
    assert len(findings) > 200


@pytest.mark.slow
def test_the_lean_distribution_ends_as_the_whole_one(
    commands: list[list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "x.py"
    for command in commands:
        path.write_text(STALE)
        assert run([*command, "nowhere"], tmp_path).returncode == 2
        assert run([*command, "--select", "KT9"], tmp_path).returncode == 2
        assert run([*command, "--format", "xml"], tmp_path).returncode == 2
        assert run([*command, "--version"], tmp_path).stdout == f"kerastut-check {__version__}\n"
        assert run([*command, "--diff"], tmp_path).returncode == 1
        assert run([*command, "--fix"], tmp_path).returncode == 0
        assert "learning_rate" in path.read_text()
        assert run(command, tmp_path).returncode == 0
