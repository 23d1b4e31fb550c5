"""The tasks, one module a chapter.  How to add one:

1. Write a small reference (float64 NumPy, stable) and the cases in ``chNN.py`` and append a `Task`
   to its ``TASKS``; its ``CHAPTER`` is the notebook's name ("02_chain_rule").  The module is found
   by itself.  Nothing but NumPy may be imported, mlp_lib in particular may not.
   Tools: ``..task`` (Finding, Mistake, Task, case), ``..calling`` (Rng), ``.drawing`` (tidy, …).

       Task(
           "linear_forward(x, W, b)",           # the name and the parameters, as in the notebook
           cases=linear_cases,                  # rng -> the calls to make (see below)
           reference=linear_forward,            # the right answer; a tuple for several things
           shapes={"x": "N D", "W": "D H"},     # names of sizes, for "N times too large"
           returns=(),                          # ("dx", "dW", "db") where several are returned
           mistakes=(Mistake("transposed-weights", lambda x, W, b: x @ W.T + b,
                             "W is transposed.", "The next step, one sentence."), …),
           hints=("where to look", "which formula", "near the code"),
       )

2. ``cases(rng)`` returns a list of ``case(*args, aspect="value")``.  It is drawn for several
   seeds and must be right for every seed; the cases are tried from small to large and the
   smallest failing one is shown, so begin with a tiny one made by `tidy` (multiples of one half).
   Take N, D, H all different, then a square one.
   The aspect says what a failure costs, one point each:
       value   ordinary inputs (a failure here leaves 1 of 3 at most)
       edge    special points: zeros at a kink, ties
       ones    N = 1, D = 1, H = 1
       stable  entries of ±1e4 and tails; a RuntimeWarning fails it too
   The engine adds by itself: Fortran and strided arrays, read-only arguments, arguments changed,
   results changed by a later call, another result the second time.

3. Where many answers are right (random ones, trained ones), give ``accept`` in place of
   ``reference``: accept(value, *args) returns None or a `Finding(tag, text, advice, aspect)`.
   ``expects="function"``: value is a Caller, value(points) an Outcome with .value and .failure.
   ``expects="iterable"``: whatever is iterated over arrives as a list.
   Arguments: ``Rng(7)`` reaches the learner as np.random.default_rng(7); a function of yours is
   passed as it is (its docstring is what the learner sees: "f(x) = sum of x²").
   With a ``reference`` besides, a message shows the true value and the shape earns its point.
   ``probe``: points on which a function trained again from the same Rng must not differ.
   ``copies=True``: the result must not be, or share memory with, an argument.
   ``rtol=0`` demands exact equality; ``seconds`` and ``seeds`` are for tasks that train.

4. Tags are short and kebab-case; variants of one mistake share one.  Known mistakes are matched by
   their results on all cases, exceptions included: write them as a learner would, naturally broken.

5. In ``tests/answers/chNN.py`` add at least three unusual right answers and the wrong ones with the
   tag each must get; the generic tests find them.  In ``solutions/NN_*.ipynb`` give the answer cell
   the metadata {"grader": {"answer": name}, "tags": ["hide-input"]} and the check cell
   {"grader": {"check": name}}; then ``python -m grader exercises``.
"""

import importlib
import pkgutil

_modules = [
    importlib.import_module(f"{__name__}.{found.name}")
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name)
    if found.name.startswith("ch")
]

TASKS = {task.name: task for module in _modules for task in module.TASKS}
_ELSEWHERE = {
    "numerical_gradient": "03_gradient_checking",
    "relative_error": "03_gradient_checking",
    "mend_backward": "03_gradient_checking",
    "mlp_backward": "05_backpropagation",
    "train_xor": "08_training",
}
CHAPTERS = {}
for module in _modules:
    for task in module.TASKS:
        CHAPTERS.setdefault(_ELSEWHERE.get(task.name, module.CHAPTER), []).append(task)
CHAPTERS = dict(sorted(CHAPTERS.items()))
# Training is taught before a network has to be trained.
CHAPTERS["08_training"].insert(-1, CHAPTERS["08_training"].pop(0))
