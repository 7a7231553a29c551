"""The pages about figures: every published one with torchinfo's count, what a wrong one looks like, and why there are several."""

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.figures import figures
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.verify.numbers import NumbersPage
from resnet_studio.ui.verify.page import VerifyPage
from tests.ui.shell_window import shown_window


class Counts:
    """An engine that counts as torchinfo would, or tells a lie, or is not there."""

    def __init__(self, *, lie: str = "", gone: bool = False) -> None:
        self.lie, self.gone = lie, gone
        self.asked: list[str] = []
        self.forgotten: list[int] = []

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int:
        assert do == "verify"
        self.asked.append(args["network"])
        if self.gone:
            QTimer.singleShot(
                0, lambda: on_error(StudioError("The engine is not running.", "Start it again."))
            )
        else:
            totals = analyse(preset(args["network"])).totals
            more = args["network"] == self.lie
            QTimer.singleShot(0, lambda: on_result({"params": totals.params + more, "macs": totals.macs}))
        return len(self.asked)

    def forget(self, number: int) -> None:
        self.forgotten.append(number)


def opened(qtbot: QtBot, engine: Counts) -> VerifyPage:
    page = VerifyPage(ThemeManager(), engine)
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(page)
    page.open()
    qtbot.waitUntil(page.progress.isHidden, timeout=30_000)
    return page


def cells(page: VerifyPage, column: int) -> list[str]:
    return [page.model.index(row, column).data() for row in range(page.model.rowCount())]


def test_every_figure_is_counted_and_confirmed(qtbot: QtBot) -> None:
    page = opened(qtbot, Counts())
    assert page.said.text() == f"All {len(figures())} figures agree."
    assert set(cells(page, 6)) == {"✓ yes"}
    row = cells(page, 3).index("25\u202f557\u202f032")
    assert [page.model.text(row, column) for column in (0, 4, 5)] == [
        "ResNet-50 v1.5",
        "25 557 032".replace(" ", "\u202f"),
        "25 557 032".replace(" ", "\u202f"),
    ]


def test_a_network_that_torchinfo_counts_otherwise_stands_out(qtbot: QtBot) -> None:
    page = opened(qtbot, Counts(lie="resnet34"))
    assert page.said.text().startswith("1 of ")
    wrong = [name for name, agrees in zip(cells(page, 0), cells(page, 6), strict=True) if agrees == "✗ no"]
    assert wrong == ["ResNet-34"]


def test_without_an_engine_the_arithmetic_is_still_compared(qtbot: QtBot) -> None:
    engine = Counts(gone=True)
    page = opened(qtbot, engine)
    assert len(engine.asked) == 1
    assert "torchinfo was not asked: The engine is not running." in page.said.text()
    assert set(cells(page, 5)) == {"–"}
    assert set(cells(page, 6)) == {"✓ yes"}


def test_closing_it_forgets_what_was_asked(qtbot: QtBot) -> None:
    class Silent(Counts):
        def request(
            self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
        ) -> int:
            self.asked.append(args["network"])
            return 7

    engine = Silent()
    themes = ThemeManager(ThemeChoice.LIGHT)
    page = VerifyPage(themes, engine)
    page.open()
    qtbot.waitUntil(lambda: bool(engine.asked))
    with qtbot.waitSignal(page.destroyed):
        page.findChild(QPushButton, "verifyCloseButton").click()
    assert engine.forgotten == [7]
    themes.choose(ThemeChoice.DARK)  # nothing of it is left that would follow
    assert len(engine.asked) == 1


def test_the_table_is_copied_with_plain_numbers(qtbot: QtBot) -> None:
    page = opened(qtbot, Counts())
    page.findChild(QPushButton, "verifyCopyButton").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == len(figures()) + 1
    assert lines[0].split("\t")[0] == "Network"
    assert "25557032\t25557032\t25557032" in lines[5]


def test_why_there_are_several_numbers(qtbot: QtBot) -> None:
    page = NumbersPage()
    qtbot.addWidget(page)
    said = [label.text() for label in page.findChildren(QLabel)]
    for number in ("3.8 G", "3.86 G", "4.09 G", "4.12 G"):
        assert number in said


@pytest.mark.parametrize("name", ["verify", "numbersHelp"])
def test_the_pages_open_from_the_help_menu(
    qtbot: QtBot, name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as window:
        window.wake()
        window.acts["verifyFigures" if name == "verify" else "explainNumbers"].trigger()
        page = window.findChild(QDialog, name)
        assert page is not None
        assert page.isVisible()
        page.close()
