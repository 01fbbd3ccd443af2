"""What a comparison found, as a table with a verdict on each difference, in both languages.

A difference of two means counts as real where it exceeds t times its standard error, with Student's
t for 95 % and as many degrees of freedom as the two groups of seeds have.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from matplotlib.figure import Figure

from kerastut.plotting import comparison, save, translated
from kerastut.registry import as_text
from kerastut.teaching import in_chinese

# Student's t for 95 %, two-sided, by degrees of freedom.
T = {2: 4.303, 4: 2.776, 6: 2.447, 8: 2.306, 10: 2.228}
WORDS = {
    "difference": {"en": "to the best", "zh": "与最好者之差"},
    "against": {"en": "to {row}", "zh": "与 {row} 之差"},
    "threshold": {"en": "threshold", "zh": "阈值"},
    "verdict": {"en": "verdict", "zh": "结论"},
    "real": {"en": "real", "zh": "真实"},
    "chance": {"en": "may be chance", "zh": "可能是偶然"},
    "sd": {"en": "sd", "zh": "标准差"},
    "diverged": {"en": "diverged", "zh": "发散"},
}

Combination = Mapping[str, Any]


def table(record: Mapping[str, Any], language: str, against: str = "") -> str:
    """Returns a comparison's results as a table in Markdown, best first.

    Args:
        record: What `kerastut compare` wrote as `results.json`, of at least two seeds.
        language: `"en"` or `"zh"`.
        against: The row with which the others are compared, such as `"none, 0.001"`; the best one
            if empty.
    """
    combinations: Sequence[Combination] = record["combinations"]
    reference = next(one for one in combinations if not against or label(one) == against)
    told = {name: forms[language] for name, forms in WORDS.items()}
    metrics = [name for name in reference["metrics"] if _varies(combinations, name)]
    difference = told["against"].format(row=against) if against else told["difference"]
    heads = list(reference["values"])
    for metric in metrics:
        heads += [metric, told["sd"], difference, told["threshold"], told["verdict"]]
    lines = [heads, ["---"] * len(heads)]
    for one in combinations:
        cells = list(map(as_text, one["values"].values()))
        for metric in metrics:
            cells += _cells(one, reference, metric, told)
        lines.append(cells)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def label(one: Combination) -> str:
    """Returns the settings of a combination in one line."""
    return ", ".join(map(as_text, one["values"].values()))


def draw_in_chinese(record: Mapping[str, Any], path: Path) -> None:
    """Draws the picture that `kerastut compare` drew with Chinese texts.

    Names and values of settings are what a reader types, and stay.
    """
    combinations: Sequence[Combination] = record["combinations"]
    rows = [{name: as_text(v) for name, v in one["values"].items()} for one in combinations]
    values = {
        name: [_numbers(one, name) for one in combinations] for name in combinations[0]["metrics"]
    }
    typed = {", ".join(rows[0]), *map(label, combinations)}
    axes = comparison(rows, values)[0]
    with translated(
        cast(Figure, axes.figure), lambda text: text if text in typed else in_chinese(text)
    ):
        save(axes, path)


def threshold(one: Combination, other: Combination, metric: str) -> float:
    """Returns the difference of two means that chance alone exceeds in one case of twenty."""
    groups = [combination["metrics"][metric] for combination in (one, other)]
    sizes = [len(group["values"]) for group in groups]
    error = math.sqrt(sum(g["sd"] ** 2 / n for g, n in zip(groups, sizes, strict=True)))
    return T[sum(sizes) - 2] * error


def _cells(one: Combination, other: Combination, metric: str, told: Mapping[str, str]) -> list[str]:
    mean, base = one["metrics"][metric]["mean"], other["metrics"][metric]["mean"]
    if mean is None:
        return [told["diverged"], "", "", "", ""]
    cells = [f"{mean:#.4g}", f"{one['metrics'][metric]['sd']:#.2g}"]
    if one is other:
        return [*cells, "", "", ""]
    difference, least = mean - base, threshold(one, other, metric)
    verdict = told["real"] if abs(difference) > least else told["chance"]
    return [*cells, f"{difference:+.4f}", f"{least:.4f}", verdict]


def _numbers(one: Combination, metric: str) -> list[float]:
    return [math.nan if v is None else v for v in one["metrics"][metric]["values"]]


def _varies(combinations: Sequence[Combination], metric: str) -> bool:
    """Tells whether a metric differs at all: what is measured without a penalty does not."""
    return len({one["metrics"][metric]["mean"] for one in combinations}) > 1
