"""A recent file on the start page: its drawing in small, name, folder and time. Knows no window."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.shell.cards import CardButton, cost_of
from resnet_studio.ui.shell.names import title_of
from resnet_studio.ui.silhouette import paint_silhouette
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, font, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.tips import plain_tip

_HIGH = 56
_DRAWING = 64
# Larger files are not read for a picture: weights that carry a drawing.
_MOST_BYTES = 4_000_000
_KEPT = 24


@lru_cache(_KEPT)
def _plan_of(path: Path, written: int) -> Plan | None:
    """What a file draws; None where nothing can be read. `written` tells one state of it from another."""
    from resnet_studio.design.carried import read_drawing

    try:
        return analyse(read_drawing(path))
    except StudioError:
        return None


class RecentRow(CardButton):
    """A file that was open before; one that is gone is greyed and cannot be pressed."""

    def __init__(self, path: Path, theme: ThemeManager, parent: QWidget, state: ViewState) -> None:
        super().__init__(theme, parent)
        self._state = state
        self.path = path
        self._time = when(path)
        self.plan: Plan | None = None
        self._looked = False
        self.setEnabled(bool(self._time))
        name = title_of(path)
        self.setObjectName(f"recent_{name}")
        self.setAccessibleName(f"{name}, {self._time or tr('missing')}")
        self.setToolTip(plain_tip(str(path)))
        sized(self, height=_HIGH, least_width=200)

    def sizeHint(self) -> QSize:
        return QSize(px(280), px(_HIGH))

    def _look(self) -> None:
        try:
            known = self.path.stat()
        except OSError:
            return
        if known.st_size <= _MOST_BYTES:
            self.plan = _plan_of(self.path, known.st_mtime_ns)
        if self.plan is not None:
            cost = cost_of(self.plan, self._state)
            self.setAccessibleDescription(cost)
            self.setToolTip(plain_tip(f"{self.plan.design.name}: {cost}\n{self.path}"))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme.theme
        painter = QPainter(self)
        if self.isEnabled() and (self.underMouse() or self.hasFocus()):
            self.ground(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(10, 6, -12, -6)
        drawing = QRectF(box.left(), box.top() + 2, px(_DRAWING), box.height() - 4)
        if self.plan is not None:
            paint_silhouette(painter, self.plan, drawing, theme)
        elif not self._looked and self.isEnabled():
            # The first picture does not wait for files; each is read in a turn of its own.
            self._looked = True
            QTimer.singleShot(0, self, self._look)
        self._paint_words(painter, box.adjusted(px(_DRAWING) + 12, 0, 0, 0))
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        theme, line = self._theme.theme, px(20)
        top = box.top() + (box.height() - 2 * line) / 2
        ink = theme.text if self.isEnabled() else theme.text_faint
        painter.setFont(font(12))
        said = self._time or tr("missing")
        wide = painter.fontMetrics().horizontalAdvance(said) + 10
        name = QRectF(box.left(), top, box.width() - wide, line)
        self.words(painter, name, title_of(self.path), ink, bold=self.isEnabled())
        self.words(painter, QRectF(box.right() - wide + 10, top, wide, line), said, theme.text_faint, size=12)
        folder = QRectF(box.left(), top + line, box.width(), line)
        self.words(painter, folder, short_folder(self.path.parent), theme.text_faint, size=12)


def short_folder(folder: Path) -> str:
    """A folder as people know it: the home folder is ~."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def when(path: Path) -> str:
    """When a file was written last ("today 14:02", "21 Nov 2026"), or "" when it is gone."""
    try:
        then = time.localtime(path.stat().st_mtime)
    except OSError:
        return ""
    today = time.localtime()
    if then[:3] == today[:3]:
        return tr("today {time}", time=time.strftime("%H:%M", then))
    return time.strftime("%d %b" if then[0] == today[0] else "%d %b %Y", then)
