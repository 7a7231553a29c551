"""Weights as files: written, walked before they are loaded, checked after. Knows no training."""
