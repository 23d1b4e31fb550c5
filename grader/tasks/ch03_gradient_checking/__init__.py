"""The tasks of chapter 3."""
