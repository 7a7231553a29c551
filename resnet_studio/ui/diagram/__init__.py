"""The diagram panel: the drawing as Graphviz lays it out, live from the engine process."""

from resnet_studio.ui.diagram.diagram import DiagramView

__all__ = ["DiagramView"]
