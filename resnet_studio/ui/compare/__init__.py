"""The panel that lays two drawings side by side."""
