"""The inspector: every property of what is selected, with its meaning, limits and cost."""

from resnet_studio.ui.inspector.inspector import Inspector

__all__ = ["Inspector"]
