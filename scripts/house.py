"""Measures the house: its rooms, its circles, its longest way down, and what it ships.

    python scripts/house.py [FOLDER]

Every import counts, also inside a function or for a type checker alone; a name that comes through
a room's front door counts for the file that defines it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Graph = dict[str, set[str]]

# Wings serve old code or show things, beside the companion. A command goes with its wing.
WINGS = ("lint", "export", "demo", "conversion", "teaching", "why", "doctor", "migration")
COMMANDS = {
    "check": "lint",
    "rule": "lint",
    "why": "why",
    "migrate": "migration",
    "convert": "conversion",
    "copy": "teaching",
    "export": "export",
    "demo": "demo",
    "doctor": "doctor",
}
CUPBOARD = "kerastut.train.keras_internals"
# Names of Keras and TensorFlow that work and are promised by neither.
UNPROMISED = re.compile(
    r"\b(_flatten_layers|_seed_generators|_symbolic_build|_distribute_strategy|_cardinality"
    r"|train_function|make_(?:train|test|predict)_function|scale_loss|worker_devices"
    r"|jax_state_sync|keras\.Model\.train_step|_get_own_losses|_tracker|_layers"
    r"|keras\.src|tensorflow\.(?:core|python))\b"
)


def modules(package: Path) -> dict[str, Path]:
    """Returns the files of the package by module name, without the recipes."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if parts[1] != "recipes":
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache  # each room's test asks it of every file
def imports(path: Path) -> list[tuple[str, str]]:
    """Returns `(module, name)` for each import from kerastut; the name is empty for `import x`."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = _absolute(node, path)
            if module.startswith("kerastut"):
                found += ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            found += ((a.name, "") for a in node.names if a.name.startswith("kerastut"))
    return found


def _absolute(node: ast.ImportFrom, path: Path) -> str:
    """Returns the module of a `from ... import ...`, also where it is a relative one."""
    if not node.level or "kerastut" not in path.parts:
        return node.module or ""
    parts = path.parts[-1 - path.parts[::-1].index("kerastut") :]
    return ".".join([*parts[: -node.level], *filter(None, [node.module])])


def graph(found: dict[str, Path]) -> Graph:
    """Returns which module imports which, through the front doors to what they name."""
    doors = {name: dict(_names(path)) for name, path in found.items() if path.stem == "__init__"}

    def defining(module: str, name: str) -> str:
        if f"{module}.{name}" in found:
            return f"{module}.{name}"
        behind = doors.get(module, {}).get(name)
        return defining(behind, name) if behind and behind != module else module

    edges: Graph = {}
    for importer, path in found.items():
        lazy = path.stem == "__init__" and "front_door(" in path.read_text(encoding="utf-8")
        targets = {defining(*each) for each in imports(path)} & found.keys()
        edges[importer] = set() if lazy else targets - {importer}
    return edges


def _names(init: Path) -> Iterator[tuple[str, str]]:
    return ((name, module) for module, name in imports(init) if name)


def circles(edges: Graph) -> list[list[str]]:
    """Returns the groups that import each other in a ring (strongly connected)."""
    reach = {start: reached(edges, start) for start in edges}
    rings = {tuple(sorted(b for b in reach[a] if a in reach[b])) for a in edges if a in reach[a]}
    return [list(ring) for ring in sorted(rings)]


def reached(edges: Graph, start: str) -> set[str]:
    """Returns all that `start` imports, directly and through others."""
    seen: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        if (module := waiting.pop()) not in seen:
            seen.add(module)
            waiting += edges[module]
    return seen


def longest_chain(edges: Graph, start: str) -> list[str]:
    """Returns the longest way down; a circle is gone around no further than to its first file."""

    @cache
    def below(module: str, above: frozenset[str]) -> list[str]:
        ways = [below(m, above | {m} if m in ringed else above) for m in edges[module] - above]
        return [module, *max(ways, key=len, default=[])]

    ringed = {module for ring in circles(edges) for module in ring}
    return below(start, frozenset({start}))


def room(module: str, edges: Graph) -> str:
    """Returns the folder under `kerastut` that a module lies in or is, or `ground`."""
    parts = module.split(".")
    if parts[-1] == "__main__":
        return "cli"
    is_folder = len(parts) == 2 and any(other.startswith(f"{module}.") for other in edges)
    return parts[1] if len(parts) > 2 or is_folder else "ground"


def rooms(edges: Graph) -> Graph:
    """Returns which room imports which."""
    found: Graph = {}
    for module, targets in edges.items():
        found.setdefault(room(module, edges), set()).update(room(m, edges) for m in targets)
    return {name: targets - {name} for name, targets in found.items()}


def sizes(found: dict[str, Path], edges: Graph) -> dict[str, int]:
    """Returns the lines of each room."""
    lines: dict[str, int] = {}
    for module, path in found.items():
        place = room(module, edges)
        lines[place] = lines.get(place, 0) + len(path.read_text(encoding="utf-8").splitlines())
    return lines


def wing(module: str) -> str:
    """Returns the wing that a module belongs to, or `companion`."""
    parts = module.split(".")
    place = parts[1] if len(parts) > 1 else ""
    if place == "cli" and len(parts) > 2:
        place = COMMANDS.get(parts[2], place)
    return place if place in WINGS else "companion"


def strangers(found: dict[str, Path]) -> Iterator[str]:
    """Yields each use of an unpromised name outside the cupboard; the checker speaks of them."""
    for module, path in found.items():
        if module != CUPBOARD and wing(module) != "lint":
            for word in sorted(set(UNPROMISED.findall(path.read_text(encoding="utf-8")))):
                yield f"{module}: {word}"


def main(root: Path) -> None:
    """Prints the measures."""
    found = modules(root / "kerastut")
    edges = graph(found)
    lines = sizes(found, edges)
    wings: dict[str, int] = {}
    for module, path in found.items():
        length = len(path.read_text(encoding="utf-8").splitlines())
        wings[wing(module)] = wings.get(wing(module), 0) + length
    outside = list(strangers(found))
    crossed = [
        f"{a} -> {b}"
        for a, targets in edges.items()
        for b in sorted(targets)
        if wing(a) == "companion" and wing(b) != "companion" and room(a, edges) != "cli"
    ]
    chain = longest_chain(edges, "kerastut.cli.run")
    print(f"files at the root: {len(list((root / 'kerastut').glob('*.py')))}")
    print(f"rooms: {len(lines) - ('ground' in lines)}")
    print(f"circles of files: {len(circles(edges))}, of rooms: {len(circles(rooms(edges)))}")
    for ring in [*circles(edges), *circles(rooms(edges))]:
        print(f"    {' - '.join(ring)}")
    print(f"longest chain from cli/run: {len(chain)}")
    print(f"    {' > '.join(module.removeprefix('kerastut.') for module in chain)}")
    print(f"unpromised names outside the cupboard: {len(outside)}")
    for line in outside:
        print(f"    {line}")
    print(f"imports from the companion into a wing: {len(crossed)}")
    for line in crossed:
        print(f"    {line}")
    print("lines: " + ", ".join(f"{name} {lines[name]:,}" for name in sorted(lines)))
    print("wings: " + ", ".join(f"{name} {wings[name]:,}" for name in sorted(wings)))
    print(f"shipped beside the recipes: {sum(lines.values()):,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
