"""Writes docs/rules.md, the table of the rules of `kerastut check`, from their records."""

import re
from pathlib import Path

from kerastut.lint import Rule, load_rules

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
FAMILIES = {
    "KT0": "What is not Python",
    "KT1": "Names and modules that are gone",
    "KT2": "Arguments that were renamed or removed",
    "KT3": "Methods, attributes and file formats that are gone",
    "KT4": "Code that runs and is wrong, or fails late",
    "KT5": "Names that nothing defines",
    "KT6": "Habits",
}
HEAD = "| Code | Name | What happens | Fix | Severity |\n| --- | --- | --- | --- | --- |\n"


def render() -> str:
    """Returns the page."""
    parts = ["# Rules of `kerastut check`\n"]
    for prefix, title in FAMILIES.items():
        rules = [rule for code, rule in load_rules().items() if code.startswith(prefix)]
        parts.append(f"## {prefix}xx: {title}\n\n{HEAD}" + "".join(map(_row, rules)))
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    fix = "" if rule.fix == "none" else rule.fix
    what = re.sub(r"(?<!\\)\|", r"\\|", rule.en.what)
    anchor = f'<a id="{rule.code.lower()}"></a>'
    return f"| {rule.code} | {anchor}`{rule.name}` | {what} | {fix} | {rule.severity} |\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
