"""Proves that the strictness of tests/conftest.py bites: each kind of leak fails the test that made it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WITHOUT_QT = {
    "thread": "def test_it(): threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "child process": "def test_it(): kept.append(subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1))",
    "unexpected log records": "def test_it(): logging.getLogger('x').warning('watch out')",
    "UserWarning: old": "def test_it(): warnings.warn('old')",
}
WITH_QT = {
    "top-level widget": "def test_it(qapp): kept.append(QtWidgets.QWidget())",
    "active timer": "def test_it(qapp): QtCore.QTimer(qapp).start(60_000)",
    "Qt thread QThread": "def test_it(qapp): kept.append(QtCore.QThread()); kept[0].start()\n"
    "def test_end(): kept[0].quit(); kept[0].wait()",
    "QtWarningMsg: odd": "def test_it(qapp): QtCore.qWarning('odd')",
}
CLEAN = """
def test_python():
    thread = threading.Thread(target=int); thread.start(); thread.join()
    subprocess.run([sys.executable, "-c", ""], check=True)
    logging.getLogger("x").info("fine")
@pytest.mark.allow_logs("watch")
def test_allowed(): logging.getLogger("x").warning("watch out")
def test_qt(qtbot):
    widget = QtWidgets.QWidget(); qtbot.addWidget(widget); widget.show(); qtbot.waitExposed(widget)
    thread = QtCore.QThread(); thread.start(); thread.quit(); thread.wait()
"""


def _pytest(folder: Path, body: str, *, qt: bool) -> subprocess.CompletedProcess[str]:
    """Run the body as a test file in a small project that has this one's settings."""
    (folder / "tests").mkdir()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name in ("conftest.py", "leaks.py"):
        (folder / "tests" / name).write_text((ROOT / "tests" / name).read_text())
    header = "import logging, subprocess, sys, threading, warnings, pytest\n"
    header += "from PySide6 import QtCore, QtWidgets\n" if qt else ""
    (folder / "tests" / "test_it.py").write_text(f"{header}kept = []\n{body}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LEAK_GRACE_SECONDS": "0.2"}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("expected", WITHOUT_QT)
def test_leak_fails_the_test(tmp_path: Path, expected: str) -> None:
    result = _pytest(tmp_path, WITHOUT_QT[expected], qt=False)
    assert result.returncode == 1, result.stdout
    assert expected in result.stdout


@pytest.mark.parametrize("expected", WITH_QT)
def test_qt_leak_fails_the_test(tmp_path: Path, expected: str) -> None:
    result = _pytest(tmp_path, WITH_QT[expected], qt=True)
    assert result.returncode == 1, result.stdout
    assert expected in result.stdout


def test_clean_tests_pass(tmp_path: Path) -> None:
    result = _pytest(tmp_path, CLEAN, qt=True)
    assert result.returncode == 0, result.stdout
    assert "3 passed" in result.stdout
