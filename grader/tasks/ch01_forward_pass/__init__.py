"""The tasks of chapter 1."""
