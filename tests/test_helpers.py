"""Everything that a notebook would have: what an earlier answer defines is there, however it does.

Each unusual right answer of the catalogue earns the same in a notebook and for the record, while it
needs a helper of an earlier cell.  EVERYTHING=1 tries every answer to each task with every form of
helper, which takes an hour; without it an answer to each task takes its turn with one.
"""

import json
import os
import subprocess
import sys
from itertools import cycle

import pytest
from answers import everything, source
from machine import needs_bubblewrap
from sample import EVERYTHING

from grader.grading.assignment import assignments
from grader.grading.verdict import judge

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux"),
    needs_bubblewrap,
]

HELPERS = {
    "a function": "def helper(x): return x",
    "a lambda": "helper = lambda x: x",
    "a tuple of names": "helper, other = (lambda x: x), 2",
    "a list of names": "[helper, *rest] = [lambda x: x, 1, 2]",
    "chained": "other = helper = lambda x: x",
    "after a semicolon": "other = 1; helper = lambda x: x",
    "annotated": "helper: object = lambda x: x",
    "an import over lines": "from copy import (\n    copy,\n    deepcopy as helper,\n)",
    "an import of everything": "from copy import *\nhelper = copy",
    "in try": "try:\n    import no_such_package\nexcept ImportError:\n    helper = lambda x: x",
    "in if": "if True:\n    helper = lambda x: x",
    "in for": "for helper in [lambda x: x]:\n    pass",
    "in with": "import contextlib\nwith contextlib.nullcontext(lambda x: x) as helper:\n    pass",
    "in while": "while True:\n    helper = lambda x: x\n    break",
    "an attribute": "class tools: pass\ntools.f = lambda x: x\ndef helper(x): return tools.f(x)",
    "a walrus": "(helper := lambda x: x)",
    "a class": "class helper:\n    def __new__(cls, x): return x",
    "globals": "globals()['helper'] = lambda x: x",
    "a partial": "from functools import partial\nhelper = partial(lambda y, x: x, 1)",
    "a match": "match 1:\n    case _:\n        helper = lambda x: x",
    "a decorated function": "import functools\n@functools.wraps(abs)\ndef helper(x): return x",
    "after magics": "%matplotlib inline\nnp.where?\n!ls\nfiles = !ls\nhelper = lambda x: x",
    "in a timed cell": "%%time\nhelper = lambda x: x",
    "after display": "from __future__ import annotations\ndisplay(1)\n"
    "def helper(x: Later): return x",
    "after an error": "plt.show()\n1 / 0\nhelper = lambda x: x",
    "after an await": "import asyncio\nawait asyncio.sleep(0)\nhelper = lambda x: x",
    "after a check": "check('relu', None)\nhelper = lambda x: x",
    "a name of the setup": "np.helper = lambda x: x\nhelper = np.helper",
}

# In a notebook an error ends its cell; for the record it costs that statement only.
ONLY_FOR_THE_RECORD = {"after an error"}
SETUP = "import numpy as np\n\nfrom grader import check"


def judged(answers, task="relu"):
    return judge(task, answers, order=[*answers], setup=SETUP, seed=b"s", sandbox="bwrap")


@pytest.mark.parametrize("form", HELPERS)
def test_a_helper_of_an_earlier_answer_is_there_however_it_is_defined(form):
    use = "def relu(z):\n    return helper(z) * (z > 0)"
    assert judged({"linear_forward": HELPERS[form], "relu": use}).points == 3


@pytest.mark.parametrize(
    "broken", ["1 +", "import os; os._exit(0)", "while True: pass", "np.maximum = None"]
)
def test_a_cell_that_fails_costs_only_what_depends_on_it(broken):
    answers = {"linear_forward": broken, "relu": "def relu(z):\n    return np.maximum(z, 0)"}
    assert judged(answers).points == 3


# --- what a student adds --------------------------------------------------------------------------


def with_own_cells(*sources, relu):
    answers = {"relu": relu, "sigmoid": "def sigmoid(z):\n    return later(z)\n\nlater = np.tanh"}
    given = {"order": ["linear_forward", "relu", "sigmoid"], "setup": SETUP, "own": sources}
    return judge("relu", answers, seed=b"s", sandbox="bwrap", **given).points


DRAWS = {
    "at the top": "import matplotlib.pyplot as plt\ndef relu(z):\n    plt.plot(z)\n",
    "inside": "def relu(z):\n    import matplotlib.pyplot as plt\n    fig, ax = plt.subplots()\n",
    "by another name": "from matplotlib import pyplot\ndef relu(z):\n    pyplot.show()\n",
    "a part": "from matplotlib.colors import Normalize\nrelu = lambda z: Normalize() and ",
    "a widget": "import ipywidgets as w\n@w.interact\ndef f(x=1): pass\ndef relu(z):\n",
}


