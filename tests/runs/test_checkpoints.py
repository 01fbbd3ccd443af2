"""Damaged, half-written and unwritable checkpoints."""

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from soak import differences

import kerastut
from kerastut.errors import CheckpointError, ResumeError

RECIPE = "dropout-mlp"  # with random states to restore, and without compilation by XLA
FILES = ("model.weights.h5", "arrays.npz", "state.json", "SHA256SUMS")
CONTEXT = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an uninterrupted run."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    kerastut.run(RECIPE, output_dir=folder, limit=120, epochs=3, batch_size=16, verbose=0)
    return folder


@pytest.fixture
def cut(tmp_path: Path, stopped: Callable[..., str]) -> Path:
    """Returns a run that was stopped with two checkpoints."""
    stopped(RECIPE, tmp_path / "cut", 4)
    return tmp_path / "cut"


def newest_first(folder: Path) -> list[Path]:
    """Returns the folders of the checkpoints."""
    return sorted((folder / "checkpoints").glob("epoch-*"), reverse=True)


def flip(path: Path) -> None:
    """Changes one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)


def truncate(path: Path) -> None:
    """Cuts a file in half."""
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    name: str,
    damage: Callable[[Path], None],
    cut: Path,
    whole: Path,
    small: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    newest, _ = newest_first(cut)
    damage(newest / name)
    kerastut.run(RECIPE, output_dir=cut, resume=True, **small)
    said = capsys.readouterr().err
    assert f"{newest.name} is damaged" in said
    assert "falling back to the one before it" in said
    assert list(differences(whole, cut)) == []


def test_without_a_good_checkpoint_nothing_is_lost_or_trained(
    cut: Path, small: dict[str, Any]
) -> None:
    for folder in newest_first(cut):
        flip(folder / "model.weights.h5")
    with pytest.raises(ResumeError, match="expected an undamaged checkpoint") as error:
        kerastut.run(RECIPE, output_dir=cut, resume=True, **small)
    assert "\n" not in str(error.value)
    assert len(newest_first(cut)) == 2


def train_until_killed(folder: Path, stage: str, settings: dict[str, Any]) -> None:
    """Runs in a process of its own, which kills itself while it writes its third checkpoint."""
    from kerastut.runs.resume import checkpoint as checkpoints
    from kerastut.runs.resume import keeper as checkpointing

    checkpointing.SHARE, checkpointing.LONGEST = float("inf"), 0.0
    original, calls = getattr(checkpoints, stage), 0

    def killed(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2 * KILLED_AT[stage] + KILLED_AT[stage]:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments)

    setattr(checkpoints, stage, killed)
    kerastut.run(RECIPE, output_dir=folder, **settings)


# How often each function is called for one checkpoint.
KILLED_AT = {"_write": 1, "_sha256": 3, "flush": 6}


@pytest.mark.parametrize("stage", KILLED_AT)
def test_killed_while_writing(
    stage: str, tmp_path: Path, whole: Path, small: dict[str, Any]
) -> None:
    process = CONTEXT.Process(target=train_until_killed, args=(tmp_path / "cut", stage, small))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    kerastut.run(RECIPE, output_dir=tmp_path / "cut", resume=True, **small)
    assert list(differences(whole, tmp_path / "cut")) == []
    assert not list((tmp_path / "cut" / "checkpoints").glob(".epoch-*"))


def test_a_disk_that_fills_up(tmp_path: Path, small: dict[str, Any]) -> None:
    """The system refuses what exceeds a file's largest size, as it does on a full disk."""
    process = CONTEXT.Process(target=train_on_a_small_disk, args=(tmp_path, small))
    process.start()
    process.join()
    assert process.exitcode == 0
    text = (tmp_path / "error.txt").read_text()
    assert text.startswith(f"{tmp_path / 'run'}")
    assert "cannot write a checkpoint: " in text
    assert "the last good one is epoch-000000-step-00000" in text
    assert "\n" not in text
    kerastut.run(RECIPE, output_dir=tmp_path / "run", resume=True, **small)


def train_on_a_small_disk(parent: Path, settings: dict[str, Any]) -> None:
    """Runs in a process of its own, where files cannot grow any more after two checkpoints."""
    from kerastut.runs.resume import checkpoint as checkpoints
    from kerastut.runs.resume import keeper as checkpointing

    checkpointing.SHARE, checkpointing.LONGEST = float("inf"), 0.0
    save, calls = checkpoints.save, 0

    def limited(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        save(*arguments)

    setattr(checkpoints, "save", limited)  # noqa: B010
    try:
        kerastut.run(RECIPE, output_dir=parent / "run", **settings)
    except CheckpointError as error:
        (parent / "error.txt").write_text(str(error))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_becomes_read_only(cut: Path, small: dict[str, Any]) -> None:
    (cut / "checkpoints").chmod(0o500)
    with pytest.raises(kerastut.KerastutError, match="cannot write"):
        kerastut.run(RECIPE, output_dir=cut, resume=True, **small)
    assert len(newest_first(cut)) == 2
