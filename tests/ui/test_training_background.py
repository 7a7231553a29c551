"""Work in a pooled thread: its answer comes back in the window's thread, and only the newest one is wanted."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThreadPool
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.background import Background


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


def test_the_work_is_done_elsewhere_and_answered_here(owner: QObject, qtbot: QtBot) -> None:
    here = threading.get_ident()
    threads: list[int] = []
    Background(owner).run(threading.get_ident, lambda there: threads.extend((there, threading.get_ident())))
    qtbot.waitUntil(lambda: len(threads) == 2, timeout=10_000)
    assert threads[0] != here
    assert threads[1] == here


def test_what_goes_wrong_in_the_world_is_an_answer_too(owner: QObject, qtbot: QtBot) -> None:
    def fail() -> None:
        raise StudioError("It is not there.")

    said: list[StudioError] = []
    Background(owner).run(fail, lambda _: None, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said[0].what == "It is not there."


def test_an_older_answer_is_not_wanted(owner: QObject, qtbot: QtBot) -> None:
    background = Background(owner)
    go_on = threading.Event()
    answers: list[str] = []

    def slow() -> str:
        assert go_on.wait(10)
        return "old"

    background.run(slow, answers.append)
    background.run(lambda: "new", answers.append)
    qtbot.waitUntil(lambda: answers == ["new"], timeout=10_000)
    go_on.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)
    QCoreApplication.processEvents()
    assert answers == ["new"]


def test_an_owner_that_is_gone_hears_nothing_and_nothing_breaks(owner: QObject, qtbot: QtBot) -> None:
    go_on = threading.Event()
    answers: list[bool] = []
    Background(owner).run(lambda: go_on.wait(10), answers.append)
    Shiboken.delete(owner)
    go_on.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)
    QCoreApplication.processEvents()
    assert not answers
