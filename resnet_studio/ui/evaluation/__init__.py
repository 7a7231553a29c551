"""What a trained network gets right and wrong, as the window shows it."""
