"""What the drawing means: the Plan of every layer, its counts and its Problems. Pure arithmetic, no Qt and no torch."""
