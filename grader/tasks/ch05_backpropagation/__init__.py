"""The tasks of chapter 5."""
