"""Runs a page's cells in the browser's Python, as a notebook does.

`run` is called by the worker, which hands over two functions: one takes printed text, the other a
picture.  Matplotlib is large and many setup cells import it without drawing: until something in it
is used, a stand-in takes its place; then `NeedsMatplotlib` ends the run and the worker loads it.
"""

import ast
import base64
import importlib.abc
import importlib.util
import io
import json
import linecache
import re
import sys
import time
import traceback
import types

STOOD_FOR = ("matplotlib", "mlp_lib.plots")
MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)  # IPython's, which only notebooks know
MAX_TEXT = 50_000  # characters that one run may print
SECONDS_TOGETHER = 0.1  # what is printed within this time travels together
POINTS = re.compile(r"^\S+ (\w+) (\d+)/(\d+)")  # how what `check` prints begins


class NeedsMatplotlib(BaseException):
    """Something in Matplotlib is used."""


class StandIn(types.ModuleType):
    """Stands for Matplotlib until something in it is used; choosing a style uses nothing yet."""

    style = types.SimpleNamespace(use=lambda style: None)
    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NeedsMatplotlib


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name in STOOD_FOR or name.startswith("matplotlib."):
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


stand_ins = StandIns()
sys.meta_path.insert(0, stand_ins)

# Explorers move on the page without Python; here they are passed over.
explorers = types.ModuleType("mlp_lib.explore")
explorers.explore = explorers.grip = lambda *args, **options: None
sys.modules[explorers.__name__] = explorers


def use_matplotlib():
    """From now on Matplotlib is Matplotlib."""
    sys.meta_path.remove(stand_ins)
    for name in [name for name, module in sys.modules.items() if isinstance(module, StandIn)]:
        package, _, attribute = name.rpartition(".")
        vars(sys.modules.get(package, types)).pop(attribute, None)
        del sys.modules[name]

    from matplotlib import pyplot

    pyplot.show = lambda *args, **options: pictures.now.flush()


class Printed(io.TextIOBase):
    """What a run prints, handed on in pieces, up to a limit."""

    def __init__(self, show):
        self.show, self.pieces, self.length, self.last = show, [], 0, 0.0

    def writable(self):
        return True

    def write(self, text):
        room = MAX_TEXT - self.length
        self.length += len(text)
        if room > 0:
            cut = "\n… and more, which is not shown.\n" if len(text) > room else ""
            self.pieces.append(text[:room] + cut)
        if time.monotonic() - self.last > SECONDS_TOGETHER:
            self.flush()
        return len(text)

    def flush(self):
        if self.pieces:
            self.show("".join(self.pieces))
        self.pieces, self.last = [], time.monotonic()


class Session:
    """The names of one page; `names` holds what the cells in `ran` have left, [id, source] each."""

    def __init__(self):
        self.start_anew()

    def start_anew(self):
        self.ran, self.names = [], {"__name__": "__main__", "display": print}

    def run(self, before, cell, check, fresh, show_text, show_picture):
        """Run the cells before, then cell, then its check; return what came of it.

        Parameters
        ----------
        before : list of [id, source]
            Nothing is shown of them; one that ends in an error is mentioned and passed over.
        cell : [id, source]
        check : None or [task, hint]
        fresh : bool
            Start without names; else what ran before, unchanged, is not run again.
        show_text, show_picture : callable
            Take a str; a PNG in base64.

        Returns
        -------
        dict
            ``failed``: the name of the error it ended in, or None; with a check ``points`` and
            ``possible``.
        """
        known = self.ran == before or (self.ran[:-1] == before and self.ran[-1][0] == cell[0])
        if fresh or not known:
            self.start_anew()
            for one in before:
                error = self.execute(one, Printed(lambda text: None), None)
                if error is not None:
                    show_text(f"(Above, {one[0]} ended in {type(error).__name__}: {error})\n")
        self.ran = [*before, cell]
        printed = Printed(show_text)
        error = self.execute(cell, printed, show_picture)
        if error is not None:
            printed.write(explain(error, self.ran))
        said = self.check(*check, printed) if check and error is None else {}
        printed.flush()
        return {"failed": None if error is None else type(error).__name__, **said}

    def check(self, task, hint, printed):
        import grader

        heard = io.StringIO()
        with redirected(heard):
            grader.check(task, self.names.get(task), hint=hint)
        printed.write(heard.getvalue())
        found = POINTS.search(heard.getvalue())
        return {"points": int(found[2]), "possible": int(found[3])} if found else {}

    def execute(self, cell, printed, show_picture):
        """Run one cell; return the exception it ended in, or None."""
        name, source = cell
        source = MAGIC.sub(r"\1pass", source)
        file = f"<{name}>"
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        with redirected(printed), pictures(show_picture, printed):
            try:
                tree = watched(ast.parse(source, file))
                last = (
                    tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                )
                exec(compile(tree, file, "exec"), self.names)
                if last is not None:
                    value = eval(compile(ast.Expression(last.value), file, "eval"), self.names)
                    if value is not None and not source.rstrip().endswith(";"):
                        print(repr(value))
            except NeedsMatplotlib:
                raise
            except BaseException as error:  # a cell may raise anything, SystemExit included
                return error
        return None


def watched(tree):
    """Let the operators of a cell be watched: WebAssembly tells nobody that a number overflowed."""
    from grader.floating import Operators

    return Operators().visit(tree)


class redirected:
    """Everything printed goes to one file, warnings too."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        self.before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self.file

    def __exit__(self, *error):
        sys.stdout, sys.stderr = self.before


class pictures:
    """Figures become pictures when they are shown and when the cell ends."""

    now = None  # the one that is entered

    def __init__(self, show, printed):
        self.show, self.printed = show, printed

    def __enter__(self):
        pictures.now = self

    def __exit__(self, kind, error, trace):
        if "matplotlib.pyplot" in sys.modules and stand_ins not in sys.meta_path:
            self.flush()

    def flush(self):
        from matplotlib import pyplot

        for number in pyplot.get_fignums() if self.show else ():
            file, figure = io.BytesIO(), pyplot.figure(number)
            figure.savefig(file, format="png", dpi=2 * figure.dpi, bbox_inches="tight")
            self.printed.flush()
            self.show(base64.b64encode(file.getvalue()).decode())
        pyplot.close("all")


def explain(error, cells):
    """Python's own words, with the lines of the cells only."""
    files = {f"<{name}>" for name, _ in cells}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    lines = traceback.format_list(frames) + traceback.format_exception_only(error)
    return "".join(lines)


session = Session()


def run(job, show_text, show_picture):
    """`Session.run` for the worker: job and result are JSON."""
    try:
        result = session.run(**json.loads(job), show_text=show_text, show_picture=show_picture)
    except NeedsMatplotlib:
        session.start_anew()
        result = {"needs_matplotlib": True}
    return json.dumps(result)
