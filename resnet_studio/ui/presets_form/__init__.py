"""The form that makes any member of a family of networks."""