@pytest.mark.parametrize("form", DRAWS)
def test_an_answer_that_draws_is_graded_like_one_that_does_not(form):
    body = "np.maximum(z, 0)" if form == "a part" else "    return np.maximum(z, 0)"
    assert judged({"relu": DRAWS[form] + body}).points == 3


@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd\ndef relu(z): return pd.DataFrame(z).clip(0).values",
        "from pandas import no_such as relu",
        "import pandas.core as relu",
    ],
)
def test_a_package_that_is_not_there_is_named_where_it_is_used(source):
    verdict = judged({"relu": source})
    assert verdict.points == 0
    assert "No module named 'pandas'" in verdict.message
    assert "NumPy" in verdict.message


@pytest.mark.parametrize(
    ("own", "relu"),
    [
        ("def helper(z): return z", "def relu(z):\n    return helper(z) * (z > 0)"),
        ("def logged(f): return f", "@logged\ndef relu(z):\n    return z * (z > 0)"),
        ("ZERO = 0.0", "def relu(z, floor=ZERO):\n    return np.maximum(z, floor)"),
        ("from numpy import maximum", "def relu(z):\n    return maximum(z, 0)"),
        ("def gate(z): return z > 0", "def relu_(z):\n    return z * gate(z)\n\nrelu = relu_"),
        ("def relu(z):\n    return z * gate(z)", "def gate(z):\n    return z > 0"),
    ],
)
def test_what_an_answer_misses_is_looked_for_in_the_cells_that_a_student_added(own, relu):
    assert with_own_cells("print(1", own, relu=relu) == 3
    assert with_own_cells(relu=relu) == 0


@pytest.mark.parametrize(
    "own", ["import os; os._exit(0)", "relu = None", "np.maximum = None", "while True: 1"]
)
def test_an_added_cell_costs_no_answer_anything(own):
    assert with_own_cells(own, relu="def relu(z):\n    return np.maximum(z, 0)") == 3


def test_a_helper_may_stand_in_a_later_answer():
    relu = "def relu(z):\n    return z * (0 * later(z) + (z > 0))"
    assert with_own_cells(relu=relu) == 3


# --- every right answer, in both places -----------------------------------------------------------

# Runs [[task, cells]] as Jupyter does, each in names of its own; prints the points of the checks.
NOTEBOOK = """
import contextlib, json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from grader import evaluate

class Shell(InteractiveShell):
    def enable_gui(self, gui=None):  # %matplotlib inline asks for none
        pass

points = []
shell = Shell.instance()
shell.display_page = True
for task, cells in json.load(sys.stdin):
    shell.reset(new_session=False)
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null), \
contextlib.redirect_stderr(null):
        for cell in cells:
            shell.run_cell(cell)
    answer = shell.user_ns.get(task)
    points.append(evaluate(task, answer).points if answer else 0)
print(json.dumps(points))
"""


def cells(answer, form):
    """The cells of an earlier answer, which defines a helper, and of one that needs it."""
    own = f"{source(answer)}\n\n{answer.task} = helper({answer.function.__name__})\n"
    return HELPERS[form], own


RIGHT = [answer for answer in everything() if answer.tag is None]
TRIED = RIGHT if EVERYTHING else [*{answer.task: answer for answer in RIGHT}.values()]
TURNS = dict(zip(map(str, TRIED), cycle(HELPERS)))


def forms(answer):
    return [*HELPERS] if EVERYTHING else [TURNS[str(answer)]]


@pytest.mark.sampled
@pytest.mark.parametrize("name", assignments())
def test_every_right_answer_earns_the_same_in_a_notebook_and_for_the_record(name):
    setup, tasks = assignments()[name].setup, assignments()[name].tasks
    tried = [(a, form) for a in TRIED if a.task in tasks for form in forms(a)]
    assert {answer.task for answer, _ in tried} == set(tasks)
    asked = [
        (a.task, [setup, *cells(a, form)]) for a, form in tried if form not in ONLY_FOR_THE_RECORD
    ]
    line = [sys.executable, "-c", NOTEBOOK]
    environment = os.environ | {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(
        line, input=json.dumps(asked), env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout.splitlines()[-1]) == [3] * len(asked)
    for answer, form in tried:
        earlier, own = cells(answer, form)
        given = {
            "order": ["earlier", answer.task],
            "setup": setup,
            "seed": b"s",
            "sandbox": "bwrap",
        }
        verdict = judge(answer.task, {"earlier": earlier, answer.task: own}, **given)
        assert verdict.points == 3, (str(answer), form, verdict.message)
