"""What the user sees: the window over one Document. Qt, and never torch."""
