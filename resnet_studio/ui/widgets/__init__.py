"""Small controls that several panels share. They know tokens and values, and no drawing."""
