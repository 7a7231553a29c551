"""A strip that says one thing in words and offers what can be done about it. Knows no run and no data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.style import in_pixels
from resnet_studio.ui.widgets import role as roles
from resnet_studio.ui.widgets.tips import plain_tip
from resnet_studio.ui.widgets.wrapped import WrappedLabel

# As many lines as the words may take beside the buttons; more of them have the whole width, above the buttons.
_BESIDE = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its words, its objectName, what it does, and what it means; a `spare` one gives way in a low and narrow place."""

    words: str
    name: str
    do: Callable[[], None]
    meaning: str = ""
    primary: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What the strip says.

    Args:
        text: the words; empty hides the strip.
        tone: "info", "warn" or "bad".
        offers: the buttons.
        progress: 0..1, or None for none; -1 where nobody knows how much there is.
        shorter: the same in ever fewer words, for a low place where the text has no room in one line.
    """

    text: str = ""
    tone: str = "info"
    offers: Sequence[Offer] = field(default_factory=tuple)
    progress: float | None = None
    shorter: tuple[str, ...] = ()


def _looks(message: Message) -> tuple[object, ...]:
    """All that is seen of a message: what its buttons do may be new all the same."""
    offers = tuple(
        (offer.words, offer.name, offer.meaning, offer.primary, offer.spare) for offer in message.offers
    )
    return message.text, message.shorter, message.tone, message.progress, offers


class NoticeStrip(QFrame):
    """Shows one Message at a time; hidden while there is nothing to say.

    The words are never cut: in a low place, where it stands compact, a cut word is what somebody came to read.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr("Notice"))
        self.setProperty("role", "banner")
        self._message: Message | None = None
        self._buttons: list[QPushButton] = []
        self._compact = False
        self.label = WrappedLabel("", self)
        self.label.setObjectName(f"{name}Text")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # After the policy, which would forget that the height follows from the width.
        self.label.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setTextVisible(False)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lines.setSpacing(6)
        self._lines.addWidget(self.label, 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        self._lines.addLayout(self._row)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 8, 6)
        self._column.setSpacing(4)
        self._column.addLayout(self._lines)
        self._column.addWidget(self._bar)
        self.say(Message())

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return self._message.text if self._message else ""

    @property
    def tone(self) -> str:
        """In which tone it speaks."""
        return (self._message or Message()).tone

    @property
    def is_urging(self) -> bool:
        """Whether one of its buttons is the next step."""
        return self._message is not None and any(offer.primary for offer in self._message.offers)

    def say(self, message: Message) -> None:
        """Say this instead."""
        before, self._message = self._message, message
        if before is not None and _looks(before) == _looks(message):
            return
        self.setVisible(bool(message.text))
        self._show_progress(message.progress)
        roles.give(self, message.tone, name="tone")
        # Buttons that say the same stay: one that is being pressed must not vanish under the pointer.
        if before is None or _looks(before)[-1] != _looks(message)[-1]:
            self._make_buttons(message.offers)
        self._arrange()

    def set_compact(self, compact: bool) -> None:
        """Stand in a low place: less air, and lower buttons."""
        if compact != self._compact:
            self._compact = compact
            self._column.setContentsMargins(*((12, 4, 6, 4) if compact else (12, 6, 8, 6)))
            for button in self._buttons:
                self._size_button(button)
            self._arrange()

    def _size_button(self, button: QPushButton) -> None:
        button.setStyleSheet(
            in_pixels("QPushButton { padding: 0 10px; min-height: 20tx; }") if self._compact else ""
        )

    def _arrange(self) -> None:
        """Buttons beside the words; under them where the words would become a column."""
        margins = self._column.contentsMargins()
        whole = self.width() - margins.left() - margins.right()
        asked = self._asked_width(self._choose_words(whole))
        room = whole - asked
        # Large letters in a narrow dock: one button over the other, and nothing scrolls sideways.
        over = room + self._row.spacing() < 0
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if over else QBoxLayout.Direction.LeftToRight)
        narrow = bool(asked) and self._lines_in(room) > _BESIDE
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if way != self._lines.direction():
            self._lines.setDirection(way)
            self._row.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._lines.setSpacing(2 if narrow and self._compact else 6)

    def _asked_width(self, spared: frozenset[str] = frozenset()) -> int:
        kept = [button for button in self._buttons if button.objectName() not in spared]
        return sum(button.sizeHint().width() + self._row.spacing() for button in kept)

    def _choose_words(self, whole: int) -> frozenset[str]:
        """In a low place, the most words that stand in one line beside the buttons, which first are all and then fewer.

        Returns the names of the buttons that give way.
        """
        message = self._message or Message()
        tried = (message.text, *message.shorter) if self._compact else (message.text,)
        metrics, words, spared = self.label.fontMetrics(), tried[-1], frozenset[str]()
        spare = frozenset(offer.name for offer in message.offers if offer.spare)
        for without in (frozenset[str](), spare) if len(tried) > 1 else ():
            room, spared = whole - self._asked_width(without), without
            found = next((one for one in tried if metrics.horizontalAdvance(one) <= room), None)
            if found is not None:
                words = found
                break
        for button in self._buttons:
            if button.isHidden() != (button.objectName() in spared):
                button.setHidden(button.objectName() in spared)
        if words != self.label.text():
            self.label.setText(words)
            self.label.setToolTip("" if words == message.text else plain_tip(message.text))
        return spared

    def _lines_in(self, width: int) -> int:
        metrics, words = self.label.fontMetrics(), self.label.text()
        if width < metrics.horizontalAdvance("m" * 4):
            return len(words)
        asked = metrics.boundingRect(QRect(0, 0, width, 1 << 16), Qt.TextFlag.TextWordWrap, words)
        return -(-asked.height() // metrics.lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """No wider than the widest button."""
        widest = max((button.sizeHint().width() for button in self._buttons), default=0)
        return QSize(widest + 24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new width."""
        super().resizeEvent(event)
        self._arrange()

    def _make_buttons(self, offers: Sequence[Offer]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for index, offer in enumerate(offers):
            button = QPushButton(offer.words, self)
            button.setObjectName(offer.name)
            button.setAccessibleName(offer.words)
            button.setToolTip(plain_tip(offer.meaning))
            if offer.primary:
                button.setProperty("role", "primary")
            button.clicked.connect(lambda _=False, at=index: self._do(at))
            self._size_button(button)
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._buttons.append(button)

    def _do(self, index: int) -> None:
        # Looked up at the click: the message may have been said anew with the same buttons.
        if self._message is not None:
            self._message.offers[index].do()

    def _show_progress(self, progress: float | None) -> None:
        self._bar.setVisible(progress is not None)
        if progress is not None:
            self._bar.setRange(0, 0 if progress < 0 else 1000)
            self._bar.setValue(round(max(progress, 0) * 1000))
