"""Bands that are proposed from several seeds, by function and by command."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import kerastut
from kerastut.cli import main
from kerastut.compare.banding import band
from kerastut.registry import get_recipe


@pytest.mark.parametrize(
    ("values", "metric", "expected"),
    [
        ((0.9919, 0.9928, 0.9932), "accuracy", (0.989, 0.996)),
        ((0.8512, 0.8411, 0.8461), "parity_accuracy", (0.82, 0.88)),
        ((0.98, 0.99, 0.97), "accuracy", (0.93, 1.0)),
        ((1.0, 1.0, 1.0), "accuracy", (0.999, 1.0)),
        ((2.0, 2.0), "wrong_wells", (1.998, 2.002)),
        ((0.01, 0.02, 0.03), "loss", (0.0, 0.07)),
        ((0.0, 0.0), "weight_error", (0.0, 1e-9)),
        ((-1.0, -1.1, -1.2), "lead", (-1.6, -0.6)),
        ((12_345.0, 12_400.0, 12_300.0), "loss", (12_000.0, 12_600.0)),
    ],
)
def test_a_band_lies_to_either_side(
    values: Sequence[float], metric: str, expected: tuple[float, float]
) -> None:
    low, high = band(values, metric)
    assert (low, high) == expected
    assert low < high
    assert low <= min(values)
    assert max(values) <= high


def test_a_further_run_lies_within() -> None:
    """Of bands from three seeds about 95 in 100 hold the next one, from five 99."""
    rng = np.random.default_rng(0)
    for seeds, least in ((3, 0.94), (5, 0.985)):
        runs = 0.8 + 0.01 * rng.standard_normal((2000, seeds + 1))
        bands = [(band(run[:-1].tolist(), "accuracy"), run[-1]) for run in runs]
        assert np.mean([low <= last <= high for (low, high), last in bands]) > least


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(words)
    printed = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, printed.out, printed.err


def test_the_command_proposes_what_the_header_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    called(capsys, "new", "my-line", "--from", "linear-regression")
    status, out, err = called(capsys, "verify", "my_line.py")
    assert (status, out) == (2, "")
    assert "Running" not in err
    assert f"my-line has no band yet. Propose one: kerastut band {tmp_path / 'my_line.py'}" in err
    status, out, err = called(capsys, "band", "my_line.py", "--seeds", "2")
    assert status == 0
    assert err.count("weight_error") == 2
    assert out.splitlines()[0].split() == [
        "metric",
        *["seed", "0", "seed", "1", "mean", "sd", "low", "high"],
    ]
    (line,) = (line for line in out.splitlines() if line.startswith("expect="))
    path = Path("my_line.py")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("expect={},", line), encoding="utf-8")
    again = kerastut.run(path, seed=1, verbose=0)
    assert again.within_band
    assert set(again.expected) == {"weight_error", "bias_error"}
    found = json.loads(called(capsys, "band", "my_line.py", "--seeds", "2", "--json", "-q")[1])
    assert found["runs"][1] == {name: again.metrics[name] for name in again.expected}
    assert {name: tuple(bounds) for name, bounds in found["expect"].items()} == dict(
        get_recipe(path).expect
    )


def test_what_has_no_band(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = called(capsys, "band", "linear-regression", "--seeds", "1")
    assert status == 2
    assert "--seeds: expected a number of at least 2, received '1'" in err
    text = get_recipe("linear-regression").path.read_text(encoding="utf-8")
    Path("mine.py").write_text(text.replace('"loss": (', '"mae": ('), encoding="utf-8")
    Path("mine.py").write_text(
        text.replace("    distance =", '    return {"weight_error": float("nan")}\n    distance ='),
        encoding="utf-8",
    )
    status, out, err = called(capsys, "band", "mine.py", "-q")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "expected numbers for bias_error, loss, weight_error with the seed 0, received" in err
