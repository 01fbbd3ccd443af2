"""The interface of `kerastut check` as users of ruff know it."""

import io
import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from kerastut.lint import configuration, main
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.silencing import silence
from kerastut.lint.rules.rule import load_rules

ROOT = Path(__file__).parents[2]
STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
BOTH = "from keras.utils import np_utils\n" + STALE
Check = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works in a folder of its own, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    configuration.forget()
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Check:
    """Returns a function that checks, and returns exit status, output and errors."""

    def call(*words: str, given: str | bytes = "") -> tuple[int, str, str]:
        content = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(SystemExit) as raised:
            main("1", words)
        output = capsys.readouterr()
        assert isinstance(raised.value.code, int)
        return raised.value.code, output.out, output.err

    return call


# The text


def test_the_line_is_shown_with_a_caret(check: Check) -> None:
    Path("x.py").write_text(STALE)
    status, out, _ = check("x.py")
    assert (status, out) == (
        1,
        "x.py:2:5: KT201 [*] error: `SGD` takes no argument `lr`: write `learning_rate`\n"
        "    2 | SGD(lr=0.1)\n"
        "      |     ^^^^^^\n",
    )
    assert check("x.py", "--format", "concise")[1] == out.partition("\n")[0] + "\n"
    assert "KT201 [*] 错误：" in check("x.py", "--lang", "zh")[1]


def test_the_nearest_name_is_told_in_chinese(check: Check) -> None:
    code = "import keras\nkeras.layers.Denze(3)\nkeras.layers.Dense(3, activaton='relu')\n"
    found = check("-", "--lang", "zh", "--format", "concise", given=code)[1]
    assert "没有 `Denze`，有的是 `Dense`\n" in found
    assert "没有参数 `activaton`，可用的是 `activation`\n" in found


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("'学习率', ", "'学习率', "),  # two columns of a terminal each
        ("\t", "    "),
        ("'\x1b[31m', ", r"'\u001b[31m', "),
        ("'e\u0301', ", "'e\u0301', "),
        ("x" * 500 + ", ", ""),
    ],
)
def test_carets_stand_below_their_place(check: Check, before: str, shown: str) -> None:
    Path("x.py").write_text(f"from keras.optimizers import SGD\nf({before}SGD(lr=0.1))\n", "utf-8")
    line, carets = check("x.py", "--select", "KT201")[1].splitlines()[1:3]
    assert shown in line
    place = line.index("lr=0.1")
    wide = sum(2 if sign > "\u2fff" else sign != "\u0301" for sign in line[:place])
    assert (carets.index("^"), carets.count("^")) == (wide, 6)
    assert len(line) < 130


def test_a_finding_over_several_lines_is_marked_to_the_end_of_its_first(check: Check) -> None:
    Path("x.py").write_text("import keras\nkeras.Sequential().fit(1, 1, nb_epoch=(\n  3))\n")
    assert check("x.py", "--select", "KT228")[1].splitlines()[1:] == [
        "    2 | keras.Sequential().fit(1, 1, nb_epoch=(",
        "      |                              ^^^^^^^^^^",
    ]


def test_statistics(check: Check) -> None:
    Path("x.py").write_text(BOTH + "SGD(lr=1)\nimport keras\nkeras.layers.Merge\n")
    status, out, err = check("x.py", "--statistics")
    assert status == 1
    assert out.split()[:2] == ["2", "KT201"]
    assert "[*]" in out.splitlines()[0]
    assert err.startswith("Found ")
    records = json.loads(check("x.py", "--statistics", "--format", "json")[1])
    assert records[0] == {
        "code": "KT201",
        "name": load_rules()["KT201"].name,
        "severity": "error",
        "count": 2,
        "fixable": True,
        "url": "docs/rules.md#kt201",
    }
    Path("x.py").write_text("")
    assert check("x.py", "--statistics", "--format", "json")[1] == "[]\n"
    assert check("x.py", "--statistics")[1] == ""


# Standard input


