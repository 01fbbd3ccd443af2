"""Writes the table of recipes into README.md and README.zh-CN.md, from the registry.

Usage: python scripts/readme_table.py
"""

from pathlib import Path

from book.summaries import summary

from kerastut.language import word
from kerastut.registry import Recipe, list_recipes

ROOT = Path(__file__).parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
HEADS = {
    "en": "| recipe | what it shows | data | a correct run | replaces |",
    "zh": "| 配方 | 内容 | 数据 | 正确结果 | 替代 |",
}
START, END = "<!-- recipes -->\n", "<!-- end of recipes -->\n"


def table(language: str = "en") -> str:
    """Returns the recipes as a Markdown table."""
    rows = (_row(recipe, language) for recipe in list_recipes())
    return "\n".join([HEADS[language], "|---" * 5 + "|", *rows]) + "\n"


def updated(text: str, language: str = "en") -> str:
    """Returns a README's text with the table of today."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table(language)}\n{END}{after}"


def _row(recipe: Recipe, language: str) -> str:
    to = word(" to ", language)
    bands = [f"{name} {low:g}{to}{high:g}" for name, (low, high) in recipe.expect.items()]
    file = f"[{recipe.name}](recipes/{recipe.path.name})"
    shows = summary(recipe, language)
    cells = [file, shows, recipe.dataset, "; ".join(bands), ", ".join(recipe.tutorials)]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for language, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        path.write_text(updated(text, language), encoding="utf-8")
