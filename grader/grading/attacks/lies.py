"""Answers that claim to be right."""

LIES = {
    "prints the expected output": """
        def relu(z):
            print("✓ relu 3/3")
        """,
    "prints at once": """
        print("✓ relu 3/3", flush=True)
        relu = None
        """,
    "replaces check": """
        import builtins, sys
        check = builtins.check = lambda *a, **k: print("✓ relu 3/3")
        for module in list(sys.modules.values()):
            for name in ("check", "evaluate", "judge", "close", "same", "plain"):
                if hasattr(module, name):
                    setattr(module, name, lambda *a, **k: True)
        def relu(z):
            return z
        """,
    "replaces numpy": """
        import numpy as np
        for name in ("allclose", "array_equal", "all", "any", "abs", \
"isfinite", "asarray", "array"):
            setattr(np, name, lambda *a, **k: True)
        def relu(z):
            return z
        """,
    "replaces builtins": """
        import builtins
        builtins.all = builtins.any = builtins.bool = builtins.isinstance = lambda *a: True
        builtins.type = lambda *a: float
        builtins.len = lambda *a: 1
        def relu(z):
            return z
        """,
    "replaces the comparator": """
        try:
            import grader.compare
        except ImportError:
            pass
        import sys, types
        for name in ("grader.compare", "grader.score", "grader.tasks"):
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].close = lambda *a, **k: True
        def relu(z):
            return z
        """,
    "replaces the worker": """
        import sys
        for module in [m for n, m in sys.modules.items() if n.startswith("grader")]:
            for name, value in list(vars(module).items()):
                if isinstance(value, type):
                    value.__eq__ = lambda *a: True
                    value.__call__ = lambda *a, **k: True
        def relu(z):
            return z
        """,
    "transforms IPython's input": """
        try:
            get_ipython().input_transformers_cleanup.append(lambda lines: \
["print('✓ relu 3/3')\\n"])
        except NameError:
            pass
        %load_ext autoreload
        def relu(z):
            return z
        """,
    "inspects the stack": """
        import gc, sys
        def relu(z):
            frame = sys._getframe()
            while frame:
                for name, value in {**frame.f_globals, **frame.f_locals}.items():
                    if any(word in name for word in ("truth", "reference", "TASKS", "solution")):
                        return value(z) if callable(value) else value
                frame = frame.f_back
            for thing in gc.get_objects():
                if getattr(thing, "__name__", "") == "relu" and thing is not relu:
                    return thing(z)
            return z
        """,
    "claims to be equal": """
        class Liar:
            shape, dtype, ndim, size = (2, 2), float, 2, 4
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __bool__(self): return True
            def __array__(self, *a, **k): raise RuntimeError
            def __getattr__(self, name): return self
            def __call__(self, *a, **k): return True
        def relu(z):
            return Liar()
        """,
    "an array that lies": """
        class Lying(np.ndarray):
            def __eq__(self, other): return np.ones(np.shape(self), bool)
            def __array_ufunc__(self, *a, **k): return np.zeros(1)
            def __array_function__(self, *a, **k): return True
            def __array_finalize__(self, other): pass
            shape = property(lambda self: (2, 2))
        def relu(z):
            return np.ndarray.view(z, Lying)
        """,
    "a float that lies": """
        class Float(float):
            def __eq__(self, other): return True
            def __sub__(self, other): return 0.0
        def relu(z):
            return Float(1)
        """,
    "an array of objects": """
        class Any:
            def __eq__(self, other): return True
            def __reduce__(self): import os; return os.system, ("touch /tmp/pickled",)
        def relu(z):
            return np.array([Any()] * z.size, dtype=object).reshape(z.shape)
        """,
    "hard-codes what the notebook shows": """
        def relu(z):
            return np.array([[0.0, 1.0], [2.0, 0.0]])
        """,
}
