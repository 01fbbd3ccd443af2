"""Records of runs and checkpoints, histories, class names and TF_CONFIG of any shape."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from ..case import Case
from ..corpus import idx_folder
from ..tiny import RESUME, checkpoint, copied, rewrite, sign

COMMANDS = (
    ("plot", "run"),
    ("predict", "run", "1.0"),
    ("export", "run", "--format", "keras"),
    ("demo", "run", "--port", "0"),
)
LARGE = (1e9, 1e308, -1e308, 2**63, 2**70, -(2**70), 10**30, 10**400, 10**4299)
ODD = ("NaN", "Infinity", "-Infinity", "1e400", "-1e999")  # Python's, and beyond its numbers
HOLE = "\ue000"  # is replaced by text that `json.dumps` would not write
Value = Any
Draw = Callable[[Random], Value]


def _text(random: Random) -> Value:
    letters = "ab/\\.\0\n\x1b\u202e\ud800é线😀"
    return "".join(random.choices(letters, k=random.choice((0, 1, 5, 300))))


def _long(random: Random) -> Value:
    return random.choice("a线\n") * random.randint(5_000, 300_000)


def _number(random: Random) -> Value:
    return random.choice((*LARGE, -1, -0.5, random.randint(-(10**6), -1), 0.5, *map(_hole, ODD)))


def _truth(random: Random) -> Value:
    return random.choice((True, False))


def _nothing(random: Random) -> Value:
    return None


def _list(random: Random) -> Value:
    return [random.choice(PLAIN)(random) for _ in range(random.choice((0, 1, 2, 50)))]


def _table(random: Random) -> Value:
    return {_text(random): _number(random) for _ in range(random.choice((0, 1, 5)))}


def _nested(random: Random) -> Value:
    opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
    depth = random.choice((13, 100, 900, 5_000, 200_000))
    middle = random.choice(("", "1"))
    if opening != "[":
        middle = "1"
    return _hole(opening * depth + middle + closing * random.choice((depth, depth, 0)))


def _many(random: Random) -> Value:
    return [random.choice(("a", 1, None))] * random.choice((100_001, 400_000))


def _hole(text: str) -> str:
    return f"{HOLE}{text}{HOLE}"


PLAIN: tuple[Draw, ...] = (_text, _number, _truth, _nothing, lambda random: [_text(random)])
ANY: tuple[Draw, ...] = (_text, _number, _truth, _nothing, _list, _table, _nested, _long, _many)


def _but(*kinds: Draw) -> tuple[Draw, ...]:
    return tuple(kind for kind in ANY if kind not in kinds)


# By its place in the record, what does not belong there.
RECORD: dict[str, tuple[Draw, ...]] = {
    "recipe": ANY,
    "recipe_file": _but(_text, _nothing),
    "recipe_sha256": _but(_text, _nothing),
    "data": _but(_text),
    "data_sha256": _but(_text),
    "classes": (*_but(_list), lambda random: [_but(_text)[random.randrange(5)](random)]),
    "background": ANY[:3] + ANY[4:],
    "samples": (*_but(_table), lambda random: {"train": _but(_many)[random.randrange(6)](random)}),
    "epochs": ANY,
    "parameters": ANY,
    "expected": (*_but(_table), lambda random: {"loss": _list(random) * 3}),
    "metrics": (*_but(_table), lambda random: {"loss": _text(random)}),
    "seconds": (_text, _truth, _nothing, _list, _table, _nested, _long, _many),
    "peak_mib": _but(_nothing),
    "extended_from": (*_but(_list, _table), lambda random: [_number(random)]),
    "devices": _but(_text, _nothing),
    "settings": ANY,
    "settings.parameters": _but(_table),
    "settings.dataset": _but(_text),
    "settings.epochs": ANY,
    "settings.batch_size": ANY,
    "settings.seed": (_text, _truth, _nothing, _list, _table, _nested, _long, _many),
    "settings.limit": _but(_nothing),
    "settings.recipe": (_nested, _long),
    "settings.data_options": _but(_table),
    "settings.data_options.image_size": _but(_nothing),
    "settings.data_options.encoding": _but(_text, _nothing),
    "beside.all": (_nested, _long),
}
STATE: dict[str, tuple[Draw, ...]] = {
    "epoch": ANY,
    "step": (*ANY, lambda random: random.choice((1, 7, 10**5, 999_999, 10**6))),
    "stopped": _but(_truth),
    "history": (*_but(_table), lambda random: {"loss": [1.0] * random.choice((0, 1, 3, 999))}),
    "history.loss": ANY,
    "seconds": (_text, _truth, _nothing, _list, _table, _nested, _long, _many),
    "callbacks": (*_but(_list), lambda random: [{}] * random.randint(1, 9)),
    "identity": ANY,
    "identity.recipe": ANY,
    "identity.epochs": ANY,
    "identity.parameters": ANY,
    "identity.parameters.learning_rate": ANY,
    "identity.extended_from": (*_but(_list, _table), lambda random: [_number(random)]),
    "identity.environment": ANY,
    "identity.environment.kerastut": ANY,
    "identity.environment.threads": _but(_truth),
    "identity.seed": _but(_truth),  # which is 0 or 1
    "identity.new": ANY,
}


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields records whose fields, sizes and depths are wrong."""
    draw = (_field, _field, _field, _whole, _history, _history, _state, _sums, _names, _cluster)
    for number in count():
        yield random.choice(draw)(random, folder / f"record_shapes-{number}")


