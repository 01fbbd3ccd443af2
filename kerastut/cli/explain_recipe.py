"""Prints a recipe, for `kerastut show`."""

from kerastut.cli.explain import brief_json, print_faults
from kerastut.cli.output import print_json, print_table, print_text
from kerastut.corrections import faults_of
from kerastut.language import word
from kerastut.registry import Recipe


def explain_recipe(recipe: Recipe, language: str, as_json: bool) -> None:
    """Prints a recipe's description, settings, hyperparameters and corrections."""
    if as_json:
        print_json(_as_json(recipe, language))
        return
    print_text(f"{recipe.name}: {recipe.summary}\n\n{recipe.description}\n")
    print_table((word("setting", language), word("value", language)), _settings(recipe, language))
    print()
    headers = [word(text, language) for text in ("hyperparameter", "default", "meaning")]
    print_table(headers, _hyperparameters(recipe, language))
    faults = faults_of(recipe.name)
    if faults:
        print()
        print_faults(faults, language)


def _settings(recipe: Recipe, language: str) -> list[tuple[str, str]]:
    to = word(" to ", language)
    bands = [f"{name} {low:g}{to}{high:g}" for name, (low, high) in recipe.expect.items()]
    rows = [
        ("data", recipe.dataset),
        ("epochs", str(recipe.epochs)),
        ("batch size", str(recipe.batch_size)),
        ("expected on test data", "; ".join(bands)),
        ("replaces", ", ".join(recipe.tutorials) or "-"),
        ("file", str(recipe.path)),
    ]
    return [(word(label, language), value) for label, value in rows]


def _hyperparameters(recipe: Recipe, language: str) -> list[tuple[str, str, str]]:
    rows = []
    for name, parameter in recipe.parameters.items():
        values = ", ".join(map(str, parameter.choices))
        choices = f" {word('One of', language)} {values}." if values else ""
        rows.append((name, str(parameter.default), parameter.help + choices))
    return rows


def _as_json(recipe: Recipe, language: str) -> dict[str, object]:
    return {
        "name": recipe.name,
        "summary": recipe.summary,
        "description": recipe.description,
        "dataset": recipe.dataset,
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "tutorials": recipe.tutorials,
        "expect": recipe.expect,
        "parameters": {
            name: {"default": p.default, "choices": p.choices, "help": p.help}
            for name, p in recipe.parameters.items()
        },
        "corrections": [brief_json(fault, language) for fault in faults_of(recipe.name)],
        "file": str(recipe.path),
    }
