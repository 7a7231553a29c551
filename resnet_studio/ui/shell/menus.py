"""Which actions there are and in which menu each stands. Knows the window only as something that does what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from resnet_studio.analysis.conventions import ITEMS
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Attention, BlockKind, Norm
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell import pattern_menus
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import Heat, ViewState
from resnet_studio.ui.widgets.named import submenu
from resnet_studio.ui.widgets.tips import plain_tip

_KEY = QKeySequence.StandardKey
_COUNT_TIPS = {
    "norm": "2 operations an element: scale and shift",
    "activation": "1 operation an element",
    "addition": "1 operation an element",
    "pooling": "1 operation for each element that arrives",
}
OF_DRAWING = ("paste", "selectAll")
OF_SELECTION = (
    "cut",
    "copy",
    "duplicate",
    "delete",
    "moveUp",
    "moveDown",
    "moveLeft",
    "moveRight",
    *pattern_menus.OF_SELECTION,
)
_TITLES = ("&File", "&Edit", "&Design", "&View", "&Train", "&Help")
_ATTENTIONS = {
    Attention.SE: "SE attention for all blocks", Attention.ECA: "ECA attention for all blocks",
    Attention.CBAM: "CBAM attention for all blocks", Attention.NONE: "No attention in any block",
}  # fmt: skip
_NORMS = {
    Norm.BATCH: "Batch norm everywhere", Norm.GROUP: "Group norm everywhere", Norm.NONE: "No norm anywhere",
}  # fmt: skip


class Doer(Protocol):
    """What the menus ask of the window."""

    document: Document
    theme: ThemeManager
    view_state: ViewState

    def show_start(self) -> object: ...
    def new_empty(self) -> object: ...
    def new_from_family(self) -> object: ...
    def new_preset(self, name: str) -> object: ...
    def open_file(self) -> object: ...
    def save(self) -> object: ...
    def save_as(self) -> object: ...
    def close_design(self) -> object: ...
    def rename(self) -> object: ...
    def edit_input(self) -> object: ...
    def edit_drop_path(self) -> object: ...
    def import_weights(self) -> object: ...
    def export(self) -> object: ...
    def train(self) -> object: ...
    def stop_training(self) -> object: ...
    def show_tab(self, name: str) -> object: ...
    def zoom(self, how: str) -> object: ...
    def choose_theme(self, choice: ThemeChoice) -> object: ...
    def reset_layout(self) -> object: ...
    def find_command(self) -> object: ...
    def show_shortcuts(self) -> object: ...
    def verify_figures(self) -> object: ...
    def explain_numbers(self) -> object: ...
    def fill_compare(self, menu: QMenu) -> object: ...
    def about(self) -> object: ...
    def close(self) -> bool: ...


def _command(name: str, *args: object) -> Callable[[], object]:
    """One of the shared editing commands; their room is loaded with the first of them, not with the window."""

    def run() -> None:
        from resnet_studio.ui import commands

        getattr(commands, name)(*args)

    return run


def _everywhere(name: str, *args: object) -> Callable[[], object]:
    """One of the commands on every block, loaded with the first of them."""

    def run() -> None:
        from resnet_studio.ui import everywhere

        getattr(everywhere, name)(*args)

    return run


def make_actions(actions: Actions, do: Doer) -> None:
    """Make every action, in the order in which the command palette lists them."""
    add = actions.add
    add("new", "&New…", do.show_start, _KEY.New, tip="New drawing from a preset, or empty")
    add("newEmpty", "New &empty", do.new_empty, "Ctrl+Shift+N")
    add(
        "newFromFamily",
        "New from &family…",
        do.new_from_family,
        "Ctrl+Alt+N",
        tip="Any depth and width of a family",
    )
    add("open", "&Open…", do.open_file, _KEY.Open)
    add("save", "&Save", do.save, _KEY.Save)
    add("saveAs", "Save &as…", do.save_as, "Ctrl+Shift+S")
    add("importWeights", "&Import weights…", do.import_weights, tip="Begin with pretrained weights")
    add("export", "&Export…", do.export, "Ctrl+E", tip="Export weights for PyTorch")
    add("close", "&Close", do.close_design, "Ctrl+W")
    add("quit", "&Quit", do.close, "Ctrl+Q")
    _edit_actions(actions, do)
    _design_actions(actions, do)
    _view_actions(actions, do)
    add("train", "&Train", do.train, "F5", tip="Train this drawing")
    add("stop", "&Stop", do.stop_training, "Shift+F5")
    add("showTraining", "Show t&raining", lambda: do.show_tab("trainPanel"), "Ctrl+4")
    add("showRuns", "Show &runs", lambda: do.show_tab("runs"), "Ctrl+5")
    add("find", "&Find a command…", do.find_command, "Ctrl+K")
    add("shortcuts", "&Keyboard shortcuts", do.show_shortcuts, "F1")
    add("verifyFigures", "&Verify figures…", do.verify_figures, tip="Published figures, counted again")
    add(
        "explainNumbers",
        "&Which number is right?…",
        do.explain_numbers,
        tip="Why 3.8, 3.86, 4.09 and 4.12 are all ResNet-50",
    )
    add("about", "&About ResNet Studio", do.about)


def _edit_actions(actions: Actions, do: Doer) -> None:
    document, add = do.document, actions.add
    add("undo", "&Undo", document.undo_stack.undo, _KEY.Undo)
    add("redo", "&Redo", document.undo_stack.redo, "Ctrl+Shift+Z")
    add("cut", "Cu&t", _command("cut", document), _KEY.Cut)
    add("copy", "&Copy", _command("copy", document), _KEY.Copy)
    add("paste", "&Paste", _command("paste", document), _KEY.Paste)
    add("duplicate", "&Duplicate", _command("duplicate", document), "Ctrl+D")
    add("delete", "De&lete", _command("delete", document), _KEY.Delete)
    add("selectAll", "Select &all", _command("select_all", document), _KEY.SelectAll)
    pattern_menus.add_select_actions(actions, document)
    add("moveUp", "Move u&p", _command("move_up", document), "Alt+Up")
    add("moveDown", "Move d&own", _command("move_down", document), "Alt+Down")
    add("moveLeft", "Move to pre&vious stage", _command("move_to_neighbour", document, -1), "Alt+Left")
    add("moveRight", "Move to ne&xt stage", _command("move_to_neighbour", document, 1), "Alt+Right")
    add(
        "dropPath",
        "Linear drop &path…",
        do.edit_drop_path,
        tip="Stochastic depth that grows with depth, for all blocks",
    )
    for attention, words in _ATTENTIONS.items():
        add(
            f"attention{attention.name.title()}",
            words,
            _everywhere("attention_everywhere", document, attention),
        )
    for norm, words in _NORMS.items():
        add(f"norm{norm.name.title()}", words, _everywhere("norm_everywhere", document, norm))
    actions["redo"].setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])


def _design_actions(actions: Actions, do: Doer) -> None:
    document, add = do.document, actions.add
    kinds = (
        ("addResidual", "Insert &residual block", BlockKind.RESIDUAL, "Ctrl+Shift+1"),
        ("addBottleneck", "Insert &bottleneck", BlockKind.BOTTLENECK, "Ctrl+Shift+2"),
        ("addResnext", "Insert Res&NeXt block", BlockKind.RESNEXT, "Ctrl+Shift+3"),
    )
    for name, words, kind, keys in kinds:
        add(name, words, _command("insert_kind", document, kind), keys)
    add("addStage", "Insert &stage", _command("insert_stage", document), "Ctrl+Shift+4")
    add("addHead", "Add &head", _command("add_head", document))
    pattern_menus.add_pattern_actions(actions, document)
    add("editInput", "&Input size…", do.edit_input, "Ctrl+I")
    add("rename", "Re&name drawing…", do.rename, "F2")


def _view_actions(actions: Actions, do: Doer) -> None:
    add, view = actions.add, do.view_state
    add("zoomIn", "Zoom &in", lambda: do.zoom("in"), _KEY.ZoomIn)
    add("zoomOut", "Zoom &out", lambda: do.zoom("out"), _KEY.ZoomOut)
    add("zoomFit", "&Fit the drawing", lambda: do.zoom("fit"), "Ctrl+0")
    add("showLayers", "Show &layers", lambda: do.show_tab("layerTable"), "Ctrl+1")
    add("showDiagram", "Show &diagram", lambda: do.show_tab("diagram"), "Ctrl+2")
    add("showProblems", "Show &problems", lambda: do.show_tab("problems"), "Ctrl+3")
    add("showCode", "Show &code", lambda: do.show_tab("code"), "Ctrl+6")
    add("showHistory", "Show hi&story", lambda: do.show_tab("history"), "Ctrl+7")
    add("showCompare", "Show co&mparison", lambda: do.show_tab("compare"), "Ctrl+8")
    _choices(actions, [
        ("showMacs", "Count &mult-adds", lambda: view.show_flops(False)),
        ("showFlops", "Count F&LOPs", lambda: view.show_flops(True)),
    ])  # fmt: skip
    for item in ITEMS:
        words = f"Count {item} too"
        add(
            f"count{item.capitalize()}",
            words,
            partial(view.toggle, item),
            checkable=True,
            tip=_COUNT_TIPS[item],
        )
    heats = (
        (Heat.MACS, "mult-adds"),
        (Heat.PARAMS, "parameters"),
        (Heat.MEMORY, "memory"),
        (Heat.RECEPTIVE, "receptive field"),
    )
    _choices(actions, [
        (f"heat{heat.value.capitalize()}", f"Bars show {words}", partial(view.show_heat, heat))
        for heat, words in heats
    ])  # fmt: skip
    _choices(actions, [
        (f"theme{choice.value.capitalize()}", words, partial(do.choose_theme, choice))
        for choice, words in (
            (ThemeChoice.SYSTEM, "&System theme"), (ThemeChoice.LIGHT, "&Light theme"), (ThemeChoice.DARK, "&Dark theme")
        )
    ])  # fmt: skip
    add("resetLayout", "&Reset the layout", do.reset_layout)


def _choices(actions: Actions, entries: list[tuple[str, str, Callable[[], object]]]) -> None:
    group = QActionGroup(actions)
    for name, words, act in entries:
        group.addAction(actions.add(name, words, act, checkable=True))


def make_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """The menus, empty still: the bar has its height in the first picture, and the actions come after it."""
    return {title.replace("&", "").lower(): _menu(bar, title) for title in _TITLES}


def fill_menus(menus: dict[str, QMenu], actions: Actions, do: Doer) -> None:
    """Put the actions into their menus, and add those that others fill: recent, presets, panels."""
    a = actions
    _fill(menus["file"], [a["new"], a["newEmpty"], a["newFromFamily"], a["open"]])
    menus["recent"] = submenu(menus["file"], "Open &recent", "menuRecent")
    _fill(
        menus["file"],
        [None, a["save"], a["saveAs"], None, a["importWeights"], a["export"], None, a["close"], a["quit"]],
    )
    _fill(menus["edit"], [
        a["undo"], a["redo"], None, a["cut"], a["copy"], a["paste"], a["duplicate"], a["delete"], None,
    ])  # fmt: skip
    pattern_menus.fill_select_menu(menus["edit"], a)
    _fill(menus["edit"], [
        None, a["moveUp"], a["moveDown"], a["moveLeft"], a["moveRight"], None, a["dropPath"],
    ])  # fmt: skip
    everywhere = submenu(menus["edit"], "All &blocks", "menuAllBlocks")
    _fill(everywhere, [a[f"attention{attention.name.title()}"] for attention in _ATTENTIONS])
    _fill(everywhere, [None, *(a[f"norm{norm.name.title()}"] for norm in _NORMS)])
    _fill(menus["design"], [
        a["addResidual"], a["addBottleneck"], a["addResnext"], a["addStage"], a["addHead"], None,
    ])  # fmt: skip
    pattern_menus.fill_pattern_menus(menus["design"], a)
    _fill(menus["design"], [None, a["editInput"], a["rename"], None])
    compare = submenu(menus["design"], "Compare &with", "menuCompare")
    compare.aboutToShow.connect(lambda: do.fill_compare(compare))
    menus["presets"] = submenu(menus["design"], "New from &preset", "menuPresets")
    _fill_presets(menus["presets"], do)
    view = menus["view"]
    _fill(view, [a["zoomIn"], a["zoomOut"], a["zoomFit"], None])
    menus["panels"] = submenu(view, "&Panels", "menuPanels")
    _fill(view, [
        *(a[f"show{name}"] for name in ("Layers", "Diagram", "Problems", "Code", "History", "Compare")), None,
        a["showMacs"], a["showFlops"],
        *(a[f"count{item.capitalize()}"] for item in ITEMS), None,
        a["heatMacs"], a["heatParams"], a["heatMemory"], a["heatReceptive"], None,
    ])  # fmt: skip
    _fill(submenu(view, "&Theme", "menuTheme"), [a["themeSystem"], a["themeLight"], a["themeDark"]])
    _fill(view, [None, a["resetLayout"]])
    _fill(menus["train"], [a["train"], a["stop"], None, a["showTraining"], a["showRuns"]])
    _fill(
        menus["help"],
        [a["find"], a["shortcuts"], None, a["verifyFigures"], a["explainNumbers"], None, a["about"]],
    )


def _fill_presets(menu: QMenu, do: Doer) -> None:
    groups: dict[str, QMenu] = {}
    for name, preset in PRESETS.items():
        if preset.group not in groups:
            groups[preset.group] = submenu(menu, preset.group, f"menuPresets{len(groups) + 1}")
        action = QAction(preset.title, menu)
        action.setObjectName(f"actionPreset_{name}")
        action.triggered.connect(lambda _=False, name=name: do.new_preset(name))
        groups[preset.group].addAction(action)


def _menu(bar: QMenuBar, title: str) -> QMenu:
    menu = QMenu(title, bar)
    plain = title.replace("&", "")
    menu.setObjectName(f"menu{plain}")
    menu.setAccessibleName(plain)
    bar.addMenu(menu)
    return menu


def _fill(menu: QMenu, entries: list[QAction | None]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            menu.addAction(entry)


def follow_state(actions: Actions, do: Doer) -> None:
    """Keep the checked choices true, whoever changed them."""

    def show() -> None:
        view = do.view_state
        actions["showFlops" if view.flops else "showMacs"].setChecked(True)
        for item in ITEMS:
            actions[f"count{item.capitalize()}"].setChecked(item in view.convention.items)
        actions[f"heat{view.heat.value.capitalize()}"].setChecked(True)
        actions[f"theme{do.theme.choice.value.capitalize()}"].setChecked(True)

    do.view_state.changed.connect(show)
    do.theme.changed.connect(show)
    show()


def fill_recent(menu: QMenu, paths: Sequence[Path], open_path: Callable[[Path], object]) -> None:
    """The files that were open last, by name; what is gone stands there greyed."""
    menu.clear()
    for path in paths:
        action = QAction(path.name.replace("&", "&&"), menu)
        action.setToolTip(plain_tip(str(path)))
        action.setEnabled(path.exists())
        action.triggered.connect(lambda _=False, path=path: open_path(path))
        menu.addAction(action)
    menu.setDisabled(menu.isEmpty())
