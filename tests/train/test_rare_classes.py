"""Classes of unequal size: weights, what is measured of each, and what is warned of."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerastut
from kerastut import from_arrays
from kerastut.cli import main
from kerastut.data.splits import Data, Split
from kerastut.errors import DataError, ResumeError
from kerastut.registry.command import as_command
from kerastut.registry.settings import resolve
from kerastut.train.batches import Batches
from kerastut.train.by_class import class_weights, rare


def uneven(seed: int = 0, share: float = 0.05, rows: int = 1200) -> Data:
    """Draws two overlapping classes in the plane, the second one rare."""
    rng = np.random.default_rng(seed)
    y = (rng.permutation(rows) < share * rows).astype(np.int32)
    x = (rng.normal(0, 1, (rows, 2)) + 1.2 * y[:, None]).astype(np.float32)
    parts = [(x[part], y[part]) for part in (slice(0, 800), slice(800, 900), slice(900, None))]
    return from_arrays(parts[0], parts[1], parts[2], ("often", "rare"))


def test_all_classes_weigh_the_same() -> None:
    data = uneven()
    weights = class_weights(data)
    counts = np.bincount(data.train.y)
    np.testing.assert_allclose(weights * counts, len(data.train) / 2, rtol=1e-6)
    batch = next(iter(Batches(data.train, 100, 0, weights).dataset()))
    np.testing.assert_array_equal(batch[2], weights[np.asarray(batch[1])])


def test_balance_finds_the_rare_class() -> None:
    settings: dict[str, Any] = {"data": uneven(), "epochs": 15, "batch_size": 800, "verbose": 0}
    plain = kerastut.run("logistic-regression", **settings).by_class()
    balanced = kerastut.run("logistic-regression", balance=True, **settings).by_class()
    assert plain is not None
    assert balanced is not None
    rare_plain, rare_balanced = (f["classes"]["rare"]["recall"] for f in (plain, balanced))
    assert rare_plain < 0.3 < 0.6 < rare_balanced
    assert balanced["balanced_accuracy"] > plain["balanced_accuracy"] + 0.1
    assert plain["majority_accuracy"] == pytest.approx((uneven().test.y == 0).mean())


def test_what_is_measured_of_each_class() -> None:
    run = kerastut.run("logistic-regression", data=uneven(), epochs=1, verbose=0)
    run._predicted["test"] = np.array([[0.9]] * 10 + [[0.1]] * 290)
    truth = np.array([1] * 4 + [0] * 6 + [1] * 12 + [0] * 278, np.int32)
    object.__setattr__(run.data, "test", Split(run.data.test.x, truth))
    found = run.by_class()
    assert found is not None
    assert found["classes"]["rare"] == {
        "recall": 4 / 16,
        "precision": 4 / 10,
        "f1": pytest.approx(2 * 4 / 26),
        "samples": 16,
    }
    assert found["balanced_accuracy"] == pytest.approx((4 / 16 + 278 / 284) / 2)
    assert found["macro_f1"] == pytest.approx((8 / 26 + 2 * 278 / (284 + 290)) / 2)
    assert found["answers_one"] is None
    run._predicted["test"] = np.zeros((300, 1))
    assert (run.by_class() or {})["answers_one"] == "often"


def test_a_class_with_hardly_any_samples_is_told() -> None:
    data = uneven(share=0.005)
    count = int(data.train.y.sum())
    assert rare(data) == f"classes with hardly any training samples: rare ({count})"
    assert rare(uneven(share=0.2)) == ""


def test_targets_that_are_no_classes_cannot_be_balanced() -> None:
    for data in ("line", "mnist-pairs"):
        with pytest.raises(DataError, match="--balance is for classes"):
            class_weights(kerastut.load(data, limit=20))


def test_balance_is_recorded_reported_and_part_of_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"很好{n},often" if n % 10 else f"太差{n},rare" for n in range(80)]
    (tmp_path / "a.csv").write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    folder = tmp_path / "run"
    words = ["run", "mlp-reviews", "--data", str(tmp_path / "a.csv"), "--epochs", "1"]
    words += ["--set", "max_tokens=50", "--output-dir", str(folder)]
    with pytest.raises(SystemExit, match="0"):
        main([*words, "--balance"])
    said = capsys.readouterr()
    assert "warning: classes with hardly any training samples: rare (6)" in said.err
    for line in ("largest class alone", "test macro F1", "test balanced accuracy", "class rare"):
        assert line in said.out
    record = json.loads((folder / "run.json").read_text())
    assert record["settings"]["balance"] is True
    assert set(record["by_class"]["classes"]) == {"often", "rare"}
    assert (folder / "classes.png").is_file()
    settings = resolve(kerastut.get_recipe("mlp-reviews"), {}, balance=True)
    assert as_command(settings, Path("r")) == "kerastut run mlp-reviews --balance --output-dir r"
    with pytest.raises(ResumeError, match="balance was True, now False"):
        kerastut.run(
            "mlp-reviews",
            data=str(tmp_path / "a.csv"),
            epochs=2,
            max_tokens=50,
            output_dir=folder,
            resume=True,
            verbose=0,
        )
