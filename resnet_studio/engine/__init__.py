"""What torch does with a drawing: modules, torchinfo, diagrams, training, export, and the process that serves them. No Qt."""
