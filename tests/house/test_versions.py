"""The table "rule x version of Keras", and what makes it."""

import re
import sys

import pytest
import versions
from versions import RUNS, UNKNOWN, WARNS, WRONG

from kerastut.lint import load_rules

EXAMPLES = {
    "raise ValueError('no')": ("ValueError", "ValueError"),
    "import warnings\nwarnings.warn('old', FutureWarning)": (WARNS, "FutureWarning"),
    "import warnings\nwarnings.warn('new', UserWarning)": (RUNS, "FutureWarning"),
    "from numpy.nosuch import thing": ("ModuleNotFoundError", "ImportError"),
    "import nosuch_package": (UNKNOWN, "KeyError"),
    "import os\nos._exit(3)": (UNKNOWN, "ValueError"),
    "print('noise')\nopen('here.txt', 'w')": (RUNS, None),
    "while True: pass": (UNKNOWN, None),
}


def test_what_comes_of_an_example() -> None:
    examples = [
        {"scripts": [script], "raises": raises, "wrong": None}
        for script, (_, raises) in EXAMPLES.items()
    ]
    several = {"raises": None, "wrong": None}
    examples += [
        {"scripts": ["x = 1"], "raises": None, "wrong": "x == 1"},
        {"scripts": ["x = 1"], "raises": None, "wrong": "x == 2"},
        {"scripts": ["x = 1"], "raises": None, "wrong": "y"},
        {"scripts": ["x = 1\n", "print(x)\n"], **several},  # a block alone fails
    ]
    found = list(versions.ask(sys.executable, examples, (), patience=2))
    told = (WRONG, RUNS, UNKNOWN, "NameError")
    assert found == [*(result for result, _ in EXAMPLES.values()), *told]


def test_the_tables_in_both_languages() -> None:
    rows = [{"keras": "3.0.5", "tensorflow": "2.16.2", "numpy": "1.26.4"}]
    columns = {
        "3.0": {"KT101": "ImportError", "KT102": RUNS},
        "3.5": {"KT101": WARNS, "KT102": WRONG},
    }
    english, chinese = (versions.tables(rows, columns, language) for language in ("en", "zh"))
    assert "| 3.0.5 | 2.16.2 | 1.26.4 |\n\n| rule | 3.0 | 3.5 |\n" in english
    assert "| [KT101](rules.md#kt101) | ImportError | warns |\n" in english
    assert chinese.endswith("| [KT102](rules.md#kt102) | 能运行 | 结果不对 |\n")


@pytest.mark.parametrize("language", versions.PAGES)
def test_the_page_has_a_row_for_rules_that_are(language: str) -> None:
    text = versions.PAGES[language].read_text(encoding="utf-8")
    found = versions.TABLES.search(text)
    assert found
    rows = [
        line for line in found[0].splitlines() if line.startswith(("| [KT", "| rule", "| 规则"))
    ]
    assert len({row.count("|") for row in rows}) == 1
    codes = re.findall(r"^\| \[(KT\d+)\]", found[0], re.MULTILINE)
    assert codes == sorted(codes)
    assert set(codes) <= set(load_rules())
    assert len(codes) >= 200
