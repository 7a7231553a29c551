"""The training panel in a low and narrow place: the curves keep their room, the words give it."""

import numpy as np
import pytest
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot

from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.curve_plot import CurvePlot
from resnet_studio.ui.training.curves import Curves
from resnet_studio.ui.training.measures import ACCURACY, LOSS
from resnet_studio.ui.training.notice_strip import Message, NoticeStrip, Offer
from resnet_studio.ui.training.plot_pair import PlotPair

LONG = "CUDA ran out of memory on cuda:0: a batch of 512 needs about 61.2 GiB. A batch of 64 should fit. " * 2


@pytest.fixture
def strip(qtbot: QtBot) -> NoticeStrip:
    made = NoticeStrip("runNotice")
    qtbot.addWidget(made)
    made.resize(420, 200)
    made.show()
    return made


def test_a_compact_strip_takes_one_line_until_the_whole_is_wanted(strip: NoticeStrip) -> None:
    strip.say(Message(LONG, "bad", (Offer("Resume", "resumeButton", print),)))
    tall = strip._column.totalHeightForWidth(420)
    strip.set_compact(True)
    low = strip.sizeHint().height()
    assert low < tall
    assert strip._more.isVisible()
    strip._more.click()
    assert not strip._more.isVisible()
    assert strip.label.wordWrap()
    assert strip._column.totalHeightForWidth(420) > low
    # The next message takes one line again; a short one needs no "More".
    strip.say(Message("Stopped.", "info"))
    assert not strip.label.wordWrap()
    assert not strip._more.isVisible()
    assert strip.sizeHint().height() <= low


@pytest.mark.parametrize("height", [112, 160, 300])
def test_accuracy_says_at_least_0_50_100(qtbot: QtBot, height: int) -> None:
    plot = CurvePlot(ACCURACY, ThemeManager())
    qtbot.addWidget(plot)
    plot.resize(200, height)
    plot.show()
    x = np.linspace(0, 2, 50)
    plot.show_range(0, 2.04)
    plot.show_curves(Curves(x, x * 40, np.array([1.0, 2.0]), np.array([40.0, 83.0]), best=1), 0.2)
    low, high = plot.y_range
    shown = dict(plot._axes["left"]._tickLevels[0])
    assert {0.0: "0", 100.0: "100"}.items() <= shown.items()
    assert len(shown) >= 3
    assert low < 0
    assert high > 100


def test_the_labels_of_both_axes_lie_inside(qtbot: QtBot) -> None:
    for measure in (LOSS, ACCURACY):
        plot = CurvePlot(measure, ThemeManager())
        qtbot.addWidget(plot)
        plot.resize(200, 112)
        plot.show()
        x = np.linspace(0, 2, 50)
        plot.show_range(-0.03, 2.04)
        plot.show_curves(Curves(x, 80 - x * 39, np.array([1.0, 2.0]), np.array([40.0, 3.0]), best=1), 0.2)
        whole = plot._view.sceneRect()
        # Ended before Qt goes: a painter that outlives its picture takes the process along.
        picture = QPixmap(10, 10)
        painter = QPainter(picture)
        places = [
            axis.mapRectToScene(place)
            for axis in plot._axes.values()
            for place, _, _ in axis.generateDrawSpecs(painter)[2]
        ]
        painter.end()
        assert len(places) >= 5
        assert all(whole.contains(place) for place in places), (measure.title, whole, places)


def test_gauges_drop_what_stands_in_the_middle(qtbot: QtBot) -> None:
    pair = PlotPair(ThemeManager())
    qtbot.addWidget(pair)
    pair.resize(900, 200)
    pair.show()
    words = "lr 0.00409 · 599 MB · CPU, 2 threads"
    pair.show_gauges(words)
    assert pair._gauges.text() == words
    pair.resize(330, 200)
    qtbot.waitUntil(lambda: pair._gauges.text() != words)
    assert pair._gauges.text().endswith("CPU")
    pair.resize(900, 200)
    qtbot.waitUntil(lambda: pair._gauges.text() == words)
