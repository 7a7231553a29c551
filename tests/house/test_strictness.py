"""Proves that the strictness of tests/conftest.py bites: each kind of leak fails the test that made it."""

import json
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
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name in ("conftest.py", "costs.py", "leaks.py"):
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


FAMILY = """
import time
@pytest.fixture(scope="module")
def dear(): time.sleep(0.3)
def test_one(dear): time.sleep(0.03)
def test_two(dear): time.sleep(0.03)
@pytest.mark.parametrize('case', range(7))
def test_family(case): pass
"""
CASES = [f"test_family[{case}]" for case in range(7)]


def test_what_a_test_costs_is_measured_and_what_is_shared_stands_by_itself(tmp_path: Path) -> None:
    _pytest(tmp_path, {"family": FAMILY}, f"--costs={tmp_path / 'costs.json'}", qt=False)
    costs = json.loads((tmp_path / "costs.json").read_text())
    dear = costs.pop("tests/test_0.py::dear (shared)")
    assert dear >= 0.3
    for name in ("test_one", "test_two"):
        assert 0.03 <= costs[f"tests/test_0.py::{name}"] < dear


@pytest.mark.parametrize(
    ("seconds", "ran"),
    [
        ("1", [*CASES[:2], "test_new"]),
        ("3", [*CASES, "test_new"]),
        # What the two share costs once: 2.8 + 0.05 + 4 + 1 + 1.
        ("8.9", [*CASES, "test_new", "test_one", "test_two"]),
    ],
)
def test_the_quick_run_takes_what_its_time_allows_and_every_new_test(
    tmp_path: Path, seconds: str, ran: list[str]
) -> None:
    costs = {"test_one": 1.0, "test_two": 1.0, "test_family": 0.4, "dear (shared)": 4.0}
    (tmp_path / "tests").mkdir()
    where = "tests/test_0.py::"
    (tmp_path / "tests" / "costs.json").write_text(json.dumps({where + name: c for name, c in costs.items()}))
    _, told = _pytest(tmp_path, {"family": FAMILY + "def test_new(): pass"}, f"--quick={seconds}", qt=False)
    assert sorted(case.attrib["name"] for case in told["family"]) == sorted(ran)


def test_parts_are_about_as_dear_and_hold_every_test_once(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    costs = {f"tests/test_{number}.py::test_it": cost for number, cost in enumerate((6.0, 3.0, 2.0, 1.5))}
    (tmp_path / "tests" / "costs.json").write_text(json.dumps(costs))
    bodies = {f"file {number}": "def test_it(): pass" for number in range(5)}
    ran = []
    for part in ("1/2", "2/2"):
        _, told = _pytest(tmp_path, bodies, f"--part={part}", qt=False)
        ran.append([name for name, cases in told.items() if len(cases)])
    assert ran == [["file 0", "file 4"], ["file 1", "file 2", "file 3"]]
