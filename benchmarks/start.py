"""From starting the process to the window's first picture, against a bare PySide6 window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Result, alternately

GOAL = 2.0
ROOT = Path(__file__).parents[1]

# Says "shown" once the window has painted itself, then leaves at once.
_WATCH = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        os.write(1, b"shown\\n"); os._exit(0)
"""
_BARE = (
    _WATCH
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow(); window.resize(1440, 900)
watch = Watch(); window.installEventFilter(watch)
window.show(); app.exec()
"""
)
_OURS = (
    _WATCH
    + """
from resnet_studio.ui import app as studio
app = studio.make_application()
window = studio.make_window(); window.resize(1440, 900)
watch = Watch(); window.installEventFilter(watch)
window.show(); app.exec()
"""
)


def _seconds(script: str, home: str) -> float:
    env = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"RESNET_STUDIO_HOME": home}
    # `./run` has its bytecode since the set-up; a shell that forbids to keep any would let only ours compile itself anew.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        took = time.perf_counter() - began
    if said != b"shown\n":
        raise RuntimeError("The window was never shown.")
    return took


def measure() -> list[Result]:
    """Whole processes, in turn."""
    with tempfile.TemporaryDirectory() as home:
        mine, theirs = alternately(lambda: _seconds(_OURS, home), lambda: _seconds(_BARE, home), times=9)
    ratio = mine / theirs
    return [
        Result(
            what="window first shown", reference="bare PySide6 window", ours=mine, theirs=theirs, ratio=ratio,
            goal=f"<= {GOAL:g} times", met=ratio <= GOAL,
        )
    ]  # fmt: skip
