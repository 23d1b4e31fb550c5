"""The tasks of chapter 4."""
