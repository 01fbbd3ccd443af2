"""Files that are damaged, lie, or want something run, read without a model being built of them."""

import json
import resource
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import kerastut
from kerastut.cli import main
from kerastut.conversion import convert_file, proof
from kerastut.conversion.old import DEPTH, ConversionError, DisagreementError
from kerastut.errors import DataError, KerastutError, OutputError, ParameterError

DENSE = {
    "class_name": "Dense",
    "config": {"name": "d", "units": 2, "batch_input_shape": [None, 3], "activation": "linear"},
}
MODEL = {"class_name": "Sequential", "config": {"name": "m", "layers": [DENSE]}}


def write(path: Path, config: Any = MODEL, version: str = "2.4.0") -> Path:
    """Writes a model of one Dense layer as Keras 2 did."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        file.attrs["keras_version"], file.attrs["backend"] = version, "tensorflow"
        group = file.create_group("model_weights/d")
        group.attrs["weight_names"] = [b"d/kernel:0", b"d/bias:0"]
        group["d/kernel:0"], group["d/bias:0"] = np.ones((3, 2), "f4"), np.ones(2, "f4")
        file["model_weights"].attrs["layer_names"] = [b"d"]
    return path


def refusal(path: Path, **more: Any) -> str:
    with pytest.raises(KerastutError) as found:
        kerastut.convert(path, **more)
    assert "\n" not in str(found.value)
    return str(found.value)


def test_the_plain_file_converts(tmp_path: Path) -> None:
    model = kerastut.convert(write(tmp_path / "old.h5"))
    assert np.asarray(model(np.ones((1, 3), "f4"))).tolist() == [[4.0, 4.0]]


def test_what_is_no_model(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.h5")
    (tmp_path / "a.h5").write_bytes(b"x" * 100)
    assert "received a file that is none of them" in refusal(tmp_path / "a.h5")
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"x" * 100)
    assert "Get the file again" in refusal(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = 1
    assert "says nothing of layers" in refusal(tmp_path / "a.h5")
    (tmp_path / "a.json").write_text("{}")
    assert "expected the configuration of a model" in refusal(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(json.dumps(MODEL))
    assert "holds an architecture without weights" in refusal(tmp_path / "a.json")
    (tmp_path / "empty").mkdir()
    assert "saved_model.pb" in refusal(tmp_path / "empty")
    assert "received one of Keras 3.1.0" in refusal(write(tmp_path / "b.h5", version="3.1.0"))


def test_a_text_that_states_four_gibibytes(tmp_path: Path) -> None:
    """HDF5 takes the memory before it looks: a length and a place, of four and eight bytes."""
    path = write(tmp_path / "a.h5")
    with h5py.File(path, "r+") as file:
        names = file["model_weights"].attrs
        names.create("layer_names", ["n" * 777], dtype=h5py.string_dtype())
    content = path.read_bytes()
    where = content.index(b"GCOL", content.rindex(b"n" * 777) - 4096).to_bytes(8, "little")
    place = content.index((777).to_bytes(4, "little") + where)
    beyond = b"\xf0\xff\xff\xff" + (len(content) - 1).to_bytes(8, "little")
    path.write_bytes(content[:place] + beyond + content[place + 12 :])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "memory allocation failed" in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20  # KiB


def test_depth_and_size_of_a_configuration(tmp_path: Path) -> None:
    weights = write(tmp_path / "w.h5")
    for depth in (DEPTH + 1, 100_000):
        (tmp_path / "a.json").write_text("[" * depth + "]" * depth)
        refusal(tmp_path / "a.json", weights=weights)
    deep: Any = 1
    for _ in range(DEPTH + 1):
        deep = [deep]
    (tmp_path / "a.json").write_text(json.dumps(MODEL | {"more": deep}))
    assert f"nested more than {DEPTH} deep" in refusal(tmp_path / "a.json", weights=weights)


def test_aliases_of_aliases(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    weights = write(tmp_path / "w.h5")
    lines = ["a0: &a0 [1]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 50))]
    (tmp_path / "a.yaml").write_text("\n".join(["class_name: Sequential", "config: 1", *lines]))
    assert "nested more than" in refusal(tmp_path / "a.yaml", weights=weights)


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [x]", "!!python/name:os.system", "!!python/module:os"]
)
def test_yaml_makes_no_objects(tag: str, tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    (tmp_path / "a.yaml").write_text(f"class_name: Sequential\nconfig: {tag}\n")
    found = refusal(tmp_path / "a.yaml", weights=write(tmp_path / "w.h5"))
    assert "could not determine a constructor" in found


def test_links_and_sizes_of_arrays(tmp_path: Path) -> None:
    def changed(change: Any) -> str:
        path = write(tmp_path / "old.h5")
        with h5py.File(path, "r+") as file:
            group = file["model_weights/d/d"]
            del group["kernel:0"]
            change(group)
        return refusal(path)

    def linked(group: h5py.Group) -> None:
        group["kernel:0"] = h5py.ExternalLink("/etc/hostname", "/x")

    def outside(group: h5py.Group) -> None:
        group.create_dataset("kernel:0", (3, 2), "f4", external=[("/etc/hostname", 0, 24)])

    def declared(group: h5py.Group) -> None:
        group.create_dataset("kernel:0", (10**6, 10**6), "f4", chunks=(10**3, 10**3))

    def texts(group: h5py.Group) -> None:
        group["kernel:0"] = np.array([b"x"])

    def turned(group: h5py.Group) -> None:
        group["kernel:0"] = np.ones((2, 3), "f4")

    assert "is a link" in changed(linked)
    assert "stores fewer bytes than its shape has" in changed(outside)
    assert "stores fewer bytes than its shape has" in changed(declared)
    assert "is no array of numbers" in changed(texts)
    assert "expected kernel of shape (3, 2), received (2, 3)" in changed(turned)


def test_what_takes_much_needs_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "old.h5")
    with h5py.File(path, "r+") as file:
        group = file["model_weights/d/d"]
        del group["kernel:0"]
        group["kernel:0"] = np.zeros((3, 50_000), "f4")
    monkeypatch.setenv("KERASTUT_MAX_MIB", "3")
    assert refusal(path).endswith(
        "old.h5: converting its weights would take about 5 MiB; KERASTUT_MAX_MIB=3 allows no more."
        " Set it higher where you trust this."
    )
    monkeypatch.setenv("KERASTUT_MAX_MIB", "5")
    assert "expected kernel of shape (3, 2), received (3, 50000)" in refusal(path)


def test_memory_is_not_taken_for_what_is_not_stored(tmp_path: Path) -> None:
    wide = {"class_name": "Dense", "config": {"name": "d", "units": 10**12, **SHAPE}}
    path = write(tmp_path / "old.h5", {"class_name": "Sequential", "config": [wide]})
    assert "expected kernel of shape (3, 1000000000000), received (3, 2)" in refusal(path)


SHAPE = {"batch_input_shape": [None, 3]}
FOREIGN: dict[str, dict[str, Any]] = {
    "TFSMLayer": {"filepath": "x"},
    "Pipeline": {"layers": [{"class_name": "call", "module": "subprocess", "config": {}}]},
    "TorchModuleWrapper": {"module": "x"},
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_layers_that_would_run_something(kind: str, tmp_path: Path) -> None:
    layer = {"class_name": kind, "config": {"name": "d", **FOREIGN[kind]}}
    config = {"class_name": "Sequential", "config": [DENSE, layer]}
    assert f"Keras 3 has no layer {kind}" in refusal(write(tmp_path / "old.h5", config))


def test_values_that_name_something(tmp_path: Path) -> None:
    def told(kind: str, **settings: Any) -> str:
        layer = {"class_name": kind, "config": {"name": "x", **settings}}
        config = {"class_name": "Sequential", "config": [DENSE, layer]}
        return refusal(write(tmp_path / "old.h5", config))

    system = {"class_name": "function", "module": "os", "config": "system"}
    assert "has the activation system, a function of its author's" in told(
        "Activation", activation=system
    )
    assert "names a file of words, which is not opened" in told(
        "StringLookup", vocabulary="/etc/passwd"
    )
    assert "is tf.io.write_file, for which no operation" in told(
        "TFOpLambda", function="io.write_file"
    )
    node = {"op": "WriteFile", "input": ["a", "b"], "attr": {}}
    assert "is the operation WriteFile of TensorFlow" in told("TensorFlowOpLayer", node_def=node)


def test_a_file_of_keras_3_or_of_zeros(tmp_path: Path) -> None:
    def packed(text: str, version: str) -> Path:
        with zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": version}))
            archive.writestr("config.json", text)
            archive.write(write(tmp_path / "w.h5"), "model.weights.h5")
        return tmp_path / "a.keras"

    assert "received one of Keras 3.4.0" in refusal(packed(json.dumps(MODEL), "3.4.0"))
    found = refusal(packed(" " * 10**8, "2.15.0"))
    assert "its config.json would take about 3,052 MiB; KERASTUT_MAX_MIB=512 allows" in found


def test_nothing_is_left_of_a_model_that_disagrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tf_keras")
    path = write(tmp_path / "old.h5")
    found = convert_file(path, tmp_path / "new.keras")
    assert found.proof.difference is not None
    assert found.proof.difference <= 1e-6
    monkeypatch.setattr(proof, "_asked", lambda question: {"difference": float("nan")})
    with pytest.raises(DisagreementError, match="received a difference of nan"):
        convert_file(path, tmp_path / "other.keras")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["new.keras", "old.h5"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    pytest.importorskip("tf_keras")

    def status(*words: object) -> Any:
        with pytest.raises(SystemExit) as stopped:
            main(["convert", *map(str, words)])
        return stopped.value.code

    monkeypatch.setattr(proof, "_asked", lambda question: {"difference": 2e-7})
    path = write(tmp_path / "old.h5")
    assert status(path, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(tmp_path / "old.keras")
    assert (told["weights"], told["parameters"], told["difference"]) == (2, 8, 2e-7)
    assert status(path) == 2
    assert "expected the name of a new .keras file" in capsys.readouterr().err
    assert status(path, "-o", tmp_path / "b.keras", "--lambda", "x=nothing.here:f") == 2
    assert "cannot be imported" in capsys.readouterr().err
    assert status(path, "-o", tmp_path / "b.keras", "--lambda", "x=sqare") == 2
    assert "Did you mean square" in capsys.readouterr().err
    monkeypatch.setattr(proof, "_asked", lambda question: {"difference": 1.0})
    assert status(path, "-o", tmp_path / "b.keras") == 1
    assert not (tmp_path / "b.keras").exists()


def test_errors_have_their_status() -> None:
    assert ConversionError.exit_status == DataError.exit_status == OutputError.exit_status == 2
    assert ParameterError.exit_status == 2
    assert DisagreementError.exit_status == 1
