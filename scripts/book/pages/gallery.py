"""The gallery of recipes, and a page for each."""

import shutil
from pathlib import Path
from typing import Any

from book.figures import recipe_run
from book.summaries import summary
from book.words import word
from kerastut.corrections import faults_of
from kerastut.registry import Recipe, list_recipes

# What tells a recipe from its neighbours; else its own first figure.
THUMBNAILS = {
    "cnn-functional": "history",
    "dropout-mlp": "history",
    "gradient-descent": "trajectories",
    "mlp-reviews": "history",
}


def write(folder: Path, language: str) -> None:
    """Writes the gallery and the recipes' pages, with the figures of real runs."""
    recipes = folder / "recipes"
    (recipes / "figures").mkdir(parents=True)
    for recipe in list_recipes():
        _write_page(recipe, recipes, language)
    intro = word("Every recipe is one short file, run here in full with seed 0.", language)
    names = "\n".join(recipe.name for recipe in list_recipes())
    page = f"# {word('Recipes', language)}\n\n{intro}\n\n{cards(language, 'figures', '')}"
    page += f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    (recipes / "index.md").write_text(page, encoding="utf-8")


def cards(language: str, figures: str, pages: str) -> str:
    """Returns a card for each recipe.

    Args:
        language: The edition's.
        figures: Folder of the figures, seen from the page that shows the cards.
        pages: The same of the recipes' pages, with a slash at its end if not empty.
    """
    found = ["::::{grid} 1 2 2 3", ":gutter: 3", ":class-container: kt-cards", ""]
    for recipe in list_recipes():
        _, record = recipe_run(recipe.name)
        metric = next(iter(recipe.expect))
        found += [
            f":::{{grid-item-card}} {recipe.name}",
            f":img-top: {figures}/{thumbnail(recipe.name)}",
            f":img-alt: {recipe.name}",
            f":link: {pages}{recipe.name}",
            ":link-type: doc",
            "",
            summary(recipe, language),
            "",
            f"<p class='kt-metrics'>{metric} {record['metrics'][metric]:.4g}</p>",
            ":::",
        ]
    return "\n".join([*found, "::::", ""])


def thumbnail(recipe: str) -> str:
    """Returns the file of the figure that stands for a recipe."""
    return f"{recipe}-{THUMBNAILS.get(recipe, _figures(recipe)[0].stem)}.png"


def _figures(recipe: str) -> list[Path]:
    folder, _ = recipe_run(recipe)
    return sorted(folder.glob("*.png"), key=lambda path: (path.stem == "history", path.stem))


def _write_page(recipe: Recipe, folder: Path, language: str) -> None:
    _, record = recipe_run(recipe.name)
    for figure in _figures(recipe.name):
        shutil.copyfile(figure, folder / "figures" / f"{recipe.name}-{figure.name}")
    shutil.copyfile(recipe.path, folder / recipe.path.name)
    parts = [
        f"# {recipe.name}",
        summary(recipe, language),
        f"```\nkerastut run {recipe.name}\nkerastut copy {recipe.name} my_recipe.py\n```",
        f"## {word('Settings and result', language)}",
        _settings(recipe, language),
        _result(recipe, record, language),
        f"## {word('Figures', language)}",
        *(
            f"![{recipe.name}: {path.stem}](figures/{recipe.name}-{path.name})"
            for path in _figures(recipe.name)
        ),
        *_description(recipe, language),
        f"## {word('Hyperparameters', language)}",
        _parameters(recipe, language),
        *_faults(recipe, language),
        f"## {word('Source', language)}",
        f"```{{literalinclude}} {recipe.path.name}\n:language: python\n```",
    ]
    (folder / f"{recipe.name}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _settings(recipe: Recipe, language: str) -> str:
    values = {
        "data": recipe.dataset,
        "epochs": recipe.epochs,
        "batch size": recipe.batch_size,
        "replaces": ", ".join(recipe.tutorials) or "-",
    }
    heads = " | ".join(word(name, language) for name in values)
    cells = " | ".join(map(str, values.values()))
    return f"| {heads} |\n{'|---' * len(values)}|\n| {cells} |"


def _result(recipe: Recipe, record: dict[str, Any], language: str) -> str:
    heads = " | ".join(word(name, language) for name in ("metric", "measured", "lowest", "highest"))
    rows = [
        f"| {name} | {record['metrics'][name]:.4g} | {low:g} | {high:g} |"
        for name, (low, high) in recipe.expect.items()
    ]
    return "\n".join([f"| {heads} |", "|---" * 4 + "|", *rows])


def _description(recipe: Recipe, language: str) -> list[str]:
    parts = [f"## {word('What it shows', language)}"]
    if language == "zh":
        notice = "This text comes from the English documentation of the source code."
        parts.append(f"*{word(notice, language)}*")
    return [*parts, recipe.description]


def _parameters(recipe: Recipe, language: str) -> str:
    heads = " | ".join(word(name, language) for name in ("name", "default", "meaning"))
    rows = [f"| {heads} |", "|---|---|---|"]
    for name, parameter in recipe.parameters.items():
        choices = f" ({', '.join(map(str, parameter.choices))})" if parameter.choices else ""
        rows.append(f"| `{name}` | `{parameter.default}` | {parameter.help}{choices} |")
    return "\n".join(rows)


def _faults(recipe: Recipe, language: str) -> list[str]:
    faults = faults_of(recipe.name)
    if not faults:
        return []
    items = [
        f"- <a href='../corrections.html#{fault.id}'>{fault.id}</a> {fault.text(language).what}"
        for fault in faults
    ]
    return [f"## {word('What it corrects', language)}", "\n".join(items)]
