"""Writes the table of recipes into README.md, from the registry.

Usage: python scripts/readme_table.py
"""

from pathlib import Path

from kerastut.recipe import Recipe
from kerastut.registry import list_recipes

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- recipes -->\n", "<!-- end of recipes -->\n"


def table() -> str:
    """Returns the recipes as a Markdown table."""
    lines = ["| recipe | what it shows | data | a correct run | replaces |", "|---" * 5 + "|"]
    return "\n".join([*lines, *map(_row, list_recipes())]) + "\n"


def updated(text: str) -> str:
    """Returns the README's text with the table of today."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


def _row(recipe: Recipe) -> str:
    bands = [f"{name} {low:g} to {high:g}" for name, (low, high) in recipe.expect.items()]
    file = f"[{recipe.name}](recipes/{recipe.path.name})"
    cells = [file, recipe.summary, recipe.dataset, "; ".join(bands), ", ".join(recipe.tutorials)]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
