"""The curves of runs: what a plot shows, how it is drawn and saved, and several runs in one. Know arrays and histories, and start nothing."""
