"""What a run leaves behind: grades.csv, results/ID.json, feedback/ID.md and .html.

Every file is written beside itself and then renamed, so that an interrupted run leaves whole files
only; results/ID.json comes last and says that the rest is there.
"""

import csv
import html
import io
import json
import os
import re
import tempfile
from pathlib import Path

from ..judging import MAX_POINTS

COLUMNS = ("student", "assignment", "score", "max", "status", "flags", "sha256", "notebook_sha256")

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ background: #f3f3f3; color: #111; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
<h1>{title}</h1>
{body}
</html>
"""

FLAGS = {
    "missing": "The answer cell of {} is not in your notebook: its id is gone. Copy your answer "
    "into the cell of a fresh exercise notebook.",
    "duplicate": "Two cells claim to be the answer to {} and differ, so neither was taken.",
    "unusable": "The answer to {} is far too long or is no text.",
    "several-submissions": "There is another notebook of yours for this assignment.",
}


def write(folder, result, checks):
    """Write one submission's feedback, then its result; checks may be None."""
    title = f"{result['assignment'] or 'Not graded'}: {result['student']}"
    text = Path(folder, "feedback", result["id"])
    _save(text.with_name(text.name + ".md"), _markdown(title, result, checks))
    _save(text.with_name(text.name + ".html"), _html(title, result, checks))
    _save(_result_path(folder, result["id"]), json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def finished(folder, name, key):
    """Return the result of an earlier run that graded the very same thing, else None."""
    try:
        result = json.loads(_result_path(folder, name).read_text("utf-8"))
        same = all(result[field] == value for field, value in key.items())
        return result if same and result["status"] == "graded" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_grades(folder, results):
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for result in sorted(results, key=lambda r: (r["assignment"] or "", r["student"], r["id"])):
        row = result | {"flags": " ".join(result["flags"])}
        writer.writerow({name: _cell(value) for name, value in row.items()})
    _save(Path(folder, "grades.csv"), table.getvalue())


def _cell(value):
    """A spreadsheet must not take a name for a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in tuple("=+-@\t") and value else value


def _result_path(folder, name):
    return Path(folder, "results", f"{name}.json")


def _save(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


# --- feedback -------------------------------------------------------------------------------------


def _markdown(title, result, checks):
    lines = [f"# {_escape(title)}", "", _escape(_headline(result)), ""]
    lines += [f"- {_escape(text)}" for text in _remarks(result)]
    for check in checks or ():
        longest = max(map(len, re.findall("`+", check["message"])), default=0)
        fence = "`" * max(3, longest + 1)
        lines += ["", f"## {check['task']}: {check['points']} of {MAX_POINTS}", ""]
        lines += [fence + "text", _shown(check["message"]), fence]
    return "\n".join(lines) + "\n"


def _html(title, result, checks):
    parts = [f"<p>{html.escape(_headline(result))}</p>"]
    parts += [f"<p>{html.escape(text)}</p>" for text in _remarks(result)]
    for check in checks or ():
        parts.append(f"<h2>{html.escape(check['task'])}: {check['points']} of {MAX_POINTS}</h2>")
        parts.append(f"<pre>{html.escape(_shown(check['message']))}</pre>")
    return PAGE.format(title=html.escape(title), body="\n".join(parts))


def _headline(result):
    if result["status"] == "graded":
        return f"{result['score']} of {result['max']} points."
    return "This notebook could not be graded; that is no score."


def _remarks(result):
    for flag in result["flags"]:
        kind, _, task = flag.partition(":")
        yield FLAGS[kind].format(task) if kind in FLAGS else f"The file is flagged: {kind}."


def _shown(message):
    """A check's message without the offer of hints, which only a notebook can take up."""
    lines = [line for line in message.splitlines() if not line.startswith("  A hint: check(")]
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines)


def _escape(text):
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", text)
