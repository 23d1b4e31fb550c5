"""An instructor's own rules, course.toml: points, deadlines, hidden tasks, messages."""

import datetime
import math
import tomllib
from dataclasses import dataclass, field

from ..score import MAX_POINTS
from ..tasks import TASKS
from .owner import decoded

SECTIONS = {"title", "weights", "deadlines", "late", "hidden", "messages"}
DAY = 86_400


class BadCourse(Exception):
    """The file cannot be used, and why."""


@dataclass(frozen=True)
class Course:
    title: str = "Grades"
    weights: dict = field(default_factory=dict)  # {task: factor}
    deadlines: dict = field(default_factory=dict)  # {assignment: datetime}
    per_day: float = 0.0  # share of the points that a day begun takes away
    days: float = math.inf  # after which nothing is earned any more
    hidden: tuple = ()  # tasks that count and are not shown yet
    messages: dict = field(default_factory=dict)  # {task or mistake: text}

    def days_late(self, assignment, handed_in):
        """Return how many days have begun since the deadline, 0 in time."""
        if assignment not in self.deadlines or not handed_in:
            return 0
        after = handed_in - self.deadlines[assignment].timestamp()
        return max(0, math.ceil(after / DAY))

    def score(self, result, shown_only=False):
        """Return (points, of how many) of a graded result: weighted, and late days taken off."""
        checks = [c for c in result["checks"] if not (shown_only and c["task"] in self.hidden)]
        weights = [self.weights.get(check["task"], 1) for check in checks]
        points = sum(w * check["points"] for w, check in zip(weights, checks, strict=True))
        late = self.days_late(result["assignment"], result.get("handed_in"))
        kept = 0 if late > self.days else max(0, 1 - self.per_day * late)
        return _short(points * kept), _short(MAX_POINTS * sum(weights))

    def remarks(self, check):
        """The instructor's own words on a check that is not right: on the task, on its mistakes."""
        names = [check["task"], *check["mistakes"]] if check["points"] < MAX_POINTS else []
        return [self.messages[name] for name in names if name in self.messages]


def read(path):
    """Return the Course in a file; BadCourse says what is wrong with it."""
    try:
        data = tomllib.loads(decoded(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise BadCourse(f"{path}: {error}") from None
    try:
        return _course(data)
    except BadCourse as error:
        raise BadCourse(f"{path}: {error}") from None


def _course(data):
    for unknown in data.keys() - SECTIONS:
        raise BadCourse(f"there is no section {unknown!r}; there are {', '.join(sorted(SECTIONS))}")
    weights, late, hidden = data.get("weights", {}), data.get("late", {}), data.get("hidden", {})
    for task in [*weights, *hidden.get("tasks", [])]:
        if task not in TASKS:
            raise BadCourse(f"there is no task {task!r}")
    if not all(_is_number(w) and w >= 0 for w in weights.values()):
        raise BadCourse("a weight is a number from 0 on")
    per_day, days = late.get("per_day", 0.0), late.get("days", math.inf)
    if not (
        _is_number(per_day)
        and 0 <= per_day <= 1
        and (days == math.inf or _is_number(days) and days >= 0)
    ):
        raise BadCourse("late: per_day is a share from 0 to 1, days a number from 0 on")
    deadlines = {}
    for assignment, when in data.get("deadlines", {}).items():
        if not isinstance(when, datetime.datetime):
            raise BadCourse(
                f"the deadline of {assignment} is no date and time like 2026-10-05T23:59:00"
            )
        deadlines[assignment] = when
    return Course(
        str(data.get("title", Course.title)),
        weights,
        deadlines,
        per_day,
        days,
        tuple(hidden.get("tasks", ())),
        {str(name): str(text) for name, text in data.get("messages", {}).items()},
    )


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _short(value):
    """Two decimals, and none where they are zero."""
    value = round(value, 2)
    return int(value) if value == int(value) else value
