"""When each of two plots is drawn: one now, the other a turn of the event loop later, a live run's in turn. Knows no plot and no curve."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

LIVE_MS = 100  # from one look at a live run to the next, of each plot
_PLOTS = 2
_MOST_OF_THE_TIME = 0.1  # that a live run's plots may take of the window's


class Redraws(QObject):
    """Keeps which plots are out of date.

    Two plots take twice as long as one: drawn one after the other, whoever waits for the window waits for half as long. However
    often `ask` is called meanwhile, there is never more left to do than to draw each of the two once.

    Args:
        draw: draws the first (0) or the second (1) plot as everything is now.
        version: another value each time when there is something new to draw; compared by `==`.
        seen: whether somebody sees the plots; else they are drawn when that comes.
    """

    def __init__(
        self,
        draw: Callable[[int], None],
        version: Callable[[], object],
        seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._draw, self._version, self._seen = draw, version, seen
        # The version that each was drawn of; None: of something that does not hold any more.
        self._drawn: list[object] = [None] * _PLOTS
        self._turn = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._draw_next)
        self._live = QTimer(self)
        self._live.setInterval(LIVE_MS // _PLOTS)
        self._live.timeout.connect(self._look)

    @property
    def is_due(self) -> bool:
        """Whether a plot that is seen is to be drawn in the next turn."""
        return self._later.isActive()

    def forget(self) -> None:
        """Whatever was drawn holds no more; another call says when to draw anew."""
        self._drawn = [None] * _PLOTS

    def ask(self) -> None:
        """Something that both show is another: draw one now, the other in the next turn."""
        self.forget()
        if not self.is_due:
            self._draw_next()

    def ask_others(self, than: int) -> None:
        """This plot has drawn itself: let the other follow in the next turn."""
        self._drawn = [drawn if number == than else None for number, drawn in enumerate(self._drawn)]
        self._turn = 1 - than
        self._later.start()

    def refresh(self) -> None:
        """Draw at once what is out of date, if it is seen."""
        self._later.stop()
        for number in self._stale():
            self._draw_one(number)

    def before_paint(self, number: int) -> None:
        """Draw a plot that is due before it is painted as it was: a picture may be taken between two turns."""
        if self._drawn[number] is None:
            self._draw_one(number)

    def set_live(self, live: bool) -> None:
        """Whether to look by itself for something new; where not, draw what there is."""
        if live:
            self._live.start()
        else:
            self._live.stop()
            self.refresh()

    def _stale(self) -> list[int]:
        if not self._seen():
            return []
        now = self._version()
        return [number for number, drawn in enumerate(self._drawn) if drawn != now]

    def _draw_one(self, number: int) -> None:
        # Before it is drawn: what it paints meanwhile must not begin another drawing.
        self._drawn[number] = self._version()
        self._turn = 1 - number
        self._draw(number)

    def _draw_in_turn(self) -> int:
        """Draw one of those that are out of date; how many are left."""
        stale = self._stale()
        if stale:
            # Whatever comes in between, neither is left behind: the one that was not drawn last.
            self._draw_one(self._turn if self._turn in stale else stale[0])
        return max(len(stale) - 1, 0)

    def _draw_next(self) -> None:
        if self._draw_in_turn():
            self._later.start()

    def _look(self) -> None:
        if self.is_due:
            return
        began = perf_counter()
        self._draw_in_turn()
        # However long the run has become.
        needed = (perf_counter() - began) / _MOST_OF_THE_TIME * 1000
        self._live.setInterval(max(LIVE_MS // _PLOTS, round(needed)))
