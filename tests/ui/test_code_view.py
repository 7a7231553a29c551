"""The code panel: it shows the drawing's own code while somebody looks, knows which lines are whose, and gives it away."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.analysis.source import draft_of, source_of
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Activation, Design
from resnet_studio.ui.code import CodeView, panel
from resnet_studio.ui.code.sheet import CodeSheet
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import DARK, LIGHT, ThemeChoice, ThemeManager
from resnet_studio.ui.widgets import file_dialog


class Desk:
    def __init__(self, qtbot: QtBot, design: Design | None = None) -> None:
        self.qtbot = qtbot
        self.document = Document(design or preset("resnet50"))
        self.themes = ThemeManager(ThemeChoice.LIGHT)
        self.view = CodeView(self.document, self.themes)
        qtbot.addWidget(self.view)
        self.view.resize(700, 260)

    @property
    def sheet(self) -> CodeSheet:
        return self.view.sheet

    def button(self, name: str) -> QPushButton:
        found = self.view.findChild(QPushButton, name)
        assert found is not None
        return found

    def label(self, name: str) -> str:
        found = self.view.findChild(QLabel, name)
        assert found is not None
        return found.text()

    def show(self) -> None:
        with self.qtbot.waitExposed(self.view):
            self.view.show()

    def shown(self) -> None:
        """Wait for the code of the drawing as it is."""
        wanted = source_of(self.document.plan).text
        self.qtbot.waitUntil(lambda: self.sheet.toPlainText() == wanted and not self.sheet.is_dim)

    def change(self, **fields: object) -> None:
        self.document.apply(edits.change_blocks(self.document.design, ["s3b3"], **fields), "Change")

    def broken(self) -> None:
        self.document.apply(edits.set_head(self.document.design, head=None), "Remove head")

    def lines(self) -> list[str]:
        text = self.sheet.toPlainText().split("\n")
        return [text[line - 1].strip() for line in self.sheet.marked]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Design]:
    """The drawings whose code was made."""
    found: list[Design] = []

    def draft(plan):  # type: ignore[no-untyped-def]
        found.append(plan.design)
        return draft_of(plan)

    monkeypatch.setattr(panel, "draft_of", draft)
    return found


def test_it_shows_the_drawings_code_and_follows_it(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    assert d.label("codeStatus") == "class ResNet50, 117 lines; imports only torch"
    d.change(activation=Activation.GELU)
    d.shown()
    assert "class Bottleneck2(" in d.sheet.toPlainText()
    d.document.undo_stack.undo()
    d.shown()


def test_nothing_is_made_while_nobody_looks(qtbot: QtBot, made: list[Design]) -> None:
    d = Desk(qtbot)
    d.change(activation=Activation.GELU)
    assert made == []
    d.show()
    d.shown()
    assert made == [d.document.design]
    d.view.hide()
    d.change(activation=Activation.ELU)
    d.change(activation=Activation.SILU)
    assert len(made) == 1
    d.show()
    d.shown()
    assert made[1:] == [d.document.design]


def test_a_burst_of_edits_is_one(qtbot: QtBot, made: list[Design]) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    for width in (8, 16, 32, 64, 128):
        d.change(width=width)
    d.shown()
    assert made[1:] == [d.document.design]


def test_the_selected_blocks_lines_are_marked_and_in_sight(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    d.document.select(["s3b3"])
    assert d.lines() == ["*(Bottleneck(1024, 256) for _ in range(5)),"]
    assert d.sheet.verticalScrollBar().value() < d.sheet.marked[0] <= d.sheet.verticalScrollBar().value() + 20
    d.document.select(["s2"])
    assert d.lines() == [
        "Bottleneck(256, 128, stride=2, downsample=projection(256, 512, stride=2)),",
        "*(Bottleneck(512, 128) for _ in range(3)),",
    ]
    d.document.select([STEM])
    assert d.lines()[0].startswith("self.conv1 = ")
    d.document.select([HEAD])
    assert d.lines()[-1] == "self.fc = nn.Linear(2048, 1000)"
    d.document.select([])
    assert d.lines() == []


def test_marks_follow_the_code(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    d.document.select(["s3b3"])
    d.change(activation=Activation.GELU)
    d.shown()
    qtbot.waitUntil(lambda: d.lines() == ["Bottleneck2(1024, 256),"])


def click(d: Desk, line: int) -> None:
    d.sheet.verticalScrollBar().setValue(max(0, line - 5))
    block = d.sheet.document().findBlockByNumber(line - 1)
    at = d.sheet.cursorRect(QTextCursor(block)).center() + QPoint(60, 0)
    d.qtbot.mouseClick(d.sheet.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_click_on_a_line_selects_its_blocks(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    text = d.sheet.toPlainText().split("\n")
    click(d, next(i for i, line in enumerate(text, 1) if "Bottleneck(512, 128)" in line))
    assert d.document.selection == ("s2b2", "s2b3", "s2b4")
    click(d, next(i for i, line in enumerate(text, 1) if "self.fc =" in line))
    assert d.document.selection == (HEAD,)


def test_a_problem_leaves_the_last_code_dimmed_and_says_why(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    before = d.sheet.toPlainText()
    d.broken()
    assert d.sheet.is_dim
    assert d.sheet.toPlainText() == before
    assert d.label("codeStatus").startswith("The code from before the problem. Head: missing")
    assert not d.button("codeCopy").isEnabled()
    assert not d.button("codeSave").isEnabled()
    d.document.undo_stack.undo()
    d.shown()
    assert d.button("codeCopy").isEnabled()
    assert d.label("codeStatus").startswith("class ResNet50")


def test_a_drawing_that_was_never_sound_says_why(qtbot: QtBot) -> None:
    d = Desk(qtbot, replace(preset("resnet18"), head=None))
    d.show()
    assert d.label("codeMessage") == "No code yet"
    assert "Head: missing" in d.label("codeReason")
    assert not d.sheet.isVisible()
    d.document.apply(preset("resnet18"), "Repair")
    d.shown()
    assert d.sheet.isVisible()


def test_too_much_code_is_not_shown_but_given(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "MOST_LINES", 116)
    d = Desk(qtbot)
    d.show()
    qtbot.waitUntil(lambda: d.label("codeMessage") == "117 lines of code")
    assert not d.sheet.isVisible()
    d.document.select(["s3b3"])
    qtbot.mouseClick(d.button("codeCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == source_of(d.document.plan).text
    d.document.apply(preset("cifar_resnet20"), "Another")
    d.shown()
    assert d.sheet.isVisible()


def test_a_late_answer_is_dropped(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Callable[[], object], Callable[[object], None]]] = []
    d = Desk(qtbot)
    monkeypatch.setattr(d.view._work, "run", lambda work, done: asked.append((work, done)))
    d.show()
    d.broken()
    d.document.undo_stack.undo()
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert d.label("codeStatus") == ""
    work, done = asked[1]
    done(work())
    d.shown()


def test_copy_and_save_give_the_drawing_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    d.change(activation=Activation.GELU)  # and at once, before the panel shows it:
    wanted = source_of(d.document.plan).text
    qtbot.mouseClick(d.button("codeCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == wanted
    d.view.save(tmp_path / "net.py")
    assert (tmp_path / "net.py").read_bytes() == wanted.encode()
    d.view.save(tmp_path / "none" / "net.py")
    assert "could not be written" in d.label("codeStatus")
    d.shown()


def test_save_asks_with_a_good_name(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    proposed: list[str] = []

    def answer(parent, title, start, kinds):  # type: ignore[no-untyped-def]
        proposed.append(start)
        return str(tmp_path / f"mine{len(proposed)}")

    monkeypatch.setattr(file_dialog, "save_name", answer)
    d = Desk(qtbot, replace(preset("resnet18"), name="a/b: c"))
    d.show()
    d.shown()
    qtbot.mouseClick(d.button("codeSave"), Qt.MouseButton.LeftButton)
    assert Path(proposed[0]).name == "a-b- c.py"
    assert (tmp_path / "mine1.py").exists()
    d.document.saved(tmp_path / "net.resnet.json")
    qtbot.mouseClick(d.button("codeSave"), Qt.MouseButton.LeftButton)
    assert Path(proposed[1]) == tmp_path / "net.py"


def test_keys_copy_the_selected_text(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    d.sheet.setFocus()
    qtbot.keyClick(d.sheet, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(d.sheet, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == source_of(d.document.plan).text
    qtbot.keyClicks(d.sheet, "x")
    assert d.sheet.toPlainText() == source_of(d.document.plan).text


def inks(d: Desk, word: str) -> set[str]:
    """The colours in which the letters of a word's first occurrence stand."""
    cursor = d.sheet.document().find(word)
    block = cursor.block()
    start, end = cursor.selectionStart() - block.position(), cursor.selectionEnd() - block.position()
    found: set[str] = set()
    for span in block.layout().formats():
        if span.start < end and span.start + span.length > start:
            found.add(span.format.foreground().color().name())
    return found


