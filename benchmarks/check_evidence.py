"""Counts what `kerastut check` finds in public code, for the table in docs/checking.md.

Names and folders come in pairs: `python benchmarks/check_evidence.py "third edition" book/`. With
none, the docstrings of the installed Keras are checked, each as a document of its own, but for the
names that a docstring takes for imported.
"""

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

_SESSION = re.compile(r"^ *>>>.*\n(?:.+\n?)*", re.MULTILINE)
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef


def write_docstrings(folder: Path) -> None:
    """Writes each docstring of Keras that has code as a document, its sessions fenced."""
    spec = find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    for path in sorted(root.rglob("*.py")):
        module = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for number, node in enumerate(one for one in nodes if isinstance(one, _DOCUMENTED)):
            text = ast.get_docstring(node) or ""
            if ("```" in text or ">>>" in text) and not path.name.endswith("_test.py"):
                fenced = _SESSION.sub(lambda match: f"```pycon\n{match[0].rstrip()}\n```\n", text)
                document = folder / f"{module}.{number}.md"
                document.write_text(f"`keras`\n\n{fenced}\n", encoding="utf-8")


def counted(folder: Path, *options: str) -> str:
    """Returns documents that were checked, and findings by severity and code, as cells."""
    command = [sys.executable, "-m", "kerastut", "check", ".", "--no-cache", "--format", "json"]
    command += options
    finished = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    found = json.loads(finished.stdout)
    severities = Counter(record["severity"] for record in found)
    codes = Counter(record["code"] for record in found).most_common()
    suffixes = {".py", ".ipynb", ".md", ".rst"}
    documents = [path for path in folder.rglob("*") if path.suffix in suffixes]
    files = len({record["filename"] for record in found})
    cells = [len(documents), files, severities["error"], severities["warning"]]
    return f"{' | '.join(map(str, cells))} | {', '.join(f'{code} {n}' for code, n in codes)}"


def main() -> None:
    """Prints the table."""
    print("| code | documents | with findings | errors | warnings | by rule |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, folder in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        print(f"| {name} | {counted(Path(folder))} |")
    if len(sys.argv) == 1:
        with tempfile.TemporaryDirectory() as place:
            write_docstrings(Path(place))
            print(f"| docstrings of Keras | {counted(Path(place), '--ignore', 'KT5')} |")


if __name__ == "__main__":
    main()
