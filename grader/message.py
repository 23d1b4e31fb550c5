"""From diagnoses and points to what `check` prints."""

from .diagnosis import ASPECTS
from .score import MAX_POINTS
from .show import show


def right(task, float32):
    """Write the line of a right answer, and what is remarked about it."""
    lines = [f"✓ {task.name} {MAX_POINTS}/{MAX_POINTS}"]
    if float32:
        lines.append("  Remark: the result is float32, and compared as exactly as float32 can be.")
    return "\n".join(lines)


def wrong(task, points, diagnoses, summary):
    """Write points, summary, the first mistake in full, the others in a line each."""
    first, *others = diagnoses
    if first.tag == "not-answered":
        lines = [*_not_answered(task, first)]
    else:
        lines = [f"✗ {task.name} {points}/{MAX_POINTS}", *summary, *_explained(task, first)]
        lines += [f"  Also ({ASPECTS[other.aspect]}): {other.text}" for other in others]
    if task.hints:
        lines.append(f'  A hint: check("{task.name}", {task.name}, hint=1), then 2, then 3')
    return "\n".join(lines)


def summary(examination):
    """Write a tick or a cross for every aspect that was tried."""
    failed = {flaw.aspect for flaw in examination.flaws}
    tried = {c.aspect for c in examination.cases} | failed | {"purity", "repeat"}
    marks = [f"{ASPECTS[a]} {'✗' if a in failed else '✓'}" for a in ASPECTS if a in tried]
    return "  " + " · ".join(marks)


def _not_answered(task, diagnosis):
    yield f"○ {task.name} 0/{MAX_POINTS}  Not answered yet, and that is fine."
    for _, line in diagnosis.details:
        if f" of {task.name}" not in line:
            yield f"  The blank is in another function: {line}"
    yield f"  Next: {diagnosis.advice}"


def _explained(task, diagnosis):
    yield f"  Mistake: {diagnosis.text}"
    yield f"  Next: {diagnosis.advice}"
    if diagnosis.case is None or diagnosis.tag in ("not-defined", "not-callable"):
        return
    yield "  Smallest input that fails:"
    named = zip(task.parameters, diagnosis.case.args, strict=False)
    rows = [(name, show(arg)) for name, arg in named] + list(diagnosis.details)
    width = max(len(label) for label, _ in rows)
    for label, text in rows:
        yield f"    {label:<{width}}  {text}"
