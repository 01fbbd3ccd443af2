"""Checkpoints that a stranger has written: bounded, of their kind, and never led out of."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import kerastut
from kerastut.errors import CheckpointError, KerastutError, ResumeError
from kerastut.runs.resume import checkpoint as checkpoints

RECIPE = "linear-regression"
SHORT: dict[str, Any] = {"limit": 40, "epochs": 2, "batch_size": 16, "verbose": 0}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "run"
    kerastut.run(RECIPE, output_dir=folder, **SHORT)
    return folder


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    """Returns a copy of a run's folder, with its last checkpoint."""
    shutil.copytree(trained, tmp_path / "run")
    return tmp_path / "run"


def sign(path: Path) -> None:
    """Brings the digests up to date after a change of a file."""
    sums = path.with_name("SHA256SUMS")
    kept = [line for line in sums.read_text().splitlines() if not line.endswith(path.name)]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sums.write_text("\n".join([*kept, f"{digest}  {path.name}"]))


def kept_by(run: Path) -> Path:
    (folder,) = (run / "checkpoints").glob("epoch-*")
    return folder


def resumed(run: Path, **settings: Any) -> kerastut.Run:
    return kerastut.run(RECIPE, output_dir=run, resume=True, **(SHORT | {"epochs": 3} | settings))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"epoch": "x"}, "Expected `int`, got `str` - at `$.epoch`"),
        ({"epoch": -1}, "Expected `int` >= 0 - at `$.epoch`"),
        ({"epoch": 3}, "state.json tells of another epoch or step"),
        ({"step": 1e9}, "Expected `int`, got `float` - at `$.step`"),
        ({"step": 1e308}, "Expected `int`, got `float` - at `$.step`"),
        ({"step": 10**9}, "Expected `int` <= 999999 - at `$.step`"),
        ({"history": {"loss": [1.0]}}, "state.json tells of another epoch or step"),
        ({"history": {"loss": "x"}}, "Expected `array`, got `str` - at `$.history[...]`"),
        (
            {"callbacks": [{"filepath": "/etc/x"}]},
            "Expected `bool | int | float | null`, got `str`",
        ),
        ({"identity": {}}, "Object missing required field `epochs`"),
        ({"seconds": -1.0}, "Expected `float` >= 0.0 - at `$.seconds`"),
    ],
)
def test_a_state_of_another_kind_is_damaged(values: dict[str, Any], said: str, run: Path) -> None:
    path = kept_by(run) / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    sign(path)
    with pytest.raises(ResumeError) as caught:
        resumed(run)
    assert said in str(caught.value)
    assert str(caught.value).endswith("To train from the start, remove it.")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("content", [b"[" * 200_000, b" " * 2**24, b"\0", b"{}", b""])
@pytest.mark.parametrize("name", ["state.json", "arrays.npz"])
def test_a_file_of_another_kind_is_damaged(name: str, content: bytes, run: Path) -> None:
    path = kept_by(run) / name
    path.write_bytes(content)
    sign(path)
    with pytest.raises(ResumeError, match="expected an undamaged checkpoint; epoch-000002"):
        resumed(run)


def test_a_step_beyond_the_epoch_is_refused(run: Path) -> None:
    path = kept_by(run) / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"step": 3}))
    sign(path)
    path.parent.rename(path.parent.with_name("epoch-000002-step-000003"))
    with pytest.raises(ResumeError, match="within 2 epochs of 3 steps, received 2 epochs and 3 st"):
        resumed(run)


@pytest.mark.parametrize("value", [None, "x", [], {"kerastut": [1]}, {"kerastut": {}}])
def test_an_environment_of_another_kind_is_damaged(value: Any, run: Path) -> None:
    path = kept_by(run) / "state.json"
    state = json.loads(path.read_text())
    state["identity"]["environment"] = value
    path.write_text(json.dumps(state))
    sign(path)
    with pytest.raises(ResumeError, match=r"epoch-000002-step-000000 is damaged"):
        resumed(run)


def test_a_difference_is_told_in_few_words(run: Path) -> None:
    path = kept_by(run) / "state.json"
    state = json.loads(path.read_text())
    state["identity"]["seed"] = ["\x1b[31m" * 500] * 500
    path.write_text(json.dumps(state))
    sign(path)
    with pytest.raises(ResumeError, match="Cannot resume: seed was ") as caught:
        resumed(run)
    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["model.weights.h5", "arrays.npz", "state.json", "SHA256SUMS"])
