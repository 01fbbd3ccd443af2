"""The command in Chinese: nothing half in one language and half in the other."""

import ctypes
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kerastut.cli import COMMANDS, main
from kerastut.language import preferred, speaking, spoken, told

# What is Latin in Chinese, too: commands, options, names of files, what the reader has written.
QUOTED = re.compile(
    r"[`'“\"][^`'”\"]*[`'”\"]|(?<![\w-])--?[a-z][\w-]*(?: [^\s，。；]+)?|https?://\S+|\{[a-z,]+\}"
    r"|(?:kerastut|pip|python|source|git|pytest)(?: [!-~]+)+|[\w~.-]*[/\\=:.][\w/\\.=,:{}-]+"
)
LATIN = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def in_chinese(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """Runs a command with `--lang zh` and returns all that it prints."""
    with pytest.raises(SystemExit) as caught:
        main([*words, "--lang", "zh"])
    assert caught.value.code == status
    out, err = capsys.readouterr()
    return out + err


def latin(text: str) -> list[str]:
    """Returns the lines in which English is left."""
    return [line for line in text.splitlines() if LATIN.search(QUOTED.sub("", line))]


@pytest.mark.parametrize(
    "words", [(), *((c,) for c in COMMANDS), *(("data", v) for v in ("list", "verify", "describe"))]
)
def test_help(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = in_chinese(capsys, *words, "--help")
    assert text.startswith("用法：kerastut")
    assert "选项：" in text
    assert "--lang {en,zh}" in text
    body = text.partition("\n\n")[2]  # what follows the usage
    assert latin(body) == []
    assert all(
        len(line) + len(re.findall("[一-鿿，。；：、（）]", line)) <= 80
        for line in text.split("\n")
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("list",), "摘要"),
        (("show", "cnn-mnist"), "超参数"),
        (("show", "text-lstm"), "可选值：lstm, gru, simple_rnn。"),
        (("show", "T0-11"), "不报错但有误"),
        (("show", "T2-B05"), "能否照原样运行"),
        (("data", "list"), "手写数字"),
        (("data", "verify"), "合格"),
        (("data", "describe", "penguins"), "帕尔默企鹅"),
        (("rule", "KT201"), "Keras 2.3 改名，Keras 3.0 拒绝旧名称"),
        (("copy", "cnn-mnist", "mine.py"), "修改之后请执行：kerastut run ./mine.py"),
    ],
)
def test_results(
    words: tuple[str, ...],
    expected: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    text = in_chinese(capsys, *words)
    assert expected in text
    rows = [
        line for line in text.splitlines() if not line.startswith(("问题", "T", "样本", "现象"))
    ]
    assert latin("\n".join(rows)) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nosuch",), "kerastut：错误：参数 COMMAND：不能是 'nosuch'，可选：'list',"),
        (("run",), "kerastut run：错误：缺少参数：RECIPE。用法见 kerastut run --help。"),
        (("run", "mlp-mnist", "--epochs", "0"), "错误：参数 --epochs：应为正整数，实际是 '0'。"),
        (("run", "mlp-mnist", "--epochs"), "参数 --epochs：后面需要一个值。"),
        (("run", "mlp-mnist", "-q", "-v"), "不能与参数 -q/--quiet 同时使用。"),
        (("run", "mlp-mnist", "--nosuch"), "不认识的参数：--nosuch。"),
        (("run", "mlp-mnits"), "没有 'mlp-mnits' 这个配方。是指 mlp-mnist"),
        (("run", "nosuch.py"), "nosuch.py：没有这个文件或文件夹。应为配方文件：请检查路径。"),
        (("run", "mlp-mnist", "--set", "units=x"), "units 应与默认值 512 同类，实际是 'x'。"),
        (("run", "mlp-mnist", "--set", "nosuch=1"), "mlp-mnist 没有参数 'nosuch'。"),
        (("compare", "mlp-mnist", "--vary", "units=1,1"), "里 1 出现了两次，请去掉一个。"),
        (("data", "describe", "nosuch.csv"), "nosuch.csv：应为 idx 文件的文件夹、"),
        (("data", "describe", "one.csv"), "应有两个或更多类别，实际是 pos。标签是不是在另一列？"),
        (("plot", "nosuch"), "nosuch：应为已完成的运行的文件夹，其中有 run.json。"),
        (("show", "T9-99"), "没有 'T9-99' 这个问题或代码块。请写成 T0-11"),
        (("copy", "cnn-mnist", "one.csv"), "one.csv：应为文件夹，或以 .py 结尾的文件名。"),
        (("verify",), "请给出要检验的配方名称，或 --all。"),
        (("rule", "KT999"), "应为规则的代码或名称，实际是 'KT999'；kerastut rule --all"),
        (("check", "nosuch"), "应为文件或文件夹，实际是 'nosuch'：没有这个文件或文件夹。"),
        (("why", "nosuch.txt"), "nosuch.txt：没有这个文件或文件夹。应为文本形式的报错或警告："),
        (("migrate", "nosuch", "--out", "x"), "请加 --yes，或加 --no-run（只修复）。"),
    ],
)
def test_refusals(
    words: tuple[str, ...],
    expected: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.csv").write_text("text,label\na,pos\nb,pos\nc,pos\n")
    text = in_chinese(capsys, *words, status=2)
    assert expected in text
    assert text.count("\n") == 1
    assert latin(text) == []


@pytest.mark.parametrize(
    "place", [("--lang", "zh", "list"), ("list", "--lang=zh"), ("list", "--la", "zh")]
)
def test_the_option_stands_anywhere(
    place: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(place)
    assert capsys.readouterr().out.startswith("配方")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "KERASTUT_LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "KERASTUT_LANG": "en"}, "en"),
        ({"LC_ALL": "zh_TW.Big5"}, "zh"),
    ],
)
def test_the_environment_chooses(
    variables: dict[str, str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("KERASTUT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert preferred() == language
    with pytest.raises(SystemExit):
        main(["list"])
    assert capsys.readouterr().out.startswith({"en": "recipe", "zh": "配方"}[language])
    assert spoken() == ("zh" if variables.get("KERASTUT_LANG") == "zh" else "en")


@pytest.mark.parametrize(
    ("identifier", "language"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en"), (0x0411, "en")]
)
def test_windows_sets_no_variable(
    identifier: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KERASTUT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: identifier)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert preferred() == language


def test_json_keeps_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(in_chinese(capsys, "show", "cnn-mnist", "--json"))
    assert found["summary"].startswith("两组卷积")
    assert found["parameters"]["units"]["help"] == "全连接层的宽度。"
    assert set(json.loads(in_chinese(capsys, "list", "--json"))[0]) >= {"name", "summary"}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("kerastut: error: a: b.csv: it is closed.", "kerastut：错误：a：b.csv：已关闭。"),
        ("data", "数据"),
        ("x takes texts, but data has numbers.", "x 接收文字，而 data 是数值。"),
        ("left out: a (an id), b (dates) and 3 more", "略去：a（编号），b（日期），另有 3 个"),
        ("nothing that is known", "nothing that is known"),
        ("我的 文件.csv: an idx file", "我的 文件.csv：idx 文件"),
        (
            "kerastut: interrupted; saved in runs/a. Resume with:\nkerastut run a --resume",
            "kerastut：已中断，已保存在 runs/a。接着进行请执行：\nkerastut run a --resume",
        ),
    ],
)
def test_messages_are_composed(english: str, chinese: str) -> None:
    with speaking("zh"):
        assert told(english) == chinese
    with speaking("en"):
        assert told(english) == english


def test_names_stay_what_they_are() -> None:
    """Also in a list, and where a message of one word is written as they are."""
    with speaking("zh"):
        assert told("optimizer") == "优化器"
        text = told("mlp-mnist has no parameter 'unit'. Known: units. It takes units, optimizer.")
    assert text.endswith("可用的参数：units, optimizer。")


def test_a_hostile_text_takes_no_time() -> None:
    with speaking("zh"):
        for text in ("; ".join(["a, b: c. D"] * 2000), "expected " * 5000, ": " * 5000, "(" * 5000):
            assert told(text) is not None
