"""A notebook's cells, run as IPython runs them; part of what lies in the sandbox.

IPython's own transformer turns magics, ``!ls`` and ``np.where?`` into calls of ``get_ipython()``;
here these do nothing, except that ``%%time`` and its like run what they time.  Matplotlib and
ipywidgets can be imported, and draw nothing; what was imported in vain says so when it is used.
"""

import __future__

import ast
import builtins
import importlib.machinery
import inspect
import linecache
import sys
import types

from IPython.core.inputtransformer2 import TransformerManager

from ..explain import explain
from ..limits import OutOfTime, limits, silence

RUN_THEIR_BODY = {"time", "capture", "prun"}
ONLY_SHOW = {"matplotlib", "mpl_toolkits", "ipywidgets"}
FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
IMPORTS = (ast.Import, ast.ImportFrom)
SLOW = 2  # statements of a cell that may run out of time before the rest is left


class Notebook:
    """The names that cells define, in a module called __main__ as in a kernel."""

    def __init__(self):
        self.module = sys.modules["__main__"] = types.ModuleType("__main__")
        self.names = vars(self.module)
        self.future = 0  # what `from __future__ import` has switched on
        self.transform = TransformerManager().transform_cell
        shell = Shell(self)
        nothing = Nothing()
        self.names |= {"__builtins__": builtins, "get_ipython": lambda: shell}
        self.names |= {"display": nothing, "check": nothing, "plt": nothing, "In": [""], "Out": {}}
        _offer_ipython(shell)
        sys.meta_path.append(ShowsNothing())

    def run(self, source, file, seconds):
        """Run a cell statement by statement, so that a stray line costs no function.

        Return the Failure of the first statement that fails, or None.
        """
        failure, slow = None, 0
        try:
            source = self.transform(source)
            statements = ast.parse(source, file).body
        except Exception as error:
            return explain(error, seconds)
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        for statement in statements:
            try:
                with silence(), limits(seconds):
                    self._execute(statement, file)
            except BaseException as error:  # an answer may raise anything
                failure = failure or explain(error, seconds)
                if isinstance(error, ImportError) and isinstance(statement, IMPORTS):
                    self._remember(statement, error)
                slow += isinstance(error, OutOfTime)
                if slow == SLOW or isinstance(error, (SystemExit, KeyboardInterrupt)):
                    break
        return failure

    def _remember(self, statement, error):
        """Let the names of a vain import say why they are missing, where nothing else has them."""
        for alias in statement.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.names.setdefault(name, Missing(error))

    def _execute(self, statement, file):
        flags = self.future | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(ast.Module([statement], []), file, "exec", flags, dont_inherit=True)
        self.future |= code.co_flags & FUTURES
        waiting = eval(code, self.names)
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(waiting)


class Shell:
    """What ``get_ipython()`` returns: it can be asked for anything and does nothing."""

    def __init__(self, notebook):
        self._notebook, self.user_ns = notebook, notebook.names

    def run_line_magic(self, name, line, *args, **options):
        if name in RUN_THEIR_BODY:
            self.run_cell(line)

    def run_cell_magic(self, name, line, cell):
        if name in RUN_THEIR_BODY:
            self.run_cell(cell)

    def run_cell(self, source, *args, **options):
        for statement in ast.parse(self._notebook.transform(source)).body:
            self._notebook._execute(statement, "cell of a magic")

    def getoutput(self, *args, **options):
        return []

    def __getattr__(self, name):
        return Nothing()


class Nothing:
    """Takes any call and does nothing: what a notebook shows is not looked at here."""

    def __call__(self, *args, **options):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


class Missing:
    """What an import did not find: any use of it is that import's error."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, name):
        raise self._error.with_traceback(None)

    def __call__(self, *args, **options):
        raise self._error.with_traceback(None)


class ShowsNothing:
    """Finds the packages that only show something: whatever is asked of them does nothing."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ONLY_SHOW:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__getattr__ = _shown


def _shown(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return (lambda *args, **options: (Nothing(), Nothing())) if name == "subplots" else Nothing()


def _offer_ipython(shell):
    """Let ``from IPython.display import display`` and ``from IPython import get_ipython`` work."""
    package, display = sys.modules["IPython"], types.ModuleType("IPython.display")
    package.get_ipython, package.display = (lambda: shell), display
    display.__getattr__ = _shown
    sys.modules["IPython.display"] = display
