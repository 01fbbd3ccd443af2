"""Ctrl-C, SIGTERM and a loss that is no number, at the command line."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kerastut
from kerastut.errors import TrainingError
from kerastut.quiet import acknowledging
from kerastut.runs.interrupts import Interrupted, watch
from tests.warm import warm

COMMAND = ["-m", "kerastut", "run", "mlp-mnist", "--epochs", "400"]


def start(folder: Path) -> "subprocess.Popen[str]":
    """Starts a long run and waits until it trains."""
    process = subprocess.Popen(
        [*warm(), *COMMAND, "--limit", "2000", "--output-dir", str(folder)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Epoch 2/"):
            return process
    raise AssertionError("the run did not start")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_tells_how_to_resume(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    process = start(tmp_path / "run")
    process.send_signal(number)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == status
    assert "Traceback" not in errors
    _, after = errors.split("kerastut: stopping when what is under way is done.\n")
    assert "interrupted; saved in" in after
    command = errors.splitlines()[-1]
    assert command.startswith("kerastut run mlp-mnist --epochs 400")
    assert command.endswith(f"--output-dir {tmp_path / 'run'} --resume")
    assert list((tmp_path / "run" / "checkpoints").glob("epoch-*"))
    assert not (tmp_path / "run" / "run.json").exists()


def test_a_second_signal_stops_at_once(tmp_path: Path) -> None:
    process = start(tmp_path / "run")
    process.send_signal(signal.SIGINT)
    time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)  # which also closes the pipes
    assert process.returncode == 130


def test_a_signal_is_acknowledged_without_its_handler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler waits until native code returns."""
    kept = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        for pressed in (0, 1, 2):
            with (tmp_path / f"{pressed}").open("w+") as stream:
                monkeypatch.setattr("sys.stderr", stream)
                with acknowledging():
                    for _ in range(pressed):
                        signal.raise_signal(signal.SIGINT)
                stream.seek(0)
                lines = ["stopping when what is under way is done.", "stopping at once."]
                assert stream.read() == "".join(f"kerastut: {x}\n" for x in lines[:pressed])
    finally:
        signal.signal(signal.SIGINT, kept)
    assert signal.set_wakeup_fd(-1) == -1


# Sleeping goes on after a handler that returns, as native code does.
NATIVE = """
import signal, time
from kerastut.quiet import acknowledging, startup
with startup(verbose=False):
    signal.signal(signal.SIGINT, lambda *_: None)
with acknowledging():
    print("ready", flush=True)
    time.sleep(600)
"""


def test_a_second_signal_also_ends_native_code() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NATIVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.stderr is not None
        for line in ("stopping when what is under way is done.", "stopping at once."):
            process.send_signal(signal.SIGINT)
            assert process.stderr.readline() == f"kerastut: {line}\n"
        assert process.wait(60) == 130


def test_no_stream_to_acknowledge_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    kept = signal.signal(signal.SIGTERM, lambda *_: None)
    with acknowledging():
        signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, kept)


def test_a_signal_outside_the_training_raises_at_once() -> None:
    with pytest.raises(Interrupted), watch():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_within_deferred_work_waits() -> None:
    seen: list[int] = []
    # A shell has processes in the background ignore SIGINT, and this one may be there.
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)

    def work() -> None:
        with watch() as interrupts, interrupts.deferred():
            signal.raise_signal(signal.SIGINT)
            seen.append(interrupts.pending)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(Interrupted):
            work()
    finally:
        signal.signal(signal.SIGINT, kept)
    assert seen == [signal.SIGINT]


def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(TrainingError) as error:
        kerastut.run(
            "linear-regression", learning_rate=1e30, output_dir=tmp_path / "run", verbose=0
        )
    assert re.match(
        r"The loss became (inf|nan) in epoch \d, (step \d+|between steps \d+ and \d+): training"
        r" diverged\. Most likely the learning rate \(1e\+30 by then\) is too large: try a tenth",
        str(error.value),
    )
    assert not (tmp_path / "run").exists()
