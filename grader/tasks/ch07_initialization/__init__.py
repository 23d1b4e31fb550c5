"""The tasks of chapter 7."""
