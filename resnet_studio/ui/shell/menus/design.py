"""The Design menu: what is drawn, one part or all of it, and what it is laid beside. Knows no window."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Attention, BlockKind, Norm
from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus import patterns
from resnet_studio.ui.shell.menus.doer import Doer, later
from resnet_studio.ui.shell.menus.filling import fill
from resnet_studio.ui.widgets.named import submenu

_ATTENTIONS = {
    Attention.SE: tr("SE attention for all blocks"), Attention.ECA: tr("ECA attention for all blocks"),
    Attention.CBAM: tr("CBAM attention for all blocks"), Attention.NONE: tr("No attention in any block"),
}  # fmt: skip
_NORMS = {
    Norm.BATCH: tr("Batch norm everywhere"), Norm.GROUP: tr("Group norm everywhere"), Norm.NONE: tr("No norm anywhere"),
}  # fmt: skip
_KINDS = (
    ("addResidual", tr("Insert &residual block"), BlockKind.RESIDUAL, "Ctrl+Shift+1"),
    ("addBottleneck", tr("Insert &bottleneck"), BlockKind.BOTTLENECK, "Ctrl+Shift+2"),
    ("addResnext", tr("Insert Res&NeXt block"), BlockKind.RESNEXT, "Ctrl+Shift+3"),
)


def make(actions: Actions, do: Doer) -> None:
    """Make the actions that draw."""
    document, add = do.document, actions.add
    for name, words, kind, keys in _KINDS:
        add(name, words, later("commands", "insert_kind", document, kind), keys)
    add("addStage", tr("Insert &stage"), later("commands", "insert_stage", document), "Ctrl+Shift+4")
    add("addHead", tr("Add &head"), later("commands", "add_head", document))
    patterns.make_patterns(actions, document)
    for norm, words in _NORMS.items():
        add(f"norm{norm.name.title()}", words, later("everywhere", "norm_everywhere", document, norm))
    for attention, words in _ATTENTIONS.items():
        act = later("everywhere", "attention_everywhere", document, attention)
        add(f"attention{attention.name.title()}", words, act)
    tip = tr("Stochastic depth that grows with depth, for all blocks")
    add("dropPath", tr("Linear drop &path…"), do.edit_drop_path, tip=tip)
    add("editInput", tr("&Input size…"), do.edit_input, "Ctrl+I")
    add("rename", tr("Re&name drawing…"), do.rename, "F2")


def fill_menu(menu: QMenu, a: Actions, do: Doer) -> None:
    """Put them into the menu; the drawings to compare with are looked up when their menu is opened."""
    fill(menu, [a["addResidual"], a["addBottleneck"], a["addResnext"], a["addStage"], a["addHead"], None])
    patterns.fill_patterns(menu, a)
    everywhere = submenu(menu, tr("All &blocks"), "menuAllBlocks")
    fill(everywhere, [a[f"norm{norm.name.title()}"] for norm in _NORMS])
    fill(everywhere, [None, *(a[f"attention{attention.name.title()}"] for attention in _ATTENTIONS)])
    fill(everywhere, [None, a["dropPath"], None])
    patterns.fill_apply(everywhere, a)
    fill(menu, [None, a["editInput"], a["rename"], None])
    compare = submenu(menu, tr("Compare &with"), "menuCompare")
    compare.aboutToShow.connect(lambda: do.fill_compare(compare))
    _fill_presets(submenu(menu, tr("New from pre&set"), "menuPresets"), do)


def _fill_presets(menu: QMenu, do: Doer) -> None:
    groups: dict[str, QMenu] = {}
    for name, preset in PRESETS.items():
        if preset.group not in groups:
            groups[preset.group] = submenu(menu, preset.group, f"menuPresets{len(groups) + 1}")
        action = QAction(preset.title, menu)
        action.setObjectName(f"actionPreset_{name}")
        action.triggered.connect(lambda _=False, name=name: do.new_preset(name))
        groups[preset.group].addAction(action)
