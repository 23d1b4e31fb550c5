"""``python -m grader``: exercises, status, and the grade of record."""

import argparse
import os
import sys
from pathlib import Path

MISSING = (
    "grader: {} is not installed. The grader's commands need more than the library: "
    'pip install "mlp-lib[grading]"'
)


def main(arguments=None):
    try:
        return _run(arguments)
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] in ("grader", "mlp_lib"):
            raise
        if error.name in ("fcntl", "resource"):
            print("grader: the grade of record needs Linux", file=sys.stderr)
            return 2
        print(MISSING.format(error.name), file=sys.stderr)
        return 2


def _run(arguments):
    from . import exercises
    from .grading import command, exports, report, selftest

    parser = argparse.ArgumentParser(prog="python -m grader", description="Exercises and points.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("exercises", help="write exercises/ from solutions/")
    make.add_argument("--check", action="store_true", help="write nothing; exit 1 if they differ")
    commands.add_parser("status", help="run nbval over exercises/ and print the points")
    test = commands.add_parser("selftest", help="attack this machine's sandbox and print a table")
    test.add_argument("-j", type=int, default=os.cpu_count() or 1, help="processes")
    grade = commands.add_parser("grade", help="grade submitted notebooks, for the record")
    command.add_arguments(grade)
    about = commands.add_parser("report", help="sum up what a class can do, as a page and as CSV")
    about.add_argument("out", type=Path, help="the folder that was given to grade as --out")
    export = commands.add_parser("export", help="write the grades for a learning management system")
    export.add_argument("kind", choices=sorted(exports.EXPORTS))
    export.add_argument("out", type=Path, help="the folder that was given to grade as --out")
    export.add_argument("--gradebook", type=Path, help="canvas: the gradebook that Canvas exported")
    options = parser.parse_args(arguments)

    if options.command == "grade":
        return command.execute(options)
    if options.command == "selftest":
        return selftest.execute(options.j)
    if options.command == "report":
        return report.execute(options.out)
    if options.command == "export":
        return exports.execute(options.kind, options.out, options.gradebook)
    if options.command == "exercises":
        return exercises.execute(check=options.check)

    from . import status

    return status.execute()


if __name__ == "__main__":
    sys.exit(main())
