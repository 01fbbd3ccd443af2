"""Makes the page docs/benchmarks.md of the saved records, and its Chinese twin in docs/zh."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import figure, machine
from benchmarks.chinese import in_chinese
from benchmarks.sections import NAMES, section
from benchmarks.store import Section, Store

PAGE = "benchmarks.md"
HEAD = """# Benchmarks

Everything on this page was measured by `make bench`, which also wrote the page. Each measurement
has a process of its own; within a section the competitors take turns, so that a slow minute of the
machine hits all of them. Tables show the median and, in brackets, the lowest and the highest value.
"""
BUSY = (
    "**The machine was not quiet**: load {load:.2f} at the start, and other programs kept up to"
    " {others:.2f} cores busy meanwhile. The times are too long and the ratios uncertain."
)
FOREIGN = 0.1  # cores that other programs may keep busy on a quiet machine
QUICK = "**Tiny sizes**: this page shows that everything works. Its times say nothing."


def write(store: Store, folder: Path) -> Path:
    """Writes pages and figures into a folder, the Chinese ones into its `zh`; returns the path."""
    found = {name: saved for name in NAMES if (saved := store.read(name))}
    (folder / "zh").mkdir(parents=True, exist_ok=True)
    pictures = figure.write({name: s["records"] for name, s in found.items()}, folder)
    path, text = folder / PAGE, page(found, pictures)
    path.write_text(text, encoding="utf-8")
    (folder / "zh" / PAGE).write_text(in_chinese(text), encoding="utf-8")
    return path


def page(sections: Mapping[str, Section], pictures: Mapping[str, str]) -> str:
    """Returns the page.

    Args:
        sections: What was saved, by the section's name.
        pictures: File names of the figures, by the section's name.
    """
    parts = [HEAD]
    for name, saved in sections.items():
        room = section(name)
        lines = [f"## {room.TITLE}", "", *room.report(saved["records"]), ""]
        if name in pictures:
            lines += [f"![{room.TITLE}]({pictures[name]})", ""]
        parts.append("\n".join([*lines, *circumstances(saved)]))
    return "\n".join(parts)


def circumstances(saved: Section) -> list[str]:
    """Returns when, with what command and on which machine a section was measured."""
    found: dict[str, Any] = saved["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    lines = [QUICK, ""] if saved["quick"] else []
    rounds = 1 + max(record["round"] for record in saved["records"])
    known = [record["others"] for record in saved["records"] if record["others"] is not None]
    # The load counts a section measured just before as well, so it stands in only where need be.
    if max(known) > FOREIGN if known else saved["load"] > machine.BUSY:
        lines += [BUSY.format(load=saved["load"], others=max(known, default=0.0)), ""]
    return [
        *lines,
        f"{saved['date']}, `{saved['command']}`; rounds: {rounds}; threads of each process:"
        f" {saved['threads']}. {found['processor']}, {found['cores']} cores"
        f" ({', '.join(found['simd'])}), {found['memory_gib']} GiB, {found['system']}."
        f" Python {found['python']}; {packages}.",
        "",
    ]
