"""Tables and verdicts of the documentation come from the results alone."""

import json
import math
from pathlib import Path

import pytest
from book import ROOT, figures
from book.measured import T, draw_in_chinese, table, threshold

from kerastut.compare import deviation


def combination(name: str, values: list[float | None]) -> dict[str, object]:
    numbers = [value for value in values if value is not None]
    known = len(numbers) == len(values)
    spread = {
        "mean": sum(numbers) / len(numbers) if known else None,
        "sd": deviation(numbers) if known else None,
        "values": values,
    }
    return {
        "values": {"activation": name},
        "metrics": {"accuracy": spread, "constant": {**spread, "mean": 1.0}},
    }


RECORD = {
    "combinations": [
        combination("relu", [0.93, 0.94, 0.95]),
        combination("gelu", [0.929, 0.94, 0.948]),
        combination("tanh", [0.90, 0.91, 0.89]),
        combination("none", [0.9, None, 0.9]),
    ]
}


def test_a_difference_is_real_beyond_its_threshold() -> None:
    first, _, third = RECORD["combinations"][:3]
    expected = 2.776 * math.sqrt(0.01**2 / 3 + 0.01**2 / 3)
    assert math.isclose(threshold(first, third, "accuracy"), expected)
    rows = table(RECORD, "en").splitlines()
    assert rows[0] == "| activation | accuracy | sd | to the best | threshold | verdict |"
    assert rows[2] == "| relu | 0.9400 | 0.010 |  |  |  |"
    assert rows[3].endswith("| -0.0010 | 0.0222 | may be chance |")
    assert rows[4].endswith(f"| -0.0400 | {expected:.4f} | real |")
    assert rows[5] == "| none | diverged |  |  |  |  |"
    assert (
        table(RECORD, "zh", "tanh").splitlines()[2].endswith(f"| +0.0400 | {expected:.4f} | 真实 |")
    )


def test_students_t_is_that_of_the_distribution() -> None:
    """The density is summed up to the quantile: 97.5 % lie below."""
    for degrees, quantile in T.items():
        constant = (
            math.gamma((degrees + 1) / 2) / math.sqrt(degrees * math.pi) / math.gamma(degrees / 2)
        )
        steps = 20000
        places = ((number + 0.5) * quantile / steps for number in range(steps))
        below = (
            sum((1 + x * x / degrees) ** (-(degrees + 1) / 2) for x in places) * quantile / steps
        )
        assert abs(0.5 + constant * below - 0.975) < 2e-5


def test_one_command_writes_table_verdict_and_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "RUNS", tmp_path)
    monkeypatch.setattr(figures, "_compare", lambda command, folder: None)
    monkeypatch.setenv("KERASTUT_LANG", "zh")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "results.json").write_text(json.dumps(RECORD))
    (tmp_path / "a" / "compare.png").write_bytes(b"picture")
    page = tmp_path / "page.md"
    marks = "<!-- measured: a.png: Runs -->\nformer\n<!-- end of measured -->"
    page.write_text(f"```\nkerastut compare x\n```\n\n{marks}\nend")
    figures.fill(page, "en")
    assert (tmp_path / "a.png").read_bytes() == b"picture"
    once = page.read_text()
    assert "| relu |" in once
    assert "![Runs](a.png)" in once
    assert "former" not in once
    figures.fill(page, "zh")
    assert "可能是偶然" in page.read_text()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    figures.fill(page, "en")
    assert page.read_text() == once


@pytest.mark.parametrize("folder", ["docs", "docs/zh"])
def test_the_pages_are_filled(folder: str) -> None:
    text = (ROOT / folder / "choosing.md").read_text(encoding="utf-8")
    assert len(list(figures.commands(ROOT / folder / "choosing.md"))) == 4
    assert text.count("\n| --- ") == 4, "run: make figures"


def test_a_picture_has_chinese_texts(tmp_path: Path) -> None:
    draw_in_chinese(RECORD, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