def test_standard_input(check: Check) -> None:
    assert check("-", given=STALE)[1].startswith("-:2:5: KT201")
    named = check("-", "--stdin-filename", "a/x.md", given=f"```python\n{STALE}```\n")
    assert named[1].startswith("a/x.md:3:5: KT201")
    assert check("-", given="import keras\n") == (0, "", "No findings.\n")
    status, out, err = check("-", "--diff", given=STALE)
    assert (status, "+SGD(learning_rate=0.1)\n" in out, err[:12]) == (1, True, "Would fix 1.")
    assert check("-", "--stdin-filename", "x.zip", given=STALE)[0] == 2
    assert check("-", given=b"keras\0")[0] == 2


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_fixing_makes_of_standard_input_is_the_output(
    capfdbinary: pytest.CaptureFixture[bytes], mark: bytes, end: bytes
) -> None:
    source = mark + STALE.encode().replace(b"\n", end)
    command = [sys.executable, "-c", "from kerastut.lint import main; main('1')", "-", "--fix"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    finished = subprocess.run(command, input=source, capture_output=True, env=environment)
    assert finished.stdout == source.replace(b"lr", b"learning_rate")
    assert finished.returncode == 0


def test_the_configuration_is_that_of_the_name(check: Check) -> None:
    Path("a").mkdir()
    Path("a/pyproject.toml").write_text("[tool.kerastut]\nignore = ['KT201']\n")
    assert check("-", "--stdin-filename", "a/x.py", given=STALE)[0] == 0
    assert check("-", "--stdin-filename", "b/x.py", given=STALE)[0] == 1


@pytest.mark.parametrize("words", [["-", "x.py"], ["-", "--watch"], ["-", "--add-noqa"]])
def test_standard_input_stands_alone(check: Check, words: list[str]) -> None:
    status, out, err = check(*words, given=STALE)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "expected '-' alone" in err


# Exit status and output


@pytest.mark.parametrize(
    "words", [["x.py", "--exit-zero", "y.py"], ["--exit-zero", "x.py", "y.py"]]
)
def test_options_stand_anywhere(check: Check, words: list[str]) -> None:
    for name in ("x.py", "y.py", "z.py"):
        Path(name).write_text(STALE)
    status, out, _ = check(*words, "--format", "concise")
    assert (status, [line[0] for line in out.splitlines()]) == (0, ["x", "y"])
    assert check("--exit-zero")[1].count("KT201") == 3


def test_exit_status(check: Check) -> None:
    Path("x.py").write_text(STALE)
    assert check("x.py", "--exit-zero")[0] == 0
    assert check("x.py", "nowhere", "--exit-zero")[0] == 2
    assert check("x.py", "--fix", "--exit-non-zero-on-fix")[0] == 1
    assert check("x.py", "--fix", "--exit-non-zero-on-fix")[0] == 0


def test_a_difference_is_shown_and_nothing_written(check: Check) -> None:
    Path("x.py").write_text(STALE)
    assert check("x.py", "--fix", "--diff") == check("x.py", "--diff")
    assert Path("x.py").read_text() == STALE


def test_output_file(check: Check) -> None:
    Path("x.py").write_text(STALE)
    status, out, err = check("x.py", "--format", "json", "--output-file", "x.json")
    assert (status, out, err) == (
        1,
        "",
        "Found 1 error; 1 fixable with --fix. To learn more: kerastut rule KT201\n",
    )
    assert json.loads(Path("x.json").read_text())[0]["code"] == "KT201"
    Path("there").symlink_to("x.py")
    assert check("x.py", "--output-file", "there")[0] == 1
    assert Path("x.py").read_text() == STALE
    status, out, err = check("x.py", "--output-file", "no/x.json")
    assert (status, out) == (2, "")
    assert "no/x.json: cannot be written: No such file or directory" in err
    assert check("x.py", "--output-file", "/dev/null")[:2] == (1, "")


# What is looked for


@pytest.mark.parametrize(
    ("version", "codes"), [("2.15", ["KT104"]), ("2.12", []), ("3.0", ["KT104", "KT201"])]
)
def test_target_version(check: Check, version: str, codes: list[str]) -> None:
    Path("x.py").write_text(BOTH)
    found = json.loads(check("x.py", "--target-version", version, "--format", "json")[1])
    assert [record["code"] for record in found] == codes
    Path("pyproject.toml").write_text(f"[tool.kerastut]\ntarget-version = '{version}'\n")
    configuration.forget()
    assert json.loads(check("x.py", "--format", "json")[1]) == found


@pytest.mark.parametrize("version", ["3.x", "", "2..1", "-1", "9" * 99, "2.15rc1", "\u0663"])
def test_what_is_no_version(check: Check, version: str) -> None:
    if version:
        assert check("--target-version", version)[0] == 2
    Path("pyproject.toml").write_text(f"[tool.kerastut]\ntarget-version = ['{version}']\n")
    Path("x.py").write_text(STALE)
    assert check(".")[0] == 2


def test_the_target_is_silent_about_what_works_there() -> None:
    for rule in load_rules().values():
        if rule.legacy:
            assert not rule.concerns((2, 15))
        assert rule.concerns((3, 99))
    assert load_rules()["KT228"].concerns((2, 15))  # Keras 2.0 renamed it
    assert not load_rules()["KT301"].concerns((1, 2))


def test_per_file_ignores(check: Check) -> None:
    Path("pyproject.toml").write_text(
        "[tool.kerastut.per-file-ignores]\n'old/*' = ['KT2']\n'*.md' = ['ALL']\n"
        "'!a.py' = ['KT104']\n"
    )
    Path("old").mkdir()
    for name in ("a.py", "b.py", "old/c.py"):
        Path(name).write_text(BOTH)
    Path("x.md").write_text(f"```python\n{BOTH}```\n")
    out = check("--format", "concise")[1]
    found = [(line.split(":")[0], line.split()[1]) for line in out.splitlines()]
    assert found == [("a.py", "KT104"), ("a.py", "KT201"), ("b.py", "KT201")]
    # Also where the command line selects.
    assert check("old/c.py", "--select", "KT2")[0] == 0


@pytest.mark.parametrize(
    "table",
    ["per-file-ignores = ['KT2']", "per-file-ignores.a = 'KT2'", "per-file-ignores.a = ['X']"],
)
def test_per_file_ignores_that_are_none(check: Check, table: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.kerastut]\n{table}\n")
    Path("x.py").write_text(STALE)
    status, out, err = check(".")
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# kerastut: noqa", []),
        ("#kerastut:noqa", []),
        ("# kerastut: noqa: KT201", ["KT104"]),
        ("# Kerastut: NOQA: KT1, KT2", []),
        ("x = 1  # kerastut: noqa: KT104", ["KT201"]),
        ("x = '# kerastut: noqa'", ["KT104", "KT201"]),
        ("# ruff: noqa", ["KT104", "KT201"]),
        ("# kerastut: no", ["KT104", "KT201"]),
    ],
)
def test_a_comment_silences_a_file(check: Check, comment: str, codes: list[str]) -> None:
    Path("x.py").write_text(f"{BOTH}{comment}\n")
    assert [r["code"] for r in json.loads(check("x.py", "--format", "json")[1])] == codes
    Path("x.md").write_text(f"```python\n{BOTH}```\n\n```python\n{comment}\n```\n")
    assert [r["code"] for r in json.loads(check("x.md", "--format", "json")[1])] == codes


