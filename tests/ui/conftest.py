"""Lets go of the keys that a test held: Qt remembers them for the whole process. Knows no test."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


@pytest.fixture(autouse=True)
def _no_key_is_held() -> Iterator[None]:
    """QTest's clicks with Ctrl leave Ctrl held: what a later test chooses without a click would be added to the selection."""
    yield
    if (
        QGuiApplication.instance() is not None
        and QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier
    ):
        nowhere = QWidget()
        QTest.keyRelease(nowhere, Qt.Key.Key_Control)
        nowhere.deleteLater()
        assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
