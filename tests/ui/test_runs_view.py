"""The list of runs on real folders: what it says, what it asks for, and that a deletion can be taken back by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind
from resnet_studio.runs.events import Epoch, Event, Failed, Finished, Step, Stopped, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.listing import BrokenRun
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.runs.model import BEST, COLUMNS, DESIGN, RUN, SETTINGS, made_words
from resnet_studio.ui.runs.names import TRASH, run_title
from resnet_studio.ui.runs.trash import from_trash, to_trash
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.theme import ThemeManager


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


def made(name: str, *events: Event, design: str = "digits_starter") -> RunFolder:
    runs_root().mkdir(parents=True, exist_ok=True)
    run = RunFolder.create_at(runs_root() / name, preset(design), default_spec())
    run.events_path.write_text("".join(encode(event) + "\n" for event in events))
    return run


def epoch(number: int, accuracy: float, *, best: bool = True) -> Epoch:
    return Epoch(
        epoch=number, step=number, train_loss=1.0, train_accuracy=0.5, val_loss=1.0, val_accuracy=accuracy,
        seconds=1.0, best=best, time_left=1.0,
    )  # fmt: skip


STEP = Step(step=1, epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=1.0, memory_bytes=1)
EPOCHS = default_spec().epochs
DONE = Finished(step=2, best_accuracy=0.9, best_epoch=2, seconds=1.0)


@pytest.fixture
def open_view(qtbot: QtBot) -> Callable[..., RunsView]:
    def make(count: int) -> RunsView:
        themes = ThemeManager()
        view = RunsView(themes)
        themes.setParent(view)
        qtbot.addWidget(view)
        view.resize(600, 300)
        view.show()
        qtbot.waitUntil(lambda: view.model.rowCount() == count, timeout=20_000)
        return view

    return make


def texts(view: RunsView) -> list[list[str]]:
    model = view.table.model()
    return [
        [str(model.index(row, column).data()) for column in range(len(COLUMNS))]
        for row in range(model.rowCount())
    ]


def click(qtbot: QtBot, view: RunsView, name: str) -> None:
    button = view.findChild(QToolButton, name)
    assert button is not None, name
    assert button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_runs_it_says_how_to_make_one(qtbot: QtBot) -> None:
    themes = ThemeManager()
    view = RunsView(themes)
    themes.setParent(view)
    qtbot.addWidget(view)
    view.show()
    label = view.findChild(QWidget, "runsEmpty")
    assert label is not None
    assert label.isVisible()
    # Not before the disk was looked at.
    assert label.text() == ""  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "Press Train" in label.text())  # type: ignore[attr-defined]


def test_each_state_is_told_in_words(open_view: Callable[..., RunsView]) -> None:
    made("20260101-000001-a", epoch(1, 0.5), epoch(2, 0.9), DONE)
    made("20260101-000002-b", epoch(1, 0.7), Stopped(step=1, reason="asked"), design="cifar_resnet20")
    made("20260101-000003-c", STEP)
    made("20260101-000004-d", Failed(what="The loss is not finite.", remedy=""))
    made("20260101-000005-e")
    rows = {row[0]: row for row in texts(open_view(5))}
    assert rows["digits, run 1"][SETTINGS].startswith("Digits · AdamW"), "data and recipe have one name"
    assert rows["digits, run 1"][1:5] == ["Digits starter", "90.0\u202f%", f"2/{EPOCHS}", "finished"]
    assert rows["digits, run 2"][1:5] == ["CIFAR ResNet-20", "70.0\u202f%", f"1/{EPOCHS}", "stopped"]
    assert rows["digits, run 3"][4] == "interrupted"
    assert rows["digits, run 4"][4] == "failed"
    assert rows["digits, run 5"][2:5] == ["–", f"0/{EPOCHS}", "not started"]


def test_a_broken_run_is_listed_with_its_fault_and_can_only_be_shown_or_deleted(
    open_view: Callable[..., RunsView],
) -> None:
    made("20260101-000001-a").about_path.write_text("{")
    view = open_view(1)
    assert texts(view)[0][4] == "unreadable"
    view.table.setCurrentIndex(view.table.model().index(0, 0))
    assert isinstance(view.selected, BrokenRun)
    usable = [action.text() for action in view.table.actions() if action.isEnabled()]
    assert sorted(usable) == ["Delete", "Show the folder"]


def test_buttons_ask_for_the_selected_run(open_view: Callable[..., RunsView], qtbot: QtBot) -> None:
    run = made("20260101-000001-a", epoch(1, 0.7), Stopped(step=1, reason="asked"))
    made("20260101-000002-b", epoch(1, 0.5), DONE)
    view = open_view(2)
    view.table.choose([run])
    for name, signal in (
        ("runCurvesButton", view.open_requested),
        ("runResumeButton", view.resume_requested),
        ("runExportButton", view.export_requested),
    ):
        with qtbot.waitSignal(signal, timeout=5000) as asked:
            click(qtbot, view, name)
        assert asked.args == [run]
    with qtbot.waitSignal(view.design_requested, timeout=5000) as opened:
        click(qtbot, view, "runDesignButton")
    assert opened.args == [preset("digits_starter"), run.spec()]


def test_columns_sort_by_value(open_view: Callable[..., RunsView]) -> None:
    for number, accuracy in enumerate((0.9, 0.095, 0.55)):
        made(f"20260101-00000{number}-a", epoch(1, accuracy), DONE)
    view = open_view(3)
    view.table.sortByColumn(BEST, Qt.SortOrder.AscendingOrder)
    assert [row[BEST] for row in texts(view)] == ["9.5\u202f%", "55.0\u202f%", "90.0\u202f%"]


def test_deleting_asks_and_moves_to_the_trash_and_numbers_stay(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    first = made("20260101-000001-a", epoch(1, 0.5), DONE)
    second = made("20260101-000002-b", epoch(1, 0.6), DONE)
    view = open_view(2)
    view.table.choose([first])
    click(qtbot, view, "runDeleteButton")
    assert first.path.exists()
    sure = view.findChild(QPushButton, "confirmDeleteButton")
    assert sure is not None
    qtbot.mouseClick(sure, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.model.rowCount() == 1, timeout=20_000)
    assert not first.path.exists()
    assert RunFolder.open(runs_root() / TRASH / first.name).events() == [epoch(1, 0.5), DONE]
    assert run_title(second) == "digits, run 2"


def test_runs_of_one_name_are_thrown_away_and_taken_back_each_by_itself() -> None:
    lie = [to_trash(made("20260101-000001-a", epoch(1, accuracy), DONE)) for accuracy in (0.5, 0.6)]
    for place, accuracy in zip(lie, (0.5, 0.6), strict=True):
        from_trash(place)
        back = RunFolder.open(runs_root() / "20260101-000001-a")
        assert back.events() == [epoch(1, accuracy), DONE]
        back.path.rename(runs_root() / f"was {accuracy}")


def test_dates_are_as_short_as_they_can_be() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC).astimezone()
    assert made_words(now, now) == f"{now:%H:%M}"
    assert made_words(now - timedelta(days=10), now) == "11 Nov"
    assert made_words(now - timedelta(days=400), now).endswith(" 2025")


def test_no_name_is_cut_where_there_is_room(open_view: Callable[..., RunsView], tmp_path: Path) -> None:
    made("20260101-100000-a", STEP)
    (runs_root() / "20260101-090000-a-name-that-somebody-gave-to-a-broken-run").mkdir()
    (runs_root() / "20260101-090000-a-name-that-somebody-gave-to-a-broken-run" / "run.json").write_text("{")
    view = open_view(2)
    assert view.table.columnWidth(RUN) < view.table.sizeHintForColumn(RUN)
    view.resize(1100, 300)
    assert view.table.columnWidth(RUN) >= view.table.sizeHintForColumn(RUN)
    assert view.table.columnWidth(DESIGN) >= 130
    view.resize(600, 300)
    QApplication.processEvents()
    assert not view.table.horizontalScrollBar().isVisible()


def test_each_design_is_seen_in_little_where_there_is_room(open_view: Callable[..., RunsView]) -> None:
    made("20260101-000001-a", DONE)
    made("20260101-000002-b", DONE, design="resnet18")
    (made("20260101-000003-c").about_path).write_text("{")
    view = open_view(3)
    model = view.table.model()

    def pictures() -> list[QPixmap | None]:
        return [
            model.index(row, DESIGN).data(Qt.ItemDataRole.DecorationRole) for row in range(model.rowCount())
        ]

    deep, small, broken = pictures()
    assert broken is None
    assert deep is not None
    assert small is not None
    assert deep.toImage() != small.toImage()
    # Its bars are of the kind's colour, not of the other kinds'.
    hues = {QColor(deep.toImage().pixelColor(x, 14)).hue() for x in range(40)}
    assert min(abs(hue - QColor(ThemeManager().theme.kind(BlockKind.RESIDUAL)).hue()) for hue in hues) < 6
    assert min(abs(hue - QColor(ThemeManager().theme.kind(BlockKind.RESNEXT)).hue()) for hue in hues) > 20
    view.resize(400, 300)
    assert pictures() == [None, None, None]
