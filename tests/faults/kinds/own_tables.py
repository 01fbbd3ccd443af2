"""Tables and folders of a reader's own, of every format, with something changed in their bytes."""

import io
import json
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from PIL import Image

from ..case import Case, Outcome
from ..words import hostile, strange

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".json", ".xlsx", ".parquet")
NUMBERS = ("1", "2.5", "3,5", "1e400", "-0", "nan", "inf", "", "NA", "1,234", "９", "1" * 400)
WORDS = ("red", "北京", "", "?", "2024-01-03", "a" * 5000, "=1+1", "\u202e", "TRUE")
FORMATS = ("png", "jpeg", "gif", "webp", "tiff", "bmp")


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such files, and the command that would say what is understood of them."""
    for number in count():
        place = folder / f"own_tables-{number}"
        place.mkdir()
        if random.random() < 0.7:
            ending = random.choice(ENDINGS)
            name = f"a{ending}"
            (place / name).write_bytes(_changed(random, _table(random, ending)))
        else:
            name = "pictures"
            _pictures(random, place / name)
        options: tuple[str, ...] = ()
        options += ("--missing", random.choice(("drop", "mean"))) if random.random() < 0.3 else ()
        options += ("--label-column", "label") if random.random() < 0.3 else ()
        options += ("--skip-bad",) if random.random() < 0.5 else ()
        words = ("data", "describe", name, *options, *random.choice(((), ("--json",))))
        yield Case(f"{name} {options}", words, place, statuses=frozenset({0, 1, 2}), wrong=_wrong)


def _wrong(outcome: Outcome) -> str:
    if outcome.status == 0 and outcome.output.startswith(b"{"):
        json.loads(outcome.output)
    return strange(outcome)


def _table(random: Random, ending: str) -> bytes:
    """Returns a table of a few hundred rows."""
    names = random.choice((["area", "city", "label"], ["text", "label"], ["x", "y", "z", "price"]))
    columns = [random.choice((NUMBERS, WORDS, (hostile(random),), ("a", "b"))) for _ in names]
    rows = [[random.choice(column) for column in columns] for _ in range(random.choice((3, 300)))]
    if ending in (".jsonl", ".json"):
        objects = [json.dumps(dict(zip(names, row, strict=True))) for row in rows]
        text = f"[{','.join(objects)}]" if ending == ".json" else "\n".join(objects)
        return text.encode("utf-8", "surrogatepass")
    if ending == ".xlsx":
        return _excel(names, rows)
    if ending == ".parquet":
        import pyarrow
        from pyarrow import parquet

        buffer = io.BytesIO()
        cells = {
            name: [row[n].encode("utf-8", "replace") for row in rows]
            for n, name in enumerate(names)
        }
        parquet.write_table(pyarrow.table(cells), buffer)
        return buffer.getvalue()
    join = "\t" if ending == ".tsv" else random.choice(",;|，")
    lines = [join.join(row) for row in [names, *rows]]
    form = random.choice(("utf-8", "gb18030", "utf-16", "big5", "shift-jis", "latin-1"))
    return "\n".join(lines).encode(form, "replace")


def _excel(names: list[str], rows: list[list[str]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [names, *rows]:
        cells = [
            "".join(c for c in cell if c.isprintable() and ord(c) < 0xD800)[:30_000] for cell in row
        ]
        book.active.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _changed(random: Random, content: bytes) -> bytes:
    """Returns a file with bytes changed, also inside of an archive, or as it is."""
    how = random.random()
    if how < 0.3 or not content:
        return content
    if how < 0.6 and content[:2] == b"PK":
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
            changed = random.choice(old.namelist())
            for name in old.namelist():
                member = old.read(name)
                new.writestr(name, _flipped(random, member) if name == changed else member)
        return buffer.getvalue()
    return _flipped(random, content)


def _flipped(random: Random, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(random.choice((1, 2, 8, 64)) if found else 0):
        at, how = random.randrange(len(found)), random.random()
        if how < 0.6:
            found[at] ^= 1 << random.randrange(8)
        elif how < 0.9:
            found[at : at + 8] = random.choice((b"\xff" * 8, bytes(8), b'"' * 8, b"<!ENTITY"))
        elif at > 100:
            del found[at:]
            break
    return bytes(found)


def _pictures(random: Random, place: Path) -> None:
    """Writes pictures by class, with strangers among them."""
    for name in ("cat", "dog"):
        (place / name).mkdir(parents=True)
        for number in range(12):
            form = random.choice(FORMATS)
            buffer = io.BytesIO()
            size = random.choice(((8, 8), (1, 300), (300, 1)))
            Image.new(random.choice(("L", "RGB", "1")), size).save(buffer, form)
            content = buffer.getvalue()
            content = _flipped(random, content) if random.random() < 0.2 else content
            (place / name / f"{number}.{form}").write_bytes(content)
    for name in random.sample((".DS_Store", "notes.txt", "cat/Thumbs.db", "dog/deep/a.png"), 2):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(random.randbytes(random.choice((0, 30, 5000))))
