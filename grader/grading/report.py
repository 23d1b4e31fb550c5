"""``python -m grader report OUT``: what a class can do, where it needs help: a page and CSV."""

import html
import re
from collections import Counter
from pathlib import Path

from ..score import MAX_POINTS
from . import table
from .feedback import PAGE, shown
from .run import kept_course, kept_roster
from .store import Store

COLUMNS = ("student", "assignment", "task", "points", "max", "mistakes", "seconds", "path")
MISTAKES = 12  # the most frequent ones that are shown
HELP = 0.5  # who has less than this share of the points needs help
NO_MISTAKE = {"not-answered", "no-answer"}


def execute(folder):
    """Write report.html and report.csv into the folder of results; return the exit code."""
    store = Store(folder)
    results = store.results()
    if not results:
        print(f"report: there are no results in {folder}: grade into it first")
        return 2
    rules, roster = kept_course(store), kept_roster(store)
    graded = [r for r in latest(results) if r["status"] == "graded"]
    parts = []
    for assignment in sorted({r["assignment"] for r in graded}):
        some = [r for r in graded if r["assignment"] == assignment]
        parts += [
            f"<h2>{html.escape(assignment)}</h2>",
            _summary(some, rules),
            _distribution(some, rules),
        ]
        parts += [_tasks(some), _mistakes(some), _help(some, rules)]
    parts.append(_left(table.rows(results, roster, rules)))
    page = PAGE.format(title=html.escape(rules.title), body="\n".join(parts))
    store.save("report.html", page)
    store.save("report.csv", table.text(checks(results), COLUMNS))
    print(f"written: {Path(folder, 'report.html')}, {Path(folder, 'report.csv')}")
    return 0


def latest(results):
    """Return of each student's submissions for an assignment the one that was handed in last."""
    last = {}
    for result in sorted(
        results, key=lambda r: (r["status"] == "graded", r.get("handed_in") or 0.0)
    ):
        last[result["student"], result["assignment"]] = result
    return list(last.values())


def checks(results):
    """Return one row for each check of each submission."""
    for result in results:
        for check in result["checks"]:
            about = {"student": result["student"], "assignment": result["assignment"]}
            mistakes = " ".join(check["mistakes"])
            yield check | about | {"mistakes": mistakes, "path": result.get("path", "")}


# --- parts of the page ----------------------------------------------------------------------------


def _summary(results, rules):
    scores = [rules.score(r)[0] for r in results]
    of = rules.score(results[0])[1]
    seconds = sum(c["seconds"] for r in results for c in r["checks"])
    middle = sorted(scores)[len(scores) // 2]
    return (
        f"<p>{len(results)} graded. Median {middle} of {of}, mean {sum(scores) / len(scores):.1f}. "
        f"Grading took {seconds:.0f} s, {seconds / len(results):.1f} s each.</p>"
    )


def _distribution(results, rules):
    shares = [points / of if of else 0.0 for points, of in map(rules.score, results)]
    counts = Counter(min(9, int(10 * share)) for share in shares)
    most = max(counts.values())
    rows = [
        (f"{10 * i}–{10 * i + 10} %", counts[i], "█" * round(30 * counts[i] / most))
        for i in range(10)
    ]
    return _table("Distribution", ("share of the points", "students", ""), rows)


def _tasks(results):
    rows = []
    for task in [check["task"] for check in results[0]["checks"]]:
        found = [c for r in results for c in r["checks"] if c["task"] == task]
        points = [c["points"] for c in found]
        unanswered = sum(bool(NO_MISTAKE & set(c["mistakes"])) for c in found)
        seconds = sum(c["seconds"] for c in found) / len(found)
        mean = f"{sum(points) / len(points):.2f}"
        rows.append(
            (task, mean, points.count(MAX_POINTS), points.count(0), unanswered, f"{seconds:.1f}")
        )
    head = ("task", f"mean of {MAX_POINTS}", "all points", "no points", "not answered", "seconds")
    return _table("Points per task", head, rows)


def _mistakes(results):
    """The mistakes that most students share, each with what one of them was told."""
    found, examples = Counter(), {}
    for result in results:
        for check in result["checks"]:
            for tag in set(check["mistakes"]) - NO_MISTAKE:
                found[check["task"], tag] += 1
                examples.setdefault((check["task"], tag), (result["student"], check["message"]))
    rows = []
    for (task, tag), count in found.most_common(MISTAKES):
        student, message = examples[task, tag]
        told = re.search(r"Mistake: (.*)", shown(message))
        rows.append((task, tag.replace("-", " "), count, told[1] if told else "", student))
    return _table(
        "Most frequent mistakes", ("task", "mistake", "students", "in words", "example"), rows
    )


def _help(results, rules):
    rows = []
    for result in results:
        points, of = rules.score(result)
        if points < HELP * of:
            stuck = [c["task"] for c in result["checks"] if not c["points"]]
            rows.append((result["student"], f"{points} of {of}", ", ".join(stuck)))
    return _table("Who needs help", ("student", "points", "nothing yet in"), sorted(rows))


def _left(rows):
    left = [(r["student"], r.get("path") or "", r["flags"], r.get("reason") or "") for r in rows]
    left = [one for one, row in zip(left, rows, strict=True) if row["status"] != "graded"]
    return _table("Not graded", ("student", "file", "flags", "why"), left)


def _table(title, head, rows):
    if not rows:
        return ""
    cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    lines = [f"<h3>{html.escape(title)}</h3>", "<table>", f"<tr>{cells}</tr>"]
    for row in rows:
        cells = [f'<td class="number">{v}</td>' if isinstance(v, int) else _cell(v) for v in row]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _cell(value):
    return f"<td>{html.escape(str(value))}</td>"
