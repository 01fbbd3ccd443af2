"""Exports, over every recipe and format, each held against the model in its own runtime."""

import json
import os
import re
import runpy
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kerastut import Run, get_recipe, list_recipes
from kerastut.cli import main
from kerastut.errors import OutputError, UnknownNameError
from kerastut.export import FORMATS, ExportError, MissingExtraError, export, export_file
from kerastut.export.agreement import TOLERANCE, largest_difference
from kerastut.export.part import part
from kerastut.export.session import open_session
from kerastut.export.vocabulary import encoded
from kerastut.export.vocabulary import write as write_vocabulary
from kerastut.registry.settings import resolve
from kerastut.runs.artifacts import record
from kerastut.runs.history import write_history
from kerastut.train.encoding import to_model_input
from kerastut.train.trainer import train

# LiteRT has no matrix product in double precision; neither it nor ONNX has words of a table.
IMPOSSIBLE = {
    ("gradient-descent", "litert"): (
        "LiteRT has no kernel for tf.AddV2, tf.MatMul on float64 inputs. Choose onnx or"
        " saved_model."
    ),
    **{
        ("mlp-table", format): (
            "the format knows no strings, and they can be left out only where TextVectorization is"
            " the first layer of a Sequential model. Choose saved_model."
        )
        for format in ("onnx", "litert")
    },
}
PAIRS = [(recipe.name, format) for recipe in list_recipes() for format in FORMATS]
PAIRS = [pair for pair in PAIRS if pair not in IMPOSSIBLE]
WITHOUT_KERAS = ("kerastut", "keras", "tensorflow")


@cache
def trained(name: str) -> Run:
    """Trains a recipe for an epoch, once for all tests of this file."""
    return train(resolve(get_recipe(name), {}, epochs=1, limit=200))


@cache
def exported(name: str, format: str, folder: Path) -> Path:
    """Exports a recipe, once for all tests of this file; returns the folder."""
    for package in FORMATS[format].packages:
        pytest.importorskip(package)
    target = folder / f"{name}-{format}"
    found = export(trained(name), format, target)
    assert found.difference <= TOLERANCE
    assert found.samples == min(200, len(trained(name).data.test))
    assert found.folder == target
    assert found.file.exists()
    return target


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def lines_that_load(folder: Path) -> str:
    """Returns the code in the README beside an export."""
    (code,) = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    assert isinstance(code, str)
    return code


@pytest.mark.parametrize(("name", "format"), PAIRS)
def test_every_recipe_in_every_format(name: str, format: str, folder: Path) -> None:
    files = {path.name for path in exported(name, format, folder).iterdir()}
    texts = "encoder" in dir(import_module(f"kerastut.recipes.{name.replace('-', '_')}"))
    encoder = {"encode.py", "encoding.json", "vocabulary.txt"}
    outside = texts and format in ("onnx", "litert")
    assert files == {"README.md", FORMATS[format].file} | (encoder if outside else set())


@pytest.mark.parametrize("pair", IMPOSSIBLE, ids=" ".join)
def test_what_a_format_cannot_hold_leaves_nothing(pair: tuple[str, str], tmp_path: Path) -> None:
    name, format = pair
    for package in FORMATS[format].packages:
        pytest.importorskip(package)
    reason = f"{name} as {format}: {IMPOSSIBLE[pair]}"
    with pytest.raises(ExportError, match=f"^{re.escape(reason)}$"):
        export(trained(name), format, tmp_path / "deep" / "model")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("function", "refused"), [(keras.ops.gelu, False), (keras.ops.erfinv, True)]
)
def test_what_the_converter_does_not_know(function: Any, refused: bool, tmp_path: Path) -> None:
    """An exact GELU is written with what ONNX has; else the format that can is named."""
    pytest.importorskip("tf2onnx")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, function(keras.ops.tanh(keras.layers.Dense(3)(inputs) / 2)))
    if refused:
        with pytest.raises(ExportError, match=r"^net as onnx: .*\. Choose saved_model\.$"):
            export_file(model, "net", (), "onnx", tmp_path / "new", verbose=False)
    else:
        export_file(model, "net", (), "onnx", tmp_path / "new", verbose=False)
    assert (tmp_path / "new").exists() is not refused


