"""Finds the pictures in a folder, and the class of each, however they lie there."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kerastut.data.dividing import PARTS, WHOLE
from kerastut.data.own.columns import LABELS
from kerastut.data.own.sheets import read_sheet
from kerastut.errors import DataError, quoted, shown

PICTURES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp"),
    *(".tif", ".tiff", ".heic", ".heif", ".avif"),
)
LITTER = ("thumbs.db", "desktop.ini", "__macosx")
LINK = "a link that leaves the folder"
# cat.1.jpg, cat_12.png, cat (3).jpg, cat_1_20.png
NUMBERED = re.compile(r"(.*?[^\W\d_])(?:[\W_]*\d+)+[\W_]*\.\w+")
NAMES = (
    *("file", "filename", "file_name", "image", "image_name", "image_id", "img", "path", "id"),
    *("name", "文件", "文件名", "图片", "图像"),
)


@dataclass
class Layout:
    """The pictures of a folder.

    Args:
        pictures: For each part, each picture with its class.
        bad: Why a file cannot be used.
        over: What was passed over, and how often.
        notes: Where the classes come from, if not from folders and names.
    """

    pictures: dict[str, list[tuple[Path, str]]] = field(default_factory=dict)
    bad: dict[Path, str] = field(default_factory=dict)
    over: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def layout(folder: Path) -> Layout:
    """Finds classes by folders, by the beginnings of names, or in a table of file names.

    Args:
        folder: Holds a folder for each class; or folders such as `train` and `Testing` that do; or
            pictures called `cat.1.jpg`, or whose names and labels stand in a `.csv` file beside
            them; or nothing but another folder that does.
    """
    found = Layout()
    files = sorted(_pictures(folder, found))
    root = _innermost(folder, files)
    places = {path: path.relative_to(root).parts for path in files}
    for level in (0, 1):  # train/cat, or cat/train
        parts = {p: _part(n[level]) if len(n) > level + 1 else None for p, n in places.items()}
        if divided := "train" in parts.values() and len(set(parts.values()) - {None}) > 1:
            found.over["pictures beside the parts"] += sum(part is None for part in parts.values())
            break
    for path, names in places.items():
        inside = names[:level] + names[level + 1 :] if divided else names
        while divided and len(inside) > 2 and _part(inside[0]) == parts[path]:
            inside = inside[1:]  # seg_train/seg_train/cat
        if not divided or parts[path]:
            label = inside[0] if len(inside) > 1 else ""
            found.pictures.setdefault(parts[path] or "" if divided else WHOLE, []).append(
                (path, label)
            )
    if len({label for of in found.pictures.values() for _, label in of} - {""}) < 2:
        _label_flat(folder, root, found)
    known = {label.casefold() for _, label in found.pictures.get("train", ())}
    for part, of in list(found.pictures.items()):
        kept = [(path, label) for path, label in of if label]
        if part == "test" and not known & {label.casefold() for _, label in kept}:
            kept = []
            found.notes.append(_unlabelled([path for path, _ in of]))
        else:
            found.over["pictures without a class"] += len(of) - len(kept)
        found.pictures[part] = kept
        if not kept:
            del found.pictures[part]
    return found


def _unlabelled(paths: list[Path]) -> str:
    """Returns what is said of the test of a competition, whose pictures have no labels."""
    folder, kind = str(paths[0].parent), f"{os.sep}*{paths[0].suffix}"
    command = f"kerastut predict latest {shown(quoted(folder), 4096)}{kind}"
    return f"pictures to test without labels, left out: {len(paths):,}; to predict them: {command}"


def _pictures(folder: Path, found: Layout) -> Iterator[Path]:
    """Yields the pictures under a folder that can be used; the deepest of what is foreign, too."""
    waiting, real = [folder], os.path.realpath(folder)
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                name = entry.name.lower()
                is_picture = name.endswith(PICTURES)
                is_link = entry.is_symlink() or getattr(entry, "is_junction", bool)()  # Windows's
                if name.startswith(".") or name in LITTER:
                    found.over["hidden files"] += 1
                elif is_link and not _inside(path, real):
                    found.bad[path] = LINK
                elif entry.is_dir(follow_symlinks=False) and not is_link:
                    waiting.append(path)
                elif not is_picture:
                    found.over["other files"] += 1
                elif not os.path.isfile(path):  # noqa: PTH113  a link to itself is none
                    found.bad[path] = "no regular file"
                elif not entry.stat().st_size:
                    found.bad[path] = "empty"
                else:
                    yield path


def _inside(path: Path, folder: str) -> bool:
    # Path.resolve raises for a link to itself on Python 3.11.
    return Path(os.path.realpath(path)).is_relative_to(folder)


def _innermost(folder: Path, files: list[Path]) -> Path:
    """Returns the folder that is not only a wrapping around another one."""
    root = folder
    while True:
        places = [path.relative_to(root).parts for path in files]
        first = {parts[0] for parts in places}
        if len(first) != 1 or any(len(parts) < 3 for parts in places):
            wraps = len(first) == 1 and all(len(parts) == 2 for parts in places)
            # Pictures in one folder alone are a class, unless their own names tell classes.
            return root / first.pop() if wraps and _several(files) else root
        root /= first.pop()


def _several(files: list[Path]) -> bool:
    return len({match[1] for path in files if (match := NUMBERED.fullmatch(path.name))}) > 1


def _part(name: str) -> str | None:
    """Returns the part that a folder's name tells: `Test`, `test1`, `seg_train`, `training_set`."""
    words = re.split(r"[\W\d_]+", name.casefold())
    found = {PARTS[word] for word in words if word in PARTS}
    return found.pop() if len(found) == 1 else None


