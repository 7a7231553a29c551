"""A calm bar across the window that tells one thing and offers what can be done. Knows no files and no engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget


class Tone(StrEnum):
    """How grave it is."""

    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a banner; the banner goes when it is pressed."""

    label: str
    act: Callable[[], object]
    primary: bool = False


class Banner(QFrame):
    """One message, its detail, its choices, a button to copy it and one to close it."""

    def __init__(
        self, what: str, detail: str, tone: Tone, choices: tuple[Choice, ...], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("role", "banner")
        self.setProperty("tone", tone.value)
        self.setAccessibleName(f"{what} {detail}".strip())
        self.what, self.detail = what, detail
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._labels = [self._label(what, "strong")]
        if detail:
            self._labels.append(self._label(detail, "soft"))
        for label in self._labels:
            words.addWidget(label)
        row.addLayout(words, 1)
        for choice in choices:
            row.addWidget(self._choice(choice))
        if tone is not Tone.INFO:
            row.addWidget(self._button("Copy", "bannerCopy", "Copy this message", self._copy))
        row.addWidget(self._button("Close", "bannerClose", "Close this message", self.dismiss))

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the words need at this width, and no more; a wrapping label asks for too much by itself."""
        super().resizeEvent(event)
        for label in self._labels:
            label.setFixedHeight(label.heightForWidth(max(1, label.width())))

    def _choice(self, choice: Choice) -> QPushButton:
        def act() -> None:
            self.dismiss()
            choice.act()

        slug = "".join(word.capitalize() for word in choice.label.replace("…", "").split())
        button = self._button(choice.label, f"banner{slug}", choice.label, act)
        button.setProperty("role", "primary" if choice.primary else "")
        return button

    def _button(self, text: str, name: str, accessible: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(accessible)
        button.setAutoDefault(False)
        # `clicked` tells whether it is checked, which no act asks for.
        button.clicked.connect(lambda _=False: act())
        return button

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.what}\n{self.detail}".strip())

    def dismiss(self) -> None:
        """Take the banner away."""
        self.hide()
        self.setParent(None)
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


class BannerStack(QWidget):
    """The banners that are up, the newest at the bottom; the same message never stands there twice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banners")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def banners(self) -> list[Banner]:
        """Those that are up."""
        return self.findChildren(Banner, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def tell(self, what: str, detail: str = "", tone: Tone = Tone.INFO, *choices: Choice) -> Banner:
        """Put a message up."""
        for old in self.banners():
            if old.what == what:
                old.dismiss()
        banner = Banner(what, detail, tone, choices, self)
        self._column.addWidget(banner)
        banner.show()
        return banner

    def clear(self) -> None:
        """Take all messages away."""
        for banner in self.banners():
            banner.dismiss()
