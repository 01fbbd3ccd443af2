"""Times `kerastut check` on files that it writes: 1,000 of 200 lines, or as many as are named."""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 200
HEAD = ["import numpy as np", "from keras.models import Sequential", "from keras import layers"]
BODY = [
    "model{n} = Sequential([layers.Dense({n}, activation='relu', input_shape=({n},))])",
    "model{n}.compile(optimizer='adam', loss='mse', metrics=['mae'])",
    "x{n} = np.random.rand(100, {n}).astype('float32') / 255",
    "history{n} = model{n}.fit(x{n}, x{n}, epochs=3, verbose=0)",
    "print(history{n}.history['val_acc'], model{n}.predict(x{n}).shape)",
    "def build{n}(units={n}, rate=0.5):",
    "    if units > 3 and rate < 1:",
    "        return [layers.Dropout(rate) for _ in range(units)]",
    "    return layers.Dense(units)",
    "values{n} = sorted((key, value) for key, value in zip(range({n}), range(9)))",
]


def write_files(folder: Path, count: int) -> None:
    """Writes the files, each another mixture of the lines."""
    chance = random.Random(0)
    for number in range(count):
        lines = list(HEAD)
        while len(lines) < LINES:
            start = chance.choice([0, 5, 9])
            part = BODY[start : {0: 5, 5: 9, 9: 10}[start]]
            name = str(len(lines) + chance.randrange(1000) * 1000)
            lines += [line.replace("{n}", name) for line in part]
        text = "\n".join(lines[:LINES]) + "\n"
        (folder / f"file_{number:04}.py").write_text(text, encoding="utf-8")


def timed(*arguments: str) -> tuple[float, float]:
    """Returns the seconds by the clock and of the processor that a command takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "kerastut", *arguments], capture_output=True, check=False)
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Prints the times."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import keras\n", encoding="utf-8")
        starts = [timed("check", str(empty)) for _ in range(5)]
        files = Path(folder) / "files"
        files.mkdir()
        write_files(files, count)
        elapsed, processor = timed("check", str(files))
    clock, used = map(min, zip(*starts, strict=True))
    print(f"start: {clock:.2f} s by the clock, {used:.2f} s of the processor (best of 5)")
    print(
        f"{count} files of {LINES} lines: {elapsed:.1f} s by the clock, {processor:.1f} s", end=""
    )
    print(f" of the processor ({1000 * processor / count:.1f} ms a file)")


if __name__ == "__main__":
    main()
