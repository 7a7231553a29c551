"""What stays in sight of training in little room: the settings, one next step, every curve's sample, figures of graphics cards."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QStyleOptionViewItem, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.runs.events import Event, Finished, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.queue import added, change_queue
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.history_csv import csv_of
from resnet_studio.ui.curves.plot_caption import PlotCaption, Reading
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.data.classes import DataClasses
from resnet_studio.ui.data.suiting import fit_message
from resnet_studio.ui.data.watch import DataFacts
from resnet_studio.ui.document import Document
from resnet_studio.ui.runs.model import STATE
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.form import GROUPS, SettingsForm
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.training.progress import gauge_words
from resnet_studio.ui.training.run_page import RunPage
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.training.setup_page import SetupPage
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer
from tests.ui.asked_engine import AskedEngine
from tests.ui.painted_text import watched
from tests.ui.shell_window import shown_window
from tests.ui.test_data_dialog import FOUND
from tests.ui.test_training_panel import epoch_events, started

DONE = Finished(step=4, best_accuracy=0.9, best_epoch=1, seconds=12.0)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with shown_window() as made:
        made.document.load(preset("digits_starter"))
        made.show_editor()
        yield made


def panel_of(window: MainWindow) -> TrainPanel:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    return panel


def show_ended(panel: TrainPanel, ending: Event) -> RunFolder:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    (run.checkpoints / "last.pt").parent.mkdir(exist_ok=True)
    (run.checkpoints / "last.pt").write_bytes(b"x")
    panel.runner.run, panel.runner.history = run, History([started(), *epoch_events(1), ending])
    panel.runner.changed.emit()
    return run


def urging(window: MainWindow) -> list[str]:
    found: list[QWidget] = [*window.findChildren(QPushButton), *window.findChildren(QToolButton)]
    return [one.objectName() for one in found if one.isVisible() and one.property("role") == "primary"]


def test_beside_the_settings_one_train_is_the_next_step(window: MainWindow) -> None:
    assert urging(window) == ["toolbarTrain"]
    panel = panel_of(window)
    assert panel.train_button.isVisible()
    assert urging(window) == ["toolbarTrain"]


@pytest.mark.parametrize(
    ("ending", "next_step"),
    [(DONE, "exportRunButton"), (Stopped(step=4, reason="asked"), "resumeButton")],
)
def test_after_a_run_one_button_is_the_next_step(window: MainWindow, ending: Event, next_step: str) -> None:
    panel = panel_of(window)
    show_ended(panel, ending)
    assert urging(window) == [next_step]
    window.show_tab("runs")
    assert urging(window) == ["toolbarTrain"]


def test_a_problem_moves_no_setting_and_is_repaired_where_it_is_told(qtbot: QtBot) -> None:
    document, theme = Document(preset("digits_starter")), ThemeManager()
    page = SetupPage(document, theme, AskedEngine())
    document.setParent(page)
    theme.setParent(page)
    qtbot.addWidget(page)
    page.resize(420, 240)
    page.show()
    before = page.form.geometry()
    second = list(document.design.blocks())[1]
    sound = document.design
    document.apply(edits.change_blocks(sound, [second.id], shortcut=ShortcutKind.IDENTITY), "Break")
    line = page.line
    assert line.repair.isVisible()
    assert page.form.geometry() == before
    assert "needs a projection" in line.label.accessibleDescription()
    assert "needs a projection" in line.label.toolTip()
    line.repair.click()
    assert not document.plan.problems
    assert not line.repair.isVisible()
    assert line.button.isVisible()
    assert page.form.geometry() == before


def test_a_low_strip_says_as_much_as_one_line_holds(qtbot: QtBot) -> None:
    strip = NoticeStrip("runNotice")
    qtbot.addWidget(strip)
    offers = (
        Offer("Evaluate…", "evaluate", print, spare=True),
        Offer("Export…", "export", print, primary=True),
    )
    whole = "Finished in 0:12: best 98.5 % in epoch 5."
    strip.say(Message(whole, "info", offers, shorter=("Finished in 0:12: best 98.5 %", "Best 98.5 %")))
    strip.set_compact(True)
    strip.show()
    evaluate = strip.findChild(QPushButton, "evaluate")
    assert evaluate is not None
    said = []
    for width in (900, 400, 300, 200):
        strip.resize(width, 40)
        said.append((strip.label.text(), evaluate.isHidden()))
        assert strip.text == whole
    assert said[0] == (whole, False)
    assert said[-1] == ("Best 98.5 %", True)
    assert strip.label.toolTip()
    strip.set_compact(False)
    assert strip.label.text() == whole
    assert not evaluate.isHidden()


def test_where_it_is_very_low_what_only_tells_gives_way_to_the_curves(qtbot: QtBot) -> None:
    theme = ThemeManager()
    runner = Runner()
    page = RunPage(runner, theme)
    for part in (theme, runner):
        part.setParent(page)
    qtbot.addWidget(page)
    runner.run = RunFolder.create(preset("digits_starter"), default_spec())
    runner.history = History([started(), *epoch_events(1), DONE])
    page.resize(400, 300)
    page.show()
    runner.changed.emit()
    assert page.strip.isVisible()
    low = page.minimumSizeHint().height()
    page.resize(400, low)
    assert not page.strip.isVisible()
    assert page.next_step is not None
    assert page.next_step.name == "exportRunButton"
    qtbot.waitUntil(lambda: page.plots.height() >= page.plots.minimumSizeHint().height())
    page.resize(400, 300)
    assert page.strip.isVisible()
    assert page.next_step is None


def test_every_curve_has_its_sample_however_narrow_the_plot(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = ThemeManager()
    caption = PlotCaption("Accuracy", theme)
    theme.setParent(caption)
    qtbot.addWidget(caption)
    caption.show()
    caption.show_reading(Reading("99.1 %", "98.5 %", "99.9 %"))
    for width in (600, 300, 200, 150):
        caption.resize(width, caption.height())
        caption.resize(width, caption.height())
        with watched(monkeypatch) as seen:
            caption.grab()
        told = [one for one in seen if one.text != "Accuracy"]
        assert any("99.1 %" in one.text for one in told)
        assert any("98.5 %" in one.text for one in told)
        assert any("top-5" in one.text for one in told), width
        assert all(one.box.left() >= 0 and one.box.right() <= width * 2 for one in told), width


def gauged(*, ended: bool = False, totals: tuple[int, ...] | None, percent: tuple[float, ...] | None,
           used: tuple[int, ...] | None) -> str:  # fmt: skip
    begun = replace(started(), gpu_total_bytes=totals)
    step = Step(
        step=1, epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=10.0, memory_bytes=412_000_000,
        gpu_percent=percent, gpu_memory_bytes=used,
    )  # fmt: skip
    return gauge_words(History([begun, step, *([DONE] if ended else [])])).replace("\u202f", " ")


def test_graphics_cards_are_told_of_where_there_are_some() -> None:
    without = gauged(totals=None, percent=None, used=None)
    assert without == "lr 0.1 · 412 MB · CPU"
    one = gauged(totals=(24_000_000_000,), percent=(87.0,), used=(3_200_000_000,))
    assert "GPU 87 %, 3.20 GB of 24.0 GB" in one
    two = gauged(totals=(24_000_000_000,) * 2, percent=(80.0, 90.0), used=(3_200_000_000, 12_000_000_000))
    assert "2 GPUs 85 %, 12.0 GB of 24.0 GB" in two
    assert "GPU 50 %" in gauged(totals=None, percent=(50.0,), used=None)
    # When it has ended, how busy the card was last tells nothing.
    assert "GPU" not in gauged(ended=True, totals=(24_000_000_000,), percent=(87.0,), used=(3_200_000_000,))


def test_a_run_that_waits_for_its_turn_is_not_resumed_by_hand(window: MainWindow, qtbot: QtBot) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    window.show_tab("runs")
    runs = window.editor.train_views.runs
    assert isinstance(runs, RunsView)
    model = runs.table.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=10_000)
    assert runs.run_actions.resume.isEnabled()
    assert model.index(0, STATE).data() == "not started"
    assert runs.table.columnWidth(STATE) >= runs.table.sizeHintForColumn(STATE)
    change_queue(lambda queue: added(queue, run))
    qtbot.waitUntil(lambda: model.index(0, STATE).data() == "queued", timeout=10_000)
    assert not runs.run_actions.resume.isEnabled()
    assert not runs.run_actions.queue.isEnabled()
    panel = panel_of(window)
    panel.show_run(run)
    qtbot.waitUntil(lambda: panel.runner.run == run, timeout=10_000)
    assert not window.acts["resume"].isEnabled()
    assert "waits for its turn" in panel.page.strip.text
    # Start is the one button that the queue waits for.
    window.show_tab("runs")
    runs.show_queue()
    start = runs.queue_view.findChild(QToolButton, "queueGoButton")
    assert start is not None
    qtbot.waitUntil(lambda: start.property("role") == "primary", timeout=10_000)
    assert urging(window) == ["queueGoButton"]
    runs.show_all()
    assert urging(window) == ["toolbarTrain"]


def test_samples_are_shown_whole_or_not_at_all(qtbot: QtBot) -> None:
    theme = ThemeManager()
    classes = DataClasses(theme)
    theme.setParent(classes)
    qtbot.addWidget(classes)
    classes.show_survey(FOUND)
    assert not classes.headerItem().icon(1).isNull()
    assert not classes.headerItem().icon(2).isNull()
    painter = classes.itemDelegate()
    option = QStyleOptionViewItem()
    for width in (60, 500, 570, 585):
        option.rect.setRect(100, 0, width, 52)
        places = painter._places(option, 12)  # type: ignore[attr-defined]
        assert places
        assert all(option.rect.contains(place.toRect()) for place in places)
    assert len(places) == 12


def test_the_next_step_stands_above_the_curves_where_the_strip_gave_way(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = panel_of(window)
    show_ended(panel, Stopped(step=4, reason="asked"))
    asked: list[RunFolder | None] = []
    panel.runner.resume = lambda: asked.append(panel.current_run)  # type: ignore[method-assign]
    panel.page.resize(400, 120)
    assert panel.header.next.text() == "Resume"
    assert urging(window) == ["nextStepButton"]
    assert not panel.train_button.isVisible()
    panel.header.next.click()
    assert asked == [panel.current_run]
    panel.page.resize(400, 300)
    assert not panel.header.next.isVisible()
    assert panel.train_button.isVisible()
    assert urging(window) == ["resumeButton"]


def test_cards_have_curves_and_columns_where_a_run_told_of_them(qtbot: QtBot) -> None:
    theme = ThemeManager()
    pair = PlotPair(theme)
    theme.setParent(pair)
    qtbot.addWidget(pair)
    pair.resize(700, 240)
    pair.show()
    steps = [event for event in epoch_events(1) if isinstance(event, Step)]
    told = [
        replace(step, gpu_percent=(20.0 * n, 40.0 * n), gpu_memory_bytes=(n * 10**9, 2 * n * 10**9))
        if n
        else step
        for n, step in enumerate(steps)
    ]
    with_cards, without = History([started(), *told]), History([started(), *steps])
    pair.show_history(with_cards, live=False)
    qtbot.waitUntil(lambda: bool(pair.plots), timeout=30_000)
    menu = pair._menu
    menu.aboutToShow.emit()
    assert menu.cards.isVisible()
    menu.rates.setChecked(True)
    menu.cards.setChecked(True)
    assert not menu.rates.isChecked()
    pair.refresh()
    busy, used = (plot._curves for plot in pair.plots)
    # The first step told nothing, and is no zero.
    assert list(busy.y) == pytest.approx([30.0, 60.0, 90.0])
    assert list(used.y) == pytest.approx([2.0, 4.0, 6.0])
    assert pair.plots[0].caption.accessibleName() == "Graphics card"
    rows = list(csv.DictReader(csv_of(with_cards).splitlines()))
    assert [row["gpu_percent"] for row in rows] == ["", "30", "60", "90"]
    assert [row["gpu_memory_bytes"] for row in rows] == ["", "2000000000", "4000000000", "6000000000"]
    assert "gpu" not in csv_of(without)
    pair.show_history(without, live=False)
    menu.aboutToShow.emit()
    assert not menu.cards.isVisible()
    assert pair.plots[0].caption.accessibleName() == "Loss"
    # A resumed run does again what came after its checkpoint.
    with_cards.add(started(start_step=2))
    assert len(with_cards.cards) == len(with_cards.memories) == len(with_cards.at) == 2


def test_the_list_of_recipes_is_as_wide_as_its_words(window: MainWindow) -> None:
    box = panel_of(window).setup.recipes.box
    box.showPopup()
    view = box.view()
    widest = max(view.fontMetrics().horizontalAdvance(box.itemText(at)) for at in range(box.count()))
    assert view.viewport().width() >= widest
    assert view.textElideMode() is Qt.TextElideMode.ElideNone
    box.hidePopup()


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (460, 2), (700, 3)])
def test_settings_of_all_groups_stand_in_one_grid(qtbot: QtBot, width: int, columns: int) -> None:
    form = SettingsForm()
    qtbot.addWidget(form)
    form.resize(width, 400)
    form.show()
    for group, names in GROUPS.items():
        form.show_group(group)
        QApplication.processEvents()
        shown = [name for name in names if form.control(name).isVisible()]
        lefts = {form.control(name).parentWidget().x() for name in shown}
        assert len(lefts) <= columns
        # All are as wide as each other, but the device, whose words are long.
        widths = [form.control(name).parentWidget().width() for name in shown if name != "device"]
        assert max(widths) - min(widths) <= 2, (group, widths)


def test_in_little_room_only_what_stands_in_the_way_is_told_and_the_tooltip_has_the_rest(
    qtbot: QtBot,
) -> None:
    document = Document(preset("digits_starter"))
    notice = "1 of 9 images cannot be used and are left out: cat/a.png (not an image)."
    facts = DataFacts(
        name="folder", title="cats", classes=2, shape=(3, 60, 80), train=8, val=1, notices=(notice,)
    )
    message = fit_message(document, facts, print)
    assert message is not None
    strip = NoticeStrip("trainNotice")
    qtbot.addWidget(strip)
    strip.resize(460, 80)
    strip.show()
    strip.say(message)
    assert notice in strip.label.text()
    strip.set_compact(True)
    assert "3 channels" in strip.label.text()
    assert "2 classes" in strip.label.text()
    assert notice not in strip.label.text()
    assert notice in strip.label.toolTip()
    # It is the next step: nothing can be trained before.
    assert strip.is_urging
    document.deleteLater()
