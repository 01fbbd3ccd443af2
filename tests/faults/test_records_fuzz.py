"""Records of a run, damaged anywhere: a command ends in bounds of time and memory, in one line."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .case import Case
from .corpus import damaged, fuzz, trials
from .judge import Judge
from .tiny import LINE, RESUME, copied, sign, trained

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures what Linux tells")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.integers(-3, 40)
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=9)
    | st.sampled_from(["x" * 5000, 10**400, 1e308, 2**63, "../secret.txt", "/dev/zero", "own.py"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=9,
)
COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "run.json": [
        ("plot", "run"),
        ("predict", "run", "1.0"),
        ("export", "run", "--format", "keras"),
    ],
    "history.csv": [("plot", "run")],
    "state.json": [RESUME],
    "SHA256SUMS": [RESUME],
}


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yields the places of a record: what holds a value, and under which key."""
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield node, key
            yield from places(node[key])


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """Draws a record in JSON with another value at some of its places, or without one."""
    record = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(places(record))))
        if draw(st.integers(0, 9)):
            holder[key] = draw(VALUES)
        else:
            del holder[key]
    return json.dumps(record).encode()


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, bytes, tuple[str, ...]]:
    """Draws a file's name, its content, and a command that reads it."""
    name = draw(st.sampled_from(list(COMMANDS)))
    (path,) = trained(*LINE).rglob(name)
    good = path.read_bytes()
    contents = damaged(good) | changed(good) if name.endswith("json") else damaged(good)
    return (
        str(path.relative_to(trained(*LINE))),
        draw(contents),
        draw(st.sampled_from(COMMANDS[name])),
    )


@fuzz(24)
@given(cases())
def test_fuzz_of_records(judge: Judge, drawn: tuple[str, bytes, tuple[str, ...]]) -> None:
    name, content, words = drawn
    folder = judge.ground / "case"
    path = copied(folder) / name
    path.write_bytes(content)
    if path.name == "state.json":
        sign(path)
    case = Case(name, words, folder, statuses=frozenset({0, 1, 2}))
    with trials("records") as attempt:
        attempt(path, lambda: judged(judge, case))


def judged(judge: Judge, case: Case) -> Any:
    """Fails if anything is wrong with what comes of a case."""
    outcome, faults = judge.run(case)
    assert not faults, f"{faults} {outcome.output!r} {outcome.errors!r}"
