"""The tasks of chapter 6."""
