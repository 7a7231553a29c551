"""The queue in the window: filled beside Train, reordered by key and drag, started, paused, followed; with a real worker."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.queue import Entry, Queue, Turn, added, begun, change_queue, ended, read_queue
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.runs import queue_watch
from resnet_studio.ui.runs.queue_rows import ENTRY
from resnet_studio.ui.runs.queue_view import QueueView
from resnet_studio.ui.runs.queue_words import queue_words
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.shell_window import shown_window
from tests.ui.test_training_panel import epoch_events, started

PATIENCE = 30_000


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    # The worker itself is tested where no window is.
    monkeypatch.setattr(queue_watch, "_start", lambda: change_queue(lambda queue: replace(queue, going=True)))
    with shown_window() as shown:
        shown.new_preset("digits_starter")
        yield shown
        change_queue(lambda _: Queue())


def queued(count: int) -> list[RunFolder]:
    runs = [RunFolder.create(preset("digits_starter"), replace(default_spec(), seed=n)) for n in range(count)]
    for run in runs:
        change_queue(lambda queue, run=run: added(queue, run))
    return runs


def queue_page(qtbot: QtBot, window: MainWindow, count: int) -> QueueView:
    runs = window.show_tab("runs")
    assert isinstance(runs, RunsView)
    qtbot.waitUntil(lambda: runs.model.rowCount() == count, timeout=PATIENCE)
    button = runs.findChild(QToolButton, "runsQueueButton")
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs.queue_view.list.count() == count, timeout=PATIENCE)
    return runs.queue_view


def shown(view: QueueView) -> list[Path]:
    return [view.list.item(row).data(ENTRY).run for row in range(view.list.count())]


def press(qtbot: QtBot, view: QueueView, name: str) -> None:
    button = view.findChild(QToolButton, f"{name}Button")
    assert isinstance(button, QToolButton)
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_entries_are_reordered_removed_started_and_paused(window: MainWindow, qtbot: QtBot) -> None:
    a, b, c = (run.path for run in queued(3))
    view = queue_page(qtbot, window, 3)
    assert shown(view) == [a, b, c]
    assert "waits" in view.list.item(0).text()
    view.list.setCurrentRow(2)
    press(qtbot, view, "queueUp")
    qtbot.waitUntil(lambda: shown(view) == [a, c, b], timeout=PATIENCE)
    assert view.chosen is not None
    assert view.chosen.run == c
    view.bar.up.trigger()
    qtbot.waitUntil(lambda: shown(view) == [c, a, b], timeout=PATIENCE)
    assert not view.bar.up.isEnabled()
    # What a drag does to the list, as Qt tells it.
    view.list.model().moveRow(view.list.rootIndex(), 0, view.list.rootIndex(), 3)
    known = view._watch
    qtbot.waitUntil(lambda: [one.run for one in known.queue.entries] == [a, b, c], timeout=PATIENCE)
    assert shown(view) == [a, b, c]
    view.list.setCurrentRow(1)
    press(qtbot, view, "queueRemove")
    qtbot.waitUntil(lambda: shown(view) == [a, c], timeout=PATIENCE)
    assert RunFolder(b).spec().seed == 1, "the run itself is kept"
    press(qtbot, view, "queueGo")
    qtbot.waitUntil(lambda: view.bar.go.text() == "Pause", timeout=PATIENCE)
    assert read_queue().going
    press(qtbot, view, "queueGo")
    qtbot.waitUntil(lambda: view.bar.go.text() == "Start", timeout=PATIENCE)
    assert not read_queue().going


def test_what_the_command_line_does_is_seen_and_a_failure_told(window: MainWindow, qtbot: QtBot) -> None:
    (run,) = queued(1)
    view = queue_page(qtbot, window, 1)
    change_queue(lambda queue: begun(queue, run.path, "cuda:0"))
    qtbot.waitUntil(lambda: "trains on cuda:0" in view.list.item(0).text(), timeout=PATIENCE)
    assert not view.bar.remove.isEnabled()
    change_queue(lambda queue: ended(queue, run.path, good=False, said="The loss is not finite."))
    qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=PATIENCE)
    (banner,) = window.banners.banners()
    assert "The loss is not finite." in banner.detail
    qtbot.waitUntil(view.bar.clear.isEnabled, timeout=PATIENCE)
    press(qtbot, view, "queueClear")
    qtbot.waitUntil(lambda: view.list.count() == 0, timeout=PATIENCE)


def panel_of(qtbot: QtBot, window: MainWindow) -> TrainPanel:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    return panel


def test_a_run_of_the_queue_is_followed_and_another_waits_behind_it(window: MainWindow, qtbot: QtBot) -> None:
    (run,) = queued(1)
    file = EventFile(run)
    for event in (started(), *epoch_events(1)):
        file.append(event)
    file.close()
    panel = panel_of(qtbot, window)
    panel.setup.why_not = lambda: ""  # type: ignore[method-assign]
    panel.setup.data.still_there = lambda: True  # type: ignore[method-assign]
    with run.lock():
        change_queue(lambda queue: begun(queue, run.path, "cpu"))
        qtbot.waitUntil(lambda: len(panel.runner.history.epochs) == 1, timeout=PATIENCE)
        assert panel.runner.is_followed
        # Set-up was shown, and still is: the queue takes nothing away from who works there.
        assert panel.queue_button.isVisible()
        window.acts["train"].trigger()
        qtbot.waitUntil(lambda: len(read_queue().of(Turn.WAITING)) == 1, timeout=PATIENCE)
        qtbot.waitUntil(lambda: read_queue().going, timeout=PATIENCE)
        qtbot.mouseClick(panel.header.curves, Qt.MouseButton.LeftButton)
        assert panel.page.isVisible()
    qtbot.waitUntil(lambda: not panel.is_running, timeout=PATIENCE)


def test_an_idle_window_collects_without_starting(window: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(qtbot, window)
    panel.setup.why_not = lambda: ""  # type: ignore[method-assign]
    panel.setup.data.still_there = lambda: True  # type: ignore[method-assign]
    panel._refresh()
    assert window.acts["addToQueue"].isEnabled()
    assert not window.acts["resume"].isEnabled()
    window.acts["addToQueue"].trigger()
    qtbot.waitUntil(lambda: len(read_queue().of(Turn.WAITING)) == 1, timeout=PATIENCE)
    assert not read_queue().going
    assert read_queue().entries[0].folder.design() == window.document.design
    assert not panel.is_running


@pytest.mark.parametrize(
    ("turns", "going", "words"),
    [
        ((), False, "Empty"),
        ((Turn.RUNNING, Turn.WAITING, Turn.WAITING), True, "Goes on: 1 trains, 2 wait"),
        ((Turn.WAITING,), False, "1 run waits for Start"),
        ((Turn.WAITING, Turn.WAITING), False, "2 runs wait for Start"),
        ((Turn.ENDED, Turn.WAITING), False, "Paused: 1 waits, 1 has ended"),
        ((Turn.RUNNING, Turn.WAITING), False, "Paused: 1 trains, 1 waits"),
        ((Turn.ENDED,), False, "Done: 1 has ended"),
    ],
)
def test_the_queue_in_words(turns: tuple[Turn, ...], going: bool, words: str) -> None:
    entries = tuple(Entry(run=Path(f"/r{n}"), turn=turn) for n, turn in enumerate(turns))
    assert queue_words(Queue(going=going, entries=entries)) == words
