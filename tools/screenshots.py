"""Takes the README's screenshots from the real program: its own window, engine and training run, nothing painted for show.

`./run` has to have set up .venv; then, on any screen (or under xvfb-run): `.venv/bin/python -m tools.screenshots`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from resnet_studio.design import edits
from resnet_studio.design.types import BlockKind, ShortcutKind
from resnet_studio.ui.app import make_window
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from resnet_studio.ui.training.panel import TrainPanel

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE = (1440, 900)


def wait_for(holds: Callable[[], bool], what: str, *, seconds: int = 180) -> None:
    """Let the window live until something holds.

    Raises:
        TimeoutError: it did not come to hold; `what` names it.
    """
    loop = QEventLoop()
    poll = QTimer(interval=50)
    poll.timeout.connect(lambda: loop.quit() if holds() else None)
    limit = QTimer(singleShot=True, interval=seconds * 1000)
    limit.timeout.connect(loop.quit)
    poll.start()
    limit.start()
    loop.exec()
    poll.stop()
    if not holds():
        raise TimeoutError(f"waited {seconds} s in vain for {what}")


def settle() -> None:
    """Give layouts, raster caches and the engine's diagram a moment to come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(1500, loop.quit)
    loop.exec()


def shoot(window: MainWindow, name: str) -> None:
    """Save the window's picture."""
    settle()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    if not window.grab().save(str(path)):
        raise OSError(f"{path} could not be written")
    print(path)


def confirmed(window: MainWindow) -> bool:
    """Whether torchinfo has spoken about the drawing."""
    return window.confirmer.state in (Confirmation.AGREES, Confirmation.DIFFERS)


def train_digits(window: MainWindow) -> None:
    """The tour's training run, from the button to the end."""
    window.new_preset("digits_starter")
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    wait_for(lambda: bool(panel.can_train), "the data and the engine")
    panel.train()
    wait_for(lambda: panel.is_running, "the start of the run")
    wait_for(lambda: not panel.is_running, "the end of the run")


def draw_something_to_mend(window: MainWindow) -> None:
    """ResNet-50 with a ResNeXt stage, and a stage whose first block lost its projection."""
    window.new_preset("resnet50")
    document = window.document
    second = document.design.stages[1].blocks
    specs = {block.id: edits.convert(block.spec, BlockKind.RESNEXT) for block in second}
    document.apply(edits.replace_specs(document.design, specs), "Convert stage 2 to ResNeXt")
    broken = edits.change_blocks(document.design, ["s4b1"], shortcut=ShortcutKind.IDENTITY)
    document.apply(broken, "Take a projection away")
    document.select([second[0].id])
    wait_for(lambda: confirmed(window), "torchinfo")


def main() -> int:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESNET_STUDIO_HOME"] = home
        window = make_window()
        window.theme.choose(ThemeChoice.LIGHT)
        window.resize(*SIZE)
        window.show()
        window.wake()
        shoot(window, "start-light")
        train_digits(window)
        shoot(window, "training")
        draw_something_to_mend(window)
        shoot(window, "main-light")
        window.theme.choose(ThemeChoice.DARK)
        shoot(window, "main-dark")
        window.document.undo_stack.setClean()
        window.close()
        # Taken apart while Qt still lives, as the program's own end does it; left to the interpreter's end it may crash.
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return 0


if __name__ == "__main__":
    sys.exit(main())
