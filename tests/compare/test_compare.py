"""Comparisons: the grid, its figures, its files, and what is refused before any training."""

import csv
import itertools
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

import kerastut
from kerastut import plotting
from kerastut.cli import main
from kerastut.compare import grid, results, summary
from kerastut.compare.grid import Outcome, Trial
from kerastut.errors import KerastutError, ParameterError
from kerastut.registry.settings import as_text, resolve

MLP = kerastut.get_recipe("mlp-mnist")
LINE = kerastut.get_recipe("linear-regression")


def call(*arguments: str | Path) -> int:
    """Runs the command line in this process; returns its exit status."""
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return int(caught.value.code or 0)


def outcomes(values: dict[float, list[float]]) -> list[Outcome]:
    """Returns outcomes as if trained: losses by learning rate, NaN where it diverged."""
    return [
        Outcome(
            Trial({"learning_rate": rate}, resolve(LINE, {"learning_rate": rate}, seed=seed)),
            {} if math.isnan(loss) else {"loss": loss, "weight_error": loss, "bias_error": 1.0},
            math.nan if math.isnan(loss) else 0.5 + seed,
            None if math.isnan(loss) else "abc",
        )
        for rate, losses in values.items()
        for seed, loss in enumerate(losses)
    ]


def test_the_grid_is_the_product_with_every_seed() -> None:
    varied: dict[str, tuple[Any, ...]] = {
        "optimizer": ("sgd", "adam"),
        "batch_size": (32, 256),
        "learning_rate": (0.1, 0.01, 0.001),
        "limit": (100, 200),
    }
    trials = grid.make_grid(MLP, varied, {"units": 64}, repeats=3, seed=5, epochs=2)
    found = [
        (
            trial.settings.seed,
            trial.settings.parameters["optimizer"],
            trial.settings.batch_size,
            trial.settings.parameters["learning_rate"],
            trial.settings.limit,
        )
        for trial in trials
    ]
    assert found == list(itertools.product((5, 6, 7), *varied.values()))
    assert {trial.settings.parameters["units"] for trial in trials} == {64}
    assert {trial.settings.epochs for trial in trials} == {2}
    assert all(tuple(trial.values) == tuple(varied) for trial in trials)


@pytest.mark.parametrize("count", [2, 3, 7])
def test_mean_and_deviation_are_those_of_numpy(count: int) -> None:
    for row in np.random.default_rng(count).normal(size=(20, count)):
        assert summary.mean(row.tolist()) == pytest.approx(row.mean(), rel=1e-12)
        assert summary.deviation(row.tolist()) == pytest.approx(row.std(ddof=1), rel=1e-12)


def test_one_run_has_no_deviation() -> None:
    assert summary.mean([0.5]) == 0.5
    assert math.isnan(summary.deviation([0.5]))


def test_the_best_mean_comes_first_and_diverged_runs_last() -> None:
    found = outcomes({0.1: [0.3, 0.5], 0.2: [0.1, math.nan], 0.3: [0.2, 0.4], 0.4: [math.nan] * 2})
    summaries = summary.summarize(found)
    assert [s.values["learning_rate"] for s in summaries] == [0.3, 0.1, 0.2, 0.4]
    assert [s.diverged for s in summaries] == [0, 0, 1, 2]
    assert list(summaries[0].metrics) == list(LINE.expect)
    assert summaries[0].metrics["loss"] == [0.2, 0.4]
    assert summaries[0].seconds == [0.5, 1.5]


def test_without_a_band_every_metric_is_compared() -> None:
    recipe = replace(MLP, expect={})
    (trial,) = grid.make_grid(recipe, {"units": (8,)}, {}, limit=100, epochs=1)
    (found,) = grid.outcomes([trial])
    assert sorted(summary.metric_names([found])) == ["accuracy", "loss"]
    assert summary.metric_names([Outcome(trial, {}, math.nan, None)]) == ["loss"]


def test_names_tell_whether_less_is_better() -> None:
    lower = ["loss", "weight_error", "mean_squared_error", "gap", "gap_without"]
    assert all(summary.lower_is_better(name) for name in lower)
    assert not any(summary.lower_is_better(name) for name in ("accuracy", "auc", "precision"))


@pytest.mark.parametrize(
    ("recipe", "name", "text", "values"),
    [
        ("mlp-mnist", "activation", "relu, tanh", ("relu", "tanh")),
        ("mlp-mnist", "learning_rate", "1e-3,0.1", (0.001, 0.1)),
        ("mlp-mnist", "batch_size", "32,256", (32, 256)),
        ("mlp-mnist", "units", "64", (64,)),
        ("cnn-mnist", "filters", "16,32/32,64", ((16, 32), (32, 64))),
        ("cnn-mnist", "filters", "16,32", ((16, 32),)),
    ],
)
def test_values_are_read_and_written_back(
    recipe: str, name: str, text: str, values: tuple[Any, ...]
) -> None:
    found = grid.parse_values(kerastut.get_recipe(recipe), name, text)
    assert found == values
    between = "/" if name == "filters" else ","
    again = between.join(map(as_text, found))
    assert grid.parse_values(kerastut.get_recipe(recipe), name, again) == values


