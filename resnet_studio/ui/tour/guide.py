"""Joins the tour with the window: player, card and frames, and the keyboard between them. Knows no chapter's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.tour.card import TourCard
from resnet_studio.ui.tour.desk import Desk
from resnet_studio.ui.tour.ending import Before, before_of, drop_ended, say_finished, say_left
from resnet_studio.ui.tour.frames import MOVES, Frames
from resnet_studio.ui.tour.placing import Box, place
from resnet_studio.ui.tour.player import Place, Player
from resnet_studio.ui.tour.sight import Sight, box_of
from resnet_studio.ui.tour.step import Chapter

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_KEYS = "Shift+F1"
_MARGIN = 10
_SOON_MS = 20
_REST_MS = 150
_TRIES = 10


class Guide(QObject):
    """The tour of one window; made when it is first asked for, kept for going on where it was left."""

    def __init__(self, window: MainWindow, chapters: Sequence[Chapter]) -> None:
        super().__init__(window)
        self.setObjectName("tourGuide")
        self._window = window
        self.document = window.document
        self._sight = Sight(window, window.editor)
        self.frames = Frames(window, self._sight, window.theme)
        self.frames.moved.connect(self._follow)
        self._before: Before | None = None
        self._left: Place | None = None
        self._tries = 0
        self._met = self._was_done = False
        # Before the player hears of it: what it then says of its own end stays.
        self.document.loaded.connect(self._forget_ended)
        self.desk = Desk(window, self)
        self.player = Player(chapters, self.desk, self)
        self.desk.moved.connect(self.player.look)
        self.card = TourCard(window.theme, [chapter.title for chapter in chapters], window)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.arrange)
        self._shortcut = QShortcut(QKeySequence(_KEYS), window)
        self._shortcut.setEnabled(False)
        self._shortcut.activated.connect(self._take_keyboard)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.arrange)
        self._framed: list[tuple[QWidget, QRect]] = []
        self._connect()

    def _connect(self) -> None:
        player, card = self.player, self.card
        player.entered.connect(self._entered)
        player.told.connect(self._told)
        player.refused.connect(self._window.tell_refusal)
        player.ended.connect(self._ended)
        for signal, act in (
            (card.back, player.back),
            (card.next, player.next),
            (card.chapter, player.show_chapter),
        ):
            signal.connect(act)
            signal.connect(self._keep_keyboard)
        card.end.connect(player.end)
        card.show_me.connect(player.show)
        canvas = self._window.editor.canvas
        for bar in (canvas.horizontalScrollBar(), canvas.verticalScrollBar()):
            bar.valueChanged.connect(self._follow)
            bar.rangeChanged.connect(self._follow)
        for moved in (self.document.changed, self.document.selection_changed, self._window.theme.changed):
            moved.connect(self._follow)

    # --- beginning and ending -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or go on where the tour was left."""
        if self.player.is_on:
            self._take_keyboard()
            return
        window, before = self._window, self._before
        if not self.player.owns_drawing:
            # Nothing is lost: what is open is asked for as by New, and can be opened again at the end.
            before = before_of(window)
        if self.player.begin(self._left or Place(0, 0)):
            self._left, self._before = None, before
            drop_ended(window)
            window.installEventFilter(self)
            window.editor.canvas.installEventFilter(self)
            self._shortcut.setEnabled(True)
            self._take_keyboard()

    def _ended(self, finished: bool) -> None:
        window, at = self._window, self.player.place
        window.removeEventFilter(self)
        self._shortcut.setEnabled(False)
        window.editor.canvas.removeEventFilter(self)
        self.frames.end()
        held = self._has_keyboard()
        self.card.hide()
        if held and window.in_editor:
            window.editor.canvas.setFocus()
        self._left = None if finished else at
        if finished:
            say_finished(window, self._before)
        else:
            title = self.player.chapters[at.chapter].title
            say_left(window, self._before, self.start, number=at.chapter + 1, title=title)

    def _forget_ended(self) -> None:
        """Over another drawing, that the tour has ended is old news."""
        if not self.player.is_on:
            drop_ended(self._window)

    # --- showing ------------------------------------------------------------------------------------------------------

    def _entered(self) -> None:
        player, window = self.player, self._window
        if not window.in_editor:
            window.show_editor()
        step, steps = player.step, len(player.chapter.steps)
        self.card.show_step(
            step,
            chapter=player.place.chapter,
            number=player.place.step + 1,
            steps=steps,
            first=player.is_first,
            last=player.is_last,
        )
        if step.against is not None:
            made, title = step.against
            window.doings.show_beside(made, title)
        for spot in reversed(step.spots):
            self._sight.bring(spot)
        self.desk.meet_panel()
        self._was_done = player.done
        self._told()
        self._tries = _TRIES
        self.card.announce()
        self.arrange()

    def _told(self) -> None:
        player = self.player
        if not player.is_on:
            return
        moment, step = player.moment(), player.step
        # What was done as the step began has let the card stand nowhere yet.
        self._met = player.done and not self._was_done
        rows = step.table(moment) if step.table is not None else ()
        self.card.show_words(*step.told(moment), rows, step.task, done=player.done)
        self._follow()

    def _follow(self) -> None:
        if self.player.is_on and not self._soon.isActive():
            self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVES:
            self._follow()
        elif event.type() == QEvent.Type.WindowBlocked:
            # A dialog is about to open; it can be seen in a moment.
            QTimer.singleShot(0, self, self.player.look)
        elif isinstance(event, QKeyEvent) and _is_escape(event):
            return self._escaped(watched)
        return super().eventFilter(watched, event)

    def _escaped(self, watched: QObject) -> bool:
        """Escape ends the tour from the canvas, too, before it would unselect; a gesture is given up first."""
        # Only what nobody before had a use for comes up to the window.
        canvas = self._window.editor.canvas
        if not (watched is canvas and canvas.pointer.cancel()):
            self.player.end()
        return True

    def arrange(self) -> None:
        """Put the frames around what the step speaks of, and the card beside it."""
        if not (self.player.is_on and self._window.in_editor):
            self.frames.hide()
            self.card.hide()
            return
        found, area = self._frame(), self._area()
        self.card.show()
        size = self.card.wanted_size(QSize(area.w, area.h))
        self.card.take_size(size)
        boxes = [box_of(box) for owner, box in found if owner is self._window]
        if not self._stays(area):
            targets = () if self.card.was_dragged else boxes
            at = place((size.width(), size.height()), targets, area, self._sight.busy())
            self.card.move(at.x, at.y)
        self.card.raise_()

    def _stays(self, area: Box) -> bool:
        """Whether the card keeps its place: where it was carried, or where it stood as the demand was met."""
        return (self.card.was_dragged or self._met) and _inside(self.card.geometry(), area)

    def _frame(self) -> list[tuple[QWidget, QRect]]:
        """Frame what the step speaks of, and look again until all of it is in sight and has come to rest."""
        found = self.frames.show(self.player.step.spots)
        if len(found) < len(self.player.step.spots) and self._tries:
            # What has just been made has no place before its layout's next turn.
            self._tries -= 1
            self._soon.start()
        if found != self._framed:
            # A layout may move in several turns.
            self._framed = found
            self._rest.start()
        return found

    def _area(self) -> Box:
        """Where the card may stand: the page, below menus and banners and above the status line."""
        page = self._window.editor
        at = page.mapTo(self._window, page.rect().topLeft())
        return Box(
            at.x() + _MARGIN, at.y() + _MARGIN, page.width() - 2 * _MARGIN, page.height() - 2 * _MARGIN
        )

    def _keep_keyboard(self) -> None:
        """Another drawing gives the keyboard to the canvas; whoever walks by the card goes on walking."""
        if not self._has_keyboard():
            self._take_keyboard()

    def _has_keyboard(self) -> bool:
        window = self._window
        return self.card.isAncestorOf(window.focusWidget()) if window.focusWidget() is not None else False

    def _take_keyboard(self) -> None:
        if self.player.is_on:
            self.card.raise_()
            self.card.next_button.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _is_escape(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape


def _inside(rect: QRect, area: Box) -> bool:
    return QRect(area.x, area.y, area.w, area.h).contains(rect)
