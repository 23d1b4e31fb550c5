"""The tasks of chapter 8."""
