"""Logarithmic axes: where ticks stand, what is drawn, what is read, and that the choice is remembered."""

from math import isfinite, log10
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from resnet_studio.ui.curves.curve_plot import CurvePlot
from resnet_studio.ui.curves.curves import Curves, Validated
from resnet_studio.ui.curves.measures import ACCURACY, LOSS, RATE
from resnet_studio.ui.curves.overlay_plot import Line, OverlayPlot
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.curves.plot_range import log_ticks
from resnet_studio.ui.curves.reduce import logarithm
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.theme import ThemeManager

X = np.linspace(0.1, 4, 40)


@given(st.floats(-20, 20), st.floats(0.01, 20), st.integers(2, 8))
def test_ticks_stand_where_their_texts_say_and_are_not_too_many(low: float, extent: float, most: int) -> None:
    found = log_ticks(low, low + extent, most)
    assert len(found) <= most
    for place, text in found:
        assert low - 1e-6 <= place <= low + extent + 1e-6
        assert place == pytest.approx(log10(float(text.replace("\u2212", "-"))), abs=3e-3)
        # The axis has room for as many letters.
        assert extent < 2.01 or len(text) <= 5
    if extent > 2.01:
        assert len(found) >= 2


def test_no_range_has_no_ticks() -> None:
    for low, high in ((0.0, 0.0), (1.0, 0.0), (float("nan"), 1.0), (-400.0, 400.0)):
        assert log_ticks(low, high, 5) == []


def test_what_has_no_logarithm_is_left_out() -> None:
    assert [isfinite(value) for value in logarithm(np.array([1.0, 0.0, -1.0, np.nan, np.inf]))] == [
        True
    ] + 4 * [False]


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    themes = ThemeManager()
    made = CurvePlot(LOSS, themes)
    themes.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    made.show_range(0, 4)
    return made


def curves(y: np.ndarray) -> Curves:
    return Curves(X, y, Validated(np.array([1.0, 2.0]), np.array([0.5, 0.05]), best=1))


def test_small_losses_are_told_apart_and_read_as_they_are(plot: CurvePlot) -> None:
    loss = 10 ** (-X)
    plot.show_log(True)
    plot.show_curves(curves(loss), 0.0)
    low, high = plot.y_range
    assert low < -4
    assert -0.5 < high < 0.5
    drawn = plot.items.thick.getData()[1]
    assert drawn == pytest.approx(-X)
    assert plot.items.best.getData()[1] == pytest.approx([log10(0.05)])
    plot.show_cursor(2.0)
    assert plot._reading(2.0).val == "0.050"
    assert any(place == pytest.approx(log10(0.05)) for place in plot.items.marks.getData()[1])
    plot.show_log(False)
    plot.show_curves(curves(loss), 0.0)
    assert plot.y_range[0] <= 0 <= plot.y_range[1]
    assert plot.items.thick.getData()[1] == pytest.approx(loss)


def test_a_rate_that_ends_at_nothing_is_drawn_as_far_as_it_goes(plot: CurvePlot) -> None:
    plot.show_measure(RATE)
    plot.show_log(True)
    rate = np.maximum(0.0, 1 - X / 3)
    plot.show_curves(Curves(X, rate), 0.0)
    assert np.isfinite(plot.items.thick.getData()[1]).all()
    assert len(plot.items.thick.getData()[0]) == (rate > 0).sum()
    plot.show_cursor(4.0)
    assert len(plot.items.marks.getData()[0]) == 0


def test_accuracy_stays_plain(plot: CurvePlot) -> None:
    plot.show_measure(ACCURACY)
    plot.show_log(True)
    plot.show_curves(curves(X * 20), 0.0)
    assert not plot.is_log
    assert plot.items.thick.getData()[1] == pytest.approx(X * 20)


def test_the_menu_chooses_it_and_the_choice_is_told_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    themes, settings = ThemeManager(), Settings(tmp_path / "window.ini")
    pair = PlotPair(themes)
    themes.setParent(pair)
    qtbot.addWidget(pair)
    assert not settings.log_curves
    pair.log_chosen.connect(settings.keep_log_curves)
    pair._menu.log.trigger()
    assert pair._menu.log.isChecked()
    settings.save()
    assert Settings(tmp_path / "window.ini").log_curves
    other = PlotPair(themes)
    qtbot.addWidget(other)
    other.show_log(Settings(tmp_path / "window.ini").log_curves)
    assert other._menu.log.isChecked()


def test_curves_of_several_runs_have_it_too(qtbot: QtBot) -> None:
    themes = ThemeManager()
    plot = OverlayPlot("Loss by epoch", themes)
    themes.setParent(plot)
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    lines = [Line(X, 10 ** (-X), "#123456"), Line(X, X * 0, "#123456")]
    plot.show_lines(lines, log=True)
    low, high = plot.y_range
    assert low < -4
    assert high < 0.5
    assert plot.lines[0].y == pytest.approx(10 ** (-X))
    plot.show_lines(lines)
    assert plot.y_range[1] > 0.7
