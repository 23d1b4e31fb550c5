"""The folder --out: whole files only, however a run ends, and room for several graders at once.

seed                 the secret that the hidden inputs follow from
ids.json             which submission has which id
results/ID.json      what one submission earned; everything else is made from these
course.toml, roster.csv   copies of what the last run was given
"""

import contextlib
import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path

from .owner import file_id
from .submission import unused


class Store:
    def __init__(self, folder):
        self.folder = Path(folder)

    def save(self, name, text, mode=0o644):
        """Write a file beside itself and rename it; one that cannot be written leaves nothing."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, mode)
            os.replace(beside, path)
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            if isinstance(error, OSError):
                error.filename = str(path)  # a full disk does not say which file it was
            raise

    @contextlib.contextmanager
    def locked(self):
        """Keep other graders of this folder out for a moment; a lock dies with its process."""
        import fcntl  # here: no Windows has it, and a report needs no lock

        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def seed(self):
        """Return the seed's bytes; a fresh one is kept so that a run can go on."""
        with self.locked():
            path = self.folder / "seed"
            if not path.exists():
                self.save("seed", secrets.token_hex(32), mode=0o600)
            return path.read_bytes()

    # --- results ----------------------------------------------------------------------------------

    def save_result(self, result):
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        self.save(Path("results", f"{result['id']}.json"), text)

    def result(self, name):
        """Return one result, None if there is none that can be read."""
        try:
            result = json.loads((self.folder / "results" / f"{name}.json").read_text("utf-8"))
            return result if result["id"] == name else None
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def results(self):
        """Return all results, and an ungraded one for each submission that a run did not get to."""
        names = sorted(path.stem for path in (self.folder / "results").glob("*.json"))
        found = {name: self.result(name) for name in names}
        found = {name: result for name, result in found.items() if result}
        waiting = [
            self._waiting(name, about) for name, about in self._ids().items() if name not in found
        ]
        return [*found.values(), *waiting]

    def finished(self, name, key):
        """Return the result of an earlier run that graded the very same thing, else None."""
        result = self.result(name) or {}
        same = all(result.get(field) == value for field, value in key.items())
        return result if same and result.get("status") == "graded" else None

    @staticmethod
    def _waiting(name, about):
        reason = "The run was interrupted before this notebook: the same command goes on."
        nothing = {"id": name, "score": None, "max": None, "flags": [], "checks": []}
        return {**about, **nothing, "status": "ungraded", "reason": reason, "notebook_sha256": None}

    # --- ids --------------------------------------------------------------------------------------

    def assign(self, submissions):
        """Give each submission the id that it had before, or one that nobody has had.

        It is the same submission if it lies where it lay or if it is the same file elsewhere.
        """
        with self.locked():
            known = {r["id"]: {name: r.get(name) for name in FIELDS} for r in self.results()}
            used = {name.lower() for name in known}
            here = {submission.path for submission in submissions}
            free = dict(known)
            for submission in submissions:
                mine = {name: getattr(submission, name) for name in FIELDS}
                name = _same(mine, free, here) or unused(
                    file_id(submission.student, submission.assignment), used
                )
                free.pop(name, None)
                submission.id, known[name] = name, mine
            self.save("ids.json", json.dumps(known, indent=1, ensure_ascii=False) + "\n")

    def _ids(self):
        try:
            ids = json.loads((self.folder / "ids.json").read_text("utf-8"))
            return {name: {field: about[field] for field in FIELDS} for name, about in ids.items()}
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            return {}


FIELDS = ("student", "assignment", "path", "sha256")


def _same(mine, known, here):
    """Return the id of an earlier submission that is this one, None if there is none."""
    rivals = {
        name: about
        for name, about in known.items()
        if (about["student"], about["assignment"]) == (mine["student"], mine["assignment"])
    }
    for name, about in rivals.items():
        if about["path"] in (mine["path"], None):
            return name
    for name, about in rivals.items():
        if about["sha256"] and about["sha256"] == mine["sha256"] and about["path"] not in here:
            return name
    return None


def seed_of(data):
    """The 32 bytes that a seed file stands for."""
    return hashlib.sha256(data).digest()
