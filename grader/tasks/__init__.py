'''The tasks, one file each: ``chNN_chapter/task.py``.  How to add one:

1. The file.  It is found by itself; its folder is the notebook's name after "ch" and holds an
   ``__init__.py``.  Nothing but NumPy may be imported; mlp_lib may not.

       """linear_forward: the affine map of a whole batch."""

       def linear_forward(x, W, b):             # the reference: float64, stable, one step a line
           y = x @ W + b
           return y

       def linear_cases(rng): ...               # the calls to make, see 2.

       MISTAKES = """
       y = x @ W
           no-bias: The bias is missing. → Add b to every row; broadcasting does it.
       [transposed]
           transposed-result: The result is transposed. → Rows are examples.
       """

       TASK = Task(
           "linear_forward(x, W, b)",           # name and parameters, as in the notebook
           linear_cases,
           linear_forward,
           shapes={"x": "N D", "W": "D H", "b": "H"},   # names of sizes: "N times too large"
           returns=(),                          # ("dx", "dW", "db") where several come back
           mistakes=MISTAKES,                   # how to write them stands in `grader.slips`
           hints=("where to look", "which formula", "near the code"),
           place=1,                             # among the chapter's tasks
       )

2. ``cases(rng)`` returns a list of ``case(*args, aspect="value")``.  It is drawn for several seeds
   and must be right for every seed; the smallest failing one is shown, so begin with a tiny one
   made by `shared.tidy`.  Take N, D, H all different, then a square one.  The aspect says what a
   failure costs, one point each:
       value   ordinary inputs (a failure here leaves 1 of 3 at most)
       edge    special points: zeros at a kink, ties
       ones    N = 1, D = 1, H = 1
       stable  entries of ±1e4 and tails; a RuntimeWarning fails it too
   Memory layout, read-only arguments, arguments changed, results changed by a later call and
   another result the second time are looked at by themselves.

3. Mistakes are looked for in this order: slips, the operators of `grader.operators` (a part
   transposed, zero, negated, ÷ N, first example only, …, each with words of its own; the table
   gives better ones), then what `grader.patterns` measures.  So write down only what these do not
   say.  Tags are short and kebab-case; variants of one mistake share one.  The first "Next", after
   the arrow, says where to look; formulas belong into the hints.

4. Where many answers are right (random ones, trained ones), give ``accept`` in place of a
   reference: accept(value, *args) returns None or a `Diagnosis(tag, text, advice, aspect)`;
   ``together`` judges all calls [(value, *args), …] at once.  ``slipped`` is then the function that
   the mistakes rewrite.  ``expects="function"``: value is a Caller, value(points) an Outcome;
   ``expects="iterable"``: whatever is iterated over arrives as a list.  ``trains=30.0``: CPU
   seconds of a task that trains; ``alike`` compares two trainings; ``beside`` names functions of
   the learner's that accept is given besides.  Arguments: ``Rng(7)`` reaches the learner as
   np.random.default_rng(7); a function of yours is passed as it is (its docstring is shown).
   ``copies=True``: the result must share no memory with an argument.  ``rtol=0``: exactly equal.

5. Its bank in ``tests/answers/``: at least three unusual right answers and three wrong ones with
   the tag each must get.  In ``solutions/<chapter>.ipynb`` an answer cell with the metadata
   {"grader": {"answer": name}, "tags": ["hide-input"]} and a check cell
   {"grader": {"check": name}}; then ``make normalize`` and ``make exercises``.
'''

import importlib
import pkgutil
from collections.abc import Mapping


class Tasks(Mapping):
    """{name: Task}: the file of a task has its name, and is imported when the task is asked for."""

    def __init__(self):
        self.chapters = {
            folder.name.removeprefix("ch"): [
                file.name for file in pkgutil.iter_modules([f"{__path__[0]}/{folder.name}"])
            ]
            for folder in pkgutil.iter_modules(__path__)
            if folder.ispkg
        }
        self.folders = {name: chapter for chapter, names in self.chapters.items() for name in names}

    def __getitem__(self, name):
        return importlib.import_module(f"{__name__}.ch{self.folders[name]}.{name}").TASK

    def __iter__(self):
        return iter(self.folders)

    def __len__(self):
        return len(self.folders)


class Chapters(Mapping):
    """{chapter: [Task, …]}, in the order of their places."""

    def __getitem__(self, chapter):
        tasks = [TASKS[name] for name in TASKS.chapters[chapter]]
        return sorted(tasks, key=lambda task: task.place)

    def __iter__(self):
        return iter(TASKS.chapters)

    def __len__(self):
        return len(TASKS.chapters)


TASKS = Tasks()
CHAPTERS = Chapters()
