"""The pages of the rules are what the records say, in both languages."""

import pytest
from rules_page import FAMILIES, PAGES, render

from kerastut.lint.rules.rule import load_rules


@pytest.mark.parametrize("language", PAGES)
def test_the_page_is_up_to_date(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    assert text == render(language), "run scripts/rules_page.py"


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_every_rule_once(language: str) -> None:
    for code in load_rules():
        assert code[:3] in FAMILIES
        assert render(language).count(f"| {code} |") == 1
