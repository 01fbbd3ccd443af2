"""Writes the table of recipes into README.md and README.zh-CN.md, from the registry.

Usage: python scripts/readme_table.py
"""

import sys
from pathlib import Path

from kerastut.language import word
from kerastut.registry import Recipe, chinese_texts, list_recipes, translated

ROOT = Path(__file__).parent.parent
TEXTS = "kerastut/registry/recipes.zh.toml"
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
    shows = translated(recipe, language).summary
    cells = [file, shows, recipe.dataset, "; ".join(bands), ", ".join(recipe.tutorials)]
    return f"| {' | '.join(cells)} |"


def missing() -> list[str]:
    """Returns the recipes without texts in Chinese."""
    return [recipe.name for recipe in list_recipes() if recipe.name not in chinese_texts()]


if __name__ == "__main__":
    if missing():
        tables = ", ".join(f"[{name}]" for name in missing())
        sys.exit(f"{TEXTS}: expected the tables {tables}, found none. Nothing was written.")
    for language, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        path.write_text(updated(text, language), encoding="utf-8")
