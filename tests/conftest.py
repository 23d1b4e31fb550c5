import os

# Before NumPy is imported: one thread, and no window.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(0)
