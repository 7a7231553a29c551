"""Training in the window: settings, whether a run fits, the supervisor of its process, and the panel that shows it. Knows no torch."""
