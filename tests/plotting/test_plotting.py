"""Plots: axes in, axes out, no window, the same bytes every time."""

import os
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.cbook import is_math_text
from matplotlib.text import Text

from kerastut import plotting

HISTORY = {
    "accuracy": [0.5, 0.7],
    "loss": [1.0, 0.6],
    "val_accuracy": [0.4, 0.6],
    "val_loss": [1.1, 0.9],
}
RNG = np.random.default_rng(0)
TRUTH = np.repeat(np.arange(3), 10)
PREDICTED = np.where(np.arange(30) % 7 == 0, 0, TRUTH)


def test_history_draws_a_panel_for_each_metric_loss_first() -> None:
    axes = plotting.history(HISTORY)
    assert [ax.get_title("left") for ax in axes] == ["loss", "accuracy"]
    assert [line.get_label() for line in axes[0].lines] == ["training", "validation"]
    assert axes[0].lines[0].get_ydata().tolist() == [1.0, 0.6]  # type: ignore[union-attr]


def test_given_axes_are_used() -> None:
    figure, ax = plt.subplots()
    try:
        assert plotting.confusion_matrix(TRUTH, PREDICTED, "abc", ax) is ax
        x = np.linspace(0, 1, 5)
        assert plotting.regression_line(x, x, {"line": (1.0, 0.0)}, ax) is ax
    finally:
        plt.close(figure)


def test_no_figure_is_left_with_pyplot() -> None:
    before = plt.get_fignums()
    plotting.history(HISTORY)
    plotting.gaps({"a": HISTORY, "b": HISTORY}, "loss")
    assert plt.get_fignums() == before


def test_confusion_counts_against_a_loop() -> None:
    counts = np.zeros((3, 3), int)
    for true, predicted in zip(TRUTH, PREDICTED, strict=True):
        counts[true, predicted] += 1
    np.testing.assert_array_equal(plotting.confusion(TRUTH, PREDICTED, 3), counts)


def test_mistakes_shows_the_surest_first() -> None:
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.05, 0.95]])
    images = np.zeros((3, 4, 4, 1), np.uint8)
    axes = plotting.mistakes(images, np.array([1, 0, 1]), probabilities, ("no", "yes"))
    assert [ax.get_title() for ax in axes] == ["yes → no  0.90", "no → yes  0.60"]


def test_mistakes_without_any() -> None:
    images = np.zeros((1, 4, 4, 1), np.uint8)
    assert plotting.mistakes(images, np.array([0]), np.array([[1.0, 0.0]]), ("no", "yes"))


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_same_bytes_whatever_the_readers_style(tmp_path: Path, style: str) -> None:
    plotting.save(plotting.history(HISTORY)[0], tmp_path / "plain.png")
    with plt.style.context(style):
        plotting.save(plotting.history(HISTORY)[0], tmp_path / "styled.png")
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "styled.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("$\\frac{1$", "$\\frac{1$"),
        ("$x$ \\$", "$x$ \\$"),
        ("a\nb\x1b", "a\\nb\\u001b"),
        (os.fsdecode(b"caf\xe9"), "caf\\udce9"),
        ("y" * 255, "y" * 32 + "..."),
        ("e\u0301_^{", "e\u0301_^{"),
    ],
)
def test_names_are_drawn_letter_by_letter(name: str, drawn: str, tmp_path: Path) -> None:
    """As texts without a `$` are, dot by dot."""
    names, plain = (name, "b", "c"), (drawn, "b", "c")
    ax = plotting.confusion_matrix(TRUTH, PREDICTED, names)
    labels = ax.get_xticklabels()
    plotting.save(ax, tmp_path / "names.png")
    assert not any(is_formula(label) for label in labels)
    assert labels[0].get_text().replace("\\$", "$") == drawn
    images, chances = np.zeros((1, 4, 4, 1), np.uint8), np.array([[0.1, 0.9, 0.0]])
    (axes,) = plotting.mistakes(images, np.array([0]), chances, names)
    plotting.save(axes, tmp_path / "mistakes.png")
    assert drawn[:16] in axes.get_title().replace("\\$", "$") or len(drawn) > 16
    assert "$" in drawn or plain[0] == labels[0].get_text()


def is_formula(text: Text) -> bool:
    """Tells whether matplotlib would typeset a text."""
    return text.get_parse_math() and bool(is_math_text(text.get_text()))


@pytest.mark.parametrize("name", ["$\\frac{1$", "$loss$", "a\x9b\udcff"])
def test_names_of_metrics_and_settings_are_drawn_too(name: str, tmp_path: Path) -> None:
    drawings = (
        plotting.history({"loss": [1.0], name: [2.0]})[1],
        plotting.gaps({name: {name: [1.0], f"val_{name}": [1.0]}}, name)[0],
        plotting.comparison([{name: name}], {name: [[1.0, 2.0]]})[0],
        plotting.decision_boundary(
            RNG.normal(size=(4, 2)), np.array([0, 0, 1, 1]), {}, (name, "b")
        ),
    )
    for number, ax in enumerate(drawings):
        plotting.save(ax, tmp_path / f"{number}.png")
