"""What a run is: settings, run folder, events, the child process and its Outcome. Standard library only."""
