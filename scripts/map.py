"""Draws the rooms of the house into docs/architecture.md, in both languages, from the imports.

    python scripts/map.py          # what `make map` does

Arrows that follow from others are left out: what a room reaches through another one.
"""

from pathlib import Path

import house

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / folder / "architecture.md" for folder in ("", "zh")]
BEGIN, END = "<!-- map: written by `make map` -->", "<!-- end of map -->"


def drawing() -> str:
    """Returns the rooms and their arrows in Mermaid's words."""
    edges = house.graph(house.modules(ROOT / "kerastut"))
    ground = {"ground"}  # everything stands on it
    rooms = {name: own - ground for name, own in house.rooms(edges).items() if name != "ground"}
    arrows = [f"    {a} --> {b}" for a in sorted(rooms) for b in sorted(_direct(rooms, a))]
    wings = [f"    class {','.join(sorted(set(house.WINGS) & rooms.keys()))} wing"]
    style = ["    classDef wing stroke-dasharray: 4 4"]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, *style, *wings, "```"])


def _direct(rooms: house.Graph, start: str) -> set[str]:
    """Returns the rooms that `start` imports and reaches through no other."""
    own = rooms[start]
    through = {far for near in own for far in house.reached(rooms, near)}
    return own - through


def page(path: Path) -> str:
    """Returns a page with its map drawn anew."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{drawing()}\n\n{END}{after}"


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(page(path), encoding="utf-8")