def _set(content: Any, place: str, value: Value, random: Random) -> str:
    """Puts a value into JSON, or takes one away; returns the text."""
    *parents, name = place.split(".")
    node = content
    for parent in parents:
        node = node.setdefault(parent, {})
    node[name] = value
    pieces = json.dumps(content).split(json.dumps(HOLE)[1:-1])
    # What stands between two holes is written as it is, without the quotation marks around it.
    for number in range(1, len(pieces), 2):
        pieces[number - 1] = pieces[number - 1].removesuffix('"')
        pieces[number + 1] = pieces[number + 1].removeprefix('"')
        pieces[number] = json.loads(f'"{pieces[number]}"')
    text = "".join(pieces)
    if random.random() < 0.05 and not parents:  # twice, the good one first
        good = json.dumps({name: "x"})[1:-1]
        text = f"{{{good}, {text[1:]}"
    return text


def _field(random: Random, place: Path) -> Case:
    """A field of the record."""
    run = copied(place)
    where = random.choice(list(RECORD))
    value = random.choice(RECORD[where])(random)
    if random.random() < 0.1 and "." not in where and where != "recipe_sha256":
        rewrite(run / "run.json", lambda record: {k: v for k, v in record.items() if k != where})
        value = "missing"
    else:
        rewrite(run / "run.json", lambda record: _set(record, where, value, random))
    command = random.choice(COMMANDS[:1] if "." in where and "all" not in where else COMMANDS)
    return Case(f"run.json {where} {ascii(value)[:60]}", command, place)


def _whole(random: Random, place: Path) -> Case:
    """The record as a whole."""
    run = copied(place)
    path = run / "run.json"
    content = path.read_bytes()
    half = random.randrange(len(content) - 2)
    kinds: dict[str, bytes] = {
        "cut": content[:half],
        "twice": content * 2,
        "tail": content + random.choice((b"]", b",", b"\0", b"//", b"{}", b"\xef\xbb\xbf")),
        "bytes": random.randbytes(random.randint(1, 3000)),
        "utf-16": content.decode().encode(random.choice(("utf-16-be", "utf-7", "cp500"))) + b"\xff",
        "spaces": content + b" " * random.randint(8 * 2**20, 12 * 2**20),
        "key": content.replace(b'"recipe"', b'"r\\u0000ecipe"', 1),
        "single": content.replace(b'"', b"'"),
        "null": random.choice((b"null", b"[]", b"{}", b"0", b'""', b"true", b"[{}]", b"NaN")),
        "deep": random.choice((b"[", b'{"a":')) * random.randint(10_000, 300_000),
        "wide": b"[" + b"[]," * random.randint(10**5, 2 * 10**6) + b"0]",
        "digits": content.replace(b'"epochs": 2', b'"epochs": ' + b"9" * random.randint(300, 9999)),
    }
    name = random.choice(list(kinds))
    path.write_bytes(kinds[name])
    command = random.choice(COMMANDS)
    return Case(f"run.json {name} {len(kinds[name])} {half}", command, place)


