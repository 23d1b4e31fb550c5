"""The tasks of the final project."""
