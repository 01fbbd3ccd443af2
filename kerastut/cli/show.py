"""`kerastut show`."""

import argparse
import re
import shutil
from collections.abc import Sequence
from typing import Any

from kerastut.cli.options import add_json
from kerastut.cli.output import (
    NARROW,
    picked,
    print_facts,
    print_json,
    print_table,
    print_text,
    shorten,
    width,
)
from kerastut.corrections import Block, Fault, faults_of, get, get_fault, is_id
from kerastut.errors import UnknownNameError
from kerastut.language import met, told
from kerastut.registry import Recipe, get_recipe, translated


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Explain a recipe and what it corrects, one of the tutorials' faults, or one of"
        " their blocks of code."
    )
    parser.epilog = "Example: kerastut show cnn-mnist, kerastut show T0-11, kerastut show T2-B05"
    parser.add_argument(
        "name", metavar="NAME", help="a recipe, a recipe's file, a fault (T0-11), a block (T2-B05)"
    )
    add_json(parser)
    parser.set_defaults(function=show_command)


def show_command(options: argparse.Namespace) -> int:
    """Prints what is known of a recipe, a fault or a block."""
    if re.fullmatch(r"KT\d{3}", options.name, re.IGNORECASE):
        raise UnknownNameError(
            f"{options.name} is a rule of check: kerastut rule {options.name.upper()}"
        )
    found: Recipe | Fault | Block
    if is_id(options.name):
        found = get(options.name)
    else:
        found = translated(get_recipe(options.name), options.lang)
    if options.json:
        print_json(_as_json(found, options.lang))
    elif isinstance(found, Recipe):
        _show_recipe(found, options.lang)
    elif isinstance(found, Fault):
        print_facts(_fault(found, options.lang), (found.id, found.kind))
    else:
        print_facts(_block(found, options.lang), (found.id, "block"))
        _print_faults([get_fault(name) for name in found.faults], options.lang)
    return 0


def _show_recipe(recipe: Recipe, language: str) -> None:
    print_text(f"{recipe.name}{told(': ')}{recipe.summary}\n\n{recipe.description}")
    print()
    print_facts(_settings(recipe), ("setting", "value"))
    print()
    print_table(("hyperparameter", "default", "meaning"), _hyperparameters(recipe))
    _print_faults(faults_of(recipe.name), language)


def _settings(recipe: Recipe) -> dict[str, str]:
    bands = [f"{name} {low:g}{told(' to ')}{high:g}" for name, (low, high) in recipe.expect.items()]
    return {
        "data": recipe.dataset,
        "epochs": str(recipe.epochs),
        "batch size": str(recipe.batch_size),
        "expected on test data": "; ".join(bands) or "-",
        "replaces": ", ".join(recipe.tutorials) or "-",
        "file": str(recipe.path),
    }


def _hyperparameters(recipe: Recipe) -> list[tuple[str, str, str]]:
    rows = []
    for name, parameter in recipe.parameters.items():
        values = ", ".join(map(str, parameter.choices))
        meaning = parameter.help
        if values:
            meaning = met(meaning, told(f" One of {values}."))
        rows.append((name, str(parameter.default), meaning))
    return rows


def _fault(fault: Fault, language: str) -> dict[str, str]:
    text = fault.text(language)
    test = f"pytest tests/corrections -k {fault.id.lower().replace('-', '_')}"
    return {
        "section": f"{fault.id[:2]} {fault.section}",
        "blocks": ", ".join(fault.blocks) or told("prose"),
        "what happens": text.what,
        "why": text.why,
        "what to do": text.fix,
        "recipe": ", ".join(fault.recipes),
        "command": fault.show,
        "rule": fault.rule or "-",
        "proof": test if fault.proof == "test" else "prose only",
    }


def _block(block: Block, language: str) -> dict[str, str]:
    first, last = block.lines
    return {
        "section": f"{block.id[:2]} {block.section}",
        "lines": f"{first}-{last}",
        "runs as printed": told("yes" if block.runs else "no"),
        "recipe": block.recipe,
        "what it does": block.text(language).note,
        "command": f"kerastut show {block.recipe}",
    }


def _print_faults(faults: Sequence[Fault], language: str) -> None:
    """Prints one line for each fault, as long as the terminal is wide."""
    if not faults:
        return
    kinds = [told(fault.kind) for fault in faults]
    room = shutil.get_terminal_size((100, 24)).columns - 12 - max(map(width, kinds))
    rows = [
        (fault.id, kind, shorten(fault.text(language).what, max(room, NARROW)))
        for fault, kind in zip(faults, kinds, strict=True)
    ]
    print()
    print_table(("fault", "kind", "what happens"), rows)


def _as_json(record: Recipe | Fault | Block, language: str) -> dict[str, Any]:
    if isinstance(record, Recipe):
        kept = ("name", "summary", "description", "dataset", "epochs", "batch_size", "tutorials")
        return {
            **picked(record, *kept, "expect"),
            "parameters": {
                name: picked(parameter, "default", "choices", "help")
                for name, parameter in record.parameters.items()
            },
            "corrections": [_brief(fault, language) for fault in faults_of(record.name)],
            "file": str(record.path),
        }
    if isinstance(record, Block):
        return {
            **picked(record, "id", "section", "lines", "runs", "recipe"),
            "note": record.text(language).note,
            "faults": [_brief(get_fault(name), language) for name in record.faults],
        }
    return {
        **picked(record, "id", "section", "blocks", "kind"),
        **picked(record.text(language), "what", "why", "fix"),
        **picked(record, "recipes", "show", "rule", "proof"),
    }


def _brief(fault: Fault, language: str) -> dict[str, Any]:
    return {**picked(fault, "id", "kind"), "what": fault.text(language).what}
