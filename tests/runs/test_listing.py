"""`kerastut runs`, and `latest` in place of a run's folder."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

import kerastut
from kerastut.cli import main
from kerastut.errors import DataError
from kerastut.runs import latest, list_runs
from tests.terminal import heard


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "run"
    kerastut.run("linear-regression", epochs=1, output_dir=folder, verbose=0)
    return folder


@pytest.fixture
def runs(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a folder of an older and a newer run, and what is no run, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name, date in {"newer": "2026-02-01T00:00:00+00:00", "older": "2026-01-01"}.items():
        shutil.copytree(finished, tmp_path / "runs" / name)
        rewrite(tmp_path / "runs" / name / "run.json", finished=date)
    (tmp_path / "runs/compare").mkdir()
    (tmp_path / "runs/notes.txt").touch()
    return tmp_path / "runs"


def rewrite(record: Path, **changed: object) -> None:
    record.write_text(json.dumps(json.loads(record.read_text()) | changed))


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def states(folder: Path) -> dict[str, str]:
    return {run.folder.name: run.state for run in list_runs(folder)}


def test_runs_are_listed_newest_first(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("runs") == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["folder", "recipe", "data", "metric", "date", "state"]
    metrics = json.loads((runs / "newer/run.json").read_text())["metrics"]
    cells = [row.split() for row in rows]
    assert [row[:3] for row in cells] == [
        [f"runs/{name}", "linear-regression", "line"] for name in ("newer", "older")
    ]
    assert cells[0][3:5] == ["loss", f"{metrics['loss']:.4g}"]
    assert cells[1][5:] == ["2026-01-01", "00:00", "finished"]  # without a zone: as it is here


def test_json_has_all_metrics(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("runs", str(runs), "--json") == 0
    first, _ = json.loads(capsys.readouterr().out)
    record = json.loads((runs / "newer/run.json").read_text())
    assert first["dir"] == str(runs / "newer")
    assert first["state"] == "finished"
    for key in ("recipe", "data", "metrics"):
        assert first[key] == record[key]


def test_a_stopped_run_is_told_and_so_is_one_in_use(
    runs: Path, stopped: Callable[..., str]
) -> None:
    stopped("linear-regression", runs / "cut", 1)
    assert states(runs)["cut"] == "stopped"
    (run,) = list_runs(runs / "cut")  # the folder of a run is listed itself
    assert (run.recipe, run.data, run.metric) == ("linear-regression", "line", "")
    with FileLock(runs / "cut/checkpoints/.lock"):
        assert states(runs)["cut"] == "running"
    shutil.rmtree(next((runs / "cut/checkpoints").glob("epoch-*")))
    assert states(runs)["cut"] == "stopped"  # nothing is known of it


@pytest.mark.parametrize(
    "changed",
    [
        {"finished": "yesterday"},
        {"finished": "0001-01-01T00:00:00+23:59"},
        {"recipe": 7},
        {"metrics": {"loss": "\x1b[2J"}},
    ],
)
def test_a_damaged_run_takes_no_other_down(
    changed: dict[str, object], runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(runs / "newer/run.json", **changed)
    assert states(runs) == {"newer": "damaged", "older": "finished"}
    assert call("runs") == 0
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 3
    assert len(printed.err.splitlines()) == 1
    assert "\x1b" not in printed.out + printed.err


def test_a_link_in_a_stranger_s_folder_is_not_followed(runs: Path, tmp_path: Path) -> None:
    (runs / "newer/run.json").rename(tmp_path / "outside.json")
    (runs / "newer/run.json").symlink_to(tmp_path / "outside.json")
    assert states(runs)["newer"] == "damaged"


def test_no_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("runs") == 0
    assert capsys.readouterr().err.startswith("kerastut: no runs in runs.")
    assert call("runs", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert call("runs", "nosuch") == 2
    assert "nosuch: expected a folder of runs" in capsys.readouterr().err
    with pytest.raises(DataError, match="a run in runs that is finished, found none"):
        latest("finished")


def test_latest_is_the_newest_finished_run(
    runs: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call("plot", "latest", "--output-dir", "figures") == 0
    assert capsys.readouterr().err == "kerastut: latest is runs/newer\n"
    assert (tmp_path / "figures/history.png").is_file()
    (runs / "newer/run.json").write_text("{}")
    assert latest("finished") == Path("runs/older")
    (tmp_path / "latest").mkdir()
    assert call("predict", "./latest", "1") == 2  # a folder of that name
    assert "./latest: expected the folder" in capsys.readouterr().err.replace("error: l", "./l")


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_name_is_broken_on_a_terminal(columns: int, language: str, runs: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kerastut", "runs", "--lang", language]
    surroundings = os.environ | {"COLUMNS": str(columns)}
    subprocess.run(command, stdout=theirs, env=surroundings, check=True)
    os.close(theirs)
    text = heard(ours)
    for word in ("runs/newer", "runs/older", "linear-regression", "2026-01-01"):
        assert word in text
    assert max(map(len, text.splitlines())) <= columns


def test_tensorflow_is_not_imported(runs: Path) -> None:
    code = (
        "import sys\nfrom kerastut.cli import main\n"
        "try:\n    main(['runs'])\n"
        "finally:\n    print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert finished.stdout.endswith("[]\n")
