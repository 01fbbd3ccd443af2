"""`kerastut why`, as a user meets it."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kerastut.cli import main
from kerastut.why import MOST_BYTES

STALE = "ImportError: cannot import name 'np_utils' from 'keras.utils' (x.py)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Works in a folder of its own, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Returns exit status, standard output and standard error."""
    with pytest.raises(SystemExit) as raised:
        main(["why", *arguments])
    output = capsys.readouterr()
    assert isinstance(raised.value.code, int)
    return raised.value.code, output.out, output.err


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Puts bytes on standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_file_and_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("error.txt").write_text(STALE)
    from_file = call(capsys, "error.txt")
    assert from_file[0] == 0
    assert from_file[1].startswith("KT104 np-utils\n")
    for arguments in ([], ["-"]):
        give(monkeypatch, STALE.encode())
        assert call(capsys, *arguments) == from_file


def test_json_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    Path("error.txt").write_text(STALE)
    status, out, _ = call(capsys, "error.txt", "--json", "--lang", "zh")
    answer = json.loads(out)
    assert status == 0
    assert answer["known"] is True
    cause = answer["causes"][0]
    assert (cause["id"], cause["rules"], cause["recipe"]) == ("KT104", ["KT104"], "mlp-mnist")
    assert (cause["chapter"], cause["what"]) == ("04_mlp", "导入时抛出 ImportError。")
    assert answer["near"] == []


def test_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    Path("error.txt").write_text("mylib.OddError: \x1b[31modd\x07\n")
    status, out, err = call(capsys, "error.txt", "--json")
    assert (status, err) == (1, "")
    assert json.loads(out) == {
        **{"known": False, "line": "mylib.OddError: odd", "causes": [], "near": []}
    }
    assert call(capsys, "error.txt", "--lang", "zh")[1].startswith("这条信息没有收录")


@pytest.mark.parametrize("content", [b"", b" \n", b"a" * (MOST_BYTES + 1)])
def test_nothing_and_too_much(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    give(monkeypatch, content)
    status, out, err = call(capsys)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "expected a traceback or warning as text" in err
    assert call(capsys, "nowhere.txt")[0] == 2


def test_without_keras() -> None:
    script = (
        "import sys\nfrom kerastut.why import explain\n"
        f"assert explain({STALE!r}).causes\n"
        "print({'keras', 'tensorflow', 'numpy', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
