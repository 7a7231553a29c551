"""What torch does with a drawing: modules, torchinfo, diagrams, training, export, and the process that serves them. No Qt."""

import os

# Read by OpenMP when torch loads. Its threads would spin while they wait for each other; on processors that the window or another
# program needs too, a step of a small network then takes ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