def _history(random: Random, place: Path) -> Case:
    """The history."""
    run = copied(place)
    rows = [["epoch", "loss", "val_loss"], ["1", "2.5", "2.0"], ["2", "1.5", "1.0"]]
    row, column = random.randrange(3), random.randrange(3)
    size = random.choice((131_073, 200_000, 2**20))
    words = ("x", "", "1,5", "1e", "0x1", "1;2", "²", "\0", '"', "None", "[1]", "1 2", "1__0")
    good = "\n".join(map(",".join, rows))
    match random.randrange(8):
        case 0:
            rows[row][column] = "y" * size
        case 1:
            rows[random.choice((1, 2))][column] = random.choice(words)
        case 2:
            rows[0][random.choice((0, 1))] = random.choice(("", "Epoch", "los", "val_loss", "\0"))
        case 3:
            rows = rows[: random.choice((1, 2))]
        case 4:
            rows[row] = rows[row][:column] + ["7"] * random.choice((0, 4))
        case 5:
            wide = random.choice((120, 3_000))
            rows = [rows[0] + [f"m{i}" for i in range(wide)], *(r + ["1"] * wide for r in rows[1:])]
        case 6:
            rows += [[str(i), "1", "1"] for i in range(3, random.choice((4, 5000)))]
        case _:
            ends = (b"\xff", b'"', b"\n\n", b"\n3,1,1\n", b" " * 9 * 2**20, b"\n" * 2**20)
            (run / "history.csv").write_bytes(good.encode() + b"\n" + random.choice(ends))
            return Case(f"history.csv {random.random()}", COMMANDS[0], place)
    (run / "history.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    told = ascii(rows[min(row, len(rows) - 1)])[:60]
    return Case(f"history.csv {told} {size}", random.choice((COMMANDS[0], COMMANDS[2])), place)


def _state(random: Random, place: Path) -> Case:
    """A field of a checkpoint's state, signed."""
    run = copied(place)
    where = random.choice(list(STATE))
    value = random.choice(STATE[where])(random)
    kept = checkpoint(run)
    rewrite(kept / "state.json", lambda state: _set(state, where, value, random))
    if where == "step" and type(value) is int and 0 <= value < 10**6:  # the folder agrees
        kept.rename(kept.with_name(f"epoch-000002-step-{value:06}"))
    return Case(f"state.json {where} {ascii(value)[:60]}", RESUME, place)


def _sums(random: Random, place: Path) -> Case:
    """The digests, or the arrays."""
    kept = checkpoint(copied(place))
    path = kept / random.choice(("SHA256SUMS", "arrays.npz", "model.weights.h5", "state.json"))
    content = bytearray(path.read_bytes())
    match random.randrange(4):
        case 0:
            content = bytearray(random.randbytes(random.randint(1, 2000)))
        case 1:
            del content[random.randrange(len(content) - 1) :]
        case 2:
            content += b"\0" * random.choice((1, 20_000, 9 * 2**20))
        case _:
            content[: random.randint(1, 60)] = b"[" * random.choice((1, 100_000))
    path.write_bytes(content)
    if path.name != "SHA256SUMS":
        sign(path)
    told = f"{path.name} {len(content)} {bytes(content[:12])!r}"
    return Case(told, RESUME, place, statuses=frozenset({0, 1, 2}))


def _names(random: Random, place: Path) -> Case:
    """Class names beside idx files."""
    place.mkdir()
    folder = idx_folder(place / "idx")
    size = random.randint(3, 60)
    contents: dict[str, bytes] = {
        "few": b"a\n" * 1,
        "same": b"a\n" * size,
        "blank": b"a\nb\n \nc\n" + b"\n" * size + b"d\n",
        "many": "\n".join(map(str, range(random.randint(10_001, 90_000)))).encode(),
        "large": b"a\nb\n" + b"c" * random.randint(2**20, 2**22),
        "bytes": b"\xff\xfe" + random.randbytes(size),
        "nothing": random.choice((b"", b"\n" * size, b"\0" * size, b"\xef\xbb\xbf")),
        "zeros": b"\n".join([b"\0"] * size),
    }
    name = random.choice(list(contents))
    (folder / "classes.txt").write_bytes(contents[name])
    words = ("run", "mlp-mnist", "--data", "idx", "--dry-run", "-q")
    return Case(f"classes.txt {name} {len(contents[name])}", words, place)


def _cluster(random: Random, place: Path) -> Case:
    """What TF_CONFIG says."""
    place.mkdir()
    good = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 0}}
    where = random.choice(
        (
            "cluster",
            "task",
            "cluster.worker",
            "task.type",
            "task.index",
            "cluster.ps",
            "host",
            "all",
        )
    )
    kinds = _but(_many, _long, _nested)
    value = random.choice(kinds)(random)
    if where in ("host", "all"):
        port, host = random.choice(("0", "65536", "9" * 5000, "-1", "1e3", "²", "")), _text(random)
        hosts = ("a..b", "a" * 70, f"{host} x", "[::1", "a:b", "a b", "[zz]", "")
        value = [random.choice((f"a:{port}", f"{random.choice(hosts)}:1")), "b:2"]
        if where == "all":
            value = value[:1] * random.choice((1, 2, 3000))
        where = "cluster.worker"
    text = _set(good, where, value, random)
    if random.random() < 0.3:
        depth = random.choice((20, 2_000, 60_000))
        text = random.choice(("[" * depth, '{"cluster":' * (depth // 10), text[:-3], text + "]"))
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    text = text.replace("\0", "")
    words = ("run", "linear-regression", "--strategy", "multi-worker", "--output-dir", "x", "-q")
    return Case(f"TF_CONFIG {ascii(text)[:90]}", words, place, environment={"TF_CONFIG": text})
