"""Times `kerastut check` on files that it writes: 1,000 of 200 lines, or as many as are named.

Also the start, the same files unchanged, and the language server's answer on a file of 500 lines.
"""

import asyncio
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

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


async def answered(folder: Path) -> float:
    """Returns the seconds from opening a file of 500 lines to its findings and what mends them."""
    client, found = LanguageClient("benchmark", "1"), asyncio.Event()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def arrived(_: lsp.PublishDiagnosticsParams) -> None:
        found.set()

    lines = [*HEAD, *(line.replace("{n}", str(n)) for n in range(50) for line in BODY)]
    code = "from kerastut.lint import main; main('1')"
    await client.start_io(sys.executable, "-c", code, "server")
    await client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
    seconds = []
    for number in range(5):
        uri = (folder / f"{number}.py").as_uri()
        where = lsp.Range(lsp.Position(7, 0), lsp.Position(7, 100))
        start = time.perf_counter()
        item = lsp.TextDocumentItem(uri, "python", 1, "\n".join(lines[:500]))
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await found.wait()
        asked = lsp.TextDocumentIdentifier(uri), where, lsp.CodeActionContext([])
        await client.text_document_code_action_async(lsp.CodeActionParams(*asked))
        seconds.append(time.perf_counter() - start)
        found.clear()
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return min(seconds)


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
        again = timed("check", str(files))
        answer = asyncio.run(answered(Path(folder)))
    clock, used = map(min, zip(*starts, strict=True))
    print(f"start: {clock:.2f} s by the clock, {used:.2f} s of the processor (best of 5)")
    print(
        f"{count} files of {LINES} lines: {elapsed:.1f} s by the clock, {processor:.1f} s", end=""
    )
    print(f" of the processor ({1000 * processor / count:.1f} ms a file)")
    print(f"unchanged: {again[0]:.2f} s by the clock, {again[1]:.2f} s of the processor")
    print(f"the server's findings and fixes for 500 lines: {answer:.2f} s by the clock (best of 5)")


if __name__ == "__main__":
    main()
