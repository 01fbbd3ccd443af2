"""Training on several devices and machines; the machines are processes on 127.0.0.1."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerastut
from kerastut.errors import ParameterError, PeerError
from kerastut.runs.history import read_history
from kerastut.train.devices import meeting as rendezvous
from kerastut.train.devices.cluster import Cluster, read_cluster

RUN = (sys.executable, "-m", "kerastut", "run")
SMALL = ("mlp-mnist", "--limit", "203", "-b", "40", "--epochs", "4", "--set", "units=32")
LATEST = 60.0  # seconds after which no worker may still wait

# Trains recipes one after the other on whatever devices there are, and keeps their weights.
TRAIN = """
import json, sys
import numpy as np
import tensorflow as tf

strategy, folder, runs = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
if strategy == "mirrored":
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
import kerastut

for name, (recipe, settings) in runs.items():
    run = kerastut.run(recipe, strategy=strategy, verbose=0, **settings)
    np.savez(f"{folder}/{name}.npz", *run.model.get_weights())
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"history": run.history, "metrics": run.metrics, "devices": run.devices}, file)
"""
NO_DROPOUT = {"conv_dropout": 0.0, "dense_dropout": 0.0}
# 203 samples in batches of 40: the last batch is divided into 1 and 2.
FEW = {"limit": 203, "batch_size": 40, "epochs": 2}
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "mlp": ("mlp-mnist", FEW),
    "cnn": ("cnn-mnist", FEW | NO_DROPOUT),
    "dropout": ("cnn-mnist", FEW),
    "two-inputs": ("functional-multi-io", {"limit": 62, "batch_size": 20, "epochs": 1}),
    "texts": ("mlp-reviews", {"limit": 62, "epochs": 1, "dropout": 0.0}),
}


def free_ports(count: int) -> list[int]:
    """Returns ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def workers(count: int) -> list[str]:
    """Returns a value of TF_CONFIG for each of so many workers on this machine."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(count)]
    return [
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
        for index in range(count)
    ]


@contextmanager
def started(*commands: tuple[str, ...]) -> Iterator[list[subprocess.Popen[str]]]:
    """Starts the commands, each as a worker of one cluster; ends them all."""
    processes = [
        subprocess.Popen(
            command,
            env={**os.environ, "TF_CONFIG": config, "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command, config in zip(commands, workers(len(commands)), strict=True)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def outputs(processes: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Returns status, standard output and standard error of each, when all have ended."""
    texts = [process.communicate(timeout=900) for process in processes]
    return [(p.returncode, *text) for p, text in zip(processes, texts, strict=True)]


def command(folder: Path, *more: str) -> tuple[str, ...]:
    return (*RUN, *SMALL, "--strategy", "multi-worker", "--output-dir", str(folder), *more)


def arrays(path: Path) -> list[Any]:
    with np.load(path) as found:
        return [found[name] for name in found.files]


def farthest(some: list[Any], others: list[Any]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(some, others, strict=True))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with what two workers, `0` and `1`, and two devices of one process learn."""
    root = tmp_path_factory.mktemp("trained")
    for name in ("0", "1", "mirrored"):
        (root / name).mkdir()

    def train(strategy: str, name: str) -> tuple[str, ...]:
        return (sys.executable, "-c", TRAIN, strategy, str(root / name), json.dumps(RUNS))

    with started(train("multi-worker", "0"), train("multi-worker", "1")) as processes:
        for status, _, errors in outputs(processes):
            assert status == 0, errors
    subprocess.run(train("mirrored", "mirrored"), check=True, capture_output=True, timeout=900)
    return root


@pytest.mark.parametrize("name", RUNS)
def test_two_workers_are_two_devices(trained: Path, name: str) -> None:
    """Weights, history of all samples and test metrics are the same on all, to the last bit."""
    chief, *others = (arrays(trained / who / f"{name}.npz") for who in ("0", "1", "mirrored"))
    assert [farthest(chief, other) for other in others] == [0.0, 0.0]
    told, *again = (
        json.loads((trained / who / f"{name}.json").read_text()) for who in ("0", "1", "mirrored")
    )
    assert [(each["history"], each["metrics"]) for each in again] == 2 * [
        (told["history"], told["metrics"])
    ]
    assert told["devices"] == "2 workers with 2 devices"
    assert again[1]["devices"] == "mirrored on 2 devices"


@pytest.mark.parametrize("name", [name for name in RUNS if name != "dropout"])
def test_two_workers_learn_what_one_device_learns(trained: Path, name: str) -> None:
    recipe, settings = RUNS[name]
    alone = kerastut.run(recipe, verbose=0, **settings)
    assert alone.devices is None
    assert farthest(arrays(trained / "0" / f"{name}.npz"), alone.model.get_weights()) < 1e-6
    told = json.loads((trained / "0" / f"{name}.json").read_text())
    for metric, values in alone.history.items():
        assert told["history"][metric] == pytest.approx(values, abs=1e-6), metric
    assert told["metrics"] == pytest.approx(alone.metrics, abs=1e-6)


def test_replicas_drop_different_units(tmp_path: Path) -> None:
    text = """
