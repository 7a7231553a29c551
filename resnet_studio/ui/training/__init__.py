"""Training in the window: the supervisor of the child, settings, live curves, the list of runs. Knows no torch."""
