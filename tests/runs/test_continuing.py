"""`--resume RUN` takes from the run what is not given, and refuses what is given and differs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
from soak import differences

import kerastut
from kerastut.cli import main
from kerastut.runs import artifacts

RECIPE = "logistic-regression"


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes longer than these trainings, and is tested elsewhere."""
    monkeypatch.setattr(artifacts, "draw", lambda run, folder: [])


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Returns a function that calls the command line: status and both streams."""

    def call(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([*map(str, words)])
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "run"
    settings: dict[str, Any] = {"limit": 120, "epochs": 3, "batch_size": 16, "seed": 1}
    kerastut.run(RECIPE, output_dir=folder, learning_rate=0.3, verbose=0, **settings)
    return folder


@pytest.mark.parametrize("words", [["latest"], [RECIPE, "{run}", "--seed", "1"]])
def test_the_run_s_own_settings_lead_to_the_same_bits(
    words: list[str],
    whole: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stopped: Callable[..., str],
    call: Callable[..., tuple[int, str, str]],
) -> None:
    monkeypatch.chdir(tmp_path)
    cut = tmp_path / "runs/cut"
    stopped(RECIPE, cut, 3, seed=1, learning_rate=0.3)
    place = words.index("{run}") if "{run}" in words else 0
    words = [word.format(run=cut) for word in words]
    assert call("run", "-q", *words[:place], "--resume", *words[place:])[0] == 0
    assert list(differences(whole, cut)) == []


@pytest.mark.parametrize("form", ["{recipe} --output-dir {run} --resume", "--resume {run}"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("--seed 0", "seed was 1, now 0"),
        ("--limit 130", "limit was 120, now 130"),
        ("--batch-size 32", "batch_size was 16, now 32"),
        ("--lr 0.1", "learning_rate was 0.3, now 0.1"),
        ("--balance", "balance was False, now True"),
        ("--data line", "dataset was 'blobs', now 'line'"),
        ("--epochs 2", "it was to run 3 epochs, now 2"),
    ],
)
def test_what_is_given_and_differs_is_refused_by_name(
    form: str, given: str, said: str, whole: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    words = form.format(recipe=RECIPE, run=whole).split()
    status, _, errors = call("run", *words, *given.split())
    assert (status, len(errors.splitlines())) == (2, 1)
    assert f"Cannot resume: {said}" in errors


def test_another_recipe_is_refused(whole: Path, call: Callable[..., tuple[int, str, str]]) -> None:
    status, _, errors = call("run", "dropout-mlp", "--resume", whole)
    assert (status, errors.split(";")[0]) == (
        2,
        f"kerastut: error: Cannot resume: recipe was '{RECIPE}', now 'dropout-mlp'",
    )


def test_a_resume_that_leads_nowhere(
    tmp_path: Path, whole: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    for words, said in {
        ("--resume",): "--resume needs the folder of the run",
        (RECIPE, "--resume"): "--resume needs the folder of the run",
        ("--resume", tmp_path / "no"): "expected a run that was stopped or finished, found none",
        ("--resume", whole, "--output-dir", tmp_path): "give one folder",
        ("--resume", "--output-dir", tmp_path): "are required: RECIPE",
        (): "are required: RECIPE",
    }.items():
        status, _, errors = call("run", *words)
        assert (status, len(errors.splitlines())) == (2, 1)
        assert said in errors
    assert list(tmp_path.iterdir()) == []


def test_resume_before_the_recipe(whole: Path, call: Callable[..., tuple[int, str, str]]) -> None:
    assert call("run", "--resume", RECIPE, "--output-dir", whole, "-q")[0] == 0


def test_a_file_of_the_reader_s_own_is_named_again(
    tmp_path: Path, small: dict[str, Any], call: Callable[..., tuple[int, str, str]]
) -> None:
    file = tmp_path / "mine.py"
    shutil.copy(kerastut.get_recipe(RECIPE).path, file)
    file.write_text(file.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    kerastut.run(file, output_dir=tmp_path / "run", **small)
    status, _, errors = call("run", "--resume", tmp_path / "run")
    assert (status, len(errors.splitlines())) == (2, 1)
    assert f"Give its file: kerastut run FILE.py --resume {tmp_path / 'run'}." in errors
    assert call("run", file, "--resume", tmp_path / "run", "-q")[0] == 0


def test_the_precision_is_taken_from_the_run(
    tmp_path: Path, small: dict[str, Any], call: Callable[..., tuple[int, str, str]]
) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        kerastut.run(RECIPE, output_dir=tmp_path, **small)
        keras.config.set_dtype_policy("float32")
        assert call("run", "--resume", tmp_path, "-q")[0] == 0
    finally:
        keras.config.set_dtype_policy("float32")


def test_own_data_are_found_from_another_folder_and_changed_ones_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    table = tmp_path / "points.csv"
    rows = [f"{n % 7},{n % 5},{'yes' if n % 2 else 'no'}" for n in range(90)]
    table.write_text("\n".join(["a,b,label", *rows]))
    monkeypatch.chdir(tmp_path)
    words = ("--data", "points.csv", "--output-dir", "run", "--epochs", "1", "-q")
    assert call("run", RECIPE, *words)[0] == 0
    record = json.loads((tmp_path / "run/run.json").read_text())
    assert record["settings"]["dataset"] == str(table)
    monkeypatch.chdir(tmp_path / "elsewhere")
    plot, export = ("plot", "../run"), ("export", "../run", "--format", "keras", "-o")
    resume = ("run", "--resume", "../run", "-q", "--epochs")
    assert call(*plot)[0] == 0
    assert call(*export, "one")[0] == 0
    assert call(*resume, "2")[0] == 0
    moved = table.rename(tmp_path / "moved.csv")
    for command in (plot, (*export, "two"), (*resume, "3")):
        status, _, errors = call(*command)
        assert (status, len(errors.splitlines())) == (2, 1)
        assert str(table) in errors
        assert call(*command, "--data", "../moved.csv")[0] == 0
    moved.write_text(moved.read_text().replace("0,0,no", "0,1,no"))  # where the last one found them
    for command in (plot, (*export, "three"), (*resume, "4")):
        status, _, errors = call(*command)
        assert (status, len(errors.splitlines())) == (2, 1)
        assert "another content since" in errors
