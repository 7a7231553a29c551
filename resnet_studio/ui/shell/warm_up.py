"""Loads the editor's rooms while the user looks at the start page, one at a time. Knows only their names."""

from __future__ import annotations

import importlib

from PySide6.QtCore import QObject, QTimer

_ROOMS = (
    "resnet_studio.runs.folder",
    "resnet_studio.ui.commands",
    "resnet_studio.ui.canvas.view",
    "resnet_studio.ui.inspector.inspector",
    "resnet_studio.ui.palette.view",
    "resnet_studio.ui.shell.editor",
    "resnet_studio.ui.shell.status",
    "resnet_studio.ui.table.table",
    "resnet_studio.ui.training.setup_page",
    "resnet_studio.ui.training.run_page",
    "resnet_studio.ui.training.panel",
)
_BREATH_MS = 10


class WarmUp(QObject):
    """Between two of them the window answers; the first drawing then opens at once."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = list(_ROOMS)
        self._timer = QTimer(self)
        self._timer.setInterval(_BREATH_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def _next(self) -> None:
        importlib.import_module(self._left.pop(0))
        if not self._left:
            self._timer.stop()
            self.deleteLater()
