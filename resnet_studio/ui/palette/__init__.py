"""Where blocks, stages and presets come from: by drag, double click or key. Knows no canvas."""
