"""The diagram panel against an engine that answers when told: late answers, hidden panels, clicks, zoom, export, errors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import loads
from resnet_studio.design.presets import preset
from resnet_studio.ui.diagram import DiagramView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.widgets import file_dialog

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100" viewBox="0 0 400 100">'
    '<rect x="10" y="10" width="80" height="40" fill="#ff0000"/><rect x="210" y="10" width="80" height="40" fill="#00ff00"/></svg>'
)


@dataclass
class Asked:
    do: str
    args: dict[str, Any]
    on_result: Callable[[dict[str, Any]], None]
    on_error: Callable[[StudioError], None]


@dataclass
class Engine:
    """Keeps what was asked until the test answers."""

    open: dict[int, Asked] = field(default_factory=dict)
    count: int = 0

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int:
        self.count += 1
        self.open[self.count] = Asked(do, args, on_result, on_error)
        return self.count

    def forget(self, number: int) -> None:
        self.open.pop(number, None)

    def answer(self, number: int) -> None:
        asked = self.open.pop(number, None)
        if asked is not None:
            asked.on_result(
                {
                    "svg": SVG, "nodes": {"n0": "s1b1", "n1": "s1b2"}, "runs": {"n1": ["s1b2", "s1b3"]},
                    "boxes": {"n0": [10, 10, 80, 40], "n1": [210, 10, 80, 40]}, "size": [400, 100], "notes": ["Folded."],
                }
            )  # fmt: skip


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.engine = qtbot, Engine()
        self.document = Document(preset("resnet50"))
        self.themes = ThemeManager(ThemeChoice.LIGHT)
        self.view = DiagramView(self.document, self.themes, self.engine)
        qtbot.addWidget(self.view)
        self.view.resize(700, 300)

    def show(self) -> None:
        with self.qtbot.waitExposed(self.view):
            self.view.show()

    def asked(self, count: int) -> Asked:
        self.qtbot.waitUntil(lambda: self.engine.count == count)
        return self.engine.open[count]

    def drawn(self) -> None:
        self.show()
        self.asked(1)
        self.engine.answer(1)

    def label(self, name: str) -> str:
        return self.view.findChild(QLabel, name).text()


def test_nothing_is_asked_while_nobody_looks(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=32), "Width")
    d.drawn()
    d.view.hide()
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=48), "Width")
    with qtbot.waitExposed(d.view):
        d.view.show()
    assert loads(d.asked(2).args["design"]) == d.document.design


def test_an_answer_about_an_older_drawing_is_dropped(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    first = d.view.picture.drawing
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=32), "Width")
    d.asked(2)
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=48), "Width")
    d.engine.answer(2)
    assert d.view.picture.drawing is first
    d.asked(3)
    d.engine.answer(3)
    assert d.view.picture.drawing is not first


def test_a_burst_of_edits_asks_once(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    for width in range(32, 52):
        d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=width), "Width")
    assert loads(d.asked(2).args["design"]) == d.document.design


def test_the_look_is_asked_for(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    qtbot.mouseClick(d.view.findChild(QPushButton, "diagramFold"), Qt.MouseButton.LeftButton)
    assert d.asked(2).args["fold"] is False
    qtbot.mouseClick(d.view.findChild(object, "diagramDetail.1"), Qt.MouseButton.LeftButton)
    assert d.asked(3).args["detail"] == "layers"
    qtbot.mouseClick(d.view.findChild(object, "diagramDirection.1"), Qt.MouseButton.LeftButton)
    assert d.asked(4).args["direction"] == "TB"
    d.themes.choose(ThemeChoice.DARK)
    assert d.asked(5).args["theme"] == "dark"


def test_a_click_selects_the_blocks_of_a_node(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    picture = d.view.picture
    at = picture.box_of("n1").center().toPoint()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at)
    assert d.document.selection == ("s1b2", "s1b3")
    one = picture.box_of("n0").center().toPoint()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, pos=one)
    assert d.document.selection == ("s1b1", "s1b2", "s1b3")
    beside = picture.box_of("n0").bottomRight().toPoint() + QPoint(20, 20)
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=beside)
    assert d.document.selection == ()


def test_what_is_painted_stands_where_clicks_are_taken(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    picture = d.view.picture
    for factor in (1.0, 2.0):
        picture.zoom_by(factor, QPointF(0, 0))
        picture.pan(QPointF(3, 5))
        image = picture.grab().toImage()
        middle = picture.box_of("n0").center().toPoint()
        edge = picture.box_of("n0").topLeft().toPoint()
        assert image.pixelColor(middle).name() == "#ff0000"
        assert image.pixelColor(edge - QPoint(3, 3)).name() != "#ff0000"


def test_zoom_stays_at_the_mouse_and_survives_edits_but_a_fitted_picture_stays_fitted(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    picture = d.view.picture
    at = picture.box_of("n1").center()
    picture.zoom_by(2.0, at)
    moved = picture.box_of("n1").center() - at
    assert moved.manhattanLength() < 1e-6
    zoom = picture.zoom
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=32), "Width")
    d.asked(2)
    d.engine.answer(2)
    assert picture.zoom == zoom
    qtbot.mouseClick(d.view.findChild(QPushButton, "diagramFit"), Qt.MouseButton.LeftButton)
    whole = picture.box_of("n0").united(picture.box_of("n1"))
    assert picture.rect().toRectF().contains(whole)
    d.view.resize(300, 300)
    whole = picture.box_of("n0").united(picture.box_of("n1"))
    assert picture.rect().toRectF().contains(whole)


def test_what_is_selected_elsewhere_comes_into_sight(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.view.resize(260, 300)
    d.document.select(["s1b3"])
    d.drawn()
    picture = d.view.picture
    sight = picture.rect().toRectF()
    assert sight.contains(picture.box_of("n1").center())
    picture.zoom_by(4.0)
    d.document.select(["s1b1"])
    assert sight.contains(picture.box_of("n0").center())


def test_keys_zoom_and_pan(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    picture = d.view.picture
    before = picture.zoom
    qtbot.keyClick(picture, Qt.Key.Key_Plus)
    assert picture.zoom > before
    at = picture.box_of("n0").left()
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert picture.box_of("n0").left() == at - 40
    qtbot.keyClick(picture, Qt.Key.Key_0)
    assert picture.zoom == min(before, 1.0)


def test_an_error_says_what_and_offers_another_try(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.asked(1).on_error(StudioError("The engine ended.", "It is started again."))
    assert d.label("diagramMessage") == "The engine ended."
    again = d.view.findChild(QPushButton, "diagramAgain")
    assert again.isVisible()
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    d.asked(2)
    d.engine.answer(2)
    assert d.view.picture.isVisible()


def test_an_error_leaves_the_old_picture(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=32), "Width")
    asked = d.asked(2)
    asked.on_error(StudioError("superseded"))
    assert d.label("diagramStatus") == "Folded."
    asked.on_error(StudioError("Graphviz could not lay the diagram out.", "Fold runs."))
    assert "Fold runs." in d.label("diagramStatus")
    assert d.view.picture.isVisible()


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_that_got_its_ending_from_us_is_not_overwritten_without_asking(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    d = Desk(qtbot)
    d.drawn()
    (tmp_path / "net.svg").write_text("mine")
    monkeypatch.setattr(file_dialog, "save_name", lambda *_: str(tmp_path / "net"))

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.findChild(QPushButton, "askReplaceReplace" if replace else "askReplaceCancel").click()

    QTimer.singleShot(0, d.view, answer)
    before = d.engine.count
    d.view.findChild(QAction, "diagramExportSvg").trigger()
    assert d.engine.count == before + replace


def test_export_asks_for_the_look_that_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    d = Desk(qtbot)
    d.drawn()
    d.view.source.show(detail="layers")
    d.view.export(tmp_path / "net.pdf")
    asked = next(a for a in d.engine.open.values() if a.do == "render")
    assert (asked.args["format"], asked.args["detail"]) == ("pdf", "layers")
    assert asked.args["path"] == str(tmp_path / "net.pdf")
    asked.on_result({"path": asked.args["path"]})
    assert d.label("diagramStatus") == "Written: net.pdf"
    asked.on_error(StudioError("The disk is full.", "Make room."))
    assert d.label("diagramStatus") == "The disk is full. Make room."


def test_the_focus_frames_the_picture_and_tints_nothing(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    d.document.select(["s1b1"])  # its frame is filled, and nothing after it may be
    picture = d.view.picture
    picture.clearFocus()
    before = picture.grab().toImage()
    picture.activateWindow()
    picture.setFocus()
    qtbot.waitUntil(picture.hasFocus)
    after = picture.grab().toImage()
    assert after.pixelColor(0, 0) != before.pixelColor(0, 0), "the focus can be seen"
    inside = picture.rect().adjusted(2, 2, -2, -2)
    assert after.copy(inside) == before.copy(inside)


def test_a_file_is_proposed_by_the_drawings_name(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    d = Desk(qtbot)
    proposed: list[Path] = []

    def ask(_parent: object, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        proposed.append(Path(start))
        return ""

    monkeypatch.setattr(file_dialog, "save_name", ask)
    png = d.view.findChild(QAction, "diagramExportPng")
    assert isinstance(png, QAction)
    d.document.apply(edits.rename(d.document.design, "Mine 1.5/v2"), "Rename")
    png.trigger()
    d.document.saved(tmp_path / "other.resnet.json")
    png.trigger()
    assert [proposed[0].name, proposed[1]] == ["Mine 1.5-v2.png", tmp_path / "other.png"]


def test_a_diagram_opens_whole_where_all_of_it_can_be_read(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.drawn()
    picture = d.view.picture
    picture.resize(310, 300)  # the drawing is 400 wide
    assert 0.6 <= picture.zoom <= picture.width() / 400