import keras, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from kerastut.train.devices.team import Team
from kerastut.train.seeds import seed_layers
from kerastut.train.devices.slices import OwnRandomness
strategy = tf.distribute.MirroredStrategy()
with strategy.scope():
    model = keras.Sequential([keras.Input((50,)), keras.layers.Dropout(0.5)])
own = OwnRandomness(Team(strategy, None))
own.set_model(model)
def masks(epoch):
    seed_layers(model, 3, epoch)
    own.on_epoch_begin(epoch)
    step = lambda: model(tf.ones((1, 50)), training=True)
    return [v.numpy().tobytes() for v in strategy.experimental_local_results(strategy.run(step))]
first, again, other = masks(0), masks(0), masks(1)
assert first == again and len({*first, *other}) == 4
"""
    subprocess.run([sys.executable, "-c", text], check=True, cwd=tmp_path, timeout=120)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a run of two workers that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    with started(command(folder), command(folder)) as processes:
        chief, other = outputs(processes)
    assert chief[0] == 0, chief[2]
    assert "test accuracy" in chief[1]
    assert chief[2].count("Epoch ") == 4
    assert other[:2] == (0, "")
    assert re.fullmatch(r"This is worker 1 \(127.0.0.1:\d+\); worker 0 reports.\n", other[2])
    assert json.loads((folder / "run.json").read_text())["devices"] == "2 workers with 2 devices"
    return folder


def test_a_worker_whose_peer_dies_says_so_and_both_resume(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with started(command(folder, "-q"), command(folder, "-q")) as processes:
        wait_for(lambda: any((folder / "worker-1/checkpoints").glob("epoch-000001*0")), processes)
        processes[1].kill()
        out, errors = processes[0].communicate(timeout=LATEST)
    assert (processes[0].returncode, out) == (1, "")
    assert re.fullmatch(
        r"kerastut: error: The training has stopped, since worker 1 \(127.0.0.1:\d+\) has ended or"
        r" cannot be reached. Start the command on every worker of TF_CONFIG again, with"
        r" --resume.\n",
        errors,
    )
    assert not (folder / "run.json").exists()
    with started(command(folder, "--resume"), command(folder, "--resume")) as processes:
        chief, other = outputs(processes)
    assert (chief[0], other[0]) == (0, 0), chief[2] + other[2]
    assert "going on after epoch" in chief[2]
    for worker in (".", "worker-1"):
        same_bits(finished / worker / "checkpoints", folder / worker / "checkpoints")
    assert read_history(folder / "history.csv") == read_history(finished / "history.csv")
    told, before = (json.loads((f / "run.json").read_text()) for f in (folder, finished))
    assert told["metrics"] == before["metrics"]


def test_workers_that_differ_refuse_and_a_signal_ends_all(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with started(command(folder), command(folder, "--seed", "1")) as processes:
        for status, out, errors in outputs(processes):
            assert (status, out) == (2, "")
            assert errors.splitlines()[-1] == (
                "kerastut: error: Worker 1 was started differently from worker 0: another command,"
                " other data or other versions. Start the same on every worker."
            )
    long = ("--epochs", "40", "-q")
    with started(command(folder, *long), command(folder, *long)) as processes:
        wait_for(lambda: any((folder / "worker-1/checkpoints").glob("epoch-000001*0")), processes)
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for status, _, errors in outputs(processes):
            assert status == 128 + signal.SIGTERM, errors
            acknowledged, *lines = errors.splitlines()
            assert acknowledged == "kerastut: stopping when what is under way is done."
            assert lines[0].endswith("Resume on every worker with:")
            assert lines[1].endswith(f"--output-dir {folder} --strategy multi-worker --resume")


def same_bits(some: Path, others: Path) -> None:
    import h5py

    names = [sorted(folder.glob("epoch-*"))[-1] for folder in (some, others)]
    assert names[0].name == names[1].name
    contents: list[dict[str, Any]] = [{}, {}]
    for name, content in zip(names, contents, strict=True):
        with h5py.File(name / "model.weights.h5") as file:
            file.visititems(
                lambda key, item, into=content: (
                    into.update({key: item[()]}) if isinstance(item, h5py.Dataset) else None
                )
            )
    assert contents[0].keys() == contents[1].keys()
    assert all(np.array_equal(contents[0][key], contents[1][key]) for key in contents[0])


def wait_for(done: Callable[[], bool], processes: list[subprocess.Popen[str]]) -> None:
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline
        assert all(process.poll() is None for process in processes), outputs(processes)
        time.sleep(0.05)


def meeting(configs: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns what each worker hears who comes to the meeting; empty if all is well."""
    heard = [""] * len(configs)

    def come(index: int, cluster: Cluster) -> None:
        try:
            rendezvous.meet(cluster)
        except PeerError as error:
            heard[index] = str(error)

    threads = []
    for index, config in enumerate(configs):
        monkeypatch.setenv("TF_CONFIG", config)
        threads.append(threading.Thread(target=come, args=(index, read_cluster())))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def test_workers_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert meeting(workers(3), monkeypatch) == ["", "", ""]


