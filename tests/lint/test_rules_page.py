"""docs/rules.md is what the records say."""

from rules_page import FAMILIES, PAGE, render

from kerastut.lint.rules.rule import load_rules


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run scripts/rules_page.py"


def test_the_page_has_every_rule_once() -> None:
    for code in load_rules():
        assert code[:3] in FAMILIES
        assert render().count(f"| {code} |") == 1
