"""What `python -m benchmarks` measures: each thing side by side with a reference in one run, as a ratio."""