def _label_flat(folder: Path, root: Path, found: Layout) -> None:
    """Gives pictures that lie flat their classes, by a table or by their names."""
    tables = [path for place in {folder, root} for path in place.iterdir() if _is_table(path)]
    read = {table: list(_listed(table, found)) for table in sorted(tables)}
    labels = {path: label for listed in read.values() for path, *label in listed}
    if labels:
        used = [table.name for table, listed in read.items() if listed]
        found.notes.append(f"classes from {shown(', '.join(used))}")
        found.over["other files"] -= len(used)
        files = [(path, place) for place, of in found.pictures.items() for path, _ in of]
        found.pictures = {}
        for path, place in files:
            label, part = labels.get(path, ("", ""))
            found.pictures.setdefault(_part(part) or place, []).append((path, label))
        if len(found.pictures) > 1:  # what has no part is of none
            found.over["pictures beside the parts"] += len(found.pictures.pop(WHOLE, []))
        return
    for part, of in found.pictures.items():
        matches = ((path, label, NUMBERED.fullmatch(path.name)) for path, label in of)
        found.pictures[part] = [(p, label or (m[1] if m else "")) for p, label, m in matches]


def _is_table(path: Path) -> bool:
    # A competition's sample of an answer names pictures, with labels that mean nothing.
    named = (
        path.suffix.lower() in (".csv", ".tsv", ".xlsx") and "submission" not in path.name.lower()
    )
    return named and path.is_file() and not path.is_symlink()


def _listed(table: Path, found: Layout) -> Iterator[tuple[Path, str, str]]:
    """Yields the pictures that a table names, with label and part; none if it is no such table."""
    try:
        sheet = read_sheet(table)
        rows = list(sheet.rows)
    except DataError:
        return
    lowered = [name.lower() for name in sheet.names]
    of_name, of_label = (
        next((lowered.index(name) for name in usual if name in lowered), None)
        for usual in (NAMES, (*LABELS, "breed", "diagnosis"))
    )
    if len(lowered) == 2 and of_name is not None and of_label is None:
        of_label = 1 - of_name
    if of_name is None or of_label is None or of_name == of_label:
        return
    of_part = lowered.index("split") if "split" in lowered else None
    known: dict[str, Path] = {}
    for path in (path for of in found.pictures.values() for path, _ in of):
        beside = path.relative_to(table.parent) if path.is_relative_to(table.parent) else path
        known |= {path.stem: path, path.name: path, beside.as_posix(): path}
    for _, row in rows:
        if len(row) == len(lowered) and row[of_label].strip():
            name = row[of_name].strip().replace("\\", "/").removeprefix("./")
            if name in known:
                yield known[name], row[of_label].strip(), "" if of_part is None else row[of_part]
            else:
                found.over["names without a picture"] += 1


def told(over: Mapping[str, int]) -> str:
    """Returns what was passed over, on one line."""
    return ", ".join(f"{what}: {count:,}" for what, count in over.items() if count)
