"""Prints what the tutorials got wrong, for `kerastut show`."""

import shutil
from collections.abc import Sequence
from typing import Any

from kerastut.cli.output import print_json, print_table, shorten, width
from kerastut.corrections import Block, Fault, get_fault
from kerastut.language import word


def explain(record: Fault | Block, language: str, as_json: bool) -> None:
    """Prints one fault or one block."""
    if as_json:
        print_json(_as_json(record, language))
    elif isinstance(record, Fault):
        print_table((record.id, word(record.kind, language)), _fault_rows(record, language))
    else:
        print_table((record.id, word("block", language)), _block_rows(record, language))
        print()
        print_faults([get_fault(name) for name in record.faults], language)


def print_faults(faults: Sequence[Fault], language: str) -> None:
    """Prints one line for each fault, as long as the terminal is wide."""
    kinds = [word(fault.kind, language) for fault in faults]
    room = shutil.get_terminal_size((100, 24)).columns - 12 - max(map(width, kinds))
    headers = [word(text, language) for text in ("fault", "kind", "what happens")]
    rows = [
        (fault.id, kind, shorten(fault.text(language).what, room))
        for fault, kind in zip(faults, kinds, strict=True)
    ]
    print_table(headers, rows)


def brief_json(fault: Fault, language: str) -> dict[str, str]:
    """Returns the part of a fault that the JSON of a recipe or block holds."""
    return {"id": fault.id, "kind": fault.kind, "what": fault.text(language).what}


def _fault_rows(fault: Fault, language: str) -> list[tuple[str, str]]:
    text = fault.text(language)
    test = f"tests/corrections/test_{fault.id[:2].lower()}.py"
    rows = [
        ("section", f"{fault.id[:2]} {fault.section}"),
        ("blocks", ", ".join(fault.blocks) or word("prose", language)),
        ("what happens", text.what),
        ("why", text.why),
        ("what to do", text.fix),
        ("recipe", ", ".join(fault.recipes)),
        ("command", fault.show),
        ("rule", fault.rule or "-"),
        ("proof", test if fault.proof == "test" else word("prose only", language)),
    ]
    return [(word(label, language), value) for label, value in rows]


def _block_rows(block: Block, language: str) -> list[tuple[str, str]]:
    first, last = block.lines
    rows = [
        ("section", f"{block.id[:2]} {block.section}"),
        ("lines", f"{first}-{last}"),
        ("runs as printed", word("yes" if block.runs else "no", language)),
        ("recipe", block.recipe),
        ("what it does", block.text(language).note),
        ("command", f"kerastut show {block.recipe}"),
    ]
    return [(word(label, language), value) for label, value in rows]


def _as_json(record: Fault | Block, language: str) -> dict[str, Any]:
    if isinstance(record, Block):
        return {
            "id": record.id,
            "section": record.section,
            "lines": record.lines,
            "runs": record.runs,
            "recipe": record.recipe,
            "note": record.text(language).note,
            "faults": [brief_json(get_fault(name), language) for name in record.faults],
        }
    text = record.text(language)
    return {
        "id": record.id,
        "section": record.section,
        "blocks": record.blocks,
        "kind": record.kind,
        "what": text.what,
        "why": text.why,
        "fix": text.fix,
        "recipes": record.recipes,
        "show": record.show,
        "rule": record.rule,
        "proof": record.proof,
    }
