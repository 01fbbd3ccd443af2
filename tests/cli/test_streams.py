"""What reaches a terminal, and what becomes of a command whose streams are none."""

import errno
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastut.cli import list_, main
from kerastut.cli.output import print_json, print_line, print_table, shorten, width
from kerastut.errors import printable
from kerastut.language import preferred
from kerastut.lint.errors import printable as the_checkers
from kerastut.streams import Shown, say, standard_streams
from tests.terminal import heard
from tests.warm import warm

COMMAND = [sys.executable, "-m", "kerastut"]
RUN = "run linear-regression --limit 40 --epochs 2 --output-dir"
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_written_out_has_a_shape_and_reads_back(text: str) -> None:
    shown = printable(text)
    kinds = {unicodedata.category(letter) for letter in shown}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert printable(shown) == shown
    assert json.loads(printable(json.dumps(text, ensure_ascii=False))) == text
    assert the_checkers(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31m\n\r\t\x7f", r"a\u001b[31m\n\r\t\u007f"),
        ("\x9b2J\u202e\u200b\ufeff", r"\u009b2J\u202e\u200b\ufeff"),
        (os.fsdecode(b"caf\xe9"), r"caf\udce9"),
        ("\U000e0041", r"\udb40\udc41"),
        ("物流　很快 é 😀 \xa0", "物流　很快 é 😀 \xa0"),
        ("e\u0301 [red] $x$ \\n", "e\u0301 [red] $x$ \\n"),
    ],
)
def test_orders_to_a_terminal_are_written_out_and_texts_stay(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_ends_of_lines_are_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    with standard_streams():
        print("a\x1b[1m\tb\nc\r")
        sys.stdout.writelines(["\u202e", "\n"])
        print_line("d\ne")
        say("f\ng")
        print_table(("name", ""), [("[red]\n", "\x1b")])
        warnings.simplefilter("always")
        warnings.warn("one\ntwo", UserWarning, stacklevel=1)
    output, errors = capsys.readouterr()
    assert output.splitlines() == [
        "a\\u001b[1m\tb", r"c\r", r"\u202e", r"d\ne", "name", r"[red]\n  \u001b",
    ]  # fmt: skip
    assert errors.splitlines() == [r"f\ng", r"kerastut: warning: one\ntwo"]


def test_json_is_the_same_value(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"label\x9b": ["a\x1b\n", "\u202e", "\udcff", "中文", "\U000e0041"]}
    with standard_streams():
        print_json(value)
    output = capsys.readouterr().out
    assert json.loads(output) == value
    assert "中文" in output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", output)


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
def test_json_is_the_same_value_in_any_code_page(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, value = io.BytesIO(), {"naïve ñ": "数字 é 😀 −x²", "鿿": ["\xa0", "\u2028"]}
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
    with standard_streams():
        print_json(value)
        print_line("数字 ñ")
        sys.stdout.flush()
    told, _, line = content.getvalue().decode(encoding).strip().rpartition("\n")
    assert json.loads(told) == value
    assert json.loads(f'"{line}"') == "数字 ñ"


@pytest.mark.parametrize(
    ("encoding", "expected"), [("gbk", "-1 是 x^2…"), ("ascii", "-1 \\u662f x^2...")]
)
def test_a_sign_that_an_encoding_lacks_has_a_plain_form(
    encoding: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdout", "stderr"):
        content = io.BytesIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, name, io.TextIOWrapper(content, encoding=encoding))
            with standard_streams():
                print("−1 是 x²…", file=getattr(sys, name), flush=True)
            assert content.getvalue().decode(encoding) == f"{expected}\n"


@pytest.mark.parametrize(
    ("encoding", "language"), [("ascii", "en"), ("gbk", "zh"), ("utf-8", "zh")]
)
def test_chinese_is_spoken_where_it_can_be_shown(
    encoding: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERASTUT_LANG", "zh")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert preferred() == language


def test_a_long_text_is_cut_before_it_is_looked_at() -> None:
    """Letter by letter from its end it would take hours."""
    assert shorten("长" * 30_000_000, 9) == "长长长长…"
    assert shorten("ab", 2) == "ab"


def test_an_error_is_one_line_whatever_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["show", "a\nb\x1b"], ["run", "cnn-mnist", "--a\nb"], ["data", "\x9b\u202e"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        output, errors = capsys.readouterr()
        assert (stop.value.code, output, errors.count("\n")) == (2, "", 1)
        assert printable(errors, "\n") == errors


def test_a_fault_of_kerastut_passes_the_stream(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: Any) -> int:
        raise LookupError("\x1b[31m")

    monkeypatch.setattr(list_, "list_command", fail)
    with pytest.raises(SystemExit) as stop:
        main(["list"])
    assert stop.value.code == 1
    assert capsys.readouterr().err.endswith("LookupError: \\u001b[31m\n")


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (FileNotFoundError(errno.ENOENT, "Gone"), "the working folder: Gone.", 2),
        (OSError(errno.ENAMETOOLONG, "Long", "a\n"), r"a\n: Long.", 2),
        (OSError(errno.EDQUOT, "Quota", "a"), "a: Quota.", 1),
        (MemoryError("of 5 GiB"), "The memory does not suffice: of 5 GiB.", 1),
    ],
)
def test_what_the_system_refuses_is_one_line(
    error: Exception,
    line: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(options: Any) -> int:
        raise error

    monkeypatch.setattr(list_, "list_command", fail)
    with pytest.raises(SystemExit) as stop:
        main(["list"])
    assert stop.value.code == status
    assert capsys.readouterr().err == f"kerastut: error: {line}\n"


def test_colours_of_ones_own_pass() -> None:
    behind = io.StringIO()
    stream = Shown(behind, results=True)
    stream.unescaped().write("\x1b[1m")
    stream.write("\x1b[1m")
    assert behind.getvalue() == "\x1b[1m\\u001b[1m"
    assert not stream.isatty()  # as the stream behind it


def test_a_table_on_a_terminal_has_no_colour_of_a_stranger(tmp_path: Path) -> None:
    code = "from kerastut.cli.output import print_table\n"
    code += "from kerastut.streams import standard_streams\n"
    code += "with standard_streams(): print_table(('a',), [('\\\\[red]\\x1b[5m:smile:\\r',)])"
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", code], stdout=theirs, check=True, env=os.environ | {"TERM": "xterm"}
    )
    os.close(theirs)
    shown = heard(ours)
    assert "\\[red]\\u001b[5m:smile:\\r" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("closed", ["2>&1 | head -1", "2>&-", "2>/dev/full", "<&- 2>&-"])
def test_a_training_needs_no_reader_of_its_progress(closed: str, tmp_path: Path) -> None:
    run = " ".join([*warm(), "-m", "kerastut", RUN])
    done = subprocess.run(
        ["bash", "-c", f"{run} {tmp_path}/run {closed}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert (tmp_path / "run" / "run.json").is_file()


@needs_full
@pytest.mark.parametrize(
    ("end", "reason"), [(">&-", "it is closed"), (">/dev/full", "no space left on the disk")]
)
@pytest.mark.parametrize(
    "words", ["list", "--help", "copy cnn-mnist a.py", "check old.py", "data verify"]
)
def test_results_that_cannot_be_printed_are_told(
    words: str, end: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "old.py").write_text(
        "from keras.layers import Conv2D\nConv2D(8, 3, border_mode='same')\n"
    )
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(COMMAND)} {words} {end}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"kerastut: error: standard output: {reason}."


def test_a_closed_descriptor_is_no_file_of_the_command(tmp_path: Path) -> None:
    """What native code writes to descriptor 2 must not land in a file that took its number."""
    code = "import os\nfrom kerastut.streams import standard_streams\nwith standard_streams():\n"
    code += "    file = open('a.txt', 'w'); os.write(file.fileno(), str(file.fileno()).encode())"
    subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "{code}" <&- >&- 2>&-'], cwd=tmp_path, check=True
    )
    assert int((tmp_path / "a.txt").read_text()) > 2


INTERRUPTIONS = {
    "while modules are imported": (
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'kerastut.cli': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n",
        130,
        "kerastut: interrupted.\n",
    ),
    # After an exec Python would end by the signal itself, and with another status.
    "at work": (
        "import kerastut.cli.list_ as found\n"
        "found.list_command = lambda options: exec('raise KeyboardInterrupt')\n",
        130,
        "kerastut: interrupted; nothing was written.\n",
    ),
    "when all is done": (
        "import atexit\natexit.register(os.kill, os.getpid(), signal.SIGINT)\n",
        0,
        "",
    ),
}


@pytest.mark.parametrize("moment", INTERRUPTIONS)
def test_ctrl_c_is_one_line(moment: str) -> None:
    prepare, status, line = INTERRUPTIONS[moment]
    code = f"import os, runpy, signal, sys\n{prepare}sys.argv = ['kerastut', 'list']\n"
    code += "runpy.run_module('kerastut', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (status, line)
    assert bool(done.stdout) == (status == 0)


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", [("list",), ("show", "mlp-reviews"), ("rule", "--all")])
def test_nothing_is_broken_on_a_narrow_terminal(
    words: tuple[str, ...], language: str, columns: int
) -> None:
    """Lines are folded between words and Chinese characters, never in a name or a number."""
    command = [sys.executable, "-m", "kerastut", *words, "--lang", language]
    whole = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(command, stdout=theirs, env=clean):
        os.close(theirs)
        shown = heard(ours)
    lines = shown.replace("\r", "").split("\n")
    assert all(width(line) <= columns or "/" in line for line in lines)
    found = {piece for line in lines for piece in re.findall("[!-~]+(?![!-~…])", line)}
    assert {piece for piece in found if len(piece) > 1} <= set(re.findall("[!-~]+", whole))
    assert len(lines) > whole.count("\n")