@pytest.mark.parametrize("missing", [0, 2])
def test_who_does_not_come_is_named(missing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendezvous, "PATIENCE", 1.0)
    configs = workers(3)
    address = json.loads(configs[0])["cluster"]["worker"][missing]
    del configs[missing]
    assert meeting(configs, monkeypatch) == 2 * [
        f"worker {missing} ({address}) did not come within 1 seconds."
        " Start the same command on every worker of TF_CONFIG."
    ]


def test_strangers_at_the_door_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    configs = workers(2)
    host, _, port = json.loads(configs[0])["cluster"]["worker"][0].partition(":")
    done = threading.Event()

    def knock() -> None:
        while not done.wait(0.01):
            try:
                with socket.create_connection((host, int(port)), 1) as connection:
                    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            except OSError:
                continue

    stranger = threading.Thread(target=knock)
    stranger.start()
    heard = meeting(configs, monkeypatch)
    done.set()
    stranger.join()
    assert heard == ["", ""]


def test_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        cluster = Cluster((f"127.0.0.1:{port}", "127.0.0.1:1"), 0)
        with pytest.raises(ParameterError, match="cannot listen on port") as caught:
            rendezvous.meet(cluster)
    assert str(caught.value) == (
        f"worker 0 (127.0.0.1:{port}) cannot listen on port {port}: Address already in use. End the"
        " process that uses it, or give the worker another port in TF_CONFIG."
    )


def test_another_backend_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    text = "strategy mirrored needs the TensorFlow backend; received jax."
    with pytest.raises(ParameterError, match=re.escape(text)):
        kerastut.run("mlp-mnist", strategy="mirrored", verbose=0)


def test_an_unknown_strategy() -> None:
    text = "strategy must be one of mirrored, multi-worker, or None; received 'both'."
    with pytest.raises(ParameterError, match=re.escape(text)):
        kerastut.run("mlp-mnist", strategy="both")


def test_mirrored_on_one_device_is_the_same_run() -> None:
    runs = [
        kerastut.run("linear-regression", epochs=1, strategy=strategy, verbose=0)
        for strategy in (None, "mirrored")
    ]
    assert runs[0].history == runs[1].history
    assert runs[1].devices is None
