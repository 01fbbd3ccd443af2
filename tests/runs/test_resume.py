"""A stopped run goes on to the very bits of one that was never stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
from soak import EVERYTHING, differences

import kerastut
from kerastut.errors import KerastutError
from kerastut.registry.lookup import list_recipes
from kerastut.runs import artifacts

Stopped = Callable[..., str]
Settings = dict[str, Any]
LONG: Settings = {"limit": 120, "epochs": 8, "batch_size": 16, "seed": 1, "verbose": 0}


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes longer than these trainings, and is tested elsewhere."""
    monkeypatch.setattr(artifacts, "draw", lambda run, folder: [])


@pytest.mark.parametrize("recipe", [recipe.name for recipe in list_recipes()])
def test_every_recipe_resumes_to_the_same_bits(
    recipe: str, tmp_path: Path, stopped: Stopped, small: Settings
) -> None:
    kerastut.run(recipe, output_dir=tmp_path / "whole", **small)
    stopped(recipe, tmp_path / "cut", 3)
    kerastut.run(recipe, output_dir=tmp_path / "cut", resume=True, **small)
    assert list(differences(tmp_path / "whole", tmp_path / "cut")) == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an uninterrupted run of the net that has everything; it stops early."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    kerastut.run(EVERYTHING, output_dir=folder, **LONG)
    return folder


@pytest.mark.parametrize("number", [1, 6, 8, 17, 27, 31])
def test_everything_resumes_wherever_it_is_cut(
    number: int, whole: Path, tmp_path: Path, stopped: Stopped
) -> None:
    stopped(str(EVERYTHING), tmp_path / "cut", number, **LONG)
    kerastut.run(EVERYTHING, output_dir=tmp_path / "cut", resume=True, **LONG)
    assert list(differences(whole, tmp_path / "cut")) == []


def test_the_net_that_has_everything_does_stop_early(whole: Path) -> None:
    rows = (whole / "history.csv").read_text().splitlines()
    assert 3 < len(rows) - 1 < 8
    rates = [row.split(",")[rows[0].split(",").index("learning_rate")] for row in rows[1:]]
    assert len(set(rates)) > 1


def test_a_run_cut_after_it_stopped_early_goes_back_to_the_best_weights(
    whole: Path, tmp_path: Path
) -> None:
    shutil.copytree(whole, tmp_path / "cut")
    (tmp_path / "cut" / "run.json").unlink()
    kerastut.run(EVERYTHING, output_dir=tmp_path / "cut", resume=True, **LONG)
    assert list(differences(whole, tmp_path / "cut")) == []


def test_the_interruption_tells_how_to_go_on(tmp_path: Path, stopped: Stopped) -> None:
    text = stopped("mlp-mnist", tmp_path / "run", 2, units=32, seed=3)
    saved, command = text.splitlines()
    assert saved == f"interrupted; saved in {tmp_path / 'run'}. Resume with:"
    assert command == (
        "kerastut run mlp-mnist --epochs 3 --batch-size 16 --seed 3 --limit 120 --set units=32"
        f" --output-dir {tmp_path / 'run'} --resume"
    )


def test_the_interruption_tells_the_dtype_policy(tmp_path: Path, stopped: Stopped) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        text = stopped("logistic-regression", tmp_path / "run", 2)
    finally:
        keras.config.set_dtype_policy("float32")
    assert text.endswith(" --dtype-policy mixed_bfloat16 --resume")


def test_a_finished_run_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: Settings
) -> None:
    settings = small | {"verbose": 2}
    first = kerastut.run("mlp-mnist", output_dir=tmp_path, **settings)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.glob("*.*")}
    again = kerastut.run("mlp-mnist", output_dir=tmp_path, resume=True, **settings)
    assert f"{tmp_path}: finished after 3 epochs; nothing to do." in capsys.readouterr().err
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.glob("*.*")}
    assert after == before
    assert (again.metrics, again.history) == (first.metrics, first.history)


def test_more_epochs_extend_a_finished_run(tmp_path: Path, small: Settings) -> None:
    kerastut.run("logistic-regression", output_dir=tmp_path / "whole", **(small | {"epochs": 5}))
    kerastut.run("logistic-regression", output_dir=tmp_path / "run", **small)
    longer = kerastut.run(
        "logistic-regression", output_dir=tmp_path / "run", resume=True, **(small | {"epochs": 5})
    )
    assert list(differences(tmp_path / "whole", tmp_path / "run")) == []
    assert longer.extended_from == (3,)


def test_a_stretched_schedule_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: Settings
) -> None:
    kerastut.run("cnn-mnist", output_dir=tmp_path, **small)
    kerastut.run(
        "cnn-mnist", output_dir=tmp_path, resume=True, **(small | {"epochs": 4, "verbose": 2})
    )
    assert "The learning rate's schedule is stretched to 4 epochs" in capsys.readouterr().err


def test_nothing_to_resume_starts_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: Settings
) -> None:
    settings = small | {"verbose": 2}
    result = kerastut.run("mlp-mnist", output_dir=tmp_path / "run", resume=True, **settings)
    assert result.epochs == 3
    assert "nothing to resume; training from the start" in capsys.readouterr().err


def test_resume_needs_a_folder() -> None:
    with pytest.raises(KerastutError, match="resume needs the output_dir"):
        kerastut.run("mlp-mnist", resume=True)


def test_a_stopped_run_is_not_overwritten(
    tmp_path: Path, stopped: Stopped, small: Settings
) -> None:
    stopped("mlp-mnist", tmp_path, 2)
    with pytest.raises(KerastutError, match=r"a run that was stopped\. Add --resume"):
        kerastut.run("mlp-mnist", output_dir=tmp_path, **small)


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path, small: Settings) -> None:
    from kerastut.runs import folder as rundir

    with (
        rundir.opened(tmp_path / "run", resume=False),
        pytest.raises(KerastutError, match="another run is writing there"),
    ):
        kerastut.run("mlp-mnist", output_dir=tmp_path / "run", **small)
    assert not (tmp_path / "run").exists()
