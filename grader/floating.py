"""NumPy's floating-point warnings while an answer is called, in a browser too.

WebAssembly tells nobody that a number became infinite, so NumPy never warns there; the functions
through which answers overflow are watched instead.
"""

import contextlib
import sys
import warnings

import numpy as np

TOLD = sys.platform != "emscripten"
OVERFLOW, DIVIDE = ("over", "overflow"), ("divide", "divide by zero")
WATCHED = {name: OVERFLOW for name in ("exp", "exp2", "expm1", "sinh", "cosh", "square")}
WATCHED |= {name: DIVIDE for name in ("log", "log2", "log10", "log1p")}


@contextlib.contextmanager
def warned(told=TOLD):
    """Let NumPy warn as it does from the start, whatever was set before; watch it if it cannot."""
    with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        if told:
            yield
            return
        ufuncs = {name: getattr(np, name) for name in WATCHED}
        vars(np).update((name, Watched(ufunc, *WATCHED[name])) for name, ufunc in ufuncs.items())
        try:
            yield
        finally:
            vars(np).update(ufuncs)


class Watched:
    """A function of one array that warns where a number becomes infinite or none at all."""

    def __init__(self, ufunc, infinite, says):
        self.ufunc, self.infinite, self.says = ufunc, infinite, says

    def __getattr__(self, name):
        return getattr(self.ufunc, name)

    def __call__(self, x, *out, **options):
        with np.errstate(all="ignore"):
            result = self.ufunc(x, *out, **options)
        if np.asarray(result).dtype.kind == "f":
            here = options.get("where", True)
            self.warn(self.infinite, self.says, here & np.isfinite(x) & np.isinf(result))
            self.warn("invalid", "invalid value", here & ~np.isnan(x) & np.isnan(result))
        return result

    def warn(self, kind, says, found):
        if np.any(found) and np.geterr()[kind] == "warn":
            text = f"{says} encountered in {self.ufunc.__name__}"
            warnings.warn(text, RuntimeWarning, stacklevel=3)
