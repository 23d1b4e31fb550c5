"""``python -m grader grade``: from submitted notebooks to a table of grades."""

import os
import signal
import sys
import traceback
from pathlib import Path

from . import course, run, selftest
from .assignment import Broken
from .sandbox import SandboxError

GRADED, UNGRADED, USAGE, NO_SANDBOX, INTERNAL = range(5)


def add_arguments(parser):
    parser.add_argument("submissions", nargs="+", type=Path, help="notebooks, folders, zip files")
    parser.add_argument("--out", required=True, type=Path, help="folder for grades and feedback")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-j", type=_positive, default=os.cpu_count() or 1, help="processes")
    where.add_argument("--scheduler", help="address of a Dask scheduler, tcp://host:8786")
    parser.add_argument("--engine", choices=("nbval", "fast"), default="nbval")
    parser.add_argument("--seed-file", type=Path, help="the hidden inputs follow from its bytes")
    parser.add_argument("--sandbox", choices=("bwrap", "none"), default="bwrap")
    parser.add_argument(
        "--roster", type=Path, help="a CSV file: the students' names in its first column"
    )
    parser.add_argument("--course", type=Path, help="course.toml: weights, deadlines, hidden tasks")
    parser.add_argument(
        "--missing", action="store_true", help="list who is not in what was given now"
    )
    parser.add_argument(
        "--trust-anyway", action="store_true", help="grade without a passed selftest"
    )


def execute(options):
    """Return the exit code: all graded, some not, usage, no sandbox, internal error."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return UNGRADED if run.grade(options) else GRADED
    except (Broken, run.Usage, course.BadCourse) as error:
        return _say(error, USAGE)
    except selftest.NotTested as error:
        return _say(error, NO_SANDBOX)
    except SandboxError as error:
        return _say(
            f"{error}\n(--sandbox none grades without one: only code you trust)", NO_SANDBOX
        )
    except KeyboardInterrupt:
        return _say("interrupted: the same command goes on where it stopped", UNGRADED)
    except run.NotWritten as error:
        return _say(f"{error}; what is graded is kept, the same command goes on", UNGRADED)
    except run.LostCluster as error:
        return _say(f"{error}; what is graded is kept, the same command goes on", UNGRADED)
    except ModuleNotFoundError:
        raise  # whoever was asked says what is missing
    except Exception:
        traceback.print_exc()
        return INTERNAL


def _positive(text):
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _say(text, code):
    print(f"grade: {text}", file=sys.stderr)
    return code
