"""The machines of a cluster as TF_CONFIG names them, refusals, and the launchers' scripts."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import kerastut
from kerastut.errors import ParameterError
from kerastut.train.devices.cluster import EXAMPLE, Cluster, read_cluster, require_shares

ROOT = Path(__file__).parents[2]


def config(workers: Any = ("a:1", "b:2"), kind: str = "worker", index: Any = 0) -> str:
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": kind, "index": index}})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "it is not set"),
        (" ", "it is not set"),
        ("[" * 60_000, "it is not JSON (maximum recursion depth exceeded while decoding a JSON"
         " array from a unicode string)"),
        (config(["a:1", "a..b:1"]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", f"{'a' * 64}:1"]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", f"a:{10**4000}"]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", ["b:1"]]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", "b\x1b:1"]), "cluster.worker does not list the workers as host:port"),
        (config([f"a{n % 50}:1" for n in range(9000)]),
         "cluster.worker lists a0:1, a10:1, a11:1 and 47 more more than once"),
        (config(kind="x" * 100), f'task.type is "{"x" * 59}..., not "worker"'),
        ("{", "it is not JSON (Expecting property name enclosed in double quotes: line 1 column 2"
         " (char 1))"),
        ("[]", "cluster.worker does not list the workers as host:port"),
        (config([]), "cluster.worker does not list the workers as host:port"),
        (config("a:1"), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", "b"]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", "b:70000"]), "cluster.worker does not list the workers as host:port"),
        (config(["a:1", "b:2", "a:1"]), "cluster.worker lists a:1 more than once"),
        (config(kind="chief"), 'task.type is "chief", not "worker"'),
        (config(index=2), "task.index is 2, not from 0 to 1 as for 2 workers"),
        (config(index=-1), "task.index is -1, not from 0 to 1 as for 2 workers"),
        (config(index="0"), 'task.index is "0", not from 0 to 1 as for 2 workers'),
        ('{"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": {"type": "ps", "index": 0}}',
         "cluster has ps; every machine belongs under worker"),
    ],
)  # fmt: skip
def test_an_unfit_tf_config(
    text: str | None, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if text is not None:
        monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(ParameterError) as caught:
        read_cluster()
    assert str(caught.value) == (
        f"multi-worker reads the workers from the variable TF_CONFIG, but {problem}."
        f" Set it like {EXAMPLE}."
    )


def test_the_example_is_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CONFIG", EXAMPLE)
    assert read_cluster() == Cluster(("10.0.0.1:12345", "10.0.0.2:12345"), 0)


@pytest.mark.parametrize(("size", "count", "next_size"), [(1, 2, 2), (97, 2, 98), (96, 5, 100)])
def test_a_batch_that_cannot_be_shared(size: int, count: int, next_size: int) -> None:
    text = (
        f"{count} workers cannot share a batch of {size} equally. Pass --batch-size {next_size};"
        " it is the size of the whole batch."
    )
    with pytest.raises(ParameterError, match=re.escape(text)):
        require_shares(size, count, "workers")
    require_shares(next_size, count, "workers")


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (41, "An epoch's last batch has 1 of 41 samples, too few for 4 devices. Pass --batch-size"
         " 44."),
        (3, "4 devices need at least as many samples to train; received 3."),
    ],
)  # fmt: skip
def test_replicas_without_samples_are_refused(limit: int, text: str) -> None:
    from kerastut.registry.settings import resolve
    from kerastut.train.devices.slices import require_samples

    team: Any = SimpleNamespace(replicas=4)
    settings = resolve(kerastut.get_recipe("mlp-mnist"), {}, batch_size=40)
    data = kerastut.load("mnist", limit=limit)
    with pytest.raises(ParameterError, match=re.escape(text)):
        require_samples(team, settings, data)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("-b", "97"), "2 workers cannot share a batch of 97 equally. Pass --batch-size 98; it is"
         " the size of the whole batch."),
        ((), "multi-worker needs an --output-dir, the same for every worker."),
    ],
)  # fmt: skip
def test_refusals_come_before_tensorflow(words: tuple[str, ...], text: str, tmp_path: Path) -> None:
    refusal = (
        "import sys; from kerastut.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: print(end.code, 'tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            refusal,
            "run",
            "mlp-mnist",
            "--strategy",
            "multi-worker",
            *words,
        ],
        env={**os.environ, "TF_CONFIG": EXAMPLE},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "2 False\n"
    assert done.stderr == f"kerastut: error: {text}\n"
    assert list(tmp_path.iterdir()) == []


def called(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/bash\n{text}\n")
    (folder / name).chmod(0o755)


def configured(
    words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, **variables: str
) -> list[Cluster]:
    """Returns the clusters that a launcher's script describes to the program it starts."""
    called(folder, "kerastut", 'echo "$TF_CONFIG"; echo "$*" >&2')
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", **variables}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    for line in done.stderr.splitlines():
        assert line.startswith("run cnn-mnist --strategy multi-worker --output-dir ")
    clusters = []
    for line in done.stdout.splitlines():
        monkeypatch.setenv("TF_CONFIG", line)
        clusters.append(read_cluster())
    return clusters


def test_the_slurm_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called(tmp_path, "scontrol", '[ "$*" = "show hostnames n[01-02]" ] && printf "n01\\nn02\\n"')
    called(tmp_path, "srun", 'shift; for i in 0 1; do SLURM_NODEID=$i "$@"; done')
    script = ROOT / "docs" / "cluster" / "kerastut.sbatch"
    nodes = {"SLURM_JOB_ID": "1234567", "SLURM_JOB_NODELIST": "n[01-02]"}
    assert configured(["bash", str(script)], tmp_path, monkeypatch, **nodes) == [
        Cluster(("n01:24567", "n02:24567"), index) for index in (0, 1)
    ]


def test_the_kubernetes_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "cluster" / "kerastut.yaml").read_text(encoding="utf-8")
    service, job = yaml.safe_load_all(text)
    pods = job["spec"]["template"]
    (container,) = pods["spec"]["containers"]
    (variable,) = container["env"]
    count, port = job["spec"]["completions"], service["spec"]["ports"][0]["port"]
    assert variable == {"name": "WORKERS", "value": str(count)}
    assert job["spec"]["parallelism"] == count
    assert service["spec"]["selector"] == pods["metadata"]["labels"]
    name, domain = job["metadata"]["name"], service["metadata"]["name"]
    assert pods["spec"]["subdomain"] == domain
    for index in range(count):
        variables = {"WORKERS": str(count), "JOB_COMPLETION_INDEX": str(index)}
        assert configured(container["command"], tmp_path, monkeypatch, **variables) == [
            Cluster(tuple(f"{name}-{i}.{domain}:{port}" for i in range(count)), index)
        ]
