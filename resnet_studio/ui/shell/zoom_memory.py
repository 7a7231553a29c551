"""Shows each file as near as it was seen last. Knows the canvas by its zoom, and no drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.settings import Settings

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView


class ZoomMemory(QObject):
    """Follows one canvas; what is fitted to the window is not remembered, for the next window may be another size."""

    def __init__(self, canvas: CanvasView, document: Document, settings: Settings) -> None:
        super().__init__(canvas)
        self._canvas, self._document, self._settings = canvas, document, settings
        canvas.zoom_rested.connect(self._keep)
        document.loaded.connect(self._show)
        self._show()

    def _keep(self) -> None:
        path, zooming = self._document.path, self._canvas.zooming
        if path is not None:
            self._settings.keep_zoom(path, None if zooming.follows_size else self._canvas.zoom)

    def _show(self) -> None:
        path = self._document.path
        zoom = self._settings.zoom_of(path) if path is not None else None
        if zoom is not None:
            self._canvas.zooming.to(zoom)
            for bar in (self._canvas.horizontalScrollBar(), self._canvas.verticalScrollBar()):
                bar.setValue(bar.minimum())
