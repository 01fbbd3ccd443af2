"""Columns of numbers and words: which can be used, which are left out, and why."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from kerastut.arrays import Array
from kerastut.errors import listed, shown

# Usual names of what is to be told.
LABELS = (
    *("label", "class", "category", "sentiment", "target", "y", "star", "stars", "rating", "score"),
    *("quality", "survived", "diagnosis", "结果", "結果"),
    *("标签", "类别", "分类", "情感", "目标", "评分", "星级", "標籤", "類別", "分類", "評分"),
    *("price", "outcome", "species", "价格", "房价", "总价", "售价", "價格", "房價"),
)
ABSENT = frozenset({"", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "\\n", "?", "/"})
ABSENT |= {"-", "--", "—", "–", "#div/0!", "#value!", "#ref!", "缺失", "暂无", "暂无数据"}
NO_NUMBER = ABSENT | {"none", "无", "unknown", "未知"}
UNKNOWN = "?"  # the word in place of one that is missing
PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3}|[ ']\d{3})+(?:\.\d+)?")
EUROPEAN = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[. ]\d{3})+)(?:,\d+)?")
SCALES = {"": 1, "k": 1000, "K": 1000, "M": 10**6, **dict.fromkeys("万萬", 10**4)}
SCALES |= dict.fromkeys("亿億", 10**8)
# A sign, a currency, a number, what multiplies it, and a unit, which may end in a power.
QUANTITY = re.compile(
    r"([-+]?) ?((?:[A-Z]{0,2}[$¥€£₹₩]|RMB|CNY|USD|EUR|GBP)?) ?"
    r"([-+]?[\d.][\d.,' ]*(?:[eE][-+]?\d+)?)"
    r" ?([万萬亿億]|[kKM](?![A-Za-z/])|) ?((?:(?:[^\W\d_]|[%‰°/·$¥€£₹₩]|(?<=\w)[ .](?=\w))+[23]?)?)"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?.*"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(  # of small letters
    rf"\d{{4}}[-/.年]\d{{1,2}}(?:月|[-/.月]\d{{1,2}}日?)?(?:[t ]{_CLOCK})?"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?: {_CLOCK})?|{_CLOCK}"
    rf"|(?:\d{{1,2}}[-/ .]+)?{_MONTH}[-/ ,]*\d{{1,4}}(?:,? \d{{4}})?(?: {_CLOCK})?"
)
# Days such as 20240103, and seconds or milliseconds since 1970, in a column of such a name.
DATE_NAME = re.compile(r"date|日期|时间|time", re.IGNORECASE)
DAY = re.compile(r"(?:19|20)\d{6}|1\d{9}(?:\d{3})?(?:\.\d+)?")
ID_NAME = re.compile(
    r"(?:.*[_ ])?(?:id|uuid|guid|index|no\.?|phone|mobile)|.*(?:[a-z]I[dD]|[一-龥]id)|unnamed: \d+"
    r"|.*(?:编号|序号|学号|工号|号码|订单号|手机|电话)",
    re.IGNORECASE,
)
MOSTLY = 0.9  # share of a column's cells that makes it one of numbers
MOST_ABSENT = 0.5  # share of missing cells beyond which a column is left out
MOST_WORDS = 1000  # of a column
FEW = 20  # different values that may be classes, or words in hardly any row
# Layers of a model that prepares columns, whose names no input may have.
TAKEN = re.compile(r"column_|preprocessor|encod|concat|sequential|functional|model|rescaling")


@dataclass(frozen=True)
class Column:
    """A column that can be used.

    Args:
        name: Its name.
        values: Numbers `(n,)` float64 with NaN where they are missing, or words `(n,)`.
        absent: Whether the cell is missing, `(n,)`.
        unit: What stands behind or before each number.
        units_differ: Which units do, where its numbers are taken for words.
    """

    name: str
    values: Array
    absent: Array
    unit: str = ""
    units_differ: str = ""


def quantity(text: str, comma: bool = False) -> tuple[float, str] | None:
    """Returns a number as people write them, and its unit, which may be none.

    Args:
        text: Such as `1,234.5`, `¥3,200`, `215万元`, `3.5k` or `12 kg`.
        comma: Whether a comma alone marks decimals.

    Returns:
        `None` if it is none.
    """
    if PLAIN.fullmatch(text) and not (comma and "." in text):
        return float(text), ""
    found = _parts(text)
    if not found:
        return None
    before, digits, scale, behind = found
    if comma and EUROPEAN.fullmatch(digits):
        digits = re.sub("[. ]", "", digits).replace(",", ".")
    elif THOUSANDS.fullmatch(digits):
        digits = re.sub("[,' ]", "", digits)
    if not PLAIN.fullmatch(digits):
        return None
    # Of 1.1万 it is 11000, where a product of binary fractions is not.
    return float(Decimal(digits) * SCALES[scale]), before + behind


def _parts(text: str) -> tuple[str, str, str, str] | None:
    found = QUANTITY.fullmatch(unicodedata.normalize("NFKC", text).replace("−", "-").strip())
    return (found[2], found[1] + found[3].strip(), found[4], found[5]) if found else None


def has_decimal_comma(cells: Iterable[str]) -> bool:
    """Tells whether a cell is a number with a decimal comma, and cannot be another one."""
    digits = (parts[1] for cell in cells if not PLAIN.fullmatch(cell) and (parts := _parts(cell)))
    return any(
        EUROPEAN.fullmatch(one) and not THOUSANDS.fullmatch(one) and not PLAIN.fullmatch(one)
        for one in digits
    )


def number(text: str) -> float | None:
    """Returns a number that stands alone, or `None`."""
    found = quantity(text, comma=True)
    return found[0] if found and not found[1] else None


def units(cells: Sequence[str]) -> list[str]:
    """Returns the units of a column's numbers, `""` for none; nothing if it hardly has numbers."""
    present = [cell for cell in cells if cell.strip().lower() not in NO_NUMBER]
    found = [one for cell in present if (one := quantity(cell, comma=True))]
    if len(found) < MOSTLY * len(present):
        return []
    return list(dict.fromkeys(unit for _, unit in found))


