"""What `./run` and `./test` are made of: set-up and checks, on the standard library alone."""
