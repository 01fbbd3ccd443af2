"""It explains behind a cell and behind a script, and leaves the exception as it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

STALE = "raise ImportError(\"cannot import name 'np_utils' from 'keras.utils' (x.py)\")\n"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
        env={"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_in_ipython(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    shell = InteractiveShell()
    try:
        shell.run_line_magic("load_ext", "kerastut.why")
        result = shell.run_cell(STALE)
        output = capsys.readouterr()
        assert type(result.error_in_exec) is ImportError
        assert "ImportError" in output.out  # IPython's own traceback
        assert output.err.splitlines()[1] == "KT104 np-utils"
        assert shell.run_cell("1 + 1").success
        assert capsys.readouterr().err == ""
        assert isinstance(shell.run_cell("print 1").error_before_exec, SyntaxError)
        assert capsys.readouterr().err.splitlines()[1] == "KT000 not-python"
        shell.run_line_magic("unload_ext", "kerastut.why")
        shell.run_cell(STALE)
        assert capsys.readouterr().err == ""
    finally:
        shell.history_manager.end_session() if shell.history_manager else None
        InteractiveShell.clear_instance()


def test_behind_a_script(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def run():\n    " + STALE)
    (tmp_path / "train.py").write_text("import sys, mine\nprint(sys.argv[1:])\nmine.run()\n")
    alone = run("train.py", "--epochs", "3", cwd=tmp_path)
    explained = run("-m", "kerastut.why", "train.py", "--epochs", "3", cwd=tmp_path)
    assert explained.returncode == alone.returncode == 1
    assert explained.stdout == alone.stdout == "['--epochs', '3']\n"
    own, _, told = explained.stderr.partition("\n\n")
    assert own == alone.stderr.rstrip()
    assert told.startswith("KT104 np-utils\n")


def test_behind_a_script_that_ends_well_or_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(__name__)\nraise SystemExit(3)\n")
    ended = run("-m", "kerastut.why", "a.py", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "__main__\n", "")


def test_without_a_script(tmp_path: Path) -> None:
    ended = run("-m", "kerastut.why", "nothing.py", cwd=tmp_path)
    assert ended.returncode != 0
    assert ended.stderr == (
        "kerastut.why: error: expected a script: python -m kerastut.why script.py.\n"
    )