def test_no_file_of_a_checkpoint_is_read_through_a_link(
    name: str, run: Path, tmp_path: Path
) -> None:
    path = kept_by(run) / name
    path.rename(tmp_path / name)
    path.symlink_to(tmp_path / name)
    with pytest.raises(ResumeError, match=f"{name}: expected no symbolic link"):
        resumed(run)


@pytest.mark.parametrize("name", ["", "epoch-000002-step-000000", ".epoch-x", ".lock"])
@pytest.mark.parametrize("resume", [True, False])
def test_no_checkpoint_is_written_or_removed_through_a_link(
    name: str, resume: bool, run: Path, tmp_path: Path
) -> None:
    path, elsewhere = run / "checkpoints" / name, tmp_path / "elsewhere"
    path.rename(elsewhere) if path.exists() else elsewhere.mkdir()
    path.symlink_to(elsewhere)
    if not resume:
        for file in run.glob("*.*"):
            file.unlink()
    before = sorted(elsewhere.rglob("*"))
    with pytest.raises(KerastutError, match="expected no symbolic link"):
        kerastut.run(RECIPE, output_dir=run, resume=resume, **(SHORT | {"epochs": 3}))
    assert sorted(elsewhere.rglob("*")) == before
    assert path.is_symlink()


def test_a_pipe_in_a_checkpoint_does_not_wait_for_a_writer(run: Path) -> None:
    path = kept_by(run) / "arrays.npz"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ResumeError, match="received a device or pipe"):
        resumed(run)


CALLBACK = '''

class Noting(keras.callbacks.Callback):
    """Writes where it is told to, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.place, self.count, self.best = PLACE, 0, None

    def on_epoch_end(self, epoch, logs=None):
        self.count += 1
        with open(self.place, "a") as file:
            file.write(f"{self.count}\\n")


def callbacks() -> list[keras.callbacks.Callback]:
    return [Noting()]
'''


@pytest.fixture
def noting(tmp_path: Path) -> Path:
    """Returns a recipe with a callback, and a stopped run of it in `noted`."""
    text = kerastut.get_recipe(RECIPE).path.read_text(encoding="utf-8")
    file = tmp_path / "noting.py"
    place = f"PLACE = {str(tmp_path / 'notes.txt')!r}"
    before, last = text.split("\n\nif __name__")
    file.write_text(f"{before}\n{place}\n{CALLBACK}\n\nif __name__{last}", encoding="utf-8")
    kerastut.run(file, output_dir=tmp_path / "noted", **SHORT)
    return file


def test_a_callback_keeps_its_numbers_and_is_not_told_where_to_write(
    noting: Path, tmp_path: Path
) -> None:
    state = json.loads((kept_by(tmp_path / "noted") / "state.json").read_text())
    assert [
        {name: value for name, value in kept.items() if name in ("place", "count", "best")}
        for kept in state["callbacks"]
    ] == [{"count": 2, "best": None}]
    kerastut.run(noting, output_dir=tmp_path / "noted", resume=True, **(SHORT | {"epochs": 3}))
    assert (tmp_path / "notes.txt").read_text() == "1\n2\n3\n"


@pytest.mark.parametrize("name", ["_model", "params", "place"])
def test_a_callback_is_given_numbers_in_the_place_of_numbers_alone(
    name: str, noting: Path, tmp_path: Path
) -> None:
    path = kept_by(tmp_path / "noted") / "state.json"
    state = json.loads(path.read_text())
    state["callbacks"][0][name] = 5
    path.write_text(json.dumps(state))
    sign(path)
    with pytest.raises(CheckpointError, match=f"keeps {name} for a callback, whose own is neither"):
        kerastut.run(noting, output_dir=tmp_path / "noted", resume=True, **(SHORT | {"epochs": 3}))


def test_a_finished_run_is_reopened_with_the_settings_and_data_of_the_caller(run: Path) -> None:
    """Not with those that its record names, which need not be those of its checkpoint."""
    record = json.loads((run / "run.json").read_text())
    record["settings"]["dataset"] = "/etc/passwd"
    (run / "run.json").write_text(json.dumps(record | {"recipe_file": "/evil.py"}))
    again = resumed(run, epochs=2)
    assert again.settings.dataset == "line"
    assert again.data.name == "line"


def test_what_is_listed_of_many_damaged_checkpoints_is_short(run: Path) -> None:
    kept = kept_by(run)
    for number in range(30):
        (kept.parent / f"epoch-{number:06}-step-000009").mkdir()
    (kept / "state.json").unlink()
    with pytest.raises(ResumeError, match="and 28 more") as caught:
        checkpoints.newest(kept.parent)
    assert len(str(caught.value)) < 1500
