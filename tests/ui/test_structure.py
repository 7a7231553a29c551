"""Screenshots without pixels: in every size of window and text and in both themes nothing is cut, nothing lies over anything else."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from tests.ui.shell_window import shown_window
from tests.ui.structure import cut_words, overlaps, place, without_size

SIZES = ((1280, 800), (1920, 1080), (880, 560))
TABS = ("layerTable", "diagram", "problems", "code", "history", "compare", "trainPanel", "runs")
# Of the window's area, at 100 % and at 200 %.
CANVAS = {((1280, 800), 100): 0.26, ((1920, 1080), 100): 0.35, ((880, 560), 100): 0.2,
          ((1280, 800), 200): 0.06, ((1920, 1080), 200): 0.12, ((880, 560), 200): 0.06}  # fmt: skip


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK], ids=["light", "dark"])
def window(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window(request.param) as shown:
        yield shown
        shown.theme.resize_text(100)


def faults(window: MainWindow) -> dict[str, list[str]]:
    found = {"cut": cut_words(window), "over": overlaps(window), "empty": without_size(window)}
    return {kind: each for kind, each in found.items() if each}


def settled(qtbot: QtBot, window: MainWindow) -> dict[str, list[str]]:
    """What is wrong still when layouts have come to rest; they do in a few turns of the event loop."""
    with suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not faults(window), timeout=1500)
    return faults(window)


@pytest.mark.parametrize("text", [100, 200])
def test_nothing_is_cut_and_nothing_overlaps(qtbot: QtBot, window: MainWindow, text: int) -> None:
    window.doings.resize_text(text)
    found = {}
    for size in SIZES:
        window.resize(*size)
        found[size, "start"] = settled(qtbot, window)
    window.new_preset("resnet50")
    for size in SIZES:
        window.resize(*size)
        block = window.document.design.stages[1].blocks[0].id
        for tab in TABS:
            window.show_tab(tab)
            window.document.select(() if tab == "code" else (block,))
            found[size, tab] = settled(qtbot, window)
        found[size, "regions"] = regions(window, size, text)
    wrong = [f"{where}: {fault}" for where, what in found.items() for each in what.values() for fault in each]
    assert not wrong, "\n".join(wrong)


def regions(window: MainWindow, size: tuple[int, int], text: int) -> dict[str, list[str]]:
    """Where the main parts stand, if it is not where they should."""
    editor = window.editor
    palette, inspector, analysis, training = (
        place(dock, window)
        for dock in (editor.palette_dock, editor.inspector_dock, editor.analysis, editor.training)
    )
    canvas, bar = place(editor.canvas, window), place(editor.toolbar, window)
    wrong = []
    if (window.width(), window.height()) != size:
        wrong.append(f"the window is {window.size().toTuple()}")
    if (bar.left(), bar.width()) != (0, size[0]) or palette.left() != 0 or inspector.right() != size[0] - 1:
        wrong.append("toolbar, palette and inspector do not reach the edges")
    if not palette.top() == canvas.top() == inspector.top() or analysis.top() != training.top():
        wrong.append("tops differ")
    if (
        not palette.right() < canvas.left() <= canvas.right() < inspector.left()
        or canvas.bottom() >= analysis.top()
    ):
        wrong.append("the canvas is not between its neighbours")
    share = canvas.width() * canvas.height() / (size[0] * size[1])
    if share < CANVAS[size, text]:
        wrong.append(f"the canvas has {share:.2f}")
    return {"regions": wrong} if wrong else {}
