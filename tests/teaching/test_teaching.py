"""What chapters call: sentences in two languages, checks that fail, sources that are the code."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from book.chapters import paths
from IPython.core import display_functions

import kerastut
from kerastut import teaching
from kerastut.corrections.catalogue import get_fault
from kerastut.errors import ParameterError, UnknownNameError, nearest
from kerastut.teaching.experiments import scaling
from kerastut.teaching.telling.checks import CheckError

Shown = list[tuple[str, dict[str, str]]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Collects what is displayed: Markdown and metadata."""
    found: Shown = []

    def display(bundle: dict[str, str], raw: bool, metadata: dict[str, str]) -> None:
        assert raw
        assert bundle["text/plain"] == bundle["text/markdown"]
        found.append((bundle["text/markdown"], metadata))

    monkeypatch.setattr(display_functions, "display", display)
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setenv("KERASTUT_LANG", "both")
    return found


def test_every_public_name_of_teaching_is_there() -> None:
    for name in dir(teaching):
        assert getattr(teaching, name) is not None
    with pytest.raises(AttributeError, match=re.escape("has no attribute 'sing'")):
        _ = teaching.sing


def test_the_front_door_hands_over_modules_too() -> None:
    from kerastut.teaching import update_rules

    assert isinstance(update_rules, ModuleType)
    assert update_rules.__name__ == "kerastut.teaching.by_hand.update_rules"


def test_say_shows_both_languages_and_marks_them(shown: Shown) -> None:
    teaching.say(en="Loss 1.", zh="损失 1。")
    assert shown == [("Loss 1.", {"lang": "en"}), ("损失 1。", {"lang": "zh"})]


def test_say_shows_the_chosen_language(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERASTUT_LANG", "zh")
    teaching.say(en="Loss 1.", zh="损失 1。")
    assert shown == [("损失 1。", {"lang": "zh"})]


def test_erratum_tells_the_record_and_the_measurement(shown: Shown) -> None:
    teaching.erratum("T1-05", en="Accuracy falls.", zh="准确率下降。")
    fault = get_fault("T1-05")
    (english, _), (chinese, _) = shown
    for part in (fault.en.what, fault.en.why, fault.en.fix, fault.show, "Accuracy falls."):
        assert part in english
    for part in (fault.zh.what, fault.zh.why, fault.zh.fix, "准确率下降。"):
        assert part in chinese
    assert all(line.startswith(">") for line in english.splitlines())


DIAGRAMS = (
    "backpropagation",
    "chain",
    "dropout",
    "lstm-cell",
    "neuron",
    "penalties",
    "receptive-field",
)


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_is_shown_in_each_language(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str]] = []

    def display(bundle: dict[str, str], raw: bool, metadata: dict[str, str]) -> None:
        shown.append((bundle["image/svg+xml"], metadata["lang"]))

    monkeypatch.setenv("KERASTUT_LANG", "both")
    monkeypatch.setattr("IPython.display.display", display)
    teaching.diagram(name)
    assert [language for _, language in shown] == ["en", "zh"]
    pictures = [ElementTree.fromstring(text) for text, _ in shown]
    for picture, chinese in zip(pictures, (False, True), strict=True):
        for tag in ("title", "desc"):
            assert len(picture.findall(f"{{*}}{tag}")) == 1
        words = "".join(picture.itertext())
        assert bool(re.search("[\u4e00-\u9fff]", words)) == chinese
    # But for the words it is one drawing.
    tags = [[e.tag for e in picture.iter() if "tspan" not in e.tag] for picture in pictures]
    assert tags[0] == tags[1]


def test_every_diagram_is_used_and_an_unknown_one_refused() -> None:
    folder = Path(teaching.diagram.__code__.co_filename).parents[1] / "diagrams"
    assert tuple(sorted(path.stem for path in folder.glob("*.svg"))) == DIAGRAMS
    chapters = "".join(path.read_text(encoding="utf-8") for path in paths())
    assert all(f'teaching.diagram("{name}")' in chapters for name in DIAGRAMS)
    with pytest.raises(UnknownNameError, match=re.escape("named 'lstm'. Did you mean lstm-cell?")):
        teaching.diagram("lstm")


