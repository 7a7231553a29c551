"""Training one run: the loop, what it keeps, what it saves and how it is stopped. Knows no window."""
