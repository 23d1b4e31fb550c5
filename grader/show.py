"""Values as a learner would type them, sizes and counts as a person writes them."""

import numpy as np


def show(value, limit=12):
    """Write an argument or a result the way a learner would type it."""
    if isinstance(value, np.ndarray):
        if value.size > limit:
            return f"an array of shape {value.shape}"
        if value.ndim == 0:
            return _number(value.item())
        return "[" + ", ".join(show(row) for row in value) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(item, limit) for item in value) + "]"
    if isinstance(value, np.generic):
        return _number(value.item())
    if isinstance(value, float):
        return _number(value)
    if callable(value):
        return (value.__doc__ or value.__name__).strip()
    if hasattr(value, "seed"):
        return f"np.random.default_rng({value.seed})"
    return repr(value)


def brief(value):
    """Write a value in less than 100 characters."""
    text = show(value)
    return text if len(text) < 100 else text[:90] + " …"


def count(n, thing):
    """Write "1 example", "2 examples", "no examples"."""
    return f"{n or 'no'} {thing}{'' if n == 1 else 's'}"


def multiple(error):
    """Write a relative error as a person would: "3 %", "1.5 times their size", "far more"."""
    if not error < 1e6:
        return "by far more than their size"
    if error >= 10:
        return f"by up to {error:.0f} times their size"
    if error >= 1:
        return f"by up to {error:.2g} times their size"
    return f"by up to {100 * error:.2g} % of their size"


def _number(x):
    if isinstance(x, (bool, int)):
        return repr(x)
    return repr(float(f"{x:.7g}"))
