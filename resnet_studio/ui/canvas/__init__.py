"""The hero of the window: stages as lanes, blocks as cards, shortcuts as arcs to a circled plus. Knows no engine."""
