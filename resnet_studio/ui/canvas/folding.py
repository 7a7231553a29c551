"""Which runs of equal blocks the user has unfolded: a matter of the view, not of the drawing. Knows no painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resnet_studio.ui.canvas.shapes import Card

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView


class Folding:
    """Remembers unfolded runs by the ids of their blocks, so that edits inside them do not fold them again."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.opened: set[str] = set()

    def forget(self) -> None:
        """Fold everything, for another drawing."""
        self.opened = set()

    def toggle(self, card: Card) -> None:
        """Unfold a folded card, or fold the run that a card belongs to."""
        if card.run == 1:
            return
        run = self._run_of(card)
        if card.count > 1:
            self.opened |= run
        else:
            self.opened -= run
        self._keep_current()

    def toggle_current(self) -> None:
        """Toggle the card that the keyboard stands on."""
        card = next((card for card in self._view.places.cards() if card.key == self._view.current), None)
        if card is not None:
            self.toggle(card)

    def unfold_all(self) -> None:
        """Show every block by itself."""
        self.opened = {block.id for block in self._view.document.design.blocks()}
        self._keep_current()

    def fold_all(self) -> None:
        """Fold every run of equals."""
        self.opened = set()
        self._keep_current()

    def _run_of(self, card: Card) -> set[str]:
        if card.count > 1:
            return set(card.ids)
        lane = next(lane for lane in self._view.places.lanes if card in lane.cards)
        at = lane.cards.index(card) - card.index
        return {i for other in lane.cards[at : at + card.run] for i in other.ids}

    def _keep_current(self) -> None:
        current = self._view.current
        self._view.refresh()
        card = self._view.places.card_of(current) if current is not None else None
        if card is not None:
            self._view.current = card.key
        self._view.show_marks()
