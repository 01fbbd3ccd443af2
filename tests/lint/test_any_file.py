"""Whatever lies in a folder, the check goes on, and says in a line what it could not check."""

import codecs
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kerastut.lint import check as check_module
from kerastut.lint import configuration, main, runner
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import notebook, parse_document, text
from kerastut.lint.documents.text import Text, decode
from kerastut.lint.errors import LintError
from kerastut.lint.runner import Job, check_files

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
GOOD = "good.py:2:5: KT201 [*] "


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works in a folder with one file that has a finding."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    configuration._read.cache_clear()
    (tmp_path / "good.py").write_text(STALE)
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Returns a function that checks, and returns exit status, output and errors."""

    def call(*words: str) -> tuple[int, str, str]:
        words = words if "--format" in words else (*words, "--format", "concise")
        with pytest.raises(SystemExit) as raised:
            main("1", words)
        output = capsys.readouterr()
        assert isinstance(raised.value.code, int)
        assert "Traceback" not in output.err
        return raised.value.code, output.out, output.err

    return call


Check = Callable[..., tuple[int, str, str]]


def places(source: str, select: str = "KT201", suffix: str = ".py") -> list[tuple[int, int]]:
    """Returns where a rule is found."""
    document = parse_document(Text(source), f"x{suffix}", suffix)
    found = check_document(document, Selection((select,)))
    return [finding.location[:2] for finding in found]


def refused(check: Check, path: str, reason: str) -> None:
    """Checks that a path costs a line, and no results."""
    for words in (["."], ["good.py", path]):
        status, out, err = check(*words)
        lines = [line for line in err.splitlines() if path in line]
        assert (status, out.count("\n"), len(lines)) == (2, 1, 1), err
        assert out.startswith(GOOD)
        assert reason in lines[0]


# What is opened


def test_a_pipe(check: Check) -> None:
    os.mkfifo("x.py")
    refused(check, "x.py", "expected a file, received a folder, a pipe or a device")


def test_a_socket(check: Check) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("x.py")
    refused(check, "x.py", "cannot be read: No such device or address")


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "nowhere", "x.py", "../secret.py"])
def test_links_in_a_folder_are_passed_over(check: Check, folder: Path, target: str) -> None:
    (folder.parent / "secret.py").write_text("import keras\nprint(secret)\n")
    Path("x.py").symlink_to(target)
    assert check(".")[:1] == (1,)
    assert "secret" not in check(".", "--select", "ALL")[1]


def test_links_to_folders_are_passed_over_and_circles_end(check: Check, folder: Path) -> None:
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "x.py").write_text(STALE)
    Path("inner").mkdir()
    Path("inner/up").symlink_to("..")
    Path("inner/out").symlink_to("../../other")
    assert check(".")[1].count("\n") == 1
    assert check("inner/out")[1].startswith("inner/out/x.py:2:5")


def test_a_device(check: Check) -> None:
    Path("x.py").symlink_to("/dev/zero")
    status, out, err = check("good.py", "x.py", "/dev/stdin")
    assert (status, out.count("\n")) == (2, 1)
    assert "x.py: expected a file, received a folder, a pipe or a device" in err


def test_a_path_that_no_system_takes(check: Check) -> None:
    for path in ("a" * 5000, "a\0b", "nowhere"):
        status, out, err = check("good.py", path)
        assert (status, out.count("\n"), err.count("error:")) == (2, 1, 1)


def test_a_folder_that_nobody_may_read(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("closed").mkdir()
    real = os.scandir

    def refuse(path: Path) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    status, out, err = check(".")
    assert (status, out.startswith(GOOD)) == (2, True)
    assert "closed: cannot be read: Permission denied; check its rights." in err


@pytest.mark.parametrize("name", ["pyvenv.cfg", "pyproject.toml"])
def test_a_folder_whose_files_nobody_may_ask_for(
    check: Check, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Path("closed").mkdir()
    real = Path.stat

    def refuse(path: Path, **options: Any) -> os.stat_result:
        if path.name == name and path.parent.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    assert check(".")[:1] == (1,)


def test_folders_in_folders(check: Check, folder: Path) -> None:
    deep = os.open(".", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=deep)
        inner = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    os.close(os.open("x.py", os.O_CREAT, dir_fd=deep))
    os.close(deep)
    assert check(".")[:1] == (1,)
    deepest = "d/" * 1500 + "x.py"
    assert check("good.py", deepest)[:1] == (1,)
    subprocess.run(["rm", "-r", "d"], check=True)


def test_what_is_too_large(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LARGEST", 100)
    Path("x.py").write_text("#" * 101)
    refused(check, "x.py", "expected at most 100 bytes")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.py", "import keras\n" + "x, " * 150_001, "300,000 lines, words and signs of code"),
        ("x.py", "import keras\n" + "\n" * 300_001, "300,000 lines, words and signs of code"),
        ("x.md", "keras\n\n" * 50_001, "at most 100,000 lines"),
        ("x.ipynb", "[" + "1," * 1_000_001 + "1]", "a notebook of at most 1,000,000 values"),
    ],
)
def test_what_would_take_too_much(check: Check, name: str, content: str, reason: str) -> None:
    Path(name).write_text(content)
    refused(check, name, reason)


# What a project says


@pytest.mark.parametrize(
    "content",
    [
        b"[tool.kerastut]\na = " + b"[" * 50_000,
        b"[tool.kerastut]\nselect = " + b"[" * 300 + b"]" * 300,
        b"[tool.kerastut]\nselect = 0x" + b"f" * 10_000,
        b"[tool.kerastut]\nselect = " + b"1" * 10_000,
        b"[tool.kerastut]\nselect = [1]",
        b"[tool.kerastut]\nexclude = ['" + b"a" * 10_001 + b"']",
        b"[tool.kerastut]\n'\\u001b[31m' = 1",
        b'[tool.kerastut]\n"\\u202e" = 1',
        b"[tool.kerastut]\nselect = ['KT9', '\x0b']",
        b"[tool]\nkerastut = [1]",
        b"# kerastut \xff\xfe",
        b"# kerastut " + b"a" * 100_000,
    ],
)
def test_a_project_that_is_not_as_expected(check: Check, content: bytes) -> None:
    Path("inner").mkdir()
    for name in ("x.py", "y.py"):
        Path("inner", name).write_text(STALE)
    Path("inner/pyproject.toml").write_bytes(content)
    for words in (["."], ["good.py", "inner/x.py", "inner/y.py"]):
        status, out, err = check(*words)
        assert (status, out.count("\n"), err.count("error: ")) == (2, 1, 1)
        assert out.startswith(GOOD)
        assert err.replace("\n", "").isprintable()
        assert max(map(len, err.splitlines())) < 500


NOTHING = [
    "",
    "tool = 1",
    "[tool]\na = 1",
    "[tool.kerastut]",
    "[" * 300_000,
    "#" * 300_000,
    "\ud800",
]


@pytest.mark.parametrize("content", NOTHING)
def test_a_project_that_says_nothing(check: Check, content: str) -> None:
    Path("pyproject.toml").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert check(".")[:1] == (1,)


def test_a_project_that_is_no_file(check: Check) -> None:
    os.mkfifo("pyproject.toml")
    assert check(".")[:1] == (1,)


def test_patterns_of_any_form_are_taken(check: Check) -> None:
    patterns = [
        "[",
        "[z-a]",
        "**",
        "a*b*" * 50,
        "(",
        "\\",
        "",
        "/",
        "[!",
        "g[[]",
        "{a,b}",
        "\u202e",
    ]
    Path("pyproject.toml").write_text(f"[tool.kerastut]\nexclude = {json.dumps(patterns[:2])}\n")
    assert check(".")[:1] == (1,)
    configuration._read.cache_clear()
    Path("pyproject.toml").write_text(f"[tool.kerastut]\nexclude = {json.dumps(patterns)}\n")
    assert check(".") == (0, "", "No findings.\n")


# How it is written


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_end_where_python_ends_them(end: str) -> None:
    source = f"import keras\n'''\n'''\n#\x0c\x0b\x1c\x85\u2028\n{STALE}".replace("\n", end)
    assert places(source) == [(6, 5)]
    assert places(f"```python{end}{source}```{end}", suffix=".md") == [(7, 5)]
    cell = {"cells": [{"cell_type": "code", "source": source}]}
    assert places(json.dumps(cell), suffix=".ipynb") == [(6, 5)]


@pytest.mark.parametrize(
    "inner", ["x = 1\ry = 2", "'a\rb'", "x = '''\r\n\r'''\r", "\r", "# a\rx = = 1"]
)
def test_a_stray_end_of_a_line(inner: str) -> None:
    for source in (f"{inner}\n{STALE}", f"{STALE}{inner}", f"{STALE}{inner}\n" * 2):
        assert places(source)
        assert places(f"> ```python\n{source}\n```\n", suffix=".md") is not None
        notebook = {"cells": [{"cell_type": "code", "source": [source, "\r", source]}]}
        assert places(json.dumps(notebook), suffix=".ipynb")


@pytest.mark.parametrize(
    "coding", ["punycode", "idna", "undefined", "unicode_escape", "rot13", "hex"]
)
def test_codings_for_other_purposes(check: Check, coding: str) -> None:
    Path("x.py").write_text(f"# coding: {coding}\nimport keras\n")
    refused(check, "x.py", "expected ")


def test_codings_that_nobody_knows_are_read_as_utf_8(check: Check) -> None:
    for coding in ("no-such", "a" * 10_000, "../x", "utf-8;", "cp0"):
        Path("x.py").write_text(f"# coding: {coding}\n# é\n{STALE}", "utf-8")
        assert check("x.py")[1].startswith("x.py:4:5: KT201")


def test_utf_8_is_read_whatever_coding_is_declared() -> None:
    content = "# coding: gbk\nx = '中'\n".encode()
    text = decode(content, "x.py", python=True)
    assert (text.encode(), text.encoding) == (content, "utf-8")


def test_a_mark_tells_more_than_a_declared_coding() -> None:
    content = codecs.BOM_UTF8 + f"# coding: latin-1\n# é\n{STALE}".encode()
    assert decode(content, "x.py", python=True).encoding == "utf-8"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_coding_is_found_whatever_ends_the_lines(end: bytes) -> None:
    content = "#!python\n# coding: gbk\n# 学习率\n".encode("gbk").replace(b"\n", end)
    assert decode(content, "x.py", python=True).encoding == "gbk"


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_no_program_has(sign: str) -> None:
    cell = {"cells": [{"cell_type": "code", "source": f"import keras\nx = '{sign}'\n"}]}
    assert places(json.dumps(cell), "KT000", ".ipynb") == [(1, 1)]


# Silence


QUOTES = ["'{}'", '"{}"', "'''{}'''", '"""\n{}"""', "f'{}'", "r'{}'", "b'{}'", "'a' '{}'"]


@pytest.mark.parametrize("noqa", ["# noqa", "#noqa:KT201", "# a # NOQA: KT2"])
@pytest.mark.parametrize("quotes", QUOTES)
def test_a_text_silences_nothing(noqa: str, quotes: str) -> None:
    said = STALE.replace("0.1", quotes.format(noqa))
    assert places(said) == [(2, 5)]
    assert places(f"```python\n{said}```\n", suffix=".md") == [(3, 5)]
    silenced = said.rstrip() + f"  {noqa}\n"
    assert places(silenced) == []
    assert places(f"```python\n{silenced}```\n", suffix=".md") == []


def test_a_comment_between_texts_silences() -> None:
    assert places('from keras.optimizers import SGD\nSGD(lr=("a"  # noqa\n"b"))\n') == []
    assert places(
        "from keras.optimizers import SGD\nSGD(lr=1,\n  #  # noqa\n momentum='# noqa')"
    ) == [(2, 5)]


def test_a_comment_silences_where_the_rest_is_not_python() -> None:
    assert places("import keras\nx = = 1  # noqa\n", "KT000") == []
    assert places(f"x = = 1\n{STALE.rstrip()}  # noqa\n") == []
    assert places("import keras\nx = = '# no'\n", "KT000") == [(2, 5)]


# What is said


HOSTILE = "\x1b]0;x\x07\r\n\x9b\u202e\u2066\x7f"


@pytest.mark.parametrize("kind", ["text", "json", "github", "sarif", "diff"])
def test_nothing_of_a_file_reaches_the_terminal_raw(check: Check, kind: str) -> None:
    path = Path(f"x{HOSTILE}.py")
    inner = "".join(rf"\x{ord(sign):02x}" if sign < "\xff" else sign for sign in HOSTILE)
    lines = f"m = keras.Sequential()\nm.load_weights('{inner}')\nm.load_weights('''{HOSTILE}''')\n"
    path.write_text(f"import keras\n{lines}{STALE}# {HOSTILE}", "utf-8", newline="")
    words = ["--diff"] if kind == "diff" else ["--format", kind, "--select", "ALL"]
    status, out, err = check(str(path), *words)
    assert status == 1
    assert (out + err).replace("\n", "").isprintable()
    if kind == "json":
        assert {record["filename"] for record in json.loads(out)} == {str(path)}


def test_numbers_of_any_size_are_shown(check: Check) -> None:
    calls = [
        "Input(shape={0})",
        "layers.Dense({0}, kernel_regularizer='l2')",
        "layers.Conv2D(3, {0}, {0})",
    ]
    calls += [
        "layers.Dense(1, activation={0})",
        "layers.Dense(1, {0})",
        "layers.Conv2D(3, 3, border_mode={0})",
    ]
    lines = "\n".join(f"keras.{call}" for call in calls)
    lines += (
        "\nm = keras.Sequential([keras.layers.Dense(1)])\nm.fit(x / {0}, x * {0}, epochs={0})\n"
    )
    lines += (
        "m.fit(np.zeros({0}), np.zeros({0}), validation_split=0.5, epochs=-{0})\nm.evaluate(x)\n"
    )
    for number in ("0x" + "f" * 9000, "1" + "0" * 4000, "1e999", "-1e-999", "1e999j", "True"):
        source = "import keras\nimport numpy as np\nx = np.zeros(3)\n" + lines.format(number)
        Path("x.py").write_text(source)
        for kind in ("text", "json"):
            status, out, err = check("x.py", "--format", kind, "--select", "ALL")
            assert (status, "failed" in err) == (1, False)
            assert max(map(len, out.splitlines())) < 400


def test_a_fault_of_ours_costs_one_file_and_not_the_others(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(document: Any, *rest: Any) -> Any:
        if document.filename == "bad.py":
            raise AssertionError("a\nb\x1b")
        return check_document(document, *rest)

    Path("bad.py").write_text(STALE)
    monkeypatch.setattr(check_module, "check_document", fail)
    refused(check, "bad.py", r"the check itself failed (AssertionError: a\nb\u001b)")


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_a_lack_of_depth_or_memory_costs_one_file(
    check: Check, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(path: Path, *rest: Any, **options: Any) -> bytes:
        if path.name == "bad.py":
            raise error
        return text.read_bytes(path, *rest, **options)

    Path("bad.py").write_text(STALE)
    monkeypatch.setattr(runner, "read_bytes", fail)
    refused(check, "bad.py", "received one too deep")


def test_processes_that_end_leave_the_rest_to_this_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, real = os.getpid(), runner._check

    def die(path: Path, *rest: Any) -> None:
        if os.getpid() != parent and path.stem == "30":
            os._exit(1)
        real(path, *rest)

    monkeypatch.setattr(runner, "_check", die)
    monkeypatch.setattr(runner, "_processors", lambda: 2)
    files = [folder / f"{number}.py" for number in range(60)]
    for file in files:
        file.write_text(STALE)
    outcomes = list(check_files(files, Job()))
    assert [outcome.path for outcome in outcomes] == files
    assert all(outcome.counts.total() == 1 for outcome in outcomes)


@pytest.mark.parametrize(
    ("words", "said"), [((), "interrupted.\n"), (("--fix",), "stay mended.\n")]
)
def test_an_interrupt(
    check: Check, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    def interrupted(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "check_file", interrupted)
    status, out, err = check(".", *words)
    assert (status, out, err.count("\n")) == (130, "", 1)
    assert err.endswith(said)


def test_an_interrupt_ends_all_processes_in_a_line(folder: Path) -> None:
    many = "".join(f"x{n} = keras.layers.Dense({n}, foo=1)\n" for n in range(400))
    for number in range(400):
        (folder / f"{number}.py").write_text(f"import keras\n{many}")
    code = "from kerastut.lint import main; print('go', flush=True); main('1', ['.'])"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while children.exists() and not children.read_text():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "kerastut: interrupted.\n")


# Depth


def deep(opening: str, inner: str, closing: str) -> Iterator[str]:
    for times in (50, 150, 1000, 30_000):
        yield f"import keras\nx = {opening * times}{inner}{closing * times}\n"


@pytest.mark.parametrize(
    "opening", ["(", "[", "-", "lambda: ", "1 if a else ", "f(", "a+", "a.", "{1: "]
)
def test_depth_ends_in_findings(opening: str) -> None:
    closing = {"(": ")", "[": "]", "f(": ")", "{1: ": "}"}.get(opening, "")
    for source in deep(opening, "a", closing):
        with suppress(LintError):  # too many words
            assert places(source + STALE, "KT") is not None


def test_depth_of_json_is_no_notebook() -> None:
    for value in ("[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, "1" * 5000):
        with pytest.raises(LintError, match="expected a notebook"):
            notebook.parse_notebook(Text(f'{{"cells": {value}}}'), "x.ipynb")