def is_numbers(cells: Sequence[str]) -> bool:
    """Tells whether nearly all cells that are not missing are numbers of one unit."""
    return len(units(cells)) == 1


def numbers(cells: Sequence[str]) -> Array:
    """Returns the numbers of a column `(n,)`, NaN where there is none."""
    comma = has_decimal_comma(cells)
    found = [quantity(cell, comma) for cell in cells]
    return np.array([one[0] if one and math.isfinite(one[0]) else np.nan for one in found])


def column(name: str, cells: Sequence[str]) -> Column | str:
    """Returns a column, or the reason why it is left out."""
    lowered = [cell.strip().lower() for cell in cells]
    absent = np.array([cell in ABSENT for cell in lowered])
    present = [cell for cell, missing in zip(lowered, absent, strict=True) if not missing]
    if not present:
        return "empty"
    named_date = DATE_NAME.search(name) and all(map(DAY.fullmatch, present))
    several = units(cells)
    if named_date or (not several and all(map(DATE.fullmatch, present))):
        return "dates"
    if ID_NAME.fullmatch(name.strip()):
        return "an id"
    if len(several) == 1:
        values = numbers(cells)
        found = Column(name, values, np.isnan(values), several[0])
    else:
        words = [UNKNOWN if no else cell.strip() for cell, no in zip(cells, absent, strict=True)]
        found = Column(name, np.array(words, dtype=object), absent)
    if len(several) > 1:
        told = listed([shown(unit, 20) or "no unit" for unit in several])
        if _useless(found):
            return f"units differ: {told}"
        found = replace(found, units_differ=told)
    if found.absent.mean() > MOST_ABSENT:
        return f"missing in {found.absent.sum():,} of {len(cells):,} rows"
    return _useless(found) or found


def _useless(found: Column) -> str:
    """Returns why a column tells nothing, or nothing."""
    values = found.values[~found.absent]
    different = len(np.unique(values))
    if different == 1:
        return "the same in every row"
    if found.values.dtype == object:
        many = different > max(FEW, len(values) / 2) or different > MOST_WORDS
        return f"{different:,} different words in {len(values):,} rows" if many else ""
    counts = found.name.startswith("column ") or different > FEW
    first = values[0] if len(values) else 0
    counted = counts and first in (0, 1) and np.array_equal(values, first + np.arange(len(values)))
    return "the rows' numbers" if counted else ""


def input_names(names: Sequence[str]) -> Mapping[str, str]:
    """Returns the columns' names by those of a model's inputs, which TensorFlow restricts."""
    return {
        name
        if re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,60}", name)
        and not TAKEN.search(name.lower())
        and [other.lower() for other in names].count(name.lower()) == 1
        else f"column_{number}": name
        for number, name in enumerate(names, 1)
    }
