"""What the canvas offers to menus and the command palette: zoom and folding. Editing commands are `ui.commands`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from resnet_studio.language import tr

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView


def canvas_actions(view: CanvasView) -> list[QAction]:
    """The canvas's own actions, without keys: the canvas reads its keys itself while it has the focus."""
    rows = (
        (tr("Zoom in"), "zoomInAction", view.zoom_in),
        (tr("Zoom out"), "zoomOutAction", view.zoom_out),
        (tr("Zoom to 100 %"), "zoomResetAction", view.zoom_reset),
        (tr("Fit the whole drawing"), "zoomFitAction", view.fit),
        (tr("Fold or unfold"), "foldAction", view.folding.toggle_current),
        (tr("Unfold all"), "unfoldAllAction", view.folding.unfold_all),
        (tr("Fold all"), "foldAllAction", view.folding.fold_all),
    )
    actions: list[QAction] = []
    for text, name, do in rows:
        action = QAction(text, view)
        action.setObjectName(name)
        action.triggered.connect(lambda _checked=False, do=do: do())
        actions.append(action)
    return actions
