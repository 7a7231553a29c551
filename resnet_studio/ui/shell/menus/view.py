"""The View menu: zoom, panels, how it is counted and coloured, the theme. Knows no window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from resnet_studio.analysis.conventions import ITEMS
from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill
from resnet_studio.ui.theme import TEXT_SIZES, ThemeChoice
from resnet_studio.ui.view_state import Heat
from resnet_studio.ui.widgets.named import submenu

_KEY = QKeySequence.StandardKey
_COUNT_TIPS = {
    "norm": tr("2 operations an element: scale and shift"),
    "activation": tr("1 operation an element"),
    "addition": tr("1 operation an element"),
    "pooling": tr("1 operation for each element that arrives"),
}
_TABS = (
    ("showLayers", tr("Show &layers"), "layerTable", "Ctrl+1"),
    ("showDiagram", tr("Show &diagram"), "diagram", "Ctrl+2"),
    ("showProblems", tr("Show &problems"), "problems", "Ctrl+3"),
    ("showCode", tr("Show &code"), "code", "Ctrl+6"),
    ("showHistory", tr("Show hi&story"), "history", "Ctrl+7"),
    ("showCompare", tr("Show co&mpare"), "compare", "Ctrl+8"),
)
_COUNT_WORDS = {
    "norm": tr("Count norm too"),
    "activation": tr("Count activation too"),
    "addition": tr("Count addition too"),
    "pooling": tr("Count pooling too"),
}
_HEATS = {
    Heat.MACS: tr("Heat: multiply-adds"),
    Heat.PARAMS: tr("Heat: parameters"),
    Heat.MEMORY: tr("Heat: memory"),
    Heat.RECEPTIVE: tr("Heat: receptive field"),
}
_THEMES = {
    ThemeChoice.SYSTEM: tr("&System theme"),
    ThemeChoice.LIGHT: tr("&Light theme"),
    ThemeChoice.DARK: tr("&Dark theme"),
}


def make(actions: Actions, do: Doer) -> None:
    """Make the actions on how the drawing is seen."""
    add, view = actions.add, do.view_state
    add("zoomIn", tr("Zoom &in"), lambda: do.zoom("in"), _KEY.ZoomIn)
    add("zoomOut", tr("Zoom &out"), lambda: do.zoom("out"), _KEY.ZoomOut)
    add("zoomFit", tr("&Fit the drawing"), lambda: do.zoom("fit"), "Ctrl+0")
    for name, words, tab, keys in _TABS:
        add(name, words, partial(do.show_tab, tab), keys)
    _choices(actions, [
        ("showMacs", tr("Count &multiply-adds"), lambda: view.show_flops(False)),
        ("showFlops", tr("Count F&LOPs"), lambda: view.show_flops(True)),
    ])  # fmt: skip
    for item in ITEMS:
        act, tip = partial(view.toggle, item), _COUNT_TIPS[item]
        add(f"count{item.capitalize()}", _COUNT_WORDS[item], act, checkable=True, tip=tip)
    _choices(actions, [
        (f"heat{heat.value.capitalize()}", words, partial(view.show_heat, heat))
        for heat, words in _HEATS.items()
    ])  # fmt: skip
    _choices(actions, [
        (f"theme{choice.value.capitalize()}", words, partial(do.choose_theme, choice))
        for choice, words in _THEMES.items()
    ])  # fmt: skip
    _make_text_sizes(actions, do)
    add("resetLayout", tr("&Reset the layout"), do.reset_layout)


def fill_menu(menu: QMenu, a: Actions) -> QMenu:
    """Put them into the menu; return the menu of panels, which is filled when it is opened."""
    fill(menu, [a["zoomIn"], a["zoomOut"], a["zoomFit"], None])
    panels = submenu(menu, tr("&Panels"), "menuPanels")
    fill(menu, [*(a[name] for name, *_ in _TABS), None])
    fill(menu, [a["showMacs"], a["showFlops"], None])
    fill(menu, [*(a[f"count{item.capitalize()}"] for item in ITEMS), None])
    fill(menu, [*(a[f"heat{heat.value.capitalize()}"] for heat in _HEATS), None])
    themes = submenu(menu, tr("&Theme"), "menuTheme")
    fill(themes, [a[f"theme{choice.value.capitalize()}"] for choice in _THEMES])
    letters = submenu(menu, tr("Te&xt size"), "menuTextSize")
    fill(letters, [a["textLarger"], a["textSmaller"], None, *(a[f"text{size}"] for size in TEXT_SIZES)])
    fill(menu, [None, a["resetLayout"]])
    return panels


def follow_state(actions: Actions, do: Doer) -> None:
    """Keep the checked choices true, whoever changed them."""

    def show() -> None:
        view = do.view_state
        actions["showFlops" if view.flops else "showMacs"].setChecked(True)
        for item in ITEMS:
            actions[f"count{item.capitalize()}"].setChecked(item in view.convention.items)
        actions[f"heat{view.heat.value.capitalize()}"].setChecked(True)
        actions[f"theme{do.theme.choice.value.capitalize()}"].setChecked(True)
        actions[f"text{do.theme.text}"].setChecked(True)

    do.view_state.changed.connect(show)
    # By a method of the actions: the theme lives longer than one of several windows.
    actions.follow(show)
    do.theme.changed.connect(actions.show_state)
    show()


def _make_text_sizes(actions: Actions, do: Doer) -> None:
    """How large letters are; zooming the drawing has the plain keys."""

    def step(by: int) -> object:
        at = TEXT_SIZES.index(do.theme.text) + by
        return do.resize_text(TEXT_SIZES[min(max(at, 0), len(TEXT_SIZES) - 1)])

    larger = actions.add("textLarger", tr("&Larger text"), lambda: step(1), "Ctrl+Alt++")
    # Where the plus is an upper letter, nobody should need a third modifier.
    larger.setShortcuts([larger.shortcut(), QKeySequence("Ctrl+Alt+=")])
    actions.add("textSmaller", tr("&Smaller text"), lambda: step(-1), "Ctrl+Alt+-")
    _choices(
        actions,
        [
            (f"text{size}", tr("Text size {size} %", size=size), partial(do.resize_text, size))
            for size in TEXT_SIZES
        ],
    )


def _choices(actions: Actions, entries: list[tuple[str, str, Callable[[], object]]]) -> None:
    group = QActionGroup(actions)
    for name, words, act in entries:
        group.addAction(actions.add(name, words, act, checkable=True))
