"""Proves that the strictness of tests/conftest.py bites: each kind of leak fails the test that made it."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
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


Judgements = dict[str, ET.Element]


def _pytest(folder: Path, bodies: dict[str, str], *more: str, qt: bool) -> tuple[str, Judgements]:
    """Run each body as a test file in a small project that has this one's settings; return what was said of each."""
    (folder / "tests").mkdir()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name in ("conftest.py", "leaks.py"):
        (folder / "tests" / name).write_text((ROOT / "tests" / name).read_text())
    header = "import logging, subprocess, sys, threading, warnings, pytest\n"
    header += "from PySide6 import QtCore, QtWidgets\n" if qt else ""
    names = {f"test_{number}": expected for number, expected in enumerate(bodies)}
    for name, expected in names.items():
        (folder / "tests" / f"{name}.py").write_text(f"{header}kept = []\n{bodies[expected]}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    command += ["--junitxml=it.xml", *more]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LEAK_GRACE_SECONDS": "0.2"}
    result = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    told: Judgements = {expected: ET.Element("tests") for expected in bodies}
    for case in ET.parse(folder / "it.xml").getroot().iter("testcase"):
        told[names[case.attrib["classname"].removeprefix("tests.")]].append(case)
    return result.stdout, told


def _failures(cases: ET.Element) -> list[str]:
    return [
        f"{fault.get('message')}\n{fault.text}" for tag in ("failure", "error") for fault in cases.iter(tag)
    ]


# One pytest judges all of a kind: what one test left behind must not be held against the next either.
@pytest.fixture(scope="module")
def without_qt(tmp_path_factory: pytest.TempPathFactory) -> Judgements:
    return _pytest(tmp_path_factory.mktemp("without"), WITHOUT_QT, qt=False)[1]


@pytest.fixture(scope="module")
def with_qt(tmp_path_factory: pytest.TempPathFactory) -> Judgements:
    return _pytest(tmp_path_factory.mktemp("with"), WITH_QT, qt=True)[1]


@pytest.mark.parametrize("expected", WITHOUT_QT)
def test_leak_fails_the_test(without_qt: Judgements, expected: str) -> None:
    (fault,) = _failures(without_qt[expected])
    assert expected in fault


@pytest.mark.parametrize("expected", WITH_QT)
def test_qt_leak_fails_the_test(with_qt: Judgements, expected: str) -> None:
    (fault,) = _failures(with_qt[expected])
    assert expected in fault


def test_clean_tests_pass(tmp_path: Path) -> None:
    said, told = _pytest(tmp_path, {"clean": CLEAN}, qt=True)
    assert _failures(told["clean"]) == [], said
    assert len(told["clean"].findall("testcase")) == 3
    assert "3 passed" in said


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "ran"), [(["-m", "not slow"], [0, 2, 4]), ([], [*range(7)])])
def test_the_quick_run_takes_some_cases_of_a_family_and_the_whole_run_all(
    tmp_path: Path, asked: list[str], ran: list[int]
) -> None:
    body = "@pytest.mark.quick_cases(3)\n@pytest.mark.parametrize('case', range(7))\ndef test_it(case): pass"
    _, told = _pytest(tmp_path, {"family": body}, *asked, qt=False)
    assert [case.attrib["name"] for case in told["family"]] == [f"test_it[{case}]" for case in ran]
