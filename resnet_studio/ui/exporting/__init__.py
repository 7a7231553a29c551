"""Export from the window: what, where to, and the receipt. Knows no torch: the engine writes and proves the file."""
