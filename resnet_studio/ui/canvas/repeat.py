"""Dragging the lower edge of a run: it gets more or fewer blocks, live and as one undo step. Knows no painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from resnet_studio.design.limits import MAX_BLOCKS
from resnet_studio.design.patterns import repeat_run
from resnet_studio.design.types import new_id
from resnet_studio.language import tr
from resnet_studio.ui.canvas.hint import GestureHint
from resnet_studio.ui.canvas.shapes import Card
from resnet_studio.written import thousands

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

# So many pixels of the mouse make one block more.
_PIXELS = 14


class Repeat:
    """One such gesture, from press to release or Escape."""

    def __init__(self, view: CanvasView, card: Card, start: QPoint) -> None:
        self._view, self._ids, self._start = view, card.ids, start
        self._before = view.document.design
        self._most = MAX_BLOCKS - sum(len(stage.blocks) for stage in self._before.stages) + len(card.ids)
        self._spare: list[str] = []
        self._shown = self._before
        self._hint = GestureHint(view.viewport())
        view.document.end_gesture()

    def move(self, point: QPoint) -> None:
        """As many blocks as the pointer is far away: down and right for more."""
        if self._view.document.design is not self._shown:
            # Something else has changed the drawing (an undo by key): this gesture is about another one.
            self.end()
            return
        way = point - self._start
        count = len(self._ids) + round((way.x() + way.y()) / _PIXELS)
        few, full = count < 1, count > self._most
        count = max(1, min(count, self._most))
        self._show(count)
        words = f"×{len(self._ids)} → ×{count}"
        if full:
            words += f"   {tr('a design may hold {number} blocks', number=thousands(MAX_BLOCKS))}"
        elif few:
            words += f"   {tr('Delete takes the last one')}"
        self._hint.say(words, point, self._view.ink.theme, bad=full)

    def _show(self, count: int) -> None:
        self._spare += [new_id() for _ in range(count - len(self._ids) - len(self._spare))]
        after = repeat_run(self._before, self._ids, count, self._spare)
        document = self._view.document
        chosen = {*self._ids, *self._spare}
        kept = [block.id for block in after.blocks() if block.id in chosen]
        document.apply(after, tr("Repeat ×{number}", number=count), merge="repeat", select=kept)
        self._shown = document.design

    def cancel(self) -> None:
        """Escape: as it was, and no step in the history."""
        if self._view.document.design is self._shown:
            self._show(len(self._ids))
        self.end()

    def end(self) -> None:
        """The mouse is let go."""
        self._hint.hide()
        self._hint.deleteLater()
        self._view.document.end_gesture()
