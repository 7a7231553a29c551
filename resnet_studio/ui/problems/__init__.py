"""The problems panel: what is wrong with the drawing, in shapes and words, with one-click repairs."""

from resnet_studio.ui.problems.problems import ProblemsView

__all__ = ["ProblemsView"]
