"""`kerastut check` and `kerastut rule`, as a user meets them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kerastut.cli import main
from kerastut.lint import configuration
from kerastut.lint.rules.rule import load_rules

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
LINE = "x.py:2:5: KT201 [*] "


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works in a folder of its own, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    configuration._read.cache_clear()
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Returns exit status, standard output and standard error."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    output = capsys.readouterr()
    assert isinstance(raised.value.code, int)
    return raised.value.code, output.out, output.err


def test_findings_go_to_standard_output_and_their_number_to_the_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("x.py").write_text(STALE)
    status, out, err = call(capsys, "check", "x.py")
    assert status == 1
    assert out.startswith(LINE)
    assert out.count("\n") == 3
    assert err == "Found 1 error; 1 fixable with --fix. To learn more: kerastut rule KT201\n"


def test_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text("import keras\n")
    assert call(capsys, "check") == (0, "", "No findings.\n")
    assert call(capsys, "check", "--format", "json")[1] == "[]\n"


def test_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    _, out, err = call(capsys, "check", "--lang", "zh")
    assert load_rules()["KT201"].zh.message.partition("{")[0] in out
    assert err == "发现 1 个错误；1 个可用 --fix 修复。说明：kerastut rule KT201\n"


def test_folders_are_searched(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a/x.py", ".hidden/x.py", ".venv/x.py", "node_modules/x.py", "__pycache__/x.py"):
        Path(name).parent.mkdir()
        Path(name).write_text(STALE)
    Path("a/.ipynb_checkpoints").mkdir()
    Path("a/.ipynb_checkpoints/x.py").write_text(STALE)
    Path("own").mkdir()
    Path("own/pyvenv.cfg").touch()
    Path("own/x.py").write_text(STALE)
    Path("x.md").write_text(f"```python\n{STALE}```\n")
    Path("x.txt").write_text(f"```python\n{STALE}```\n")
    _, out, _ = call(capsys, "check", ".", "--format", "concise")
    assert [line.partition(":")[0] for line in out.splitlines()] == ["x.md", "a/x.py"]
    assert call(capsys, "check", "x.txt")[1].startswith("x.txt:3:5: KT201")
    assert call(capsys, "check", ".hidden")[1].startswith(".hidden/x.py:2:5: KT201")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    (record,) = json.loads(call(capsys, "check", "--format", "json")[1])
    rule = load_rules()["KT201"]
    assert record == {
        "code": "KT201",
        "message": record["message"],
        "filename": "x.py",
        "location": {"row": 2, "column": 5},
        "severity": "error",
        "fix": {"applicability": "safe", "description": rule.en.instead},
        "recipe": rule.recipe,
        "url": "docs/rules.md#kt201",
    }


def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    out = call(capsys, "check", "--format", "github")[1]
    place = "file=x.py,line=2,col=5,endLine=2,endColumn=11"
    assert out.startswith(f"::error title=kerastut (KT201),{place}::x.py:2:5: KT201 ")


def test_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    log = json.loads(call(capsys, "check", "--format", "sarif")[1])
    (run,) = log["runs"]
    (result,) = run["results"]
    assert log["version"] == "2.1.0"
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "KT201"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "x.py"
    assert physical["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 11}


def test_fix(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    assert call(capsys, "check", "--fix") == (0, "", "Fixed 1.\nNo findings.\n")
    assert Path("x.py").read_text() == STALE.replace("lr", "learning_rate")
    assert call(capsys, "check", "--fix") == (0, "", "No findings.\n")


def test_diff_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE)
    status, out, err = call(capsys, "check", "--diff")
    assert status == 1
    assert "-SGD(lr=0.1)\n+SGD(learning_rate=0.1)\n" in out
    assert err.startswith("Would fix 1.\n")
    assert Path("x.py").read_text() == STALE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select", "KT201"], ["KT201"]),
        (["--select", "KT2,KT1"], ["KT104", "KT201"]),
        (["--select", "KT1", "--select", "KT2"], ["KT104", "KT201"]),
        (["--select", "kt201"], ["KT201"]),
        (["--select", "ALL", "--ignore", "KT1,KT4,KT5,KT6"], ["KT201"]),
        (["--ignore", "KT201"], ["KT104"]),
        (["--select", "KT2", "--ignore", "KT"], ["KT201"]),
        (["--select", "KT2", "--ignore", "KT201"], []),
    ],
)
def test_selection(
    arguments: list[str], expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.py").write_text("from keras.utils import np_utils\n" + STALE)
    out = call(capsys, "check", "--format", "json", *arguments)[1]
    assert [record["code"] for record in json.loads(out)] == expected


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# noqa", False),
        ("# noqa: KT201", False),
        ("# noqa:KT101,KT201", False),
        ("# NOQA : KT2", False),
        ("# noqa: E501, KT201  because", False),
        ("# noqa: E501", True),
        ("# noqa: KT202", True),
        ("# no", True),
    ],
)
def test_comments(comment: str, left: bool, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text(STALE.rstrip() + f"  {comment}\n")
    assert call(capsys, "check")[0] == int(left)


def test_notes_have_to_be_selected(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.py").write_text("import keras\nkeras.layers.Dense(4, kernel_regularizer='l2')\n")
    assert call(capsys, "check")[0] == 0
    assert "KT413" in call(capsys, "check", "--select", "KT413")[1]


def test_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text(
        "[tool.kerastut]\nselect = ['KT1', 'KT2']\nignore = ['KT104']\n"
        "exclude = ['old', 'a/*.py']\n"
    )
    for name in ("old/x.py", "a/x.py", "b/x.py"):
        Path(name).parent.mkdir()
        Path(name).write_text("from keras.utils import np_utils\n" + STALE)
    out = call(capsys, "check", "--format", "concise")[1]
    assert out.startswith("b/x.py:3:5: KT201")
    assert out.count("\n") == 1
    assert call(capsys, "check", "old/x.py")[0] == 1
    assert "KT104" in call(capsys, "check", "--select", "KT104", "--ignore", "KT2")[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[tool.kerastut]\nchoose = []",
            "expected select, ignore, exclude, per-file-ignores, target-version in",
        ),
        (
            "[tool.kerastut]\nselect = 'KT1'",
            "expected a list of strings for 'select'",
        ),
        ("[tool.kerastut]\nselect = ['KT9']", "expected ALL, a rule's code or its beginning"),
        ("[tool.kerastut", "expected TOML"),
    ],
)
def test_configuration_errors(text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text(text)
    Path("x.py").write_text(STALE)
    status, out, err = call(capsys, "check")
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "expected a file or folder, received 'nowhere'"),
        (["check", "--select", "KT9"], "--select: expected ALL, a rule's code or its beginning"),
        (["check", "--format", "xml"], "invalid choice: 'xml'"),
        (["rule"], "expected the code of a rule or --all"),
        (["rule", "KT999"], "expected the code or name of a rule, received 'KT999'"),
    ],
)
def test_wrong_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = call(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.py").write_bytes(b"\0keras")
    Path("b.ipynb").write_text("{")
    Path("x.py").write_text(STALE)
    status, out, err = call(capsys, "check")
    assert status == 2
    assert out.startswith(LINE)
    assert "a.py: expected text, received binary data" in err
    assert "b.ipynb: expected a notebook" in err


def test_many_files_are_checked_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(100):
        Path(f"{number:03}.py").write_text(STALE)
    out = call(capsys, "check", "--format", "concise")[1]
    assert [line[:3] for line in out.splitlines()] == [f"{number:03}" for number in range(100)]


def test_rule(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "rule", "KT201")
    rule = load_rules()["KT201"]
    assert status == 0
    for text in (rule.code, rule.name, rule.en.what, rule.en.why, rule.en.instead, rule.since):
        assert text in out
    for code in (rule.bad, rule.good):
        assert all(f"    {line}".rstrip() in out for line in code.strip().splitlines())
    assert call(capsys, "rule", rule.name) == (0, out, "")
    assert rule.zh.what in call(capsys, "rule", "kt201", "--lang", "zh")[1]


def test_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(call(capsys, "rule", "--all", "--json")[1])
    assert [record["code"] for record in records] == list(load_rules())
    table = call(capsys, "rule", "--all")[1]
    assert all(code in table for code in load_rules())


@pytest.mark.parametrize("arguments", [["check", "x.py"], ["rule", "KT201"]])
def test_nothing_heavy_is_loaded(arguments: list[str]) -> None:
    Path("x.py").write_text("import keras\nkeras.layers.Dense(3)\n")
    heavy = ("keras", "tensorflow", "numpy", "libcst", "nbformat", "markdown_it", "rich")
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([m for m in {heavy} if m in sys.modules], file=sys.stderr))"
        "\nfrom kerastut.cli import main\nmain(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert finished.stderr.endswith("[]\n")


@pytest.mark.parametrize(
    ("language", "found", "none"),
    [
        (
            "en",
            "Found 1 error; 1 fixable with --fix; 1 file not read. To learn",
            "1 file not read.",
        ),
        (
            "zh",
            "发现 1 个错误；1 个可用 --fix 修复；1 个文件没有读取。说明",
            "1 个文件没有读取。",
        ),
    ],
)
def test_files_that_are_not_read_are_counted(
    language: str, found: str, none: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.py").write_text(STALE)
    Path("y.py").write_bytes(b"\0\1")
    assert found in call(capsys, "check", "--lang", language)[2]
    Path("x.py").write_text("")
    status, _, err = call(capsys, "check", "--lang", language)
    assert (status, err.splitlines()[-1].endswith(none)) == (2, True)
