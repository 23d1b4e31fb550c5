"""``python -m benchmarks …``: ratio tables, each against its peer in the same run."""
