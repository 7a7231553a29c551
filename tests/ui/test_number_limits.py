"""Every number field: typing is never blocked, a formula counts, and what is not taken is told with its limit."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.training.controls import NumberBox
from resnet_studio.ui.widgets.field_hint import FieldHint
from resnet_studio.ui.widgets.number import NumberField
from resnet_studio.ui.widgets.rate import RateField
from resnet_studio.ui.widgets.spin import WholeBox

UP, DOWN, RETURN, TAB = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Tab


def whole() -> WholeBox:
    box = WholeBox()
    box.setRange(1, 4096)
    box.setValue(64)
    return box


def broken() -> NumberBox:
    box = NumberBox()
    box.setRange(0.0, 10.0)
    box.setValue(0.05)
    return box


def field() -> NumberField:
    made = NumberField(ThemeManager(ThemeChoice.LIGHT), low=1, high=4096)
    made.set_value(64)
    made.speak()
    return made


def rate() -> RateField:
    made = RateField(ThemeManager(ThemeChoice.LIGHT), high=0.9)
    made.set_value(0.05)
    made.speak()
    return made


Made = WholeBox | NumberBox | NumberField


Show = Callable[[Callable[[], Made]], Made]


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Shows a field beside another one, with the keyboard."""
    pages: list[QWidget] = []

    def show(make: Callable[[], Made]) -> Made:
        page = QWidget()
        pages.append(page)
        row = QHBoxLayout(page)
        made = make()
        row.addWidget(made)
        row.addWidget(QLineEdit())
        page.show()
        page.activateWindow()
        made.setFocus()
        qtbot.waitUntil(made.hasFocus)
        line_of(made).selectAll()
        return made

    yield show
    for page in pages:
        page.close()
        page.deleteLater()


def line_of(made: Made) -> QLineEdit:
    return made if isinstance(made, QLineEdit) else made.lineEdit()


def value(made: Made) -> float:
    found = made.value() if isinstance(made, QAbstractSpinBox) else made.value
    assert found is not None
    return found


def told(made: Made) -> str:
    return "".join(hint.text() for hint in made.findChildren(FieldHint) if hint.isVisible())


def turn(made: Made, steps: int) -> None:
    place = QPointF(made.rect().center())
    event = QWheelEvent(
        place, made.mapToGlobal(place), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(made, event)


@pytest.mark.parametrize(
    ("make", "typed"),
    [
        (whole, ("64*4", 256)), (whole, ("(32+32)×2", 128)), (whole, ("1 024", 1024)), (whole, ("12", 12)),
        (broken, ("0.1/4", 0.025)), (broken, ("1e-4", 1e-4)), (broken, ("0,5", 0.5)), (broken, ("2*3", 6)),
        (field, ("64*4", 256)), (rate, ("1/4", 0.25)), (rate, ("20%", 0.2)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("leave", [RETURN, TAB])
def test_a_formula_is_taken_when_it_is_done(
    qtbot: QtBot, shown: Show, make: Callable[[], Made], typed: tuple[str, float], leave: Qt.Key
) -> None:
    made, (text, result) = shown(make), typed
    qtbot.keyClicks(made, text)
    assert line_of(made).text().replace(" ", "") == text.replace(" ", ""), "no key is swallowed"
    qtbot.keyClick(made, leave)
    assert value(made) == pytest.approx(result)
    assert told(made) == ""


@pytest.mark.parametrize(
    ("make", "typed"),
    [
        (whole, ("99999", "from 1 to 4\N{THIN SPACE}096", 64)), (whole, ("0", "from 1 to", 64)),
        (broken, ("11", "from 0 to 10", 0.05)), (field, ("99999", "from 1 to 4", 64)), (rate, ("0.95", "from 0 to 0.9", 0.05)),
        (whole, ("64*", "not a whole number", 64)), (broken, ("0.1/0", "does not divide", 0.05)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("leave", [RETURN, TAB])
def test_what_is_not_taken_is_told_with_its_limits_when_the_field_is_left(
    qtbot: QtBot, shown: Show, make: Callable[[], Made], typed: tuple[str, str, float], leave: Qt.Key
) -> None:
    made, (text, limits, stays) = shown(make), typed
    qtbot.keyClicks(made, text)
    assert line_of(made).text() == text, "a half-typed value is no error"
    assert told(made) == ""
    qtbot.keyClick(made, leave)
    assert value(made) == pytest.approx(stays)
    assert limits in told(made).replace("\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}")
    assert "It stays" in told(made)
    made.setFocus()
    qtbot.keyClicks(made, "1")
    assert told(made) == ""


@pytest.mark.parametrize(
    ("make", "top", "bottom"), [(whole, 4096, 1), (broken, 10.0, 0.0), (field, 4096, 1), (rate, 0.9, 0)]
)
def test_arrows_and_wheel_step_and_say_where_they_end(
    qtbot: QtBot, shown: Show, make: Callable[[], Made], top: float, bottom: float
) -> None:
    made = shown(make)
    before = value(made)
    qtbot.keyClick(made, UP)
    assert value(made) > before
    turn(made, -1)
    assert value(made) == pytest.approx(before)
    for key, limit, word in ((UP, top, "most"), (DOWN, bottom, "least")):
        made.setValue(limit) if isinstance(made, QAbstractSpinBox) else made.set_value(limit)
        made.setFocus()
        assert told(made) == "" or word not in told(made)
        qtbot.keyClick(made, key)
        assert value(made) == limit
        assert told(made).endswith(f"is the {word}.")
        qtbot.keyClicks(made, "1")
        assert told(made) == ""
        qtbot.keyClick(made, Qt.Key.Key_Backspace)
    turned = shown(make)
    turned.setValue(top) if isinstance(turned, QAbstractSpinBox) else turned.set_value(top)
    turn(turned, 1)
    assert told(turned).endswith("is the most.")


def test_the_wheel_over_a_field_without_the_keyboard_says_nothing(shown: Show) -> None:
    made = shown(field)
    made.parentWidget().findChildren(QLineEdit)[-1].setFocus()
    turn(made, 1)
    assert value(made) == 64
    assert told(made) == ""
