"""The data dialog and the line on memory with a scripted engine: what they ask, what they show, what one click changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.survey import Finding, Flaw, Picture, Sizes, Survey, survey_to
from resnet_studio.ui.data.classes import CLASS, SAMPLES, SHARE, TRAIN, VAL, image_of
from resnet_studio.ui.data.dialog import DataDialog
from resnet_studio.ui.data.figures import figures
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.training.setup_page import SetupPage
from tests.ui.asked_engine import AskedEngine

GREY = Picture(name="cat/a.png", label=0, shape=(1, 2, 3), pixels=bytes([0, 10, 20, 30, 40, 50]))
COLOUR = Picture(name="dog/b.png", label=1, shape=(3, 1, 2), pixels=bytes([1, 2, 3, 4, 5, 6]))
FOUND = Survey(
    data="folder", title="pets", classes=("cat", "dog"), train=(400, 40), val=(100, 10), shape=(3, 60, 80),
    sizes=Sizes(least=(20, 14), most=(640, 480), common=(80, 60), common_count=500, kinds=3),
    mean=(0.4, 0.5, 0.6), std=(0.1, 0.2, 0.3), measured=440, used_mean=(0.485, 0.456, 0.406), used_std=(0.2, 0.2, 0.2),
    own_split=True, pictures=(GREY, COLOUR),
    findings=(Finding(flaw=Flaw.BROKEN, count=3, names=("cat/x.png (torn)", "cat/<b>y.png")), Finding(flaw=Flaw.LEAKED, count=1, names=("v = t",))),
)  # fmt: skip
CPU = {"name": "cpu", "label": "CPU, 2 threads", "free": 8_000_000_000, "total": 16_000_000_000, "count": 1}


class Engine(AskedEngine):
    """The memory is told at once."""

    def __init__(self) -> None:
        super().__init__()
        self.memory: dict[str, Any] = dict(CPU)

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int:
        if do == "memory":
            on_result(self.memory | {"asked": args["device"]})
            return 0
        return super().request(do, on_result, on_error, on_progress, **args)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def themes(qtbot: QtBot) -> ThemeManager:
    return ThemeManager()


@pytest.fixture
def open_dialog(qtbot: QtBot, engine: Engine, themes: ThemeManager) -> Callable[..., DataDialog]:
    def make(name: str = "folder", root: str | None = "/pets", design: str = "resnet18") -> DataDialog:
        document = Document(preset(design))
        made = DataDialog(document, themes, engine, (name, root))
        document.setParent(made)
        qtbot.addWidget(made)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.show()
        return made

    return make


def answer(engine: Engine, found: Survey = FOUND) -> None:
    engine.asked[-1].on_result(survey_to(found))


def document_of(dialog: DataDialog) -> Document:
    found = dialog.findChild(Document)
    assert found is not None
    return found


def test_it_asks_the_engine_and_shows_every_class_in_words_too(
    open_dialog: Callable[..., DataDialog], engine: Engine
) -> None:
    dialog = open_dialog()
    do, _, _, progress, args = engine.asked[0]
    assert (do, args) == ("survey_data", {"data": "folder", "root": "/pets", "anew": False})
    progress({"done": 10, "total": 40, "text": "Comparing"})
    assert dialog.strip.text == "Comparing: 10 of 40 images"
    assert not dialog.again.isEnabled()
    answer(engine)
    assert not dialog.strip.isVisible()
    assert dialog.windowTitle() == "Data: pets"
    tree = dialog.classes
    rows = [tree.topLevelItem(n) for n in range(2)]
    assert [[row.text(c) for c in (CLASS, TRAIN, VAL)] for row in rows if row] == [
        ["cat", "400", "100"],
        ["dog", "40", "10"],
    ]
    model = tree.model()
    said = model.index(1, SHARE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "40 images to learn from and 10 to validate, 10% of the largest class"
    assert model.index(0, SAMPLES).data(Qt.ItemDataRole.AccessibleTextRole) == "1 sample: cat/a.png"
    assert [tile.texts[1] for tile in dialog.tiles] == list(figures(FOUND))
    assert figures(FOUND)[1:] == ("2", "80×60 mostly", "0.40 0.50 0.60", "0.10 0.20 0.30", "10 : 1")
    tree.sortByColumn(TRAIN, Qt.SortOrder.AscendingOrder)
    assert model.index(0, CLASS).data() == "dog"


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    ink = image.pixelColor(x, y)
    return ink.red(), ink.green(), ink.blue()


def test_pictures_have_the_pixels_that_were_sent_and_names_under_the_pointer(
    open_dialog: Callable[..., DataDialog], engine: Engine, themes: ThemeManager
) -> None:
    grey, colour = image_of(GREY), image_of(COLOUR)
    assert [[grey.pixelColor(x, y).red() for x in range(3)] for y in range(2)] == [[0, 10, 20], [30, 40, 50]]
    assert [rgb(colour, x, 0) for x in range(2)] == [(1, 3, 5), (2, 4, 6)]
    dialog = open_dialog()
    answer(engine, replace(FOUND, pictures=(replace(GREY, pixels=bytes([255] * 6)), COLOUR)))
    tree = dialog.classes
    box = tree.visualRect(tree.model().index(0, SAMPLES))
    seen = dialog.classes.viewport().grab().toImage()
    ratio = seen.devicePixelRatio()
    at = QPoint(box.x() + 26, box.center().y())
    assert rgb(seen, round(at.x() * ratio), round(at.y() * ratio)) == (255, 255, 255)
    option = QStyleOptionViewItem()
    option.rect = box
    asked = QHelpEvent(QEvent.Type.ToolTip, at, tree.viewport().mapToGlobal(at))
    assert tree.itemDelegate().helpEvent(asked, tree, option, tree.model().index(0, SAMPLES))
    assert QToolTip.text() == "cat/a.png"
    QToolTip.hideText()
    themes.choose(ThemeChoice.DARK)


def test_what_is_wrong_stands_with_its_remedy_and_names_that_can_be_copied(
    open_dialog: Callable[..., DataDialog], engine: Engine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    answer(engine)
    assert dialog.remarks.isVisible()
    assert not dialog.clean.isVisible()
    items = [dialog.remarks.topLevelItem(n) for n in range(dialog.remarks.topLevelItemCount())]
    spoken = [str(item.data(0, Qt.ItemDataRole.AccessibleTextRole)) for item in items if item]
    assert spoken[0].startswith("Grave: 1 validation image is among the training images too")
    assert spoken[1].startswith("Warning: 3 images cannot be read")
    assert "cat has 10.0 times as many" in spoken[2]
    broken = items[1]
    assert broken is not None
    children = [broken.child(n) for n in range(broken.childCount())]
    named = [child.text(0) for child in children if child is not None]
    assert named == ["cat/x.png (torn)", "cat/<b>y.png", "and 1 more"]
    dialog.remarks.setCurrentItem(broken)
    QTest.keyClick(dialog.remarks, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "cat/x.png (torn)\ncat/<b>y.png"
    QTest.keyClick(dialog.remarks, Qt.Key.Key_Right)
    assert broken.isExpanded()


def test_sound_data_is_said_to_be_so(open_dialog: Callable[..., DataDialog], engine: Engine) -> None:
    dialog = open_dialog()
    answer(engine, replace(FOUND, findings=(), train=(40, 40)))
    assert dialog.clean.isVisible()
    assert not dialog.remarks.isVisible()


def test_head_and_stem_are_adapted_by_one_undoable_click(
    open_dialog: Callable[..., DataDialog], engine: Engine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    small = replace(FOUND, shape=(3, 32, 32))
    answer(engine, small)
    document = document_of(dialog)
    before = document.design
    assert "2 classes" in dialog.suit.text
    click(dialog, "adaptButton", qtbot)
    after = document.design
    assert (after.input.shape, after.stem.kernel, after.stem.stride, after.stem.pool) == (
        (3, 32, 32),
        3,
        1,
        False,
    )
    assert after.head is not None
    assert after.head.classes == 2
    assert not dialog.suit.isVisible()
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.design == before
    click(dialog, "keepStemButton", qtbot)
    assert document.design.stem == before.stem
    assert document.design.input.shape == (3, 224, 224)


def test_weights_from_elsewhere_keep_the_stem_that_they_belong_to(
    open_dialog: Callable[..., DataDialog], engine: Engine
) -> None:
    dialog = open_dialog()
    document_of(dialog).begin_with(Initial(source="torchvision:resnet18"))
    answer(engine, replace(FOUND, shape=(3, 32, 32)))
    assert dialog.findChild(QPushButton, "keepStemButton") is None
    assert dialog.findChild(QPushButton, "adaptButton") is not None


def click(dialog: DataDialog, name: str, qtbot: QtBot) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_failure_is_said_and_can_be_tried_again_from_the_beginning(
    open_dialog: Callable[..., DataDialog], engine: Engine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    engine.asked[0].on_error(StudioError("The folder is gone.", "Bring it back."))
    assert dialog.strip.text == "The folder is gone. Bring it back."
    click(dialog, "lookAgainButton", qtbot)
    assert engine.asked[-1].args["anew"] is True
    answer(engine)
    assert dialog.found == FOUND
    engine.asked[-1].on_result({"classes": ["a"]})
    assert "could not be read" in dialog.strip.text


@pytest.mark.parametrize(
    ("name", "root", "words"),
    [("folder", None, "No folder is chosen"), ("mnist", "/nowhere", "MNIST is not")],
)
def test_data_that_is_not_there_is_said_without_the_engine(
    name: str, root: str | None, words: str, open_dialog: Callable[..., DataDialog], engine: Engine
) -> None:
    assert words in open_dialog(name, root).strip.text
    assert engine.asked == []


def test_other_data_and_closing_give_up_what_is_under_way(
    open_dialog: Callable[..., DataDialog], engine: Engine
) -> None:
    dialog = open_dialog()
    dialog.look("digits", None)
    assert engine.cancelled == [1]
    assert engine.asked[-1].args["data"] == "digits"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert engine.cancelled == [1, 2]


# --- the line under the settings ------------------------------------------------------------------------------------------


@pytest.fixture
def page(
    qtbot: QtBot, engine: Engine, themes: ThemeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SetupPage:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    document = Document(preset("cifar_resnet20"))
    made = SetupPage(document, themes, engine)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(620, 320)
    made.meet_engine({"devices": [{"name": "cpu", "label": "CPU"}]})
    made.look_once()
    made.show()
    return made


def fits(page: SetupPage) -> bool:
    assert page.verdict is not None
    return page.verdict.fits


def test_the_memory_is_said_live_before_a_run_and_for_its_parts(page: SetupPage) -> None:
    first = page.verdict
    assert first is not None
    assert first.fits
    assert (
        page.line.label.text().endswith("of 8.00\u202fGB free; a batch of 1\u202f024 would fit")
        or "any batch" in page.line.label.text()
    )
    for part in ("kept for the backward pass", "weights", "gradients", "optimizer", "CPU, 2 threads"):
        assert part in page.line.label.accessibleDescription()
    page.form.take(replace(page.form.draft, batch_size=1024))
    second = page.verdict
    assert second is not None
    assert second.need.activations > 10 * first.need.activations
    assert second.need.weights == analyse(preset("cifar_resnet20")).totals.param_bytes


def test_a_run_that_will_not_fit_is_warned_of_and_mended_by_a_click(
    page: SetupPage, engine: Engine, qtbot: QtBot
) -> None:
    engine.memory["free"] = 1_200_000_000
    page.memory.wake()
    page.form.take(replace(page.form.draft, batch_size=1024))
    assert not fits(page)
    assert "hardly fit" in page.strip.text
    assert "but 1.20\u202fGB free" in page.line.label.accessibleDescription()
    smaller, parts = (page.findChild(QPushButton, name) for name in ("smallerBatchButton", "takePartsButton"))
    assert smaller is not None
    assert parts is not None
    parts.click()
    assert (page.form.draft.batch_size, page.form.draft.parts > 1) == (1024, True)
    assert fits(page)
    assert "hardly fit" not in page.strip.text
    page.form.take(replace(page.form.draft, batch_size=1024, parts=1))
    button = page.findChild(QPushButton, "smallerBatchButton")
    assert button is not None
    button.click()
    assert page.form.draft.batch_size < 1024
    assert fits(page)


def test_memory_that_nobody_tells_is_no_reason_to_warn(page: SetupPage, engine: Engine) -> None:
    engine.memory["free"] = None
    page.memory.wake()
    page.form.take(replace(page.form.draft, batch_size=65_536))
    assert fits(page)
    assert "free" not in page.line.label.text()
    assert "hardly" not in page.strip.text


def test_the_data_is_looked_at_from_the_settings_and_follows_them(
    page: SetupPage, engine: Engine, qtbot: QtBot
) -> None:
    page.line.button.click()
    dialog = page.door.dialog
    assert dialog is not None
    assert engine.asked[-1].do == "survey_data"
    page.line.button.click()
    assert page.door.dialog is dialog
    engine.asked[-1].on_error(StudioError("The engine was ended.", "It is started again."))
    asked = len(engine.asked)
    page.meet_engine({})
    page.data.look("digits", None)
    engine.asked[-1].on_result(
        {"title": "Digits", "classes": ["0", "1"], "shape": [1, 8, 8], "train": 9, "val": 9}
    )
    assert [one[0] for one in engine.asked[asked:]] == ["probe_data", "survey_data"]
    control = page.form.control("data")
    control.set_value("folder")
    control.changed.emit()
    assert "No folder is chosen" in dialog.strip.text
    dialog.close()
    qtbot.waitUntil(lambda: page.door.dialog is None)


def test_data_that_is_missing_is_fetched_from_the_dialog_too(
    page: SetupPage, engine: Engine, qtbot: QtBot
) -> None:
    control = page.form.control("data")
    control.set_value("mnist")
    control.changed.emit()
    dialog = page.show_data()
    click(dialog, "downloadDataButton", qtbot)
    do, _, failed, progress, _ = engine.asked[-1]
    assert do == "download"
    progress({"done": 5_000_000, "total": 10_000_000, "text": ""})
    assert dialog.strip.text == "Downloading: 5.00\u202fMB of 10.0\u202fMB"
    failed(StudioError("The server is gone.", "Try later."))
    assert "MNIST is not on this computer" in dialog.strip.text
    assert dialog.findChild(QPushButton, "downloadDataButton") is not None
    dialog.close()
    qtbot.waitUntil(lambda: page.door.dialog is None)
