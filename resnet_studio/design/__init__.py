"""What the user drew: frozen values, edits as pure functions, presets and the file format. Knows no Qt and no torch."""
