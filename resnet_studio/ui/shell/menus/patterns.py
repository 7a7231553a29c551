"""The actions on many blocks at once, and their submenus in Edit and Design. Knows no window and none of what they do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from resnet_studio.design.types import BlockKind
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import later
from resnet_studio.ui.widgets.named import submenu

_SETTINGS = ("kernel and dilation", "order and activation", "norm", "attention", "dropout and drop path")
_CONVERSIONS = (
    ("convertResidual", "Convert to &residual at matched cost", BlockKind.RESIDUAL),
    ("convertBottleneck", "Convert to &bottleneck at matched cost", BlockKind.BOTTLENECK),
    ("convertResnext", "Convert to Res&NeXt at matched cost", BlockKind.RESNEXT),
)
_STAGE = ("deepen", "shallow", "widenMore", "widenTwice", "narrow")
_APPLY = ("applyAll", *(f"apply{words.title().replace(' ', '')}" for words in _SETTINGS))
_SELECT = ("selectKind", "selectStage")
OF_SELECTION = (*_SELECT, *_STAGE, *_APPLY)


def _scaled(name: str, document: Document, factor: str) -> Callable[[], object]:
    def run() -> object:
        from resnet_studio.design import patterns

        return later("patterns", name, document, getattr(patterns, factor))()

    return run


def make_select(actions: Actions, document: Document) -> None:
    """Select by kind and by stage."""
    add = actions.add
    add(
        "selectKind",
        "Select all of the same &kind",
        later("patterns", "select_kind", document),
        "Ctrl+Shift+K",
    )
    add(
        "selectStage",
        "Select all of the same &stage",
        later("patterns", "select_stage", document),
        "Ctrl+Shift+A",
    )


def make_patterns(actions: Actions, document: Document) -> None:
    """Widths, depth, kinds and settings of many blocks."""
    add = actions.add
    add("doubleWidths", "&Double all widths", _scaled("scale_widths", document, "DOUBLE"))
    add("halveWidths", "&Halve all widths", _scaled("scale_widths", document, "HALF"))
    for name, words, kind in _CONVERSIONS:
        tip = "The selected blocks, or all: with the inner width that keeps their multiply-adds"
        add(name, words, later("patterns", "convert", document, kind), tip=tip)
    add("deepen", "&Deepen stage (+1 block)", later("patterns", "deepen", document), "Ctrl+Alt+Down")
    add("shallow", "&Shallow stage (−1 block)", later("patterns", "shallow", document), "Ctrl+Alt+Up")
    add("widenMore", "&Widen stage ×1.5", _scaled("widen", document, "HALF_MORE"))
    add("widenTwice", "Widen stage ×&2", _scaled("widen", document, "DOUBLE"))
    add("narrow", "&Narrow stage ×½", _scaled("widen", document, "HALF"))
    add("applyAll", "Apply &all settings to all blocks", later("patterns", "apply_to_all", document))
    for name, words in zip(_APPLY[1:], _SETTINGS, strict=True):
        add(name, f"Apply {words} to all blocks", later("patterns", "apply_to_all", document, words))


def fill_select(menu: QMenu, actions: Actions) -> None:
    """Edit > Select."""
    select = submenu(menu, "Se&lect", "menuSelect")
    select.addActions([actions["selectAll"], *(actions[name] for name in _SELECT)])


def fill_patterns(menu: QMenu, actions: Actions) -> None:
    """Design > Widths, Convert, Stage."""
    groups = (
        ("&Widths", "menuWidths", ("doubleWidths", "halveWidths")),
        ("&Convert", "menuConvert", tuple(name for name, _, _ in _CONVERSIONS)),
        ("S&tage", "menuStage", _STAGE),
    )
    for title, name, names in groups:
        submenu(menu, title, name).addActions([actions[each] for each in names])


def fill_apply(menu: QMenu, actions: Actions) -> None:
    """Design > All blocks: the settings of the selected block for every other."""
    menu.addActions([actions[name] for name in _APPLY])
