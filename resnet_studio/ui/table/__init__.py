"""The layer table: every layer of the drawing as a tree, with its shapes and counts, and torchinfo's word on them."""

from resnet_studio.ui.table.table import LayerTable

__all__ = ["LayerTable"]