def test_source_shows_the_code_itself(shown: Shown) -> None:
    teaching.source(nearest)
    for (text, metadata), language in zip(shown, ("en", "zh"), strict=True):
        assert text.startswith("```python\ndef nearest(")
        assert "    wanted = _normal(name)" in text
        assert '"""' not in text
        assert metadata == {"lang": language}


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERASTUT_LANG", "en")


@pytest.mark.usefixtures("english")
def test_match_prints_the_largest_difference(capsys: pytest.CaptureFixture[str]) -> None:
    teaching.match("loss", 1.0, 1.0)
    teaching.match("gradient", np.array([1.0, 2.0]), np.array([1.0, 2.0 + 2**-21]))
    assert capsys.readouterr().out == (
        "loss: exact, largest difference 0.0e+00\n"
        "gradient: approximate, largest difference 4.8e-07\n"
    )


@pytest.mark.parametrize(
    ("got", "expected", "message"),
    [
        (1.0, 1.1, "a: expected a difference of at most 1e-06; received 1.00e-01."),
        ([np.nan], [0.0], "a: expected a difference of at most 1e-06; received nan."),
        ([1.0, 2.0], [1.0], "a: expected the shape (1,); received (2,)."),
    ],
)
def test_match_refuses_what_differs(got: Any, expected: Any, message: str) -> None:
    with pytest.raises(CheckError, match=re.escape(message)):
        teaching.match("a", got, expected)


def test_hold_takes_the_given_band_for_a_reduced_run() -> None:
    run = kerastut.run("linear-regression", epochs=1, limit=64, verbose=0)
    teaching.hold(run, loss=(0.0, 100.0))
    with pytest.raises(CheckError, match=r"linear-regression: expected loss within 0 to 1e-09"):
        teaching.hold(run, loss=(0.0, 1e-9))
    with pytest.raises(CheckError, match="expected a band for this size"):
        teaching.hold(run)


def test_hold_takes_no_reduced_band_in_the_full_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chapter may train in full what is not the recipe's own training."""
    run = kerastut.run("linear-regression", epochs=1, limit=64, verbose=0)
    monkeypatch.setattr(scaling, "FULL", True)
    with pytest.raises(CheckError, match="expected a band for this size"):
        teaching.hold(run, loss=(0.0, 100.0))
    teaching.hold(run, loss=(0.0, 1e-9), full={"loss": (0.0, 100.0)})


@pytest.mark.usefixtures("english")
def test_checks_speak_the_language_of_the_edition(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KERASTUT_LANG", "zh")
    teaching.match("training loss", 1.0, 1.0)
    run = kerastut.run("linear-regression", epochs=1, limit=64, verbose=0)
    teaching.hold(run, loss=(0.0, 100.0))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "训练损失：完全相等，最大差异 0.0e+00"
    assert re.fullmatch(r"linear-regression：loss \S+，在 0～100 之内", second)


@pytest.mark.usefixtures("english")
def test_hold_takes_the_recipes_band_for_a_full_run(capsys: pytest.CaptureFixture[str]) -> None:
    run = kerastut.run("linear-regression", verbose=0)
    teaching.hold(run, loss=(5.0, 6.0))
    assert capsys.readouterr().out.count("within") == len(run.settings.recipe.expect)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0.91, 0.92, 0.93], "0.920 ± 0.010"),
        ([0.5, 0.5, 0.5], "0.5000 ± 0.0000"),
        ([10.0, 30.0, 50.0], "30 ± 20"),
    ],
)
def test_spread_has_two_digits_of_the_deviation(values: list[float], text: str) -> None:
    assert teaching.spread(values) == text


def test_spread_wants_three_seeds() -> None:
    with pytest.raises(ParameterError, match=r"expected results of at least 3 seeds; received 2\."):
        teaching.spread([0.1, 0.2])


def test_scale_is_reduced_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "FULL", False)
    assert scaling.scale(1, 2) == 1
    monkeypatch.setattr(scaling, "FULL", True)
    assert scaling.scale(1, 2) == 2


def test_a_stopped_run_leaves_two_checkpoints_whatever_the_clock(tmp_path: Path) -> None:
    folder, settings = (
        tmp_path / "run",
        {"limit": 640, "units": (8,), "batch_size": 64, "epochs": 3},
    )
    newest = teaching.stopped("dropout-mlp", folder, epoch=2, **settings)
    assert newest.name == "epoch-000002-step-000001"
    assert {path.name for path in newest.parent.glob("epoch-*")} == {
        newest.name,
        "epoch-000002-step-000000",
    }
