"""A run's folder is data: nothing that it names is run or read, and no link leads out of it."""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kerastut
from kerastut.cli import main
from kerastut.errors import DataError, KerastutError, RecipeError
from kerastut.runs import recorded, reopen
from kerastut.runs.artifacts import record
from kerastut.runs.history import MOST_METRICS, read_history, write_history
from kerastut.runs.reopening import MOST_PIXELS
from kerastut.train import Run

RECIPE = "linear-regression"
SHORT: dict[str, Any] = {"limit": 40, "epochs": 2, "verbose": 0}
Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("trained") / "run"
    return kerastut.run(RECIPE, output_dir=folder, **SHORT)


@pytest.fixture
def run(trained: Run, tmp_path: Path) -> Path:
    """Returns a copy of a run's folder."""
    assert trained.dir is not None
    shutil.copytree(trained.dir, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Returns a recipe of the reader's own, the folder of its run, and what its import writes."""
    mark, file, folder = (tmp_path / name for name in ("mark", "mine.py", "own"))
    note = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nRECIPE ="
    text = kerastut.get_recipe(RECIPE).path.read_text(encoding="utf-8")
    file.write_text(text.replace("RECIPE =", note, 1), encoding="utf-8")
    kerastut.run(file, output_dir=folder, **SHORT)
    mark.unlink()
    return file, folder, mark


def change(path: Path, **values: Any) -> None:
    """Changes fields of a record."""
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def call(*words: str | Path) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main([*map(str, words)])
    return stop.value.code


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"classes": None}, "Expected `array`, got `null` - at `$.classes`"),
        ({"classes": 5}, "Expected `array`, got `int` - at `$.classes`"),
        ({"classes": [["a"]]}, "Expected `str`, got `array` - at `$.classes[0]`"),
        ({"data": 7}, "Expected `str`, got `int` - at `$.data`"),
        ({"background": "odd"}, "Invalid enum value 'odd' - at `$.background`"),
        ({"samples": {"train": -1}}, "Expected `int` >= 1 - at `$.samples[...]`"),
        ({"parameters": []}, "Expected `int`, got `array` - at `$.parameters`"),
        ({"metrics": {"loss": "low"}}, "Expected `float | null`, got `str` - at `$.metrics[...]`"),
        ({"seconds": math.inf}, "Expected `float` <= 10000000000.0 - at `$.seconds`"),
        ({"seconds": math.nan}, "Expected `float` > 0.0 - at `$.seconds`"),
        ({"epochs": 1e9}, "Expected `int`, got `float` - at `$.epochs`"),
        ({"settings": {}}, "Object missing required field `parameters` - at `$.settings`"),
        ({"more": "x" * 5000}, "a text of more than 4,096 characters"),
        ({"more": {"x" * 5000: 1}}, "a text of more than 4,096 characters"),
        ({"more": [10**4000]}, "a whole number of more than 64 bits"),
        (
            {"expected": {"loss": [1.0]}},
            "Expected `array` of length 2, got 1 - at `$.expected[...]`",
        ),
        ({"more": [[[[[[[[[[[[[]]]]]]]]]]]]]}, "nested in more than 12 levels"),
    ],
)
def test_a_field_of_another_kind_is_named(values: dict[str, Any], said: str, run: Path) -> None:
    change(run / "run.json", **values)
    with pytest.raises(DataError) as caught:
        recorded(run)
    place = run / "run.json"
    assert str(caught.value) == (
        f"{place}: {said}. Expected the record of a finished run of this version: train it again."
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 200_000, b'{"a":' * 100_000, b"{", b"[]", b"\xff\xfe", b" " * 2**24, b"9" * 5000],
    ids=lambda content: f"{content[:5]} {len(content)}",
)
def test_what_is_no_record_is_refused_in_one_line(content: bytes, run: Path) -> None:
    (run / "run.json").write_bytes(content)
    with pytest.raises(DataError) as caught:
        recorded(run)
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"{run / 'run.json'}: ")


def test_what_is_no_number_is_null_in_the_record(trained: Run, run: Path) -> None:
    """JSON knows no NaN; an earlier record that has one is read all the same."""
    written = record(trained)
    kept = trained.metrics["loss"]
    try:
        trained.metrics["loss"] = math.nan
        written = record(trained)
    finally:
        trained.metrics["loss"] = kept
    assert written["metrics"]["loss"] is None
    (run / "run.json").write_text(json.dumps(written, allow_nan=False))
    assert math.isnan(reopen(run).metrics["loss"])
    change(run / "run.json", metrics={"loss": math.nan})
    assert math.isnan(reopen(run).metrics["loss"])


