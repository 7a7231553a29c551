"""The actions on many blocks at once, and their submenus in Edit and Design. Knows no window and none of what they do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import later
from resnet_studio.ui.widgets.named import submenu

# By what `apply_to_all` calls them: whole sentences, which other languages build otherwise.
_SETTINGS = {
    "kernel and dilation": tr("Apply kernel and dilation to all blocks"),
    "order and activation": tr("Apply order and activation to all blocks"),
    "norm": tr("Apply norm to all blocks"),
    "attention": tr("Apply attention to all blocks"),
    "dropout and drop path": tr("Apply dropout and drop path to all blocks"),
}
_CONVERSIONS = (
    ("convertResidual", tr("Convert to &residual at matched cost"), BlockKind.RESIDUAL),
    ("convertBottleneck", tr("Convert to &bottleneck at matched cost"), BlockKind.BOTTLENECK),
    ("convertResnext", tr("Convert to Res&NeXt at matched cost"), BlockKind.RESNEXT),
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
        tr("Select all of the same &kind"),
        later("patterns", "select_kind", document),
        "Ctrl+Shift+K",
    )
    add(
        "selectStage",
        tr("Select all of the same &stage"),
        later("patterns", "select_stage", document),
        "Ctrl+Shift+A",
    )


def make_patterns(actions: Actions, document: Document) -> None:
    """Widths, depth, kinds and settings of many blocks."""
    add = actions.add
    add("doubleWidths", tr("&Double all widths"), _scaled("scale_widths", document, "DOUBLE"))
    add("halveWidths", tr("&Halve all widths"), _scaled("scale_widths", document, "HALF"))
    for name, words, kind in _CONVERSIONS:
        tip = tr("The selected blocks, or all: with the inner width that keeps their multiply-adds")
        add(name, words, later("patterns", "convert", document, kind), tip=tip)
    add("deepen", tr("&Deepen stage (+1 block)"), later("patterns", "deepen", document), "Ctrl+Alt+Down")
    add("shallow", tr("&Shallow stage (−1 block)"), later("patterns", "shallow", document), "Ctrl+Alt+Up")
    add("widenMore", tr("&Widen stage ×1.5"), _scaled("widen", document, "HALF_MORE"))
    add("widenTwice", tr("Widen stage ×&2"), _scaled("widen", document, "DOUBLE"))
    add("narrow", tr("&Narrow stage ×½"), _scaled("widen", document, "HALF"))
    add("applyAll", tr("Apply &all settings to all blocks"), later("patterns", "apply_to_all", document))
    for name, (setting, words) in zip(_APPLY[1:], _SETTINGS.items(), strict=True):
        add(name, words, later("patterns", "apply_to_all", document, setting))


def fill_select(menu: QMenu, actions: Actions) -> None:
    """Edit > Select."""
    select = submenu(menu, tr("Se&lect"), "menuSelect")
    select.addActions([actions["selectAll"], *(actions[name] for name in _SELECT)])


def fill_patterns(menu: QMenu, actions: Actions) -> None:
    """Design > Widths, Convert, Stage."""
    groups = (
        (tr("&Widths"), "menuWidths", ("doubleWidths", "halveWidths")),
        (tr("&Convert"), "menuConvert", tuple(name for name, _, _ in _CONVERSIONS)),
        (tr("S&tage"), "menuStage", _STAGE),
    )
    for title, name, names in groups:
        submenu(menu, title, name).addActions([actions[each] for each in names])


def fill_apply(menu: QMenu, actions: Actions) -> None:
    """Design > All blocks: the settings of the selected block for every other."""
    menu.addActions([actions[name] for name in _APPLY])
