"""Tables of numbers and words: trained on, held against least squares and Newton, predicted."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerastut
from kerastut import DataOptions, Run
from kerastut.cli import main
from kerastut.data import load
from kerastut.errors import DataError, ParameterError
from kerastut.runs.reopening import reopen
from kerastut.runs.saved_model import load_model

CITIES = {"北京": 6.0, "上海": 5.5, "成都": 2.0}


def houses(path: Path, rows: int = 120, encoding: str = "utf-8") -> Path:
    """Writes a table of houses; the price follows from area, age and city, but for some noise."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "面积", "age", "城市", "成交日期", "装修", "价格"])
        for row in range(rows):
            area, age, city = rng.uniform(40, 160), int(rng.integers(0, 30)), [*CITIES][row % 3]
            price = area * CITIES[city] - 2 * age + rng.normal(0, 5)
            date = f"2024-{row % 12 + 1:02}-03"
            table.writerow([f"H{row}", f"{area:.1f}", age, city, date, "精装", f"{price:,.1f}"])
    return path


def changed(path: Path, *changes: tuple[int, str, str]) -> Path:
    """Replaces cells, by row and column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, name, value in changes:
        rows[row][name] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    return path


def with_unit(path: Path) -> Path:
    with path.open(encoding="utf-8", newline="") as file:
        areas = [row["面积"] for row in csv.DictReader(file)]
    return changed(path, *((n, "面积", f"{area} ㎡") for n, area in enumerate(areas)))


def test_columns_are_told_apart(tmp_path: Path) -> None:
    data = load(str(houses(tmp_path / "a.csv", encoding="gb18030")))
    assert data.columns == {"column_1": "面积", "age": "age", "column_3": "城市"}
    assert {name: x.dtype for name, x in data.train.x.items()} == {
        "age": np.float32,
        "column_1": np.float32,
        "column_3": object,
    }
    assert data.source.endswith(
        "value from column '价格', by 面积, age, 城市; left out: 编号 (an id), 成交日期 (dates),"
        " 装修 (the same in every row); read as gb18030"
    )
    assert (data.classes, data.train.y.dtype, len(data.test)) == ((), np.float32, 12)


def test_missing_values_are_named_and_handled_as_asked(tmp_path: Path) -> None:
    gaps = (0, "面积", ""), (1, "age", "NA"), (1, "城市", "?"), (2, "价格", "")
    path = changed(houses(tmp_path / "a.csv"), *gaps)
    dropped = load(str(path))
    assert sum(len(getattr(dropped, part)) for part in ("train", "validation", "test")) == 117
    assert "rows without a label, left out: 1; rows with a missing value, left out: 2 (面积 1," in (
        dropped.source
    )
    kept = load(str(path), options=DataOptions(missing="mean"))
    parts = [getattr(kept, part) for part in ("train", "validation", "test")]
    assert sum(map(len, parts)) == 119
    areas = np.concatenate([part.x["column_1"] for part in parts])
    with path.open(encoding="utf-8") as file:
        written = {np.float32(row["面积"]) for row in csv.DictReader(file) if row["面积"]}
    (filled,) = set(areas.ravel()) - written
    train = [value for value in parts[0].x["column_1"].ravel() if value != filled]
    assert filled == pytest.approx(np.mean(train), rel=1e-6)
    assert "?" in {word for part in parts for word in part.x["column_3"].ravel()}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "3e2", "-4"], "numbers"),
        (["1,234", "12,345.5", "7", "8"], "numbers"),
        (["3,5", "1.234,5", "7", "8"], "numbers"),
        (["￥1,200", "¥5", "¥ 12.50", "￥８"], "numbers"),
        (["￥1,200", "$5", "12%", "８"], "words"),
        (["a", "b", "a", "b"], "words"),
        (["1", "2", "3", "many"], "words"),
        (["2024-01-03", "2023/12/31", "2024年5月1日", "2020-01-01 10:30"], "dates"),
        (["03.05.2024", "1/2/24", "10:30", "3-4-2020"], "dates"),
        (["2024年1月", "2024年12月", "2023-05", "2023/5"], "dates"),
        (["x", "x", "x", "x"], "the same in every row"),
        (["5", "", "", ""], "missing in 3 of 4 rows"),
        (["", "NA", "-", "nan"], "empty"),
    ],
)
def test_what_a_column_is(cells: list[str], kind: str) -> None:
    from kerastut.data.own.columns import Column, column

    found = column("c", cells)
    if isinstance(found, Column):
        assert kind == ("words" if found.values.dtype == object else "numbers")
    else:
        assert found == kind


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1,234.5", False, 1234.5),
        ("3,5", True, 3.5),
        ("3,5", False, None),
        ("1.234,5", True, 1234.5),
        ("１２", False, 12.0),
        ("-¥3", False, -3.0),
        ("1_000", False, None),
        ("inf", False, None),
        ("nan", False, None),
        ("", False, None),
    ],
)
def test_numbers_as_people_write_them(text: str, comma: bool, value: float | None) -> None:
    from kerastut.data import quantity

    found = quantity(text, comma)
    assert (found and found[0]) == value


def test_linear_regression_reaches_least_squares_on_a_table(tmp_path: Path) -> None:
    run = kerastut.run(
        "linear-regression",
        data=str(houses(tmp_path / "a.csv")),
        epochs=50,
        momentum=0.8,
        output_dir=tmp_path / "run",
        verbose=0,
    )
    assert max(run.metrics["weight_error"], run.metrics["bias_error"]) < 1e-3
    names, x, y = run.features()
    assert names == ["age", "面积", "城市=[UNK]", *(f"城市={city}" for city in names_of(names))]
    np.testing.assert_allclose(x[:, :2].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x[:, :2].std(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose([y.mean(), y.std()], [0, 1], atol=1e-5)
    assert {"predictions.png", "coefficients.png"} <= {p.name for p in (tmp_path / "run").iterdir()}
    # The saved model takes and gives the table's own values.
    found = run.predict()[:, 0]
    assert np.abs(found - run.data.test.y).mean() < 80 < run.data.test.y.std()
    np.testing.assert_array_equal(reopen(tmp_path / "run").predict()[:, 0], found)


def names_of(names: list[str]) -> list[str]:
    return [name.partition("=")[2] for name in names if name.startswith("城市=")][1:]


@pytest.mark.parametrize("label", ["species", "sex"])
def test_logistic_regression_reaches_newton_on_a_table(label: str) -> None:
    path = Path(kerastut.__file__).parent / "data" / "files" / "penguins" / "penguins.csv"
    run = kerastut.run(
        "logistic-regression",
        data=str(path),
        data_options=DataOptions(label_column=label),
        epochs=40,
        momentum=0.8,
        l2=0.1,
        verbose=0,
    )
    assert run.metrics["weight_error"] < 1e-2
    assert run.metrics["accuracy"] > 0.8


def test_a_row_is_predicted_by_words_and_from_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = houses(tmp_path / "a.csv"), tmp_path / "run"
    run = kerastut.run("mlp-table", data=str(path), epochs=1, output_dir=folder, verbose=0)
    words = ["predict", str(folder), "面积=80.0", "age=5", "城市=北京", "--json"]
    (answer,) = json.loads(called(capsys, *words))
    x = {"column_1": [[80.0]], "age": [[5.0]], "column_3": [["北京"]]}
    arrays = {n: np.array(v, object if n == "column_3" else "float32") for n, v in x.items()}
    wanted = load_model(folder / "model.keras").predict(tensors(arrays), verbose=0)
    assert answer["values"] == pytest.approx(wanted[0].tolist(), rel=1e-6)
    rows = json.loads(called(capsys, "predict", str(folder), str(path), "--json"))
    assert len(rows) == 120
    assert rows[0]["input"] == f"{path}: line 2"
    assert_predicted(run, rows)
    changed(path, (4, "面积", "big"))
    with pytest.raises(SystemExit, match="1"):
        main(["predict", str(folder), str(path), "--json"])
    said = capsys.readouterr()
    assert len(json.loads(said.out)) == 119
    assert (
        "a.csv: line 6: expected a value for each of age, 面积, 城市; missing or no num" in said.err
    )


def tensors(arrays: dict[str, Any]) -> Any:
    from kerastut.train import to_model_input

    return to_model_input(arrays)


def called(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit, match="0"):
        main(words)
    return capsys.readouterr().out


def assert_predicted(run: Run, rows: list[dict[str, Any]]) -> None:
    found = sorted(row["values"][0] for row in rows)
    parts = ("train", "validation", "test")
    np.testing.assert_allclose(
        found, np.sort(np.concatenate([run.predict(part)[:, 0] for part in parts])), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["age=5", "城市=北京"], 2, "missing or no number: 面积."),
        (["面积=x", "age=5", "城市=北京"], 2, "missing or no number: 面积=x."),
        (["aeg=5", "面积=3", "城市=北京"], 2, "aeg; missing or no number: age. Did you mean age?"),
        (["面积=3km", "age=5", "城市=北京"], 2, "no number: 面积=3km (expected m2)."),
        (["面积=3m²", "age=5岁", "城市=北京"], 2, "no number: age=5岁."),
        (["面积=3", "age=5", "城市=火星"], 0, "城市=火星 is in no training row."),
        (["面积=3", "age=5", f"城市={'x' * 300}"], 0, f"城市={'x' * 200}"),
        (["面积=3", "age=5", "城市=NA"], 2, "missing or no number: 城市."),
        (["面积=3", "age=5", "城市=北京", "色=红"], 2, "age, 面积, 城市; unknown: 色.\n"),
        (
            ["面积=3", "age=5", "城市=北京", "age=6"],
            2,
            "once for each of age, 面积, 城市, or a file",
        ),
        (["面积=3", "age=5", "城市=北京", "more"], 1, "more: expected NAME=VALUE once for each of"),
        (["3,5,北京"], 2, "3,5,北京: expected NAME=VALUE once for each of age, 面积, 城市, or a"),
    ],
)
def test_rows_that_lack_something(
    tmp_path_factory: pytest.TempPathFactory,
    words: list[str],
    status: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match=str(status)):
        main(["predict", str(trained(tmp_path_factory)), *words])
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_numbers_are_predicted_with_and_without_their_unit(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(tmp_path_factory)
    (tmp_path / "1.csv").write_text("面积,age,城市\n1089.5㎡,5,北京\n", encoding="utf-8")
    (tmp_path / "2.csv").write_text(
        "面积;age;城市\n1.089,50 m²;5;北京\n1.089;5;上海\n", encoding="utf-8"
    )
    answers = []
    for area in (
        "1089.5",
        "1089.5㎡",
        "1,089.5 m2",
        "1.089,50",
        "１０８９．５㎡",
        "1.csv",
        "2.csv",
    ):
        rows = [str(tmp_path / area)] if "csv" in area else [f"面积={area}", "age=5", "城市=北京"]
        with pytest.raises(SystemExit, match="0"):
            main(["predict", str(run), *rows, "--json"])
        answers.append(json.loads(capsys.readouterr().out)[0]["values"])
    assert answers == [answers[0]] * 7
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert record["units"] == {"面积": "m2"}
    assert "by 面积 (m2), age, 城市" in record["data_source"]


def test_a_file_without_a_column_is_told_once(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.csv").write_text("age,面积,City\n5,80,北京\n6,90,上海\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["predict", str(trained(tmp_path_factory)), str(tmp_path / "new.csv")])
    assert capsys.readouterr().err.endswith(
        "new.csv: expected a value for each of age, 面积, 城市; unknown: City; missing or no"
        " number: 城市.\n"
    )


def test_missing_values_are_predicted_as_they_were_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(houses(tmp_path / "a.csv"), (0, "面积", ""), (1, "城市", "?"))
    settings: dict[str, Any] = {"data": str(path), "data_options": DataOptions(missing="mean")}
    run = kerastut.run("mlp-table", **settings, epochs=1, output_dir=tmp_path / "run", verbose=0)
    mean = float(run.data.train.x["column_1"].mean())
    answers = []
    for area, city in (("NA", "?"), (repr(mean), "缺失"), ("", "")):
        row = [f"面积={area}", "age=5", f"城市={city}"]
        with pytest.raises(SystemExit, match="0"):
            main(["predict", str(tmp_path / "run"), *row, "--json"])
        printed = capsys.readouterr()
        answers.append(json.loads(printed.out)[0]["values"][0])
        assert "城市 is missing; taken as in training." in printed.err
    assert answers == pytest.approx([answers[0]] * 3, rel=1e-5)
    with pytest.raises(SystemExit, match="2"):
        main(["predict", str(tmp_path / "run"), "面积=", "城市=北京"])
    assert "missing or no number: age." in capsys.readouterr().err


def test_classes_of_a_file_of_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = kerastut.run("mlp-table", limit=40, epochs=1, output_dir=tmp_path / "run", verbose=0)
    rows = Path(kerastut.__file__).parent / "data" / "files" / "penguins" / "penguins.csv"
    with pytest.raises(SystemExit, match="1"):
        main(["predict", str(tmp_path / "run"), str(rows), "--json"])
    printed = capsys.readouterr()
    found = {row["input"]: [*row["probabilities"].values()] for row in json.loads(printed.out)}
    assert len(found) == 333
    assert printed.err.count("missing or no number") == 11
    x = {name: column[:1] for name, column in run.data.test.x.items()}
    wanted = run.model.predict(tensors(x), verbose=0)[0]
    assert any(np.allclose(answer, wanted, atol=1e-6) for answer in found.values())


def test_the_net_is_not_below_least_squares_on_body_mass() -> None:
    table = Path(kerastut.__file__).parent / "data" / "files" / "penguins" / "penguins.csv"
    options = DataOptions(label_column="body_mass_g")
    leads = []
    for seed in range(3):
        run = kerastut.run("mlp-table", data=str(table), data_options=options, seed=seed, verbose=0)
        found = run.metrics
        assert found["lead"] == pytest.approx(found["linear_loss"] - found["loss"], abs=1e-5)
        assert -2 < found["lead"] / found["lead_error"] < 4
        leads.append(found["lead"])
    assert -0.01 < np.mean(leads) < 0.02


KEPT: list[Path] = []


def trained(factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a run, the same for all."""
    if not KEPT:
        folder = factory.mktemp("table")
        data = str(with_unit(houses(folder / "a.csv")))
        kerastut.run("mlp-table", data=data, epochs=1, output_dir=folder / "run", verbose=0)
        KEPT.append(folder / "run")
    return KEPT[0]


def test_recipes_say_what_they_take(tmp_path: Path) -> None:
    path = str(houses(tmp_path / "a.csv"))
    with pytest.raises(DataError, match=r"takes numbers, but .* has a table of numbers and words"):
        kerastut.run("mlp-mnist", data=path, verbose=0)
    with pytest.raises(DataError, match=r"takes texts, but .* has a table of numbers and words"):
        kerastut.run("mlp-reviews", data=path, verbose=0)
    with pytest.raises(ParameterError, match="the label is a number; take linear-regression"):
        kerastut.run("logistic-regression", data=path, verbose=0)
    with pytest.raises(DataError, match=r"read as 3 classes\. Pass --task regression, or take log"):
        kerastut.run("linear-regression", data="penguins", verbose=0)


def test_a_run_on_a_table_resumes_to_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = trained(tmp_path_factory).parent
    settings: dict[str, Any] = {"data": str(folder / "a.csv"), "verbose": 0}
    whole = kerastut.run("linear-regression", epochs=3, **settings)
    kept: dict[str, Any] = {"output_dir": folder / "line", "resume": True}
    for epochs in (1, 3):
        resumed = kerastut.run("linear-regression", epochs=epochs, **kept, **settings)
    for found, wanted in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.array_equal(found, wanted)
