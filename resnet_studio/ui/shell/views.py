"""Makes the views of the editor, each from its own room, when it is first needed. Knows how each is constructed, no more."""

from __future__ import annotations

import importlib
import inspect

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from resnet_studio.ui.shell.room import Room

_PLACES = {
    "canvas": ("resnet_studio.ui.canvas.view", "CanvasView"),
    "palette": ("resnet_studio.ui.palette.view", "PaletteView"),
    "inspector": ("resnet_studio.ui.inspector.view", "Inspector"),
    "layerTable": ("resnet_studio.ui.table.view", "LayerTable"),
    "diagram": ("resnet_studio.ui.diagram.view", "DiagramView"),
    "problems": ("resnet_studio.ui.problems.view", "ProblemsView"),
    "trainPanel": ("resnet_studio.ui.training.panel", "TrainPanel"),
    "runs": ("resnet_studio.ui.training.runs", "RunsView"),
}


def make(name: str, room: Room) -> QWidget:
    """The view of that name."""
    module, cls = _PLACES[name]
    found = None
    for place in (module, module.rpartition(".")[0]):
        try:
            found = getattr(importlib.import_module(place), cls, None)
        except ImportError:
            continue
        if found is not None:
            break
    if found is None:
        return _placeholder(name)
    have = {
        "document": room.document, "theme": room.theme, "themes": room.theme, "theme_manager": room.theme, "view_state": room.view_state,
        "view": room.view_state, "state": room.view_state, "engine": room.engine, "confirmer": room.confirmer,
    }  # fmt: skip
    wanted = inspect.signature(found).parameters
    view: QWidget = found(**{key: value for key, value in have.items() if key in wanted})
    return view


def export_dialog(room: Room, parent: QWidget) -> QDialog:
    """The dialog that exports the drawing."""
    from resnet_studio.ui.exporting.dialog import ExportDialog

    return ExportDialog(room.document, room.theme, room.engine, parent)


def _placeholder(name: str) -> QWidget:
    label = QLabel(f"{name} is not there yet")
    label.setObjectName(name)
    label.setAccessibleName(name)
    label.setProperty("role", "soft")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