def test_a_history_comes_back_with_what_is_no_number(tmp_path: Path) -> None:
    history = {"loss": [0.1, 1e-300, math.inf], "val_loss": [1 / 3, -0.0, 5e-324]}
    write_history(history, tmp_path / "history.csv")
    assert read_history(tmp_path / "history.csv") == history


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"epoch,loss\n1,{'x' * 131_073}\n", "field larger than field limit (131072)"),
        ("epoch,loss\n1,x\n", "could not convert string to float: 'x'"),
        ("epoch,loss\n1\n", "zip() argument 2 is shorter than argument 1"),
        ("epoch,loss\n2,1\n", "the epochs are not counted from 1"),
        ("epoch,loss\n", "the first row does not name epoch and metrics, or no other follows"),
        ("epoch,accuracy\n1,1\n", "the first row does not name epoch and metrics"),
        ("epoch,loss,loss\n1,1,1\n", "the first row does not name epoch and metrics"),
        (f"epoch,{'x' * 101}\n1,1\n", f"more than {MOST_METRICS} metrics, or names beyond 100"),
        (f"epoch{',x' * 101}\n", f"more than {MOST_METRICS} metrics, or names beyond 100 letters"),
    ],
)
def test_what_is_no_history_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(text)
    with pytest.raises(DataError) as caught:
        read_history(tmp_path / "history.csv")
    assert said.split(" argument")[0] in str(caught.value)
    assert str(caught.value).endswith("Expected a run's history, one row an epoch: train it again.")


def test_a_history_of_another_run_is_refused(run: Path) -> None:
    write_history({"loss": [1.0]}, run / "history.csv")
    with pytest.raises(DataError, match=r"expected 2 epochs in history\.csv, received 1\."):
        reopen(run)


def test_no_recipe_is_run_because_a_record_names_it(
    own: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder, mark = own
    before = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    assert call("plot", folder, "--output-dir", tmp_path / "again") == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'again' / 'history.png'}\n"
    assert said.err == (
        "kerastut: the recipe is your own: what it draws itself needs --recipe FILE.\n"
    )
    assert (tmp_path / "again" / "history.png").read_bytes() == before["history.png"]
    assert call("export", folder, "--format", "keras") == 0
    assert not mark.exists()
    assert reopen(folder).figures().keys() == {"history"}


