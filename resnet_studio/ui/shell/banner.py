"""A calm bar across the window that tells one thing and offers what can be done. Knows no files and no engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.widgets.wrapped import WrappedLabel

_SEEN = 2


# (what, detail) -> the text for a report.
Report = Callable[[str, str], str]


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


class _Words(WrappedLabel):
    """As high as the words need at its width, and no more: a bar takes no room from the drawing that it does not fill."""

    def _keep(self) -> None:
        self.setMinimumHeight(0)
        self.setFixedHeight(self.heightForWidth(max(1, self.width())))


class Banner(QFrame):
    """One message, its detail, its choices, a button to copy it and one to close it.

    Signals:
        gone(): it was taken away.
    """

    gone = Signal()

    def __init__(
        self,
        what: str,
        detail: str,
        tone: Tone,
        choices: tuple[Choice, ...],
        parent: QWidget,
        *,
        report: Report | None = None,
    ) -> None:
        super().__init__(parent)
        self._report = report if tone is Tone.BAD else None
        self.setObjectName("banner")
        self.setProperty("role", "banner")
        self.setProperty("tone", tone.value)
        self.setAccessibleName(f"{what} {detail}".strip())
        self.what, self.detail, self.topic = what, detail, ""
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
        if tone is Tone.BAD:
            tip = tr("Copy this message with all versions and the end of the log")
            row.addWidget(self._button(tr("Copy report"), "bannerCopy", tip, self._copy))
        elif tone is Tone.WARN:
            row.addWidget(self._button(tr("Copy"), "bannerCopy", tr("Copy this message"), self._copy))
        row.addWidget(self._button(tr("Close"), "bannerClose", tr("Close this message"), self.dismiss))

    def _label(self, text: str, role: str) -> QLabel:
        label = _Words(text, self)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setProperty("role", role)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

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
        make = self._report or (lambda what, detail: f"{what}\n{detail}".strip())
        QGuiApplication.clipboard().setText(make(self.what, self.detail))

    def dismiss(self) -> None:
        """Take the banner away."""
        self.hide()
        self.setParent(None)
        self.gone.emit()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


class BannerStack(QWidget):
    """The banners that are up, the newest on top; the same message never stands there twice.

    Two are seen at most, or they would push the drawing out of the window; a line below them counts the rest. `report` makes of
    what an error says the text that is copied.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banners")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.report: Report | None = None
        self._rest = self._make_rest()
        self._column.addWidget(self._rest)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _make_rest(self) -> QFrame:
        rest = QFrame(self)
        rest.setProperty("role", "bar")
        row = QHBoxLayout(rest)
        row.setContentsMargins(16, 2, 12, 2)
        self._count = QLabel(rest)
        self._count.setObjectName("bannersMore")
        self._count.setProperty("role", "soft")
        close = QPushButton(tr("Close all"), rest)
        close.setObjectName("bannersCloseAll")
        close.setAccessibleName(tr("Close all messages"))
        close.setAutoDefault(False)
        close.setProperty("role", "link")
        close.clicked.connect(lambda _=False: self.clear())
        row.addWidget(self._count)
        row.addWidget(close)
        row.addStretch(1)
        rest.hide()
        return rest

    def _arrange(self) -> None:
        up = self.banners()
        for index, banner in enumerate(up):
            banner.setVisible(index < _SEEN)
        self._count.setText(tr("and {count} more", count=len(up) - _SEEN))
        self._rest.setVisible(len(up) > _SEEN)

    def banners(self) -> list[Banner]:
        """Those that are up, the newest first; only the first two are seen."""
        items = [self._column.itemAt(index) for index in range(self._column.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, Banner)]

    def tell(
        self, what: str, detail: str = "", tone: Tone = Tone.INFO, *choices: Choice, topic: str = ""
    ) -> Banner:
        """Put a message up; `drop(topic)` takes it away when it is no longer true."""
        for old in self.banners():
            if old.what == what:
                old.dismiss()
        banner = Banner(what, detail, tone, choices, self, report=self.report)
        banner.topic = topic
        banner.gone.connect(self._arrange)
        self._column.insertWidget(0, banner)
        self._arrange()
        return banner

    def drop(self, topic: str) -> None:
        """What these messages said is over."""
        for banner in self.banners():
            if banner.topic == topic:
                banner.dismiss()

    def clear(self) -> None:
        """Take all messages away."""
        for banner in self.banners():
            banner.dismiss()
