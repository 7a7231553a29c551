"""From a design or a run to a file for other programs, proven before the target is replaced. Knows no window."""