REFUSED = [
    (["--vary", "activaton=relu"], "no setting 'activaton' to vary. Did you mean activation?"),
    (["--vary", "batchsize=32"], "Did you mean batch_size"),
    (["--vary", "total_steps=3"], "no setting 'total_steps' to vary"),
    (["--vary", "units=64,many"], "units must be like its default 512; received 'many'."),
    (["--vary", "units=64,2.5"], "units must be like its default 512; received '2.5'."),
    (["--vary", "activation=relu,soft"], "activation must be one of relu, tanh, sigmoid"),
    (["--vary", "learning_rate=0.1,0"], "learning_rate must be positive; received 0.0."),
    (["--vary", "activation=relu,relu"], "activation has relu twice in 'relu,relu'."),
    (["--vary", "learning_rate=0.1,1e-1"], "learning_rate has 0.1 twice"),
    (["--vary", "activation="], "activation must be values with ',' between"),
    (["--vary", "activation=relu,,tanh"], "activation must be values with ',' between"),
    (["--vary", "activation"], "expected NAME=A,B,C, received 'activation'"),
    (["--vary", "=relu"], "expected NAME=A,B,C, received '=relu'"),
    (["--vary", "units=1", "--vary", "units=2"], "--vary units is given twice."),
    (["--vary", "units=1,2", "--set", "units=3"], "units is both varied and set."),
    (["--vary", "learning_rate=1", "--lr", "2"], "learning_rate is both varied and set."),
    (["--vary", "batch_size=1,2", "-b", "3"], "batch_size is both varied and set."),
    (["--vary", "epochs=1,2", "--epochs", "3"], "epochs is both varied and set."),
    (["--vary", "limit=1,2", "--limit", "3"], "limit is both varied and set."),
    (["--vary", "batch_size=32,0"], "batch_size must be positive integers; received '0'."),
    (["--vary", "epochs=x"], "epochs must be positive integers; received 'x'."),
    (["--vary", "limit=-5"], "limit must be positive integers; received '-5'."),
    (["--vary", "units=1", "--repeats", "0"], "expected a positive integer, received '0'"),
    (["--vary", "units=1", "--seed", "4294967295", "--repeats", "2"], "seed must be an integer"),
    (["--vary", "units=1", "--set", "unit=3"], "mlp-mnist has no parameter 'unit'."),
    (["--vary", "units=1", "--output-dir", "full"], "expected a new or empty folder"),
    ([], "the following arguments are required: --vary"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_bad_input_is_one_line_before_any_training(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(trials: list[Trial]) -> None:
        raise AssertionError("this came too far")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kerastut.compare.check", fail)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert call("compare", "mlp-mnist", *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert message in printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_bad_input_is_refused_without_keras() -> None:
    code = (
        "import sys\nfrom kerastut.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    print(end.code, 'keras' in sys.modules)"
    )
    command = [sys.executable, "-c", code, "compare", "mlp-mnist", "--vary", "units=64,x"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert finished.stdout == "2 False\n"


def test_what_only_keras_refuses_is_refused_before_any_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("compare", "mlp-mnist", "--vary", "units=64,-2", "--limit", "100") == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("kerastut: error: mlp-mnist cannot be built: ")
    assert len(printed.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_small_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows, summary and picture of one grid; a diverging value does not end it."""
    folder = tmp_path / "out"
    status = call(
        "compare", "linear-regression", "--vary", "learning_rate=0.1,0.75,1e30", "--repeats", "2",
        "--output-dir", folder,
    )  # fmt: skip
    assert status == 0
    printed = capsys.readouterr()
    assert sorted(p.name for p in folder.iterdir()) == [
        "compare.png",
        "results.csv",
        "results.json",
    ]
    assert (folder / "compare.png").read_bytes().startswith(b"\x89PNG")

    lines = printed.err.splitlines()
    assert [line.split()[0] for line in lines] == [f"{n}/6" for n in range(1, 7)]
    assert lines[0].startswith("1/6 learning_rate=0.1 seed 0  loss 0.")
    assert lines[2] == "3/6 learning_rate=1e+30 seed 0  diverged"

    with (folder / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["learning_rate", "seed", *LINE.expect, "seconds"]
    assert [(row["learning_rate"], row["seed"]) for row in rows] == [
        (rate, seed) for seed in "01" for rate in ("0.1", "0.75", "1e+30")
    ]
    assert [row["loss"] for row in rows if row["learning_rate"] == "1e+30"] == ["nan", "nan"]
    alone = kerastut.run("linear-regression", learning_rate=0.1, seed=1, verbose=0)
    assert {name: float(rows[3][name]) for name in LINE.expect} == alone.metrics

    found = json.loads((folder / "results.json").read_text())
    assert found["varied"] == {"learning_rate": [0.1, 0.75, 1e30]}
    assert (found["recipe"], found["repeats"], found["epochs"]) == ("linear-regression", 2, 20)
    assert found["limit"] is None
    assert found["data_sha256"]["1"] == alone.data.sha256
    assert {"python", "keras", "tensorflow", "numpy", "kerastut"} == set(found["versions"])
    combinations = found["combinations"]
    assert [c["values"]["learning_rate"] for c in combinations] == [0.75, 0.1, 1e30]
    assert [c["diverged"] for c in combinations] == [0, 0, 2]
    for combination in combinations[:2]:
        rate = str(combination["values"]["learning_rate"])
        for name in (*LINE.expect, "seconds"):
            single = [float(row[name]) for row in rows if row["learning_rate"] == rate]
            measured = combination["seconds"] if name == "seconds" else combination["metrics"][name]
            assert measured["values"] == single
            assert measured["mean"] == pytest.approx(np.mean(single))
            assert measured["sd"] == pytest.approx(np.std(single, ddof=1))
    assert combinations[2]["metrics"]["loss"] == {"mean": None, "sd": None, "values": [None, None]}

    table = printed.out.splitlines()
    assert table[0].split() == [
        "learning_rate", "loss", "sd", "weight_error", "sd", "bias_error", "sd", "seconds", "sd",
    ]  # fmt: skip
    assert [line.split()[0] for line in table[1:4]] == ["0.75", "0.1", "1e+30"]
    assert table[3].split()[1:] == ["diverged", "-", "diverged", "-", "diverged", "-", "-", "-"]
    assert table[-1] == f"files  {folder}"


def test_json_and_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    status = call(
        "compare", "mlp-mnist", "--vary", "batch_size=20,50", "--limit", "100", "--epochs", "1",
        "--set", "units=8", "--json", "-q", "--output-dir", folder,
    )  # fmt: skip
    assert status == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    written = json.loads((folder / "results.json").read_text())
    assert json.loads(printed.out) == {**written, "dir": str(folder)}
    assert "batch_size" not in written
    assert (written["limit"], written["parameters"]["units"]) == (100, 8)
    assert [c["metrics"]["accuracy"]["sd"] for c in written["combinations"]] == [None, None]


def test_the_same_runs_give_the_same_files(tmp_path: Path) -> None:
    found = outcomes({0.1: [0.3, 0.5], 0.2: [0.1, math.nan]})
    for name in ("one", "again"):
        (tmp_path / name).mkdir()
        results.write({"learning_rate": [0.1, 0.2]}, 2, found, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_plot_has_a_row_for_each_combination() -> None:
    rows = [{"a": "x", "b": "1"}, {"a": "y", "b": "1"}, {"a": "x", "b": "2"}]
    values = {"accuracy": [[0.9, 0.8], [0.7, math.nan], [math.nan, math.nan]]}
    before = plt.get_fignums()
    (axes,) = plotting.comparison(rows, values)
    assert plt.get_fignums() == before
    assert [label.get_text() for label in axes.get_yticklabels()] == ["x, 1", "y, 1", "x, 2"]
    assert axes.get_ylabel() == "a, b"
    assert axes.yaxis_inverted()
    assert [text.get_text() for text in axes.texts] == ["1 of 2 diverged", "diverged"]
    shown = [np.asarray(dots.get_offsets())[:, 0].tolist() for dots in axes.collections[::2]]
    assert shown[0] == [0.9, 0.8]
    (bar,) = axes.containers
    assert bar[0].get_xdata()[0] == pytest.approx(0.85)


def test_the_plot_takes_axes() -> None:
    figure, ax = plt.subplots()
    try:
        assert plotting.comparison([{"a": "x"}], {"loss": [[1.0]]}, [ax]) == [ax]
    finally:
        plt.close(figure)


def test_a_varied_setting_cannot_be_set_from_python_either() -> None:
    with pytest.raises(ParameterError, match="units is both varied and set"):
        grid.make_grid(MLP, {"units": (1, 2)}, {"units": 3})
    with pytest.raises(KerastutError):
        grid.make_grid(MLP, {"units": (1, "x")}, {})
