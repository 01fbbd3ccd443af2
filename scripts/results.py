"""Runs every recipe in full and writes docs/results.md and docs/zh/results.md.

Usage: python scripts/results.py

Exit status 1 if a metric is out of its band; the page is written all the same, since it shows what
was measured.
"""

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kerastut.compare import as_cells, verify
from kerastut.registry import list_recipes
from kerastut.runs import versions

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "results.md", "zh": DOCS / "zh" / "results.md"}
HEADS = {
    "en": """# Results

Every recipe, run in full with its own settings and seed 0, and its metrics on the
held-out test data beside the band that a correct run lies in. Written by `make results`.

{date}; Python {python}, {packages};
{processor}, {cores} cores, {system}.

| recipe | metric | value | low | high | ok | seconds | peak MiB |
|---|---|---|---|---|---|---|---|
""",
    "zh": """# 各配方的结果

每个配方都用自己的设置和种子 0 完整运行一次；表中是它在留出的测试数据上的指标，以及正确的运行应落入
的范围。本页由 `make results` 写出。

{date}；Python {python}，{packages}；
{processor}，{cores} 核，{system}。

| 配方 | 指标 | 数值 | 下限 | 上限 | 在范围内 | 秒 | 内存峰值（MiB） |
|---|---|---|---|---|---|---|---|
""",
}
OK = {"yes": "是", "NO": "**否**"}


def processor() -> str:
    """Returns the processor's name, as Linux gives it, or what Python knows."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def page(rows: Sequence[Sequence[str]], language: str) -> str:
    """Returns the page for the cells of the records that `verify` gave."""
    found = versions()
    head = HEADS[language].format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        python=found["python"],
        packages=", ".join(f"{name} {found[name]}" for name in ("keras", "tensorflow", "numpy")),
        processor=processor(),
        cores=os.cpu_count(),
        system=platform.system(),
    )
    words = OK if language == "zh" else {}
    return head + "".join(f"| {' | '.join(words.get(x, x) for x in row)} |\n" for row in rows)


def main() -> int:
    """Runs, prints each record and writes the pages."""
    rows, right = [], True
    for row in verify(list_recipes()):
        rows.append(as_cells(row))
        right = right and row["ok"]
        print(*rows[-1], flush=True)
    for language, path in PAGES.items():
        path.write_text(page(rows, language), encoding="utf-8")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
