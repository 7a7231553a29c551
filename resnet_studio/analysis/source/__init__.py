"""Standalone Python for a Plan: one file that imports only torch and has the Plan's names. Pure text; knows no torch itself."""

from resnet_studio.analysis.source.write import Source, draft_of, source_of

__all__ = ["Source", "draft_of", "source_of"]
