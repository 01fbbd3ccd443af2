"""Writes the tables of the rules of `kerastut check` in docs and docs/zh, from their records."""

import re
from pathlib import Path

from kerastut.lint import Rule, load_rules, word

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "rules.md", "zh": DOCS / "zh" / "rules.md"}
TITLE = {"en": "Rules of `kerastut check`", "zh": "`kerastut check` 的规则"}
FAMILIES = {
    "KT0": {"en": "What is not Python", "zh": "不是 Python 的内容"},
    "KT1": {"en": "Names and modules that are gone", "zh": "已不存在的名称和模块"},
    "KT2": {"en": "Arguments that were renamed or removed", "zh": "已改名或已删除的参数"},
    "KT3": {
        "en": "Methods, attributes and file formats that are gone",
        "zh": "已不存在的方法、属性和文件格式",
    },
    "KT4": {
        "en": "Code that runs and is wrong, or fails late",
        "zh": "能运行但结果不对，或很晚才出错的代码",
    },
    "KT5": {"en": "Names that nothing defines", "zh": "没有定义的名称"},
    "KT6": {"en": "Habits", "zh": "写法习惯"},
}
HEAD = {
    "en": "| Code | Name | What happens | Fix | Severity |",
    "zh": "| 编号 | 名称 | 现象 | 修复 | 级别 |",
}


def render(language: str) -> str:
    """Returns the page in English or Chinese."""
    colon = {"en": ": ", "zh": "："}[language]
    parts = [f"# {TITLE[language]}\n"]
    for prefix, title in FAMILIES.items():
        rules = [rule for code, rule in load_rules().items() if code.startswith(prefix)]
        rows = "".join(_row(rule, language) for rule in rules)
        head = f"{HEAD[language]}\n| --- | --- | --- | --- | --- |\n"
        parts.append(f"## {prefix}xx{colon}{title[language]}\n\n{head}{rows}")
    return "\n".join(parts)


def _row(rule: Rule, language: str) -> str:
    fix = "" if rule.fix == "none" else rule.fix
    what = re.sub(r"(?<!\\)\|", r"\|", rule.texts(language).what)
    cells = [text and word(text, language) for text in (fix, rule.severity)]
    name = f'<a id="{rule.code.lower()}"></a>`{rule.name}`'
    return f"| {rule.code} | {name} | {what} | {cells[0]} | {cells[1]} |\n"


if __name__ == "__main__":
    for edition, page in PAGES.items():
        page.write_text(render(edition), encoding="utf-8")
