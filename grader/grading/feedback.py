"""feedback/ID.md and .html: what a student may read of a result."""

import html
import re

from ..score import MAX_POINTS
from .flags import words

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; \
padding: 0 1rem }}
pre {{ background: #f3f3f3; color: #111; padding: .75rem; \
white-space: pre-wrap; overflow-wrap: anywhere }}
table {{ border-collapse: collapse }} th, td {{ padding: .2rem .8rem; text-align: left }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def markdown(result, course):
    lines = [f"# {_escape(_title(result))}", "", _escape(_headline(result, course)), ""]
    lines += [f"- {_escape(text)}" for text in _remarks(result)]
    for check in _shown(result, course):
        message = shown(check["message"])
        longest = max(map(len, re.findall("`+", message)), default=0)
        fence = "`" * max(3, longest + 1)
        lines += ["", f"## {check['task']}: {check['points']} of {MAX_POINTS}", ""]
        lines += [fence + "text", message, fence]
        lines += ["", *(_escape(text) for text in course.remarks(check))]
    return "\n".join(lines).rstrip() + "\n"


def page(result, course):
    parts = [f"<p>{html.escape(_headline(result, course))}</p>"]
    parts += [f"<p>{html.escape(text)}</p>" for text in _remarks(result)]
    for check in _shown(result, course):
        parts.append(f"<h2>{html.escape(check['task'])}: {check['points']} of {MAX_POINTS}</h2>")
        parts.append(f"<pre>{html.escape(shown(check['message']))}</pre>")
        parts += [f"<p>{html.escape(text)}</p>" for text in course.remarks(check)]
    return PAGE.format(title=html.escape(_title(result)), body="\n".join(parts))


def shown(message):
    """A check's message without the offer of hints, which only a notebook can take up."""
    lines = [line for line in message.splitlines() if not line.startswith("  A hint: check(")]
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines)


def _title(result):
    return f"{result['assignment'] or 'Not graded'}: {result['student']}"


def _headline(result, course):
    if result["status"] != "graded":
        return "This notebook could not be graded; that is no score."
    points, of = course.score(result, shown_only=True)
    late = course.days_late(result["assignment"], result.get("handed_in"))
    hidden = len(result["checks"]) - len(_shown(result, course))
    text = f"{points} of {of} points."
    text += f" Days late: {late}." if late else ""
    return text + (f" Graded and shown later: {hidden} more." if hidden else "")


def _remarks(result):
    yield from map(words, result["flags"])
    if result["status"] != "graded" and result.get("reason") and not result["flags"]:
        yield result["reason"]


def _shown(result, course):
    return [check for check in result["checks"] if check["task"] not in course.hidden]


def _escape(text):
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", text)