def test_a_recipe_that_is_given_again_draws_the_same(
    own: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder, mark = own
    before = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    assert call("plot", folder, "--recipe", file, "--output-dir", tmp_path / "again") == 0
    assert capsys.readouterr().err == ""
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == before
    assert len(before) == 2
    mark.unlink(missing_ok=True)
    file.write_text(file.read_text() + "\n# edited\n")
    with pytest.raises(RecipeError, match="received another content"):
        reopen(folder, recipe=file)
    assert call("plot", folder, "--recipe", file, "--output-dir", tmp_path / "none") == 2
    assert not mark.exists()
    assert not (tmp_path / "none").exists()


def test_a_name_in_a_record_is_no_path(run: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.py"
    text = kerastut.get_recipe(RECIPE).path.read_text(encoding="utf-8")
    evil.write_text(text.replace("RECIPE =", "raise AssertionError\nRECIPE =", 1))
    change(run / "run.json", recipe=str(evil))
    with pytest.raises(KerastutError, match="Unknown recipe"):
        reopen(run)


@pytest.fixture
def reviews(tmp_path: Path) -> tuple[Path, Path]:
    """Returns a table, and the folder of a run on it."""
    path, folder = tmp_path / "reviews.csv", tmp_path / "reviews"
    rows = (f"text {row} of the reader,{'bad' if row % 2 else 'good'}" for row in range(40))
    path.write_text("\n".join(("text,label", *rows)))
    settings = SHORT | {"epochs": 1, "max_tokens": 30, "data": str(path)}
    kerastut.run("mlp-reviews", output_dir=folder, **settings)
    return path, folder


def test_data_are_read_again_as_long_as_they_are_the_same(
    reviews: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = reviews
    assert call("plot", folder) == 0
    moved = path.rename(tmp_path / "moved.csv")
    advice = "Give the data that it was trained on with --data."
    with pytest.raises(DataError, match=rf"cannot be read again\. {advice}"):
        reopen(folder)
    assert call("export", folder, "--format", "keras", "--data", moved) == 0
    path.write_text(moved.read_text().replace("text 3 ", "text 4 "))
    capsys.readouterr()
    for words in ((), ("--data", str(path))):
        assert call("plot", folder, *words) == 2
        said = capsys.readouterr().err
        assert (
            said
            == f"kerastut: error: {folder}: {path} has another content since the run. {advice}\n"
        )


def test_nothing_is_shown_of_a_file_that_only_a_record_names(
    reviews: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder = reviews
    secret = tmp_path / "secret.csv"
    secret.write_text("password,hunter2\nx,y\n")
    kept = recorded(folder).settings
    change(folder / "run.json", settings={**vars(kept), "dataset": str(secret), "data_options": {}})
    for command in (("plot", folder), ("export", folder, "--format", "keras")):
        assert call(*command) == 2
        said = capsys.readouterr()
        assert "hunter2" not in said.out + said.err
        assert f"{secret} cannot be read again." in said.err


@pytest.mark.parametrize(
    ("dataset", "options"),
    [
        ("tfds:mnist", {}),
        ("tfds:mnist", {"data_dir": "/elsewhere"}),
        ("pets", {"image_size": [MOST_PIXELS, MOST_PIXELS + 1]}),
        ("pets", {"image_size": [0, 9]}),
        ("a.csv", {"encoding": " Punycode"}),
    ],
)
def test_nothing_is_downloaded_or_blown_up_for_a_record(
    dataset: str, options: dict[str, Any], run: Path
) -> None:
    kept = recorded(run).settings
    change(run / "run.json", settings={**vars(kept), "dataset": dataset, "data_options": options})
    with pytest.raises(DataError, match=f"{dataset} is not read for a record"):
        reopen(run)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"epochs": 10**6}, True),
        ({"batch_size": 1}, True),
        ({"parameters": {"units": 10**7}}, True),
        ({"epochs": 1, "seed": 3}, False),
    ],
)
def test_no_training_is_started_for_a_record_that_is_more_than_usual(
    values: dict[str, Any], refused: bool, monkeypatch: pytest.MonkeyPatch, run: Path
) -> None:
    from kerastut.runs import reopening

    recipe = kerastut.get_recipe("regularized-mlp")
    kept = {"dataset": "line", "epochs": 1, "batch_size": recipe.batch_size, "seed": 0, "limit": 40}
    change(
        run / "run.json",
        recipe=recipe.name,
        settings={**kept, "parameters": {}, **values},
    )
    monkeypatch.setattr(reopening, "train", lambda settings, arrays: (settings, arrays))
    again = reopen(run)
    if refused:
        with pytest.raises(DataError, match="further trainings, which a record"):
            again.vary("regularizer", ["l1_l2"])
    else:
        found: Any = again.vary("regularizer", ["l1_l2"])["l1_l2"]
        changed, data = found
        assert data is again.data
        assert changed.parameters["regularizer"] == "l1_l2"


def test_a_figure_replaces_a_link_and_is_not_written_through_it(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    before = (run / "history.png").read_bytes()
    (run / "history.png").unlink()
    (run / "history.png").symlink_to(precious)
    (run / "line.png").unlink()
    (run / "line.png").symlink_to(tmp_path / "new")
    assert call("plot", run) == 0
    assert precious.read_text() == "precious"
    assert not (tmp_path / "new").exists()
    assert not (run / "history.png").is_symlink()
    assert (run / "history.png").read_bytes() == before
    assert not list(run.glob(".writing-*"))


@pytest.mark.parametrize("name", ["run.json", "history.csv", "model.keras"])
def test_no_file_of_a_run_is_read_through_a_link(
    name: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / name).rename(tmp_path / name)
    (run / name).symlink_to(tmp_path / name)
    assert call("plot", run, "--output-dir", tmp_path / "out") == 2
    assert f"{run / name}: expected no symbolic link" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_folder_itself_may_be_a_link(run: Path, tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(run)
    assert call("plot", tmp_path / "latest") == 0
    assert call("export", tmp_path / "latest", "--format", "keras") == 0


@pytest.mark.parametrize("name", ["exports", "exports/keras"])
def test_nothing_is_exported_through_a_link(name: str, run: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).symlink_to(elsewhere)
    assert call("export", run, "--format", "keras") == 2
    assert list(elsewhere.iterdir()) == []


def test_figures_that_do_not_go_with_the_model_are_one_line(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = vars(recorded(run).settings)
    odd = {**kept, "dataset": "mnist", "parameters": {}, "data_options": {}}
    change(run / "run.json", recipe="cnn-mnist", settings=odd)
    names = sorted(path.name for path in run.iterdir())
    assert call("plot", run) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"kerastut: error: {run}: its figures cannot be drawn: ")
    assert len(error.splitlines()) == 1
    assert sorted(path.name for path in run.iterdir()) == names
