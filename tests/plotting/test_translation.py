"""A figure's texts in Chinese, and back; fonts that have them."""

import warnings
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from kerastut.language import speaking
from kerastut.plotting.fonts import FONT
from kerastut.plotting.histories import history
from kerastut.plotting.style import new_figure, save
from kerastut.plotting.translation import LABELS, Labels, label_pairs, translated
from kerastut.teaching.telling.figures import smallest_text

TABLE = Labels(
    {"epoch": "轮次", "{count} steps": "{count} 步", "{a}: {b}": "{a}：{b}", "Adam": "Adam"}
)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("epoch", "轮次"),
        ("20 steps", "20 步"),
        ("Adam: 20 steps", "Adam：20 步"),
        ("Adam: a strange word", None),
        ("a strange word", None),
        ("word", None),
        ("Word", None),
        ("0.5", "0.5"),
        ("$\\varphi(z)$", "$\\varphi(z)$"),
        ("slope $\\varphi(z)$", None),
        ("learning_rate=0.1", "learning_rate=0.1"),
        ("f(x)", "f(x)"),
        ("ReLU", "ReLU"),
        ("RMSprop", "RMSprop"),
        ("conv2d", "conv2d"),
        ("w", "w"),
        ("1 → 7  0.98", "1 → 7  0.98"),
        ("已经是中文", "已经是中文"),
        ("", ""),
    ],
)
def test_what_has_a_twin_and_what_needs_none(text: str, chinese: str | None) -> None:
    assert TABLE.chinese(text) == chinese


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]


def test_a_figure_is_translated_whole_and_back(tmp_path: Path) -> None:
    figure, axes = new_figure()
    axes.bar(["epoch", "Adam"], [1, 2], label="20 steps")
    axes.set(title="epoch", xlabel="$x$")
    axes.annotate("epoch", (0, 1))
    axes.legend()
    figure.suptitle("Adam: 3 steps")
    save(axes, tmp_path / "before.png")
    with translated(figure, lambda text: TABLE.chinese(text) or text), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.draw_without_rendering()
        found = texts(figure)
        assert {"轮次", "20 步", "Adam：3 步", "Adam"} <= set(found)
        assert "epoch" not in found
        save(axes, tmp_path / "chinese.png")
    save(axes, tmp_path / "after.png")
    before, chinese, after = (
        (tmp_path / f"{name}.png").read_bytes() for name in ("before", "chinese", "after")
    )
    assert before == after != chinese


def test_figures_of_kerastut_have_twins() -> None:
    axes = history({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5], "accuracy": [0.5, 0.6]})
    figure = axes[0].figure
    assert isinstance(figure, Figure)
    table = Labels(label_pairs(LABELS))
    figure.draw_without_rendering()
    assert not [text for text in texts(figure) if table.chinese(text) is None]


def test_the_smallest_text_is_measured_in_pixels() -> None:
    figure, axes = new_figure()
    axes.set_title("epoch", fontsize=36)
    axes.text(0, 0, "", fontsize=1)
    figure.draw_without_rendering()
    assert smallest_text(figure) == pytest.approx(10 * 100 / 72)


def test_the_font_has_the_common_characters() -> None:
    """Those of the first level of GB 2312, but for four rare ones, and marks."""
    letters = set(map(chr, FT2Font(str(FONT)).get_charmap()))
    level = [bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    common = set("".join(pair.decode("gb2312", "ignore") for pair in level))
    assert len(common) == 3755
    assert common - letters == set("毖耪谰锨")
    assert set("，。：；、？！（）《》") <= letters | set("，。：；、？！（）《》") <= letters


def test_a_figure_is_saved_in_the_language_that_is_spoken(tmp_path: Path) -> None:
    axes, *_ = history({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]})
    save(axes, tmp_path / "before.png")
    with speaking("zh"), warnings.catch_warnings():
        warnings.simplefilter("error")
        save(axes, tmp_path / "chinese.png")
    save(axes, tmp_path / "after.png")
    before, chinese, after = (
        (tmp_path / f"{name}.png").read_bytes() for name in ("before", "chinese", "after")
    )
    assert before == after != chinese
    assert axes.get_title("left") == "loss"
