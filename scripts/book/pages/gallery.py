"""The gallery of recipes, and a page for each."""

import shutil
from pathlib import Path
from typing import Any

from book import live
from book.chapters import program
from book.chinese import joined
from book.figures import recipe_run
from book.pictures import framed
from book.relations import chapters_of_recipe, titles
from book.stamp import shortened
from book.words import word
from kerastut.corrections import faults_of
from kerastut.registry import Recipe, list_recipes, translated
from kerastut.teaching import FULL

# What tells a recipe from its neighbours; else its own first figure.
THUMBNAILS = {
    "cnn-functional": "history",
    "dropout-mlp": "history",
    "gradient-descent": "trajectories",
    "mlp-reviews": "history",
}
# What the figures show, in English and Chinese.
FIGURES = {
    "history": (
        "loss and metrics of training and validation, epoch by epoch",
        "逐轮的训练与验证损失和指标",
    ),
    "confusion": ("confusion matrix of the test samples", "测试样本的混淆矩阵"),
    "mistakes": ("test images that were taken for another class", "判错的测试图像"),
}


def write(folder: Path, language: str) -> None:
    """Writes the gallery and the recipes' pages, with the figures of real runs."""
    recipes = folder / "recipes"
    (recipes / "figures").mkdir(parents=True)
    for recipe in list_recipes():
        _write_page(translated(recipe, language), recipes, language)
    intro = word("Every recipe is one short file, run here with seed 0.", language)
    names = "\n".join(recipe.name for recipe in list_recipes())
    shown = [intro, shortening(language), cards(language, "figures", "")]
    page = "\n\n".join([f"# {word('Recipes', language)}", *shown])
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
        _, record = recipe_run(recipe.name, FULL)
        metric = next(iter(recipe.expect))
        found += [
            f":::{{grid-item-card}} {recipe.name}",
            f":img-top: {figures}/{thumbnail(recipe.name)}",
            f":img-alt: {recipe.name}",
            f":link: {pages}{recipe.name}",
            ":link-type: doc",
            "",
            translated(recipe, language).summary,
            "",
            f"<p class='kt-metrics'>{metric} {record['metrics'][metric]:.4g}</p>",
            ":::",
        ]
    return "\n".join([*found, "::::", ""])


def shortening(language: str) -> str:
    """Returns that the numbers are those of a short run; nothing in the full edition."""
    done = word("recipes run on a few samples for one epoch", language)
    return "" if FULL else shortened(done, language)


def thumbnail(recipe: str) -> str:
    """Returns the file of the figure that stands for a recipe."""
    return f"{recipe}-{THUMBNAILS.get(recipe, _figures(recipe)[0].stem)}.png"


def _figures(recipe: str) -> list[Path]:
    """Returns the figures of a run, the history last; the English ones."""
    folder, _ = recipe_run(recipe, FULL)
    figures = (path for path in folder.glob("*.png") if not path.stem.endswith(".zh"))
    return sorted(figures, key=lambda path: (path.stem == "history", path.stem))


def _write_page(recipe: Recipe, folder: Path, language: str) -> None:
    _, record = recipe_run(recipe.name, FULL)
    drawn = {}
    for figure in _figures(recipe.name):
        source = figure.with_suffix(".zh.png") if language == "zh" else figure
        drawn[figure.stem] = folder / "figures" / f"{recipe.name}-{figure.name}"
        shutil.copyfile(source, drawn[figure.stem])
    shutil.copyfile(recipe.path, folder / recipe.path.name)
    parts = [
        f"# {recipe.name}",
        recipe.summary,
        f"```\nkerastut run {recipe.name}\nkerastut copy {recipe.name} my_recipe.py\n```",
        f"## {word('Settings and result', language)}",
        shortening(language),
        _settings(recipe, language),
        _result(recipe, record, language),
        *_live(recipe.name, language),
        f"## {word('Figures', language)}",
        *(
            framed(path, _alt(recipe.name, name, language), folder.parent / "extra")
            for name, path in drawn.items()
        ),
        f"## {word('What it shows', language)}",
        joined(recipe.description),
        *_belonging(recipe, language),
        f"## {word('Hyperparameters', language)}",
        _parameters(recipe, language),
        *_faults(recipe, language),
        f"## {word('Source', language)}",
        f"```{{literalinclude}} {recipe.path.name}\n:language: python\n```",
    ]
    (folder / f"{recipe.name}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _live(recipe: str, language: str) -> list[str]:
    """Returns the part where the recipe's net or widget starts, if it has one."""
    found = live.section(recipe, language)
    title = word("Try it here", language)
    return [f"## {title}", f"```{{raw}} html\n{found}\n```"] if found else []


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


def _alt(recipe: str, figure: str, language: str) -> str:
    """Returns what a recipe's figure shows."""
    about = FIGURES.get(figure, (figure.replace("_", " "),) * 2)
    return f"{recipe}{word(': ', language)}{about[language == 'zh']}"


def _belonging(recipe: Recipe, language: str) -> list[str]:
    """Returns the links to the chapters of a recipe and to its whole program."""
    names = titles(language)
    lines = [f"- [{names[c]}](/chapters/{c}.ipynb)" for c in chapters_of_recipe(recipe.name)]
    if program(recipe.path.stem).exists():
        text = word("Whole program in plain Keras: ", language)
        file = f"../programs/{recipe.path.name}"
        lines.append(f"- <a href='{file}' download>{text}{recipe.path.name}</a>")
    return [f"## {word('In the chapters', language)}", "\n".join(lines)] if lines else []


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
