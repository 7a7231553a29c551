"""The context menu of cards and lanes: the same commands as keys and menu bar, with their keys shown. Knows no painting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from resnet_studio.design.errors import StudioError
from resnet_studio.design.patterns import DOUBLE, HALF, SETTINGS
from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui import commands, patterns
from resnet_studio.ui.block_text import holds_blocks
from resnet_studio.ui.canvas.shapes import Card, Hit, Spot
from resnet_studio.ui.widgets.named import submenu

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView


_INSERTS = {
    BlockKind.RESIDUAL: tr("Insert residual block"),
    BlockKind.BOTTLENECK: tr("Insert bottleneck"),
    BlockKind.RESNEXT: tr("Insert ResNeXt block"),
}
_CONVERSIONS = {
    BlockKind.RESIDUAL: tr("To residual blocks"),
    BlockKind.BOTTLENECK: tr("To bottlenecks"),
    BlockKind.RESNEXT: tr("To ResNeXt blocks"),
}
# By the names of design.patterns.SETTINGS.
_SETTINGS = {
    "kernel and dilation": tr("Kernel and dilation"),
    "order and activation": tr("Order and activation"),
    "norm": tr("Norm"),
    "attention": tr("Attention"),
    "dropout and drop path": tr("Dropout and drop path"),
}


class _Menu:
    """Collects entries that report what cannot be done instead of failing."""

    def __init__(self, view: CanvasView, menu: QMenu) -> None:
        self.view, self.menu = view, menu

    def inner(self, title: str, name: str, *, on: bool = True) -> _Menu:
        """A menu within it."""
        made = submenu(self.menu, title, name)
        made.setEnabled(on)
        return _Menu(self.view, made)

    def add(self, text: str, do: Callable[[], object], keys: str = "", *, on: bool = True) -> None:
        action = self.menu.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(on)
        action.triggered.connect(lambda _checked=False: self._do(do))

    def _do(self, do: Callable[[], object]) -> None:
        try:
            said = do()
        except StudioError as error:
            self.view.refused.emit(str(error))
        else:
            if isinstance(said, str):
                self.view.told.emit(said)


def context_menu(view: CanvasView, hit: Hit | None) -> QMenu:
    """The menu for what lies under the pointer, which is selected first; None: for the selection."""
    card = None
    if hit is not None:
        card = hit.card
        _select(view, hit)
    else:
        card = next((card for card in view.places.cards() if card.key == view.current), None)
    shown = QMenu(view)
    shown.setObjectName("canvasMenu")
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu = _Menu(view, shown)
    _card_entries(menu, card)
    _edit_entries(menu)
    menu.menu.addSeparator()
    _insert_entries(menu)
    _pattern_entries(menu)
    menu.menu.addSeparator()
    menu.add(tr("Unfold all"), view.folding.unfold_all)
    menu.add(tr("Fold all"), view.folding.fold_all)
    menu.add(tr("Fit the whole drawing"), view.fit, "F")
    return menu.menu


def _select(view: CanvasView, hit: Hit) -> None:
    if hit.card is not None:
        view.current = hit.card.key
        if not set(hit.card.ids) <= set(view.document.selection):
            view.document.select(hit.card.ids)
    elif hit.spot is Spot.HEADER and hit.lane is not None:
        view.document.select((hit.lane.key,))
    view.show_marks()


def _card_entries(menu: _Menu, card: Card | None) -> None:
    if card is None:
        return
    problem = card.problem
    if problem is not None and problem.repair is not None:
        menu.add(
            tr("Repair: {repair}", repair=problem.repair.label),
            partial(commands.repair, menu.view.document, problem),
            "R",
        )
    if card.run > 1:
        folded = card.count > 1
        word = (
            tr("Unfold {number} blocks", number=card.run)
            if folded
            else tr("Fold {number} blocks", number=card.run)
        )
        menu.add(word, partial(menu.view.folding.toggle, card), "Space")
    if card.ids:
        menu.add(tr("Edit properties"), menu.view.edit_requested.emit, "Enter")
        menu.menu.addSeparator()


def _edit_entries(menu: _Menu) -> None:
    document = menu.view.document
    blocks = bool(commands.chosen_blocks(document))
    some = bool(document.selection)
    text = QGuiApplication.clipboard().text()
    menu.add(tr("Cut"), partial(commands.cut, document), "Ctrl+X", on=blocks)
    menu.add(tr("Copy"), partial(commands.copy, document), "Ctrl+C", on=blocks)
    menu.add(tr("Paste"), partial(commands.paste, document), "Ctrl+V", on=holds_blocks(text))
    menu.add(tr("Duplicate"), partial(commands.duplicate, document), "Ctrl+D", on=blocks)
    menu.add(tr("Delete"), partial(commands.delete, document), "Del", on=some)
    menu.menu.addSeparator()
    menu.add(tr("Move up"), partial(commands.move_up, document), "Alt+Up", on=blocks)
    menu.add(tr("Move down"), partial(commands.move_down, document), "Alt+Down", on=blocks)
    menu.add(
        tr("Move to previous stage"), partial(commands.move_to_neighbour, document, -1), "Alt+Left", on=blocks
    )
    menu.add(
        tr("Move to next stage"), partial(commands.move_to_neighbour, document, 1), "Alt+Right", on=blocks
    )


def _insert_entries(menu: _Menu) -> None:
    document = menu.view.document
    for kind in BlockKind:
        menu.add(_INSERTS[kind], partial(commands.insert_kind, document, kind))
    menu.add(tr("Insert stage"), partial(commands.insert_stage, document))
    if document.design.head is None:
        menu.add(tr("Add head"), partial(commands.add_head, document))


def _pattern_entries(menu: _Menu) -> None:
    """What changes many blocks at once."""
    document = menu.view.document
    some = bool(commands.chosen_blocks(document))
    select = menu.inner(tr("Select"), "canvasSelect")
    select.add(tr("All blocks"), partial(commands.select_all, document), "Ctrl+A")
    select.add(tr("All of the same kind"), partial(patterns.select_kind, document), "Ctrl+Shift+K", on=some)
    select.add(tr("All of the same stage"), partial(patterns.select_stage, document), "Ctrl+Shift+A", on=some)
    convert = menu.inner(tr("Convert at matched cost"), "canvasConvert", on=some)
    for kind in BlockKind:
        convert.add(_CONVERSIONS[kind], partial(patterns.convert, document, kind))
    stage = menu.inner(tr("Stage"), "canvasStage", on=some)
    stage.add(tr("Deepen (+1 block)"), partial(patterns.deepen, document), "Ctrl+Alt+Down")
    stage.add(tr("Shallow (−1 block)"), partial(patterns.shallow, document), "Ctrl+Alt+Up")
    stage.add(tr("Widen ×2"), partial(patterns.widen, document, DOUBLE))
    stage.add(tr("Narrow ×½"), partial(patterns.widen, document, HALF))
    every = menu.inner(tr("Apply to all blocks"), "canvasApply", on=bool(document.selected_blocks))
    every.add(tr("All settings"), partial(patterns.apply_to_all, document))
    for words in SETTINGS:
        every.add(_SETTINGS[words], partial(patterns.apply_to_all, document, words))
