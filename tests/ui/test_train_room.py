"""The training panel in a low and narrow place: the curves keep their room, the words give it."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.ui.curves.curve_plot import CurvePlot
from resnet_studio.ui.curves.curves import Curves, Validated
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.measures import ACCURACY, LOSS, RATE
from resnet_studio.ui.curves.plot_caption import Reading
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.group_chooser import GroupChooser
from resnet_studio.ui.training.panel_header import PanelHeader
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer

LONG = "CUDA ran out of memory on cuda:0: a batch of 512 needs about 61.2 GiB. A batch of 64 should fit. " * 2


@pytest.fixture
def strip(qtbot: QtBot) -> NoticeStrip:
    made = NoticeStrip("runNotice")
    qtbot.addWidget(made)
    made.resize(420, 200)
    made.show()
    return made


def test_no_word_is_cut_and_few_lines_leave_the_buttons_beside_them(qtbot: QtBot, strip: NoticeStrip) -> None:
    strip.set_compact(True)
    offers = (Offer("Evaluate…", "evaluate", print), Offer("Resume", "resumeButton", print))

    def stands(words: str) -> bool:
        label, resume = strip.label, strip.findChild(QPushButton, "resumeButton")
        whole = label.height() >= label.heightForWidth(label.width())
        # Only words that would become a column push the buttons below.
        beside = resume.x() >= label.geometry().right() and resume.y() <= label.geometry().bottom()
        below = resume.y() >= label.geometry().bottom()
        return bool(resume.isVisible() and whole and (below if words == LONG else beside))

    for words in ("Stopped.", "Finished in 0:10: best 99.4 % in epoch 12.", LONG):
        strip.say(Message(words, "bad", offers))
        qtbot.waitUntil(lambda words=words: stands(words))


def test_a_narrow_header_leaves_out_whole_facts(qtbot: QtBot) -> None:
    header = PanelHeader(QPushButton("Weights"))
    qtbot.addWidget(header)
    header.arrange(on_run=True, running=True, stopping=False)
    header.title.setText("digits, run 2")
    header.details.setText("epoch 7/8 · 0:10 left · 3\u202f996 img/s")
    header.show()
    seen = set()
    for width in range(300, 900, 10):
        header.resize(width, 40)
        header.layout().activate()
        shown = header.details.shown
        assert header.details.text().startswith(shown)
        assert shown.split(" · ") == header.details.text().split(" · ")[: len(shown.split(" · "))]
        assert header.fontMetrics().horizontalAdvance(shown) <= header.details.width() or " · " not in shown
        seen.add(shown)
    assert header.details.text() in seen
    assert len(seen) > 1


def test_groups_become_a_list_where_their_words_have_no_room(qtbot: QtBot) -> None:
    groups = GroupChooser(
        ThemeManager(), {"Basics": ("Basics", "What all need."), "Machine": ("Machine", "What it runs on.")}
    )
    qtbot.addWidget(groups)
    said: list[str] = []
    groups.chosen.connect(said.append)
    groups.resize(500, 34)
    groups.show()
    assert groups.row.isVisible()
    assert not groups.list.isVisible()
    assert groups.minimumSizeHint().width() < 200
    groups.resize(300, 34)
    assert not groups.row.isVisible()
    assert groups.list.isVisible()
    groups.list.activated.emit(1)
    assert said == ["Machine"]
    assert groups.row.value == "Machine"
    groups.row.edited.emit("Basics")
    assert groups.list.currentText() == "Basics"


def test_plots_beside_each_other_are_equally_high(qtbot: QtBot) -> None:
    pair = PlotPair(ThemeManager())
    qtbot.addWidget(pair)
    pair.resize(420, 200)
    pair.show()
    pair.show_history(History(), live=False)
    qtbot.waitUntil(lambda: bool(pair.plots), timeout=30_000)
    loss, accuracy = pair.plots
    loss.caption.show_reading(Reading("0.1", "0.2"))
    accuracy.caption.show_reading(Reading("100.0 %" * 2, "99.4 %" * 2))
    assert loss.caption.height() == accuracy.caption.height() > 30
    accuracy.caption.show_title("Images a second")
    accuracy.caption.show_reading(Reading("1", learned=False))
    assert loss.caption.height() == accuracy.caption.height()
    for plot in pair.plots:
        unit = plot.axes.unit
        assert unit.geometry().bottom() <= plot._view.height()
        assert unit.geometry().top() >= plot._view.height() - 20


def test_the_unit_of_the_axis_stands_on_no_tick(qtbot: QtBot) -> None:
    plot = CurvePlot(RATE, ThemeManager())
    qtbot.addWidget(plot)
    plot.resize(200, 130)
    plot.show()
    x = np.linspace(0, 12, 50)
    for log in (True, False):
        for first in (-0.2, 0.0, 0.13, 4.97):
            plot.show_log(log)
            plot.show_range(first, first + 0.3 if first == 0.13 else 12.2)
            plot.show_curves(Curves(x, 0.03 * np.exp(-x / 1.2)), 0.2)
            picture = QPixmap(10, 10)
            painter = QPainter(picture)
            places = [
                axis.mapRectToScene(place)
                for axis in plot.axes.items.values()
                for place, _, _ in axis.generateDrawSpecs(painter)[2]
            ]
            painter.end()
            assert places
            # A line of figures has air above and below them.
            unit = QRectF(plot.axes.unit.geometry()).adjusted(0, 4, 0, -2)
            assert not [place for place in places if place.adjusted(0, 2, 0, -2).intersects(unit)]


def test_what_is_no_lesson_is_not_called_training(qtbot: QtBot) -> None:
    plot = CurvePlot(RATE, ThemeManager())
    qtbot.addWidget(plot)
    plot.show_curves(Curves(np.array([0.0, 1.0]), np.array([0.01, 1.37e-6])), 0.0)
    plot.show_cursor(None)
    assert plot.caption.reading.parts[0][:2] == ("", "1.37e\u22126")
    assert "training" not in plot.caption.accessibleDescription()


@pytest.mark.parametrize("height", [112, 160, 300])
@pytest.mark.parametrize("reached", [44.0, 83.0])
def test_accuracy_says_at_least_0_50_100(qtbot: QtBot, height: int, reached: float) -> None:
    plot = CurvePlot(ACCURACY, ThemeManager())
    qtbot.addWidget(plot)
    plot.resize(200, height)
    plot.show()
    x = np.linspace(0, 2, 50)
    plot.show_range(0, 2.04)
    plot.show_curves(
        Curves(x, 20 + x * 10, Validated(np.array([1.0, 2.0]), np.array([40.0, reached]), best=1)), 0.2
    )
    low, high = plot.y_range
    shown = dict(plot.axes.items["left"]._tickLevels[0])
    assert {0.0: "0", 100.0: "100"}.items() <= shown.items()
    assert len(shown) >= 3
    assert low < 0
    assert high > 100
    # Half a line of figures: what has less is not painted.
    assert min(-low, high - 100) / (high - low) * plot._box.height() >= 7


def test_the_labels_of_both_axes_lie_inside(qtbot: QtBot) -> None:
    for measure in (LOSS, ACCURACY):
        plot = CurvePlot(measure, ThemeManager())
        qtbot.addWidget(plot)
        plot.resize(200, 112)
        plot.show()
        x = np.linspace(0, 2, 50)
        plot.show_range(-0.03, 2.04)
        plot.show_curves(
            Curves(x, 80 - x * 39, Validated(np.array([1.0, 2.0]), np.array([40.0, 3.0]), best=1)), 0.2
        )
        whole = plot._view.sceneRect()
        # Ended before Qt goes: a painter that outlives its picture takes the process along.
        picture = QPixmap(10, 10)
        painter = QPainter(picture)
        places = [
            axis.mapRectToScene(place)
            for axis in plot.axes.items.values()
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
    assert pair._controls.gauges.text() == words
    pair.resize(330, 200)
    qtbot.waitUntil(lambda: pair._controls.gauges.text() != words)
    assert pair._controls.gauges.text().endswith("CPU")
    pair.resize(900, 200)
    qtbot.waitUntil(lambda: pair._controls.gauges.text() == words)
