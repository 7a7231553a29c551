"""Design to picture: `graphviz` writes DOT, the Graphviz inside pygraphviz's wheel lays it out. Knows no torch, no Qt."""

from resnet_studio.engine.diagram.draw import draw, render
from resnet_studio.engine.diagram.look import FONT, FORMATS, Look

__all__ = ["FONT", "FORMATS", "Look", "draw", "render"]
