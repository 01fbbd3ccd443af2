"""Runs that cannot go on, since the result would be another."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerastut
from kerastut.errors import ResumeError
from kerastut.train.speed import threads

RECIPE = "mlp-mnist"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a finished run; a stopped one is refused by the same lines."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    kerastut.run(RECIPE, output_dir=folder, limit=120, epochs=3, batch_size=16, verbose=0)
    return folder


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"recipe": "dropout-mlp"}, "recipe was 'mlp-mnist', now 'dropout-mlp'"),
        ({"units": 64}, "units was 512, now 64"),
        ({"seed": 1}, "seed was 0, now 1"),
        ({"batch_size": 32}, "batch_size was 16, now 32"),
        ({"limit": 130}, "limit was 120, now 130"),
        ({"epochs": 2}, "it was to run 3 epochs, now 2. Pass --epochs 3, or more to extend it."),
    ],
)
def test_another_run_is_refused_by_name(
    changed: dict[str, Any], said: str, finished: Path, small: dict[str, Any]
) -> None:
    settings = {"recipe": RECIPE, **small, **changed}
    before = {path: path.read_bytes() for path in finished.rglob("*") if path.is_file()}
    with pytest.raises(ResumeError, match=re.escape(said)) as error:
        kerastut.run(output_dir=finished, resume=True, force=True, **settings)
    assert "\n" not in str(error.value)
    assert {path: path.read_bytes() for path in finished.rglob("*") if path.is_file()} == before


def test_other_data_are_refused(tmp_path: Path, small: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (120, 28, 28, 1)).astype(np.uint8)
    y = (np.arange(120) % 10).astype(np.int32)
    classes = tuple("0123456789")
    arrays = kerastut.from_arrays((x, y), (x, y), (x, y), classes)
    kerastut.run(RECIPE, data=arrays, output_dir=tmp_path, **small)
    other = kerastut.from_arrays((255 - x, y), (x, y), (x, y), classes)
    with pytest.raises(ResumeError, match="data: another content since"):
        kerastut.run(RECIPE, data=other, output_dir=tmp_path, resume=True, **small)


def test_an_edited_recipe_is_refused(tmp_path: Path, small: dict[str, Any]) -> None:
    file = tmp_path / "mine.py"
    text = kerastut.get_recipe(RECIPE).path.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    kerastut.run(file, output_dir=tmp_path / "run", **small)
    file.write_text(text + "\n# edited\n", encoding="utf-8")
    with pytest.raises(ResumeError, match="recipe: another content since"):
        kerastut.run(file, output_dir=tmp_path / "run", resume=True, **small)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("keras", "3.0.0", "keras was '3.0.0', now"),
        ("threads", 99, f"threads was 99, now {threads.of_a_kernel()}"),
    ],
)
def test_another_environment_is_refused_unless_forced(
    name: str,
    value: Any,
    said: str,
    tmp_path: Path,
    small: dict[str, Any],
    stopped: Callable[..., str],
) -> None:
    stopped(RECIPE, tmp_path, 3)
    for folder in (tmp_path / "checkpoints").glob("epoch-*"):
        rewrite(folder, name, value)
    with pytest.raises(ResumeError, match=re.escape(said)) as error:
        kerastut.run(RECIPE, output_dir=tmp_path, resume=True, **small)
    assert "pass --force to go on all the same" in str(error.value)
    result = kerastut.run(RECIPE, output_dir=tmp_path, resume=True, force=True, **small)
    assert result.epochs == 3


def rewrite(checkpoint: Path, name: str, value: Any, renamed: dict[str, str] | None = None) -> None:
    """Changes a checkpoint's environment, as if another machine or version had written it."""
    state = json.loads((checkpoint / "state.json").read_text())
    for new, old in (renamed or {}).items():
        state["identity"][old] = state["identity"].pop(new)
    state["identity"]["environment"][name] = value
    (checkpoint / "state.json").write_text(json.dumps(state))
    sums = (checkpoint / "SHA256SUMS").read_text().splitlines()
    digest = hashlib.sha256((checkpoint / "state.json").read_bytes()).hexdigest()
    kept = [line for line in sums if not line.endswith("state.json")]
    (checkpoint / "SHA256SUMS").write_text("\n".join([*kept, f"{digest}  state.json"]))


def test_a_run_of_an_earlier_form_is_refused_with_its_version(
    stopped: Callable[..., str], tmp_path: Path, small: dict[str, Any]
) -> None:
    """Also with force: its records have other names."""
    stopped(RECIPE, tmp_path, 2)
    for folder in (tmp_path / "checkpoints").glob("epoch-*"):
        rewrite(folder, "kerastut", "0.1.0", {"dataset": "data"})
    text = "Cannot resume: the run was begun by kerastut 0.1.0, and"
    with pytest.raises(ResumeError, match=text) as caught:
        kerastut.run(RECIPE, output_dir=tmp_path, resume=True, force=True, **small)
    assert str(caught.value).endswith("Install that one, or start anew.")
