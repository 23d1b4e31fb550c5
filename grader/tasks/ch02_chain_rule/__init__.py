"""The tasks of chapter 2."""
