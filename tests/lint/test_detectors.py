"""A code leads to its file: each has exactly one home among the detectors."""

import re
from pathlib import Path

import pytest

from kerastut.lint.detectors import detectors
from kerastut.lint.rules.rule import load_rules

FOLDER = Path(__file__).parents[2] / "kerastut" / "lint" / "detectors"
# Which file reads which table of the records.
TABLES = {"names": "names", "modules": "names", "calls": "arguments", "methods": "methods"}
CODES = [code for code in load_rules() if code != "KT000"]  # that one is the parser's


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_one_home(code: str) -> None:
    files = {
        detector.__module__.rpartition(".")[2] for codes, detector in detectors() if code in codes
    }
    tables = {TABLES[table] for table in load_rules()[code].match if table in TABLES}
    written = {file.stem for file in FOLDER.glob("*.py") if f'"{code}"' in file.read_text("utf-8")}
    assert len(files) == 1
    assert tables <= files
    assert written <= files
    assert tables or written


def test_no_detector_looks_for_what_is_no_rule() -> None:
    written = {
        code
        for file in FOLDER.glob("*.py")
        for code in re.findall(r"KT\d{3}", file.read_text("utf-8"))
    }
    assert written <= set(load_rules())
    assert {code for codes, _ in detectors() for code in codes} == set(CODES)


def test_a_code_stands_in_one_record() -> None:
    records = [path.read_text("utf-8") for path in (FOLDER.parent / "rules").glob("kt*.toml")]
    codes = [
        code for text in records for code in re.findall(r'^code = "(KT\d+)"$', text, re.MULTILINE)
    ]
    assert sorted(codes) == list(load_rules())


def test_the_files_are_few_and_of_a_size() -> None:
    lengths = {
        file.stem: len(file.read_text("utf-8").splitlines()) for file in FOLDER.glob("[a-z]*.py")
    }
    assert 10 <= len(lengths) <= 20
    assert all(75 <= length <= 250 for length in lengths.values()), lengths
