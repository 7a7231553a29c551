"""Data sets as the training loop takes them: read, drawn in a fixed order, augmented, batched. Knows no network."""
