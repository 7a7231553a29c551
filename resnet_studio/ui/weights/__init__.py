"""Weights from elsewhere in the window: chosen, shown block by block, remembered. Knows no torch."""
