"""`kerastut show`."""

import argparse
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from kerastut.cli.options import add_json
from kerastut.cli.output import picked, print_json, print_table, print_text, shorten, width
from kerastut.corrections import Block, Fault, faults_of, get, get_fault, is_id
from kerastut.language import add_language, word
from kerastut.registry import Recipe, get_recipe


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
    add_language(parser)
    add_json(parser)
    parser.set_defaults(function=show_command)


def show_command(options: argparse.Namespace) -> int:
    """Prints what is known of a recipe, a fault or a block."""
    found = get(options.name) if is_id(options.name) else get_recipe(options.name)
    if options.json:
        print_json(_as_json(found, options.lang))
    elif isinstance(found, Recipe):
        _show_recipe(found, options.lang)
    elif isinstance(found, Fault):
        _print_facts((found.id, word(found.kind, options.lang)), _fault(found, options.lang))
    else:
        _print_facts((found.id, word("block", options.lang)), _block(found, options.lang))
        _print_faults([get_fault(name) for name in found.faults], options.lang)
    return 0


def _show_recipe(recipe: Recipe, language: str) -> None:
    print_text(f"{recipe.name}: {recipe.summary}\n\n{recipe.description}\n")
    _print_facts((word("setting", language), word("value", language)), _settings(recipe, language))
    print()
    headers = [word(text, language) for text in ("hyperparameter", "default", "meaning")]
    print_table(headers, _hyperparameters(recipe, language))
    _print_faults(faults_of(recipe.name), language)


def _settings(recipe: Recipe, language: str) -> dict[str, str]:
    to = word(" to ", language)
    bands = [f"{name} {low:g}{to}{high:g}" for name, (low, high) in recipe.expect.items()]
    return {
        word("data", language): recipe.dataset,
        word("epochs", language): str(recipe.epochs),
        word("batch size", language): str(recipe.batch_size),
        word("expected on test data", language): "; ".join(bands),
        word("replaces", language): ", ".join(recipe.tutorials) or "-",
        word("file", language): str(recipe.path),
    }


def _hyperparameters(recipe: Recipe, language: str) -> list[tuple[str, str, str]]:
    rows = []
    for name, parameter in recipe.parameters.items():
        values = ", ".join(map(str, parameter.choices))
        choices = f" {word('One of', language)} {values}." if values else ""
        rows.append((name, str(parameter.default), parameter.help + choices))
    return rows


def _fault(fault: Fault, language: str) -> dict[str, str]:
    text = fault.text(language)
    test = f"pytest tests/corrections -k {fault.id.lower().replace('-', '_')}"
    return {
        word("section", language): f"{fault.id[:2]} {fault.section}",
        word("blocks", language): ", ".join(fault.blocks) or word("prose", language),
        word("what happens", language): text.what,
        word("why", language): text.why,
        word("what to do", language): text.fix,
        word("recipe", language): ", ".join(fault.recipes),
        word("command", language): fault.show,
        word("rule", language): fault.rule or "-",
        word("proof", language): test if fault.proof == "test" else word("prose only", language),
    }


def _block(block: Block, language: str) -> dict[str, str]:
    first, last = block.lines
    return {
        word("section", language): f"{block.id[:2]} {block.section}",
        word("lines", language): f"{first}-{last}",
        word("runs as printed", language): word("yes" if block.runs else "no", language),
        word("recipe", language): block.recipe,
        word("what it does", language): block.text(language).note,
        word("command", language): f"kerastut show {block.recipe}",
    }


def _print_facts(headers: Sequence[str], facts: Mapping[str, str]) -> None:
    print_table(headers, list(facts.items()))


def _print_faults(faults: Sequence[Fault], language: str) -> None:
    """Prints one line for each fault, as long as the terminal is wide."""
    if not faults:
        return
    kinds = [word(fault.kind, language) for fault in faults]
    room = shutil.get_terminal_size((100, 24)).columns - 12 - max(map(width, kinds))
    headers = [word(text, language) for text in ("fault", "kind", "what happens")]
    rows = [
        (fault.id, kind, shorten(fault.text(language).what, room))
        for fault, kind in zip(faults, kinds, strict=True)
    ]
    print()
    print_table(headers, rows)


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