@pytest.mark.parametrize("format", ["keras", "saved_model"])
@pytest.mark.parametrize("name", ["cnn-augmented", "functional-multi-io", "text-lstm", "mlp-table"])
def test_the_readme_loads_it(
    name: str, format: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = exported(name, format, folder)
    monkeypatch.chdir(target)
    found: dict[str, Any] = {}
    exec(lines_that_load(target), found)
    expected = trained(name).model.predict(found["inputs"], verbose=0)
    assert largest_difference(expected, found["outputs"]) <= TOLERANCE


@pytest.mark.parametrize("format", ["onnx", "litert"])
@pytest.mark.parametrize("name", ["cnn-augmented", "functional-multi-io", "text-lstm"])
def test_the_readme_loads_it_without_keras(name: str, format: str, folder: Path) -> None:
    target = exported(name, format, folder)
    before = f"import sys\nsys.modules |= dict.fromkeys({WITHOUT_KERAS})\n"
    after = (
        "\nimport json"
        "\nif isinstance(outputs, dict): outputs = [outputs[name] for name in sorted(outputs)]"
        "\nprint(json.dumps([output.tolist() for output in outputs]))"
    )
    finished = subprocess.run(
        [sys.executable, "-B", "-c", before + lines_that_load(target) + after],
        cwd=target,
        capture_output=True,
        text=True,
        check=True,
    )
    model = trained(name).model
    zeros = np.zeros((1, 28, 28, 1))
    inputs = {
        "cnn-augmented": zeros,
        "functional-multi-io": {"left": zeros, "right": zeros},
        "text-lstm": tf.constant(["物流很快"]),
    }
    outputs = [np.array(output) for output in json.loads(finished.stdout)]
    expected = keras.tree.flatten(model.predict(inputs[name], verbose=0))
    assert largest_difference(expected, outputs) <= TOLERANCE


@pytest.mark.parametrize("format", ["onnx", "litert"])
def test_a_table_of_numbers_for_other_runtimes(format: str, tmp_path: Path) -> None:
    for package in FORMATS[format].packages:
        pytest.importorskip(package)
    rows = [f"{n}.5,{n * n % 7},{n * 3 % 5}.25" for n in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(["面积,age,price", *rows]), encoding="utf-8")
    run = train(resolve(get_recipe("mlp-table"), {}, data=str(tmp_path / "a.csv"), epochs=1))
    found = export(run, format, tmp_path / "exported")
    assert found.difference <= TOLERANCE
    assert "- input `column_1`, the column 面积: float32, (" in (
        tmp_path / "exported" / "README.md"
    ).read_text(encoding="utf-8")


def test_augmentation_is_off_whoever_calls(folder: Path) -> None:
    run = trained("cnn-augmented")
    x = run.data.test.x[:20].astype(np.float32)
    loaded = keras.models.load_model(exported("cnn-augmented", "keras", folder) / "model.keras")
    assert largest_difference(run.model.predict(x, verbose=0), loaded(x)) <= TOLERANCE
    assert largest_difference(run.model.predict(x, verbose=0), run.model(x)) > 1e-3


def test_a_file_that_disagrees_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_other(model: keras.Model, format: str, path: Path) -> None:
        other = keras.models.clone_model(model)
        other.set_weights([weight + 1e-3 for weight in model.get_weights()])
        other.save(path)

    monkeypatch.setattr("kerastut.export.writing.write_model", write_other)
    reason = (
        "mlp-mnist as keras: model.keras does not agree with the model: expected outputs within"
        " 1e-05 on 200 test samples, received a difference of "
    )
    with pytest.raises(ExportError, match=f"^{re.escape(reason)}") as caught:
        export(trained("mlp-mnist"), "keras", tmp_path / "model")
    assert caught.value.exit_status == 1
    assert list(tmp_path.iterdir()) == []


def test_differences() -> None:
    one = np.array([[0.25, 0.75]])
    assert largest_difference(one, one) == 0
    assert largest_difference(one, one + 0.5) == 0.5
    assert largest_difference(one * 1000, one * 1001) == pytest.approx(1e-3)
    assert np.isnan(largest_difference(one, one * np.nan))
    assert np.isnan(largest_difference(one, one[:, :1]))
    assert np.isnan(largest_difference({"a": one, "b": one}, {"a": one}))


def test_several_inputs_in_a_list_get_their_names() -> None:
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    model = keras.Model([left, right], keras.layers.Subtract()([left, right]))
    found = part(model, strings=False).model
    values = {"right": np.ones((1, 2)), "left": np.zeros((1, 2))}
    assert [tensor.name for tensor in found.inputs] == ["left", "right"]
    assert np.asarray(found(values)).tolist() == [[-1, -1]]


TEXTS = ["很好 很好", "not good, Not good", "a b\u3000c", "ÄÖ äö", "[UNK] x"]
ENCODERS = {
    "pairs": {"split": "character", "ngrams": (2,), "output_sequence_length": 7},
    "one and two": {"split": "character", "ngrams": 2, "output_sequence_length": 9},
    "words": {"output_sequence_length": 4},
    "as they are": {"standardize": None, "output_sequence_length": 4},
    "lower": {"standardize": "lower", "split": "character", "output_sequence_length": 5},
    "any length": {"standardize": "strip_punctuation"},
}
characters = st.one_of(st.characters(codec="utf-8"), st.sampled_from("很好 .,!\t\n\u3000\u2028aÄ["))


@pytest.mark.parametrize("options", ENCODERS.values(), ids=ENCODERS)
def test_the_encoder_beside_the_file_does_what_the_layer_does(
    options: dict[str, Any], tmp_path: Path
) -> None:
    layer = keras.layers.TextVectorization(**options)
    layer.adapt(TEXTS)
    write_vocabulary(layer, tmp_path)

    @settings(max_examples=25)
    @given(st.lists(st.text(characters), min_size=1, max_size=20))
    def check(texts: list[str]) -> None:
        texts = [*texts, *TEXTS]
        array = np.array(texts, dtype=object)
        expected = np.asarray(layer(to_model_input(array)))
        assert encoded(array, tmp_path).tolist() == expected.tolist()

    check()
    assert {path.name for path in tmp_path.iterdir()} == {
        "encode.py",
        "encoding.json",
        "vocabulary.txt",
    }


@pytest.mark.parametrize(
    ("options", "texts", "reason"),
    [
        ({"split": "character"}, ["a\nb"], "a token has a line break in it"),
        ({"split": None}, ["a"], "splits no text"),
        ({"standardize": tf.strings.upper}, ["a"], "a function of its own"),
        ({"output_mode": "multi_hot"}, ["a"], "gives no token numbers"),
    ],
)
def test_encoders_that_cannot_be_repeated(
    options: dict[str, Any], texts: list[str], reason: str, tmp_path: Path
) -> None:
    layer = keras.layers.TextVectorization(**options)
    layer.adapt(texts)
    with pytest.raises(ExportError, match=f"{reason}.*hoose saved_model"):
        write_vocabulary(layer, tmp_path)


def test_strings_that_cannot_be_kept_out() -> None:
    words = keras.Input((), dtype="string")
    numbers = keras.layers.StringLookup(vocabulary=["a"], output_mode="one_hot")(words)
    model = keras.Model(words, keras.layers.Dense(1)(numbers))
    with pytest.raises(ExportError, match=r"the format knows no strings.*Choose saved_model\."):
        part(model, strings=False)


def test_unknown_format_and_missing_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained("mlp-mnist")
    reason = "Unknown format 'savedmodel'. Did you mean saved_model?"
    with pytest.raises(UnknownNameError, match=re.escape(reason)):
        export(run, "savedmodel", tmp_path / "x")
    missing = replace(FORMATS["onnx"], packages=("numpy", "no_such_package"))
    monkeypatch.setitem(FORMATS, "onnx", missing)
    reason = 'The format onnx needs no_such_package: pip install "kerastut[export]"'
    with pytest.raises(MissingExtraError, match=f"^{re.escape(reason)}$"):
        export(run, "onnx", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(OutputError, match="expected a new or empty folder, found files in it"):
        export(trained("mlp-mnist"), "keras", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


@pytest.fixture(scope="session")
def run_folder(folder: Path) -> Path:
    """Returns the folder of a run, without its plots."""
    run, target = trained("mlp-mnist"), folder / "run"
    target.mkdir()
    (target / "run.json").write_text(json.dumps(record(run)))
    write_history(run.history, target / "history.csv")
    run.model.save(target / "model.keras")
    return target


def test_the_command_line(run_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(run_folder), "--format", "saved_model", "--json"])
    output, error = capfd.readouterr()
    assert stopped.value.code == 0
    assert error == ""
    found = json.loads(output)
    assert found["file"] == str(run_folder / "exports" / "saved_model" / "saved_model")
    assert Path(found["file"], "saved_model.pb").exists()
    assert (found["format"], found["samples"]) == ("saved_model", 200)
    assert 0 <= found["difference"] <= TOLERANCE


def test_the_command_line_prints_the_difference(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(run_folder), "--format", "keras", "-o", str(tmp_path / "new")])
    assert stopped.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["file", str(tmp_path / "new" / "model.keras")]
    assert re.fullmatch(r"largest difference +\d\.\de[+-]\d+ on 200 test samples", lines[1])
    assert lines[2].endswith(str(tmp_path / "new" / "README.md"))


def beside(run_folder: Path, name: str, folder: Path) -> Path:
    """Puts an export into a run's folder and returns its file."""
    file = run_folder / "exports" / "onnx" / "model.onnx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((exported(name, "onnx", folder) / file.name).read_bytes())
    return file


def test_a_run_with_an_export_answers_without_keras(
    run_folder: Path, folder: Path, tmp_path: Path
) -> None:
    beside(run_folder, "mlp-mnist", folder)
    x = trained("mlp-mnist").data.test.x[:40]
    expected = trained("mlp-mnist").model.predict(x, verbose=0)
    found = open_session(run_folder, run_folder / "model.keras")
    assert found is not None
    assert largest_difference(expected, found(x)) <= TOLERANCE
    picture = tmp_path / "digit.png"
    Image.fromarray(x[0, :, :, 0]).save(picture)
    code = f"import sys\nsys.modules |= dict.fromkeys({WITHOUT_KERAS[1:]})\n"
    code += "from kerastut.cli import main\nmain(sys.argv[1:])"
    words = ["predict", str(run_folder), str(picture), "--json"]
    printed = subprocess.check_output([sys.executable, "-c", code, *words], text=True)
    assert json.loads(printed)[0]["label"] in "0123456789"


@pytest.mark.parametrize(
    "fault", ["absent", "older", "damaged", "linked", "of texts", "no runtime"]
)
def test_where_nothing_stands_in_the_model_is_asked(
    fault: str, run_folder: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = beside(tmp_path, "text-lstm" if fault == "of texts" else "mlp-mnist", folder)
    if fault == "older":
        os.utime(file, (0, 0))
    elif fault == "damaged":
        file.write_bytes(file.read_bytes()[:1000])
    elif fault == "linked":
        file.parent.rename(tmp_path / "elsewhere")
        file.parent.symlink_to(tmp_path / "elsewhere")
    elif fault == "absent":
        file.unlink()
    elif fault == "no runtime":
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert open_session(tmp_path, run_folder / "model.keras") is None


def test_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(tmp_path), "--format", "keras"])
    assert stopped.value.code == 2
    reason = f"{tmp_path}: expected the folder of a finished run, with run.json."
    reason += " Those that are here: kerastut runs."
    assert capsys.readouterr().err == f"kerastut: error: {reason}\n"


def test_the_encoder_needs_python_alone(folder: Path) -> None:
    target = exported("text-lstm", "onnx", folder)
    encode = runpy.run_path(str(target / "encode.py"))["encode"]
    assert [len(row) for row in encode(["很好", ""])] == [100, 100]
    source = (target / "encode.py").read_text()
    imports = re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE)
    assert set(imports) <= sys.stdlib_module_names
