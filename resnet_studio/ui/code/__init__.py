"""The code panel: the drawing as standalone Python, live."""

from resnet_studio.ui.code.panel import CodeView

__all__ = ["CodeView"]
