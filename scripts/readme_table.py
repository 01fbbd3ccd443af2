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


def main() -> None:
    """Writes both READMEs, or neither."""
    texts, whole = chinese_texts(), {"summary", "description"}
    missing = [r.name for r in list_recipes() if not whole <= {*texts.get(r.name, ())}]
    if missing:
        sys.exit(
            f"{TEXTS}: expected a summary and a description in [{'], ['.join(missing)}]. Nothing"
            " was written."
        )
    pages = {path: updated(path.read_text("utf-8"), name) for name, path in READMES.items()}
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
