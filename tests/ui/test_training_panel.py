"""The training panel by clicks, with a scripted child and a scripted engine: settings, fit, run, stop, death, resume."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, ShortcutKind
from resnet_studio.runs.data_files import FILES
from resnet_studio.runs.events import Checkpointed, Epoch, Event, Finished, Started, Step, Stopped, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import data_root, runs_root
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.widgets import file_dialog
from tests.ui.asked_engine import AskedEngine

DIGITS = {"title": "Digits", "classes": list("0123456789"), "shape": [1, 8, 8], "train": 1442, "val": 355}
PER_EPOCH = 4


class Engine(AskedEngine):
    """Answers at once what the data is."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, dict[str, Any]] = {"digits": DIGITS}

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int:
        number = super().request(do, on_result, on_error, on_progress, **args)
        if do == "probe_data":
            found = self.data.get(args["data"])
            if found is None:
                on_error(StudioError(f"{args['data']} is not there.", "Download it."))
            else:
                on_result(found)
        return number

    def cancel(self, number: int) -> None:
        super().cancel(number)
        self.asked[number - 1].on_error(StudioError("Cancelled."))


def started(start_step: int = 0) -> Started:
    return Started(
        run="run", design="Digits starter", spec=default_spec(), device="cpu", device_label="CPU", params=1,
        train_images=1442, val_images=355, steps_per_epoch=PER_EPOCH, classes=tuple("0123456789"),
        start_step=start_step, torch="2.10",
    )  # fmt: skip


def epoch_events(number: int, *, accuracy: float = 0.9) -> list[Event]:
    first = (number - 1) * PER_EPOCH
    steps: list[Event] = [
        Step(
            step=first + k + 1, epoch=number, loss=2 / (first + k + 1), accuracy=0.5, lr=0.1,
            images_per_second=1234.0, memory_bytes=412_000_000,
        )
        for k in range(PER_EPOCH)
    ]  # fmt: skip
    done = number * PER_EPOCH
    epoch = Epoch(
        epoch=number, step=done, train_loss=0.5, train_accuracy=0.5, val_loss=0.4, val_accuracy=accuracy,
        seconds=1.0, best=True, time_left=3.0,
    )  # fmt: skip
    return [*steps, epoch, Checkpointed(path=f"checkpoints/last-{done}.pt", step=done, kind="last")]