def test_a_comment_of_the_prose_silences_a_document(check: Check) -> None:
    for name, comment in (
        ("x.md", "<!-- kerastut: noqa: KT1 -->"),
        ("x.rst", ".. kerastut: noqa: KT1"),
    ):
        code = "".join(f"    {line}\n" for line in BOTH.splitlines())
        Path(name).write_text(f"{comment}\n\nText::\n\n{code}")
        assert [r["code"] for r in json.loads(check(name, "--format", "json")[1])] == ["KT201"]


# Comments that silence


SILENCED = [
    STALE,
    STALE.rstrip(),
    STALE.replace("\n", "\r\n"),
    STALE.replace("\n", "\r"),
    STALE + "x = SGD(lr=1)  # why\n",
    STALE + "x = SGD(lr=1)  # noqa: E501\n",
    STALE + "x = SGD(lr=1)  # NOQA:E501,W1  because\n",
    STALE + "x = SGD(lr=1), '''\na\n'''\n",
    STALE + "x = SGD(lr=1) + \\\n    1\n",
    STALE + "x = '''\n''', SGD(lr=1), f'''\n'''\n",
    STALE + "x = SGD(\n    lr=1,\n    decay=2,\n)\n",
    STALE + "x = SGD(lr=\n    '学', nesterov=True)   \n",
]


