"""`kerastut show`: recipes, faults and blocks, in two languages."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from kerastut.cli import main
from kerastut.corrections.catalogue import faults_of, get_fault, load_blocks, load_faults
from kerastut.registry.lookup import list_recipes

CLEAN = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `kerastut show` in a process of its own, with no locale but the one given."""
    return subprocess.run(
        [sys.executable, "-m", "kerastut", "show", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**CLEAN, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Returns what `kerastut show` prints in this process."""
    with pytest.raises(SystemExit) as caught:
        main(["show", *arguments])
    assert caught.value.code == 0
    return capsys.readouterr().out


def parsed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(shown(capsys, *arguments, "--json"))


def test_a_recipe_ends_with_what_it_corrects(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "cnn-mnist", "--lang", "en").splitlines()
    faults = faults_of("cnn-mnist")
    start = len(lines) - len(faults)
    assert lines[start - 1].split() == ["fault", "kind", "what", "happens"]
    for line, fault in zip(lines[start:], faults, strict=True):
        assert line.startswith(fault.id)
        assert fault.kind in line


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [60, 100])
def test_lines_of_the_list_fit_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, columns: int
) -> None:
    from kerastut.cli.output import width

    monkeypatch.setenv("COLUMNS", str(columns))
    text = shown(capsys, "cnn-mnist", "--lang", language)
    lines = [line for line in text.splitlines() if line.startswith(("T0-", "T4-"))]
    assert columns - 12 < max(map(width, lines)) <= columns
    assert any(line.endswith("…") for line in lines)


def test_a_fault_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "t0-11", "--lang", "en")
    fault = get_fault("T0-11")
    for line in (
        "T0-11         silently wrong",
        "section       T0 4.2.2",
        "blocks        T0-B06",
        f"what happens  {fault.en.what}",
        f"why           {fault.en.why}",
        f"what to do    {fault.en.fix}",
        "recipe        cnn-mnist, cnn-augmented",
        f"command       {fault.show}",
        "rule          KT404",
        "proof         pytest tests/corrections -k t0_11",
    ):
        assert line in text.splitlines()


def test_a_fault_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "T0-11", "--lang", "zh").splitlines()
    fault = get_fault("T0-11")
    assert lines[0].split() == ["T0-11", "不报错但有误"]
    assert f"现象      {fault.zh.what}" in lines
    assert f"改法      {fault.zh.fix}" in lines


def test_a_fault_that_only_prose_can_settle(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "T0-41", "--lang", "en").splitlines()
    assert "blocks        prose" in lines
    assert "rule          -" in lines
    assert "proof         prose only" in lines


def test_a_block(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "T2-B5", "--lang", "en").splitlines()
    assert lines[0].split() == ["T2-B05", "block"]
    assert "runs as printed  no" in lines
    assert "recipe           cnn-functional" in lines
    assert [line[:6] for line in lines[-3:]] == ["T2-11 ", "T2-12 ", "T2-13 "]
    chinese = shown(capsys, "T2-B05", "--lang", "zh")
    assert "配方            cnn-functional" in chinese
    assert "运行报错" in chinese


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_can_be_shown(capsys: pytest.CaptureFixture[str], language: str) -> None:
    names = [fault.id for fault in load_faults()] + [block.id for block in load_blocks()]
    for name in names + [recipe.name for recipe in list_recipes()]:
        assert name in shown(capsys, name, "--lang", language)


def test_json_of_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    fault = get_fault("T0-11")
    found = parsed(capsys, "T0-11", "--lang", "en")
    assert found == {
        "id": "T0-11",
        "section": "4.2.2",
        "blocks": ["T0-B06"],
        "kind": "silently wrong",
        "what": fault.en.what,
        "why": fault.en.why,
        "fix": fault.en.fix,
        "recipes": ["cnn-mnist", "cnn-augmented"],
        "show": fault.show,
        "rule": "KT404",
        "proof": "test",
    }
    chinese = parsed(capsys, "T0-11", "--lang", "zh")
    assert chinese["kind"] == "silently wrong"
    assert chinese["what"] == fault.zh.what


def test_json_of_a_block_and_of_a_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    block = parsed(capsys, "T2-B05", "--lang", "en")
    assert (block["recipe"], block["runs"], block["lines"]) == ("cnn-functional", False, [120, 124])
    assert [fault["id"] for fault in block["faults"]] == ["T2-11", "T2-12", "T2-13"]
    recipe = parsed(capsys, "cnn-mnist", "--lang", "zh")
    assert [fault["id"] for fault in recipe["corrections"]] == [
        fault.id for fault in faults_of("cnn-mnist")
    ]
    assert recipe["corrections"][0]["what"] == get_fault("T0-11").zh.what


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], chinese: bool) -> None:
    finished = call("T0-04", **environment)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert ("运行报错" in finished.stdout) == chinese
    assert ("crash" in finished.stdout) != chinese


def test_an_encoding_without_chinese_is_no_failure() -> None:
    finished = call("T0-04", "--lang", "zh", PYTHONIOENCODING="latin-1")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "KT201" in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["T0-99"], "kerastut: error: Unknown fault or block 'T0-99'. Did you mean T0-09"),
        (["t2-b55"], "kerastut: error: Unknown fault or block 'T2-B55'. Did you mean T2-B05"),
        (["T9-99"], "kerastut: error: Unknown fault or block 'T9-99'. Write it like T0-11"),
        (["cnn-minst"], "kerastut: error: Unknown recipe 'cnn-minst'. Did you mean cnn-mnist"),
        (["T0-04", "--lang", "fr"], "invalid choice: 'fr'"),
        ([], "the following arguments are required: NAME"),
    ],
)
def test_a_wrong_name_is_one_line(arguments: list[str], message: str) -> None:
    finished = call(*arguments)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert len(finished.stderr.splitlines()) == 1
    assert message in finished.stderr


@pytest.mark.parametrize("name", ["cnn-mnist", "T0-11", "T2-B05"])
def test_nothing_heavy_is_loaded(name: str) -> None:
    heavy = ("keras", "tensorflow", "numpy", "matplotlib", "rich")
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {heavy} if m in sys.modules], file=sys.stderr))"
        f"\nfrom kerastut.cli import main\nmain(['show', '{name}'])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert finished.stderr == "[]\n"


@pytest.mark.parametrize(
    ("words", "next_step"),
    [
        (("show", "KT201"), "KT201 is a rule of check: kerastut rule KT201"),
        (("show", "kt201"), "kt201 is a rule of check: kerastut rule KT201"),
        (
            ("rule", "T0-11"),
            "T0-11 is a fault of the tutorials, or a block of theirs: kerastut show",
        ),
        (("rule", "t2-b05"), "or a block of theirs: kerastut show T2-B05"),
    ],
)
def test_show_and_rule_lead_to_each_other(
    words: tuple[str, ...], next_step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert next_step in capsys.readouterr().err
