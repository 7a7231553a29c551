"""The learning-rate range test in the window: asked of the engine, drawn, marked, taken by one click; given up when closed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import files, presets
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.initial import Initial, initial_from
from resnet_studio.runs.spec import default_spec, spec_to
from resnet_studio.ui.curves.rates_plot import even_values
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.rates_dialog import RatesDialog
from resnet_studio.ui.training.setup_page import SetupPage
from tests.ui.asked_engine import AskedEngine
from tests.ui.shell_window import shown_window

DESIGN = presets.preset("digits_starter")
SPEC = default_spec("digits")
# From 1e-5 to 10: falls until 0.1, then leaves.
POINTS = [(10.0 ** (-5 + step / 10), 2.3 - 2 * (step / 40) ** 2 if step <= 40 else 0.3 + (step - 40) * 0.1) for step in range(61)]  # fmt: skip
FOUND = {"points": POINTS, "suggestion": 0.0123456}


@pytest.fixture
def engine() -> AskedEngine:
    return AskedEngine()


@pytest.fixture
def dialog(qtbot: QtBot, qapp: Any, engine: AskedEngine) -> RatesDialog:
    theme = ThemeManager(qapp)
    made = RatesDialog(DESIGN, SPEC, theme, engine, initial=None)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    return made


def button(dialog: QWidget, name: str) -> QAbstractButton:
    found = dialog.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def test_it_asks_for_this_drawing_with_these_settings_and_tells_how_far_it_is(
    dialog: RatesDialog, engine: AskedEngine
) -> None:
    (asked,) = engine.asked
    assert asked.do == "rates"
    assert files.loads(asked.args["design"]) == DESIGN
    assert asked.args["spec"] == spec_to(SPEC)
    assert asked.args["initial"] is None
    assert dialog.rate.value() == SPEC.lr
    asked.on_progress({"done": 40, "total": 100, "text": ""})
    assert "40 of 100" in dialog.strip.text
    assert not dialog.take_button.isEnabled()


def tell(engine: AskedEngine, points: list[tuple[float, float]], done: int = 0) -> None:
    """As the engine tells of each step."""
    for number, (rate, loss) in enumerate(points, done + 1):
        value = {"rate": rate, "loss": loss, "highest": 10.0}
        engine.asked[-1].on_progress({"done": number, "total": 100, "text": "", "value": value})


def test_the_curve_grows_while_it_is_tried_and_is_drawn_ten_times_a_second(
    dialog: RatesDialog, engine: AskedEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    show = dialog.plot.show_growing
    monkeypatch.setattr(
        dialog.plot, "show_growing", lambda points, until: (drawn.append(len(points)), show(points, until))
    )
    tell(engine, POINTS[:30])
    # The first at once; all others that came within the moment together.
    assert drawn == [1]
    qtbot.waitUntil(lambda: drawn == [1, 30])
    assert dialog.plot.points == tuple(POINTS[:30])
    assert "30 of 100" in dialog.strip.text
    assert dialog.plot.marked is None
    assert not dialog.take_button.isEnabled()
    assert not dialog.plot.grab().isNull()
    # The axis stands still, so that the curve comes nearer to its end.
    places = [dialog.plot.across(rate) for rate in (1e-5, POINTS[29][0])]
    assert places[1] < dialog.plot.across(10.0) == pytest.approx(dialog.plot.area.right())
    tell(engine, POINTS[30:40], 30)
    qtbot.waitUntil(lambda: len(dialog.plot.points) == 40)
    assert [dialog.plot.across(rate) for rate in (1e-5, POINTS[29][0])] == places
    engine.asked[0].on_result(FOUND)
    assert dialog.plot.points == tuple(POINTS)
    assert dialog.plot.marked == 0.012


def test_once_cancelled_or_closed_nothing_more_is_drawn(dialog: RatesDialog, engine: AskedEngine) -> None:
    tell(engine, POINTS[:5])
    button(dialog, "ratesCancelButton").click()
    assert not dialog._pace.isActive()
    assert len(dialog.plot.points) == 1
    assert "nothing was changed" in dialog.strip.text
    button(dialog, "ratesAgainButton").click()
    assert dialog.plot.points == ()
    tell(engine, POINTS[:3])
    engine.asked[-1].on_error(StudioError("There is no such data.", "Fetch it."))
    assert not dialog._pace.isActive()
    assert "There is no such data." in dialog.strip.text
    button(dialog, "ratesAgainButton").click()
    tell(engine, POINTS[:3])
    dialog.close()
    assert not dialog._pace.isActive()
    assert engine.cancelled == [1, 3]


def test_a_curve_that_has_hardly_begun_is_no_mountain(dialog: RatesDialog, engine: AskedEngine) -> None:
    tell(engine, [(1e-5, 2.31)])
    dialog._pace.stop()
    tell(engine, [(1e-5, 2.31), (2e-5, 2.29), (3e-5, 2.3)])
    plot = dialog.plot
    assert abs(plot._down(2.31) - plot._down(2.29)) < plot.area.height() / 10


def test_what_it_suggests_is_marked_and_taken_by_one_click(
    dialog: RatesDialog, engine: AskedEngine, qtbot: QtBot
) -> None:
    engine.asked[0].on_result(FOUND)
    assert dialog.plot.points == tuple(POINTS)
    assert dialog.plot.marked == 0.012
    assert "0.012" in dialog.strip.text
    assert "lowest at a rate of 0.1: 0.3" in dialog.plot.accessibleDescription()
    assert "Marked: 0.012." in dialog.plot.accessibleDescription()
    with qtbot.waitSignal(dialog.taken) as taken:
        dialog.take_button.click()
    assert taken.args == [0.012]
    assert not dialog.isVisible()
    assert engine.cancelled == []


def test_another_rate_is_taken_by_a_click_on_the_curve_or_by_typing(
    dialog: RatesDialog, engine: AskedEngine
) -> None:
    plot = dialog.plot
    middle = plot.area.center().toPoint()
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=middle)
    assert plot.accessibleDescription() == "No values yet."
    engine.asked[0].on_result(FOUND)
    at = QPoint(round(plot.across(0.001)), middle.y())
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at)
    assert dialog.rate.value() == plot.marked == 0.001
    dialog.rate.setValue(0.02)
    assert plot.marked == 0.02
    assert plot.across(0.001) < plot.across(0.02) < plot.across(0.1)
    dialog.rate.setValue(0.0)
    assert not dialog.take_button.isEnabled()


def test_a_loss_that_never_fell_suggests_nothing(dialog: RatesDialog, engine: AskedEngine) -> None:
    engine.asked[0].on_result({"points": POINTS[40:], "suggestion": None})
    assert "never fell" in dialog.strip.text
    assert dialog.plot.marked is None
    assert not dialog.take_button.isEnabled()
    engine_before = len(engine.asked)
    button(dialog, "ratesAgainButton").click()
    assert len(engine.asked) == engine_before + 1
    assert dialog.plot.points == ()
    engine.asked[-1].on_result({"points": [], "suggestion": None})


def test_cancelled_it_says_so_and_begins_again_when_asked(dialog: RatesDialog, engine: AskedEngine) -> None:
    button(dialog, "ratesCancelButton").click()
    assert (engine.cancelled, engine.forgotten) == ([1], [1])
    assert "nothing was changed" in dialog.strip.text
    button(dialog, "ratesAgainButton").click()
    engine.asked[-1].on_error(StudioError("There is no such data.", "Fetch it."))
    assert "There is no such data." in dialog.strip.text
    button(dialog, "ratesAgainButton").click()
    dialog.reject()
    assert engine.cancelled == [1, 3]


def test_everything_has_a_name_and_is_painted(dialog: RatesDialog, engine: AskedEngine) -> None:
    engine.asked[0].on_result(FOUND)
    for part in (dialog, dialog.plot, dialog.rate, *dialog.findChildren(QPushButton)):
        assert part.objectName()
        assert part.accessibleName()
    QTest.mouseMove(dialog.plot, dialog.plot.area.center().toPoint())
    assert not dialog.plot.grab().isNull()


def test_round_values_stand_beside_the_curve() -> None:
    assert even_values(0.24, 2.42, 5) == pytest.approx([0.5, 1.0, 1.5, 2.0])
    assert even_values(0.0, 10.0, 5) == pytest.approx([0, 2, 4, 6, 8, 10])
    assert even_values(1.0, 1.0, 5) == []


def test_the_button_beside_the_learning_rate_puts_it_into_the_settings(qtbot: QtBot, qapp: Any) -> None:
    engine, document = AskedEngine(), Document(DESIGN)
    page = SetupPage(document, ThemeManager(qapp), engine)
    qtbot.addWidget(page)
    page.show()
    page.form.take(replace(page.form.draft, momentum=0.8))
    page.rates.click()
    (asked,) = engine.questions("rates")
    assert asked.args["spec"]["momentum"] == 0.8
    asked.on_result(FOUND)
    found = page.window().findChild(RatesDialog)
    assert found is not None
    with qtbot.waitSignal(page.form.changed):
        found.take_button.click()
    assert page.form.draft == replace(default_spec("digits"), momentum=0.8, lr=0.012)
    qtbot.waitUntil(lambda: page.window().findChild(RatesDialog) is None)


def test_the_menu_opens_it_over_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as window:
        window.new_preset("digits_starter")
        window.acts["findRate"].trigger()
        found = window.findChild(RatesDialog)
        assert found is not None
        assert found.isVisible()
        # The program goes though it is tried.
        window.document.undo_stack.setClean()
        window.close()
        assert not window.isVisible()


def test_it_begins_with_the_drawings_own_weights_and_says_which(qtbot: QtBot, qapp: Any) -> None:
    engine, document = AskedEngine(), Document(DESIGN)
    initial = Initial(source="/somewhere/photos.pt", origin=DESIGN, sha256="0" * 64)
    document.begin_with(initial)
    page = SetupPage(document, ThemeManager(qapp), engine)
    qtbot.addWidget(page)
    page.show()
    page.rates.click()
    (asked,) = engine.questions("rates")
    assert initial_from(asked.args["initial"]) == initial
    found = page.window().findChild(RatesDialog)
    assert found is not None
    about = found.findChild(QLabel, "ratesAbout")
    assert about is not None
    assert "begins with photos.pt" in about.text()
    assert "0.98" in about.toolTip()
    # Another start, another question.
    found.reject()
    document.begin_with(None)
    page.rates.click()
    assert engine.questions("rates")[-1].args["initial"] is None