@pytest.mark.parametrize("source", SILENCED)
@pytest.mark.parametrize("suffix", [".py", ".md", ".ipynb"])
def test_what_is_found_can_be_silenced(source: str, suffix: str) -> None:
    if suffix == ".md":
        source = f"```python\n{source}\n```\n"
    elif suffix == ".ipynb":
        source = json.dumps(
            {"cells": [{"cell_type": "code", "source": source}]}, ensure_ascii=False
        )
    before = parse_document(Text(source), f"x{suffix}", suffix)
    assert check_document(before)
    new, count = silence(Text(source), f"x{suffix}", suffix, Selection())
    assert count > 0
    after = parse_document(Text(new), f"x{suffix}", suffix)
    assert check_document(after) == []
    assert [chunk.problem for chunk in after.chunks] == [chunk.problem for chunk in before.chunks]
    assert silence(Text(new), f"x{suffix}", suffix, Selection()) == (new, 0)


def test_a_baseline(check: Check) -> None:
    Path("x.py").write_text(BOTH)
    assert check("--add-noqa") == (0, "", "Silenced 2 lines.\nNo findings.\n")
    assert Path("x.py").read_text() == (
        "from keras.utils import np_utils  # noqa: KT104\n"
        "from keras.optimizers import SGD\nSGD(lr=0.1)  # noqa: KT201\n"
    )
    with Path("x.py").open("a") as file:
        file.write("SGD(lr=0.2)\n")
    assert check(".", "--format", "concise")[1].count("\n") == 1
    Path("y.py").write_text("import keras\nx = = 1\n")
    status, out, err = check("y.py", "--add-noqa")
    assert (status, "KT000" in out, err) == (
        0,
        True,
        "Found 1 error. To learn more: kerastut rule KT000\n",
    )
    assert check("y.py", "--add-noqa", "--fix")[0] == 2


# Formats


def test_gitlab(check: Check) -> None:
    Path("x.py").write_text(STALE + "SGD(lr=0.1)\n")
    first, second = json.loads(check("x.py", "--format", "gitlab")[1])
    assert first["check_name"] == "KT201"
    assert first["severity"] == "critical"
    assert first["location"]["path"] == "x.py"
    assert first["location"]["positions"]["begin"] == {"line": 2, "column": 5}
    assert first["fingerprint"] != second["fingerprint"]
    Path("x.py").write_text("# more\n" + STALE)
    (moved,) = json.loads(check("x.py", "--format", "gitlab")[1])
    assert moved["fingerprint"] == first["fingerprint"]
    Path("x.py").write_text("")
    assert json.loads(check("x.py", "--format", "gitlab")[1]) == []


def test_junit(check: Check) -> None:
    Path('x<&".py').write_text(STALE)
    Path("y.py").write_text(STALE + "m = '<&\x1b'\nSGD(lr='<&\x1b', decay=3)\n")
    tree = ET.fromstring(check(".", "--format", "junit")[1])
    suites = tree.findall("testsuite")
    assert [suite.get("name") for suite in suites] == ['x<&".py', "y.py"]
    assert all(suite.get("failures") == str(len(suite.findall("testcase"))) for suite in suites)
    failure = tree.find("testsuite/testcase/failure")
    assert failure is not None
    assert str(failure.get("message")).startswith('x<&".py:2:5: `SGD` takes no argument')
    Path("y.py").write_text("")
    passed = ET.fromstring(check("y.py", "--format", "junit")[1])
    assert len(passed.findall("testsuite/testcase")) == 1
    assert passed.find("testsuite/testcase/failure") is None


def test_sarif_has_the_rules_addresses(check: Check) -> None:
    Path("x.py").write_text(STALE)
    (run,) = json.loads(check("x.py", "--format", "sarif")[1])["runs"]
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["helpUri"]) == ("KT201", "docs/rules.md#kt201")
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert all(
        f'<a id="{one["id"].lower()}"></a>' in page for one in run["tool"]["driver"]["rules"]
    )
    Path("x.py").write_text("")
    assert json.loads(check("x.py", "--format", "sarif")[1])["runs"][0]["results"] == []


# Watching


def test_watching(folder: Path) -> None:
    code = "from kerastut.lint import main; main('1')"
    command = [sys.executable, "-c", code, ".", "--watch", "--format", "concise"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    Path("x.py").write_text(STALE)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("x.py:2:5: KT201")
        Path("y.py").write_text("\n" + STALE)
        assert process.stdout.readline().startswith("x.py:2:5: KT201")
        assert process.stdout.readline().startswith("y.py:3:5: KT201")
        Path("pyproject.toml").write_text("[tool.kerastut]\nexclude = ['x.py']\n")
        assert process.stdout.readline().startswith("y.py:3:5: KT201")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "kerastut: interrupted.")
