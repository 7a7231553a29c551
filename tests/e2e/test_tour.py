"""The guided tour in a real window: a block really dragged, keys as the window system sends them, themes and sizes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from resnet_studio.ui.tour.guide import Guide
from tests.e2e.test_drag import drag
from tests.ui.shell_window import active_window, press

pytestmark = pytest.mark.xvfb


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with active_window(qtbot) as made:
        yield made


def begun(window: MainWindow) -> Guide:
    button = window.start_page.findChild(QPushButton, "startTour")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    guide = window.findChild(Guide)
    assert isinstance(guide, Guide)
    return guide


def test_the_tour_ticks_that_the_block_is_really_dropped(window: MainWindow, qtbot: QtBot) -> None:
    guide = begun(window)
    guide.player.show_chapter(1)
    guide.player.next()
    guide.player.next()
    assert guide.player.step.key == "block.insert"
    source = next(
        card for card in window.findChildren(PaletteCard) if card.objectName() == "palette_residual"
    )
    canvas = window.editor.canvas
    qtbot.waitUntil(lambda: canvas.places.card_of("s2b2") is not None)
    last = canvas.places.card_of("s2b2")
    assert last is not None
    end = canvas.viewport().mapTo(window, canvas.mapFromScene(last.rect.cx, last.rect.bottom + 30))
    drag(qtbot, window, source.mapTo(window, source.rect().center()), end)  # type: ignore[arg-type]
    assert guide.player.done
    assert len(window.document.design.stages[1].blocks) == 3
    QTest.mouseClick(guide.card.next_button, Qt.MouseButton.LeftButton)
    assert guide.player.step.key == "block.halving"


def test_the_keyboard_reaches_the_card_and_leaves_the_tour(window: MainWindow, qtbot: QtBot) -> None:
    guide = begun(window)
    qtbot.waitUntil(guide.card.next_button.hasFocus)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_PageDown)
    assert guide.player.step.key == "why.shortcut"
    window.editor.canvas.setFocus()
    qtbot.waitUntil(window.editor.canvas.hasFocus)
    press(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(guide.card.next_button.hasFocus)
    press(window, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(guide.card.show_button.hasFocus)
    press(window, Qt.Key.Key_Space)
    assert guide.player.done
    assert guide.card.next_button.hasFocus(), "the keyboard stays on the card"
    press(window, Qt.Key.Key_Escape)
    assert not guide.player.is_on
    qtbot.waitUntil(window.editor.canvas.hasFocus)


@pytest.mark.parametrize(
    ("size", "choice"),
    [((1280, 800), ThemeChoice.LIGHT), ((1920, 1040), ThemeChoice.DARK)],
    ids=["small", "large"],
)
def test_no_card_is_cut_or_covers_what_it_speaks_of(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int], choice: ThemeChoice
) -> None:
    window.theme.choose(choice)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() == size[0])
    guide = begun(window)
    for _ in range(13):
        guide.arrange()
        card, area = guide.card, guide._area()
        assert QRect(area.x, area.y, area.w, area.h).contains(card.geometry())
        for label in (card.title, card.text, card.ask):
            if label.isVisible():
                assert label.height() >= label.heightForWidth(label.width()), guide.player.step.key
        spots = guide.player.step.spots
        first = guide._sight.box(spots[0])
        if first is not None and first[1].width() * first[1].height() < 200_000:
            assert not first[1].intersects(card.geometry()), guide.player.step.key
        guide.player.next()
    assert QPoint() not in [ring.pos() for ring in guide.frames.rings if ring.isVisible()]


def test_escape_ends_the_tour_after_the_list_of_keys_has_come_and_gone(
    window: MainWindow, qtbot: QtBot
) -> None:
    guide = begun(window)
    guide.player.next()
    guide.player.next()
    qtbot.waitUntil(guide.card.next_button.hasFocus)
    press(window, Qt.Key.Key_F1)
    shown = window.findChild(QDialog, "shortcuts")
    assert shown is not None
    qtbot.waitUntil(shown.isActiveWindow)
    QTest.keyClick(shown.windowHandle(), Qt.Key.Key_Escape)
    qtbot.waitUntil(window.isActiveWindow)
    at = guide.card.pos()
    press(window, Qt.Key.Key_Escape)
    assert not guide.player.is_on
    assert guide.card.pos() == at
    assert window.document.selection, "Escape ended the tour, and nothing else"


def test_return_presses_and_a_number_chooses_the_chapter(window: MainWindow, qtbot: QtBot) -> None:
    guide = begun(window)
    qtbot.waitUntil(guide.card.next_button.hasFocus)
    press(window, Qt.Key.Key_Return)
    assert guide.player.step.key == "why.deeper"
    menu = guide.card.where.menu()
    QTimer.singleShot(0, menu, lambda: QTest.keyClick(menu, Qt.Key.Key_3))
    guide.card.where.setFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.player.place.chapter == 2)
    qtbot.waitUntil(guide.card.next_button.hasFocus)
