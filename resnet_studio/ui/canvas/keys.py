"""The keyboard on the canvas: everything that the mouse can do. Knows no painting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from resnet_studio.design.errors import StudioError
from resnet_studio.ui import commands
from resnet_studio.ui.canvas.navigation import ids_of, step
from resnet_studio.ui.canvas.shapes import Role

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView
    from resnet_studio.ui.document import Document

Key = Qt.Key
_ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
_STANDARD: tuple[tuple[QKeySequence.StandardKey, Callable[[Document], None]], ...] = (
    (QKeySequence.StandardKey.Copy, commands.copy),
    (QKeySequence.StandardKey.Cut, commands.cut),
    (QKeySequence.StandardKey.Paste, commands.paste),
    (QKeySequence.StandardKey.SelectAll, commands.select_all),
)


def press(view: CanvasView, event: QKeyEvent) -> bool:
    """Do what a key means; False when it means nothing here."""
    try:
        return _editing(view, event) or _moving(view, event) or _viewing(view, event)
    except StudioError as error:
        view.refused.emit(str(error))
        return True


def _editing(view: CanvasView, event: QKeyEvent) -> bool:
    for standard, command in _STANDARD:
        if event.matches(standard):
            command(view.document)
            return True
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    # Not StandardKey.Delete: on X11 it is Ctrl+D too, as in Emacs, and here that duplicates.
    if event.key() in (Key.Key_Delete, Key.Key_Backspace) and plain:
        commands.delete(view.document)
    elif event.key() == Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
        commands.duplicate(view.document)
    elif event.key() == Key.Key_R and plain:
        _repair(view)
    else:
        return False
    return True


def _repair(view: CanvasView) -> None:
    card = next((card for card in view.places.cards() if card.key == view.current), None)
    if card is not None and card.problem is not None:
        commands.repair(view.document, card.problem)


def _moving(view: CanvasView, event: QKeyEvent) -> bool:
    arrow = _ARROWS.get(Key(event.key()))
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if arrow is not None and held == Qt.KeyboardModifier.AltModifier:
        _move_blocks(view, arrow)
    elif arrow is not None and held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        _go(view, step(view.places, view.current, *arrow), extend=bool(held))
    elif event.key() in (Key.Key_Home, Key.Key_End) and not held:
        cards = [card.key for card in view.places.cards()]
        _go(view, cards[0 if event.key() == Key.Key_Home else -1], extend=False)
    else:
        return False
    return True


def _move_blocks(view: CanvasView, arrow: tuple[int, int]) -> None:
    across, down = arrow
    if across:
        commands.move_to_neighbour(view.document, across)
    elif down < 0:
        commands.move_up(view.document)
    else:
        commands.move_down(view.document)


def _go(view: CanvasView, key: str | None, *, extend: bool) -> None:
    if key is None:
        return
    view.current = key
    ids = ids_of(view.places, key)
    if extend:
        ids = (*view.document.selection, *ids)
    view.document.select(ids)
    view.describe()
    view.sight.reveal(key)
    view.show_marks()


def _viewing(view: CanvasView, event: QKeyEvent) -> bool:
    if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return False
    if event.key() == Key.Key_Escape:
        return _escape(view)
    actions: dict[int, Callable[[], None]] = {
        Key.Key_Plus: view.zoom_in,
        Key.Key_Equal: view.zoom_in,
        Key.Key_Minus: view.zoom_out,
        Key.Key_0: view.zoom_reset,
        Key.Key_F: view.fit,
        Key.Key_Return: lambda: _enter(view),
        Key.Key_Enter: lambda: _enter(view),
        Key.Key_Space: lambda: _space(view, event),
    }
    action = actions.get(event.key())
    if action is None or (event.key() == Key.Key_F and event.modifiers()):
        return False
    action()
    return True


def _escape(view: CanvasView) -> bool:
    """End the gesture, else unselect; False when there is neither: then Escape is for what stands around the canvas."""
    if view.pointer.cancel():
        return True
    had = bool(view.document.selection)
    view.document.select(())
    return had


def _enter(view: CanvasView) -> None:
    card = next((card for card in view.places.cards() if card.key == view.current), None)
    if card is not None and card.role is Role.NO_HEAD:
        commands.add_head(view.document)
    elif card is not None and card.count > 1:
        view.folding.toggle(card)
    else:
        view.edit_requested.emit()


def _space(view: CanvasView, event: QKeyEvent) -> None:
    if not event.isAutoRepeat():
        view.pointer.space_down()


def release(view: CanvasView, event: QKeyEvent) -> bool:
    """Letting go of the space bar folds or unfolds, unless it was held to pan."""
    if event.key() != Key.Key_Space or event.isAutoRepeat():
        return False
    view.pointer.space_up()
    if not view.pointer.space_dragged:
        view.folding.toggle_current()
    return True
