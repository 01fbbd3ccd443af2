"""A few cases of each kind, the same at every call; `make soak` draws many, and anew."""

import sys
from itertools import islice

import pytest

from . import judge as judging
from .case import Case
from .judge import Judge, kinds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures what Linux tells")
CASES = 4


@pytest.mark.parametrize("kind", kinds())
def test_a_kind(kind: str, judge: Judge) -> None:
    for case in islice(judge.cases(kind, seed=0), CASES):
        outcome, faults = judge.run(case)
        assert not faults, f"{case.name}: {faults} {outcome.output[-500:]!r} {outcome.errors!r}"


OWN = '''"""A recipe that is up to something."""
import keras
from kerastut import Recipe

RECIPE = Recipe(dataset="line", epochs=1, batch_size=9, expect={{"loss": (0.0, 1.0)}})


def build(optimizer: str = "sgd") -> keras.Model:
    import os, shutil, sys, tempfile, time
    from kerastut.errors import RecipeError
    {}
    raise RecipeError("this far.")
'''
# What a recipe of the reader's own may do, since it is run, and the fault that is seen in it.
DEEDS = {
    "": "",
    "open(os.environ['KERASTUT_CANARY'], 'w')": "executed",
    "os.system('echo >> ../secret.txt')": "files",
    "os.mkdir('../folder')": "files",
    "print(open('../secret.txt').read())": "files",
    "shutil.copy('../secret.txt', 'copy')": "files",
    "tempfile.mkstemp()": "files",
    "raise SystemExit(3)": "status",
    "os.kill(os.getpid(), 9)": "status",
    "print('Traceback (most recent call last):', file=sys.stderr)": "traceback",
    "print('kerastut: error: x.', file=sys.stderr)": "lines",
    "raise SystemExit(2)": "lines",
    "print('\\x1b[31m')": "bytes",
    "os.write(2, '\\u202e'.encode())": "bytes",
    "sys.stdout.buffer.write(b'\\x9b')": "bytes",
    "b'x' * 1_700_000_000": "memory",
    "print('strange')": "wrong",
    "time.sleep(60)": "time",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_judge_sees(deed: str, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SECONDS", 5.0 if "sleep" in deed else judging.SECONDS)
    folder = judge.ground / "case"
    folder.mkdir()
    (folder / "own.py").write_text(OWN.format(deed))
    case = Case(
        deed,
        ("run", "own.py"),
        folder,
        wrong=lambda found: "strange" * (b"strange" in found.errors),
    )
    _, faults = judge.run(case)
    assert DEEDS[deed] in [fault.kind for fault in faults] or not (faults or deed)
    assert not folder.exists()
    assert judge.run(Case("none", ("list",), folder, statuses=frozenset({0})))[1] == []