def test_the_code_is_coloured_in_either_theme(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    for choice, theme in ((ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)):
        d.themes.choose(choice)
        for word, ink in (
            ("drawn in ResNet Studio", theme.text_soft),
            ("Needs nothing", theme.text_soft),
            ("import", theme.resnext),
            ('"ResNet-50', theme.residual),
            ("2048", theme.warn),
        ):
            assert inks(d, word) == {QColor(ink).name()}, (choice, word)
        assert inks(d, "Tensor") == set()


@given(
    texts=st.lists(st.lists(st.sampled_from(["a", "b", "", '"""', "c"]), max_size=8), min_size=1, max_size=4)
)
def test_replacing_some_lines_gives_the_whole_text(texts: list[list[str]], qapp: object) -> None:
    sheet = CodeSheet(ThemeManager(ThemeChoice.LIGHT))
    for lines in texts:
        sheet.show_text("\n".join(lines))
        assert sheet.toPlainText() == "\n".join(lines)
    Shiboken.delete(sheet)


def test_scrolling_stays_where_it_was(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.show()
    d.shown()
    d.sheet.verticalScrollBar().setValue(40)
    d.change(activation=Activation.GELU)
    d.shown()
    top = d.sheet.firstVisibleBlock().blockNumber()
    assert top == d.sheet.verticalScrollBar().value()
    assert top >= 40