class Child:
    """Writes the program of the next child: a list of lines to say and things to do."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "child.py"
        self.lines = ["import json, os, sys", "from pathlib import Path", "run = Path(sys.argv[1])"]
        self.lines.append("keep = lambda: (run / 'checkpoints' / 'last.pt').write_bytes(b'x')")

    def says(self, *events: Event) -> "Child":
        self.lines += [f"print({encode(event)!r}, flush=True)" for event in events]
        return self

    def does(self, *lines: str) -> "Child":
        self.lines += lines
        return self

    def write(self) -> None:
        self.path.write_text("\n".join(self.lines) + "\n")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def open_panel(qtbot: QtBot, tmp_path: Path, engine: Engine) -> Iterator[Callable[..., TrainPanel]]:
    made: list[TrainPanel] = []

    def make(design: Design | None = None) -> TrainPanel:
        document = Document(design or preset("digits_starter"))
        command = lambda run: [sys.executable, str(tmp_path / "child.py"), str(run.path)]  # noqa: E731
        panel = TrainPanel(document, ThemeManager(), engine, command=command)
        document.setParent(panel)
        qtbot.addWidget(panel)
        panel.resize(700, 320)
        panel.show()
        made.append(panel)
        return panel

    yield make
    for panel in made:
        panel.shutdown()


def button(panel: QWidget, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, name)
    assert found is not None, name
    return found


def click(qtbot: QtBot, panel: QWidget, name: str) -> None:
    assert button(panel, name).isEnabled()
    qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def says(panel: TrainPanel) -> str:
    label = panel.page.strip.findChild(QLabel, "runNoticeText")
    assert label is not None
    return label.text()


def document_of(panel: TrainPanel) -> Document:
    found = panel.findChild(Document)
    assert found is not None
    return found


def finish(qtbot: QtBot, panel: TrainPanel) -> None:
    qtbot.waitUntil(lambda: panel.runner.outcome is not None, timeout=30_000)


def test_nothing_stands_in_the_way_of_digits_on_the_digits_starter(
    open_panel: Callable[..., TrainPanel],
) -> None:
    panel = open_panel()
    assert panel.can_train
    assert button(panel, "trainButton").isEnabled()
    assert not panel.setup.strip.isVisible()


def test_a_drawing_with_a_problem_cannot_train_and_one_click_repairs_it(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot
) -> None:
    sound = preset("digits_starter")
    second = list(sound.blocks())[1]
    panel = open_panel(edits.change_blocks(sound, [second.id], shortcut=ShortcutKind.IDENTITY))
    assert not button(panel, "trainButton").isEnabled()
    assert "Stage 2, block 1" in panel.why_not
    assert "needs a projection" in button(panel, "trainButton").toolTip()
    click(qtbot, panel, "repairButton")
    assert panel.can_train
    document_of(panel).undo_stack.undo()
    assert not panel.can_train


def test_other_classes_are_said_and_adapted_by_one_undoable_click(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot
) -> None:
    panel = open_panel(preset("resnet18"))
    document = document_of(panel)
    before = document.design
    assert "10 classes" in panel.setup.strip.text
    assert not button(panel, "trainButton").isEnabled()
    click(qtbot, panel, "adaptButton")
    assert document.design.head is not None
    assert document.design.head.classes == 10
    assert document.design.input.channels == 1
    assert panel.can_train
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.design == before


def test_missing_data_is_downloaded_with_progress_that_can_be_cancelled(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, engine: Engine
) -> None:
    panel = open_panel()
    control = panel.setup.form.control("data")
    control.set_value("mnist")
    control.changed.emit()
    # Seen without the engine, which would read for seconds, and not told as if it were here.
    assert all(args["data"] != "mnist" for _, _, _, _, args in engine.asked)
    assert "MNIST is not on this computer yet" in panel.setup.strip.text
    assert panel.details.text().startswith("not there yet")
    assert "MNIST is not" in button(panel, "trainButton").toolTip()
    assert not panel.can_train
    click(qtbot, panel, "downloadButton")
    engine.asked[-1].on_progress({"done": 5_000_000, "total": 10_000_000, "text": ""})
    assert "5.00" in panel.setup.strip.text
    click(qtbot, panel, "cancelDownloadButton")
    assert engine.cancelled
    click(qtbot, panel, "downloadButton")
    engine.data["mnist"] = DIGITS | {"title": "MNIST", "shape": [1, 28, 28]}
    lay(data_root(), "mnist")
    engine.asked[-1].on_result({"data": "mnist"})
    assert panel.can_train


def lay(root: Path, name: str) -> None:
    for file in FILES[name]:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()


def test_missing_data_may_lie_in_a_folder_of_the_users_and_its_loss_leaves_no_run(
    open_panel: Callable[..., TrainPanel],
    qtbot: QtBot,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = open_panel()
    control = panel.setup.form.control("data")
    control.set_value("cifar10")
    control.changed.emit()
    engine.data["cifar10"] = DIGITS | {"title": "CIFAR-10", "shape": [1, 8, 8]}
    lay(tmp_path / "mine", "cifar10")
    monkeypatch.setattr(file_dialog, "folder_name", lambda *_, **__: str(tmp_path / "mine"))
    click(qtbot, panel, "chooseDataButton")
    assert engine.asked[-1].args == {"data": "cifar10", "root": str(tmp_path / "mine")}
    assert panel.can_train
    (tmp_path / "mine" / FILES["cifar10"][0]).unlink()
    click(qtbot, panel, "trainButton")
    assert panel.current_run is None
    assert not runs_root().exists()
    assert "CIFAR-10 is not in" in panel.setup.strip.text
    assert not button(panel, "trainButton").isEnabled()


def test_data_that_an_engine_could_not_look_at_is_asked_for_again_when_it_is_back(
    open_panel: Callable[..., TrainPanel], engine: Engine
) -> None:
    del engine.data["digits"]
    panel = open_panel()
    assert not panel.can_train
    engine.data["digits"] = DIGITS
    panel.setup.meet_engine(
        {"devices": [{"name": "cpu", "label": "CPU, 2 threads"}, {"name": "cuda:0", "label": "A card"}]}
    )
    assert panel.can_train
    device = panel.setup.form.control("device")
    device.set_value("cuda:0")
    assert panel.setup.spec().device == "cuda:0"


def test_a_folder_of_images_is_chosen_looked_at_and_adapted_to(
    open_panel: Callable[..., TrainPanel],
    qtbot: QtBot,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = open_panel()
    control = panel.setup.form.control("data")
    control.set_value("folder")
    control.changed.emit()
    assert not panel.can_train
    notice = "1 of 9 images cannot be used and are left out: cat/a.png (not an image)."
    engine.data["folder"] = DIGITS | {
        "title": "cats", "classes": ["cat", "dog"], "shape": [3, 60, 80], "notices": [notice],
    }  # fmt: skip
    monkeypatch.setattr(file_dialog, "folder_name", lambda *_: str(tmp_path))
    click(qtbot, panel, "chooseDataButton")
    assert engine.asked[-1].args == {"data": "folder", "root": str(tmp_path)}
    assert "3 channels" in panel.setup.strip.text
    assert "2 classes" in panel.setup.strip.text
    # Said at once, beside what is to be adapted first, because the count leaves it out already.
    assert panel.setup.strip.text.endswith(f". {notice}")
    click(qtbot, panel, "adaptButton")
    assert panel.can_train
    assert panel.setup.spec().root == str(tmp_path)


def test_other_data_brings_its_own_sound_settings_and_keeps_the_seed(
    open_panel: Callable[..., TrainPanel],
) -> None:
    form = open_panel().setup.form
    form.control("seed").set_value(7)
    form.control("data").set_value("cifar10")
    form.control("data").changed.emit()
    spec = form.spec()
    assert (spec.epochs, spec.lr, spec.seed) == (
        default_spec("cifar10").epochs,
        default_spec("cifar10").lr,
        7,
    )


def test_every_setting_has_a_control_that_gives_back_what_it_shows(
    open_panel: Callable[..., TrainPanel],
) -> None:
    form = open_panel().setup.form
    for name in ("digits", "mnist", "cifar10", "cifar100", "fashion_mnist"):
        spec = default_spec(name)
        form.show_spec(spec)
        assert form.spec() == spec


def test_a_run_goes_from_the_click_to_its_finished_curves(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    done = Finished(step=8, best_accuracy=0.95, best_epoch=2, seconds=2.0)
    Child(tmp_path).says(started(), *epoch_events(1), *epoch_events(2, accuracy=0.95), done).write()
    panel = open_panel()
    click(qtbot, panel, "trainButton")
    assert panel.is_running
    assert not button(panel, "trainButton").isVisible()
    finish(qtbot, panel)
    run = panel.current_run
    assert run is not None
    assert run.spec() == default_spec()
    assert run.design() == preset("digits_starter")
    assert panel.title.text() == "digits, run 1"
    assert "95.0" in says(panel)
    history = panel.runner.history
    assert list(history.steps) == list(range(1, 9))
    assert history.best is not None
    assert history.best.epoch == 2
    qtbot.waitUntil(lambda: bool(panel.page.plots.plots), timeout=60_000)
    loss, accuracy = panel.page.plots.plots
    assert (loss.objectName(), accuracy.objectName()) == ("lossPlot", "accuracyPlot")
    # A layout shows what is put into it with the next events.
    qtbot.waitUntil(loss.isVisible)
    assert accuracy.caption.reading.val.startswith("95.0")


def test_stop_keeps_a_checkpoint_and_resume_continues_the_curves(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    # It was in the middle of epoch 2 when it heard the stop; the checkpoint is of step 5.
    child = Child(tmp_path).says(started(), *epoch_events(1), *epoch_events(2)[:3])
    child.does("assert json.loads(sys.stdin.readline())['do'] == 'stop'", "keep()")
    child.says(Stopped(step=5, reason="asked")).write()
    panel = open_panel()
    click(qtbot, panel, "trainButton")
    qtbot.waitUntil(lambda: len(panel.runner.history.steps) == 7, timeout=30_000)
    click(qtbot, panel, "stopButton")
    assert "checkpoint" in says(panel)
    assert not button(panel, "stopButton").isEnabled()
    finish(qtbot, panel)
    assert says(panel).startswith("Stopped.")

    rest = epoch_events(2)[1:]
    Child(tmp_path).says(
        started(5), *rest, Finished(step=8, best_accuracy=0.9, best_epoch=1, seconds=2.0)
    ).write()
    click(qtbot, panel, "resumeButton")
    finish(qtbot, panel)
    assert list(panel.runner.history.steps) == list(range(1, 9))
    assert [epoch.epoch for epoch in panel.runner.history.epochs] == [1, 2]
    assert says(panel).startswith("Finished")


def test_a_killed_child_is_told_in_words_with_log_and_resume(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    child = Child(tmp_path).says(started(), *epoch_events(1))
    child.does(
        "keep()",
        "sys.stderr.write('the last line of the log')",
        "sys.stderr.flush()",
        "os.kill(os.getpid(), 9)",
    ).write()
    panel = open_panel()
    click(qtbot, panel, "trainButton")
    finish(qtbot, panel)
    assert "SIGKILL" in says(panel)
    assert "Traceback" not in says(panel)
    click(qtbot, panel, "showLogButton")
    log = panel.findChild(QWidget, "logText")
    assert log is not None
    assert "the last line of the log" in log.toPlainText()  # type: ignore[attr-defined]
    dialog = panel.findChild(QWidget, "logDialog")
    assert dialog is not None
    dialog.close()
    assert button(panel, "resumeButton").isEnabled()


def test_an_old_run_opens_with_its_curves_and_can_go_on(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    told = [started(), *epoch_events(1), Stopped(step=4, reason="asked")]
    run.events_path.write_text("".join(encode(event) + "\n" for event in told) + '{"event":"st')
    panel = open_panel()
    panel.show_run(run)
    qtbot.waitUntil(lambda: panel.current_run == run, timeout=30_000)
    assert len(panel.runner.history.epochs) == 1
    assert panel.title.text() == "digits, run 1"
    Child(tmp_path).says(
        started(4), *epoch_events(2), Finished(step=8, best_accuracy=0.9, best_epoch=1, seconds=1.0)
    ).write()
    panel.resume(run)
    # The outcome of the first half stands until the second begins.
    qtbot.waitUntil(lambda: [e.epoch for e in panel.runner.history.epochs] == [1, 2], timeout=30_000)
    finish(qtbot, panel)


def test_a_run_that_was_asked_for_is_shown_when_the_queue_brings_it_first(
    open_panel: Callable[..., TrainPanel], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    panel = open_panel()
    panel.show_settings()
    panel.show_run(run)
    monkeypatch.setattr(panel.queue, "is_beginning", True)
    panel.runner.follow(run)
    assert panel.page.isVisibleTo(panel)
    panel.show_settings()
    panel.runner.changed.emit()
    assert not panel.page.isVisibleTo(panel)
    panel.runner.let_go()


def test_a_run_that_is_still_being_read_does_not_take_the_place_of_one_that_was_resumed(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    stopped, other = (RunFolder.create(preset("digits_starter"), default_spec()) for _ in range(2))
    for run in (stopped, other):
        told = [started(), *epoch_events(1), Stopped(step=4, reason="asked")]
        run.events_path.write_text("".join(encode(event) + "\n" for event in told))
    panel = open_panel()
    panel.show_run(stopped)
    qtbot.waitUntil(lambda: panel.current_run == stopped, timeout=30_000)
    ended = Finished(step=8, best_accuracy=0.9, best_epoch=1, seconds=1.0)
    Child(tmp_path).says(started(4), *epoch_events(2), ended).write()
    panel.show_run(other)
    panel.resume()
    finish(qtbot, panel)
    assert panel.current_run == stopped
    assert len(panel.runner.history.epochs) == 2


def test_closing_while_it_trains_leaves_no_process(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    child = Child(tmp_path).says(started())
    child.does("assert json.loads(sys.stdin.readline())['do'] == 'stop'", "(run / 'heard').touch()").write()
    panel = open_panel()
    click(qtbot, panel, "trainButton")
    qtbot.waitUntil(lambda: panel.runner.history.started is not None, timeout=30_000)
    panel.shutdown()
    assert not panel.is_running
    assert panel.current_run is not None
    assert (panel.current_run.path / "heard").exists()


def test_a_run_whose_folder_cannot_be_made_is_a_message_and_no_run(
    open_panel: Callable[..., TrainPanel], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    panel = open_panel()
    click(qtbot, panel, "trainButton")
    assert not panel.is_running
    box = panel.findChild(QWidget, "trainMessage")
    assert box is not None
    assert "could not be made" in box.text()  # type: ignore[attr-defined]
    box.close()


def test_every_control_is_named(open_panel: Callable[..., TrainPanel]) -> None:
    panel = open_panel()
    for widget in panel.findChildren(QPushButton):
        assert widget.objectName(), widget.text()
        assert widget.accessibleName(), widget.text()
    assert (
        json.dumps([w.objectName() for w in panel.setup.form.findChildren(QWidget, "setting_lr")])
        == '["setting_lr"]'
    )
