"""NumPy's floating-point warnings while an answer is called, in a browser too.

WebAssembly tells nobody that a number became infinite, so NumPy never warns there; the functions
through which answers overflow are watched instead.  The operators ``/`` and ``**`` call no function
that could be watched, so the cells of a browser are compiled with calls in their place.
"""

import ast
import builtins
import contextlib
import operator
import sys
import warnings

import numpy as np

TOLD = sys.platform != "emscripten"
OVERFLOW, DIVIDE = ("over", "overflow"), ("divide", "divide by zero")
WATCHED = {name: OVERFLOW for name in ("exp", "exp2", "expm1", "sinh", "cosh", "square")}
WATCHED |= {name: DIVIDE for name in ("log", "log2", "log10", "log1p")}
SHORT = {2: "square", 0.5: "sqrt", -1: "reciprocal"}  # what NumPy calls for an array's power
OPERATORS = {ast.Div: "<divide>", ast.Pow: "<power>"}  # names that no answer can have
UNWATCHED = {"<divide>": operator.truediv, "<power>": operator.pow}


@contextlib.contextmanager
def warned(told=TOLD):
    """Let NumPy warn as it does from the start, whatever was set before; watch it if it cannot."""
    with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        if told:
            yield
            return
        ufuncs = {name: getattr(np, name) for name in WATCHED}
        vars(np).update((name, Watched(ufunc, *WATCHED[name])) for name, ufunc in ufuncs.items())
        vars(builtins).update({"<divide>": divide, "<power>": power})
        try:
            yield
        finally:
            vars(np).update(ufuncs)
            vars(builtins).update(UNWATCHED)


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
            name = self.ufunc.__name__
            warn(self.infinite, self.says, name, here & np.isfinite(x) & np.isinf(result))
            warn("invalid", "invalid value", name, here & ~np.isnan(x) & np.isnan(result))
        return result


def divide(x, y):
    """Return x / y and warn as NumPy does."""
    return _watched(operator.truediv, "divide", x, y, y)


def power(x, y):
    """Return x ** y and warn as NumPy does."""
    short = isinstance(x, np.ndarray) and type(y) in (int, float)
    return _watched(operator.pow, SHORT.get(y, "power") if short else "power", x, y, x)


def _watched(compute, name, x, y, zero):
    """``zero`` is the operand that at 0 makes a number infinite."""
    if not any(isinstance(operand, np.ndarray | np.generic) for operand in (x, y)):
        return compute(x, y)
    with np.errstate(all="ignore"):
        result = compute(x, y)
    if getattr(getattr(result, "dtype", None), "kind", "") == "f":
        arrays = any(isinstance(operand, np.ndarray) for operand in (x, y))
        name = name if arrays else f"scalar {name}"
        infinite = np.isinf(result) & np.isfinite(x) & np.isfinite(y)
        warn(*DIVIDE, name, infinite & np.equal(zero, 0))
        warn(*OVERFLOW, name, infinite & np.not_equal(zero, 0))
        warn("invalid", "invalid value", name, np.isnan(result) & ~np.isnan(x) & ~np.isnan(y))
    return result


def warn(kind, says, name, found):
    if np.any(found) and np.geterr()[kind] == "warn":
        warnings.warn(f"{says} encountered in {name}", RuntimeWarning, stacklevel=3)


class Operators(ast.NodeTransformer):
    """Lets the operators of a cell be watched while an answer is called: x / y, x ** y."""

    def __init__(self):
        vars(builtins).update(UNWATCHED)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        name = OPERATORS.get(type(node.op))
        if name is None:
            return node
        call = ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def watch_notebook():
    """Let the operators in a browser's notebook be watched, in every cell from here on."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and not TOLD:
        shell.ast_transformers.append(Operators())
