"""The data of a run: what the engine knows of it, its pictures and classes, and whether the drawing suits it. Train nothing."""
