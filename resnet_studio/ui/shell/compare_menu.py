"""What the open drawing can be compared with, as a menu: steps of its history, presets, files, runs, windows. Shows nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QMenu

from resnet_studio.design.carried import read_drawing
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.ui.document import Document
from resnet_studio.ui.widgets.named import submenu

_MOST = 12
_STEPS, _PRESETS, _RUNS = "menuCompareSteps", "menuComparePresets", "menuCompareRuns"
_WINDOWS = "menuCompareWindows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the menu needs of the window.

    Args:
        document: whose steps can be compared.
        beside: lays what a callable makes or reads beside the open drawing, under a title.
        all_steps: shows the whole history.
        ask_file: lets the user choose a file.
        open: whether a drawing is on the screen.
        windows: the drawings of other windows by name, each with what lays it beside the open one and follows it.
    """

    document: Document
    beside: Callable[[Callable[[], Design], str], object]
    all_steps: Callable[[], object]
    ask_file: Callable[[], Path | None]
    open: bool
    windows: Sequence[tuple[str, Callable[[], object]]] = ()


def fill_compare(menu: QMenu, desk: Desk) -> None:
    """Everything that there is now. What never changes is made once: a menu that is cleared keeps its inner ones for good."""
    if menu.isEmpty():
        submenu(menu, tr("An earlier &step"), _STEPS)
        _fill_presets(submenu(menu, tr("A &preset"), _PRESETS), desk)
        file = menu.addAction(tr("A &file…"))
        file.setObjectName("actionCompareFile")
        file.triggered.connect(lambda: _ask_file(desk))
        submenu(menu, tr("A &run"), _RUNS)
        submenu(menu, tr("Another &window"), _WINDOWS)
    _fill_windows(_inner(menu, _WINDOWS), desk)
    _fill_steps(_inner(menu, _STEPS), desk)
    _fill_runs(_inner(menu, _RUNS), desk)
    for action in menu.actions():
        inner = action.menu()
        action.setEnabled(desk.open and not (isinstance(inner, QMenu) and inner.isEmpty()))


def _inner(menu: QMenu, name: str) -> QMenu:
    inner = menu.findChild(QMenu, name)
    assert isinstance(inner, QMenu)
    inner.clear()
    return inner


def _fill_steps(menu: QMenu, desk: Desk) -> None:
    document = desk.document
    stack = document.undo_stack
    here = [row for row in range(stack.count() + 1) if row != stack.index()]
    for row in here[-_MOST:][::-1]:
        step = stack.text(row - 1) if row else ""
        entry = tr("Step {number}: {step}", number=row, step=step) if row else tr("As it began")
        words = tr("step {number}: {step}", number=row, step=step) if row else tr("as it began")
        action = menu.addAction(entry.replace("&", "&&"))
        action.triggered.connect(
            lambda _=False, row=row, words=words: desk.beside(lambda: document.state(row), words)
        )
    if len(here) > _MOST:
        menu.addSeparator()
        menu.addAction(tr("All steps…")).triggered.connect(desk.all_steps)


def _fill_presets(menu: QMenu, desk: Desk) -> None:
    groups: dict[str, QMenu] = {}
    for name, entry in PRESETS.items():
        if entry.group not in groups:
            groups[entry.group] = submenu(menu, entry.group, f"{_PRESETS}{len(groups) + 1}")
        action = groups[entry.group].addAction(entry.title)
        action.setObjectName(f"actionCompare_{name}")
        action.triggered.connect(
            lambda _=False, name=name, title=entry.title: desk.beside(lambda: preset(name), title)
        )


def _fill_windows(menu: QMenu, desk: Desk) -> None:
    for number, (name, follow) in enumerate(desk.windows, 1):
        action = menu.addAction(name.replace("&", "&&"))
        action.setObjectName(f"actionCompareWindow{number}")
        action.triggered.connect(lambda _=False, follow=follow: follow())


def _ask_file(desk: Desk) -> None:
    path = desk.ask_file()
    if path is not None:
        desk.beside(lambda: read_drawing(path), path.name)


def _fill_runs(menu: QMenu, desk: Desk) -> None:
    for run in _newest():
        action = menu.addAction(run.name.replace("&", "&&"))
        action.triggered.connect(
            lambda _=False, run=run: desk.beside(RunFolder(run).design, tr("run {name}", name=run.name))
        )


def _newest() -> list[Path]:
    """The newest runs by their folders alone: reading what they say would keep the menu waiting."""
    try:
        found = [
            (path.stat().st_mtime, path) for path in runs_root().iterdir() if (path / "run.json").is_file()
        ]
    except OSError:
        return []
    return [path for _, path in sorted(found, reverse=True)[:_MOST]]
