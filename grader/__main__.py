"""``python -m grader``: ``exercises [--check]``, ``status`` and ``grade SUBMISSIONS… --out DIR``."""

import argparse
import sys

from . import exercises
from .grading import command as grade


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m grader", description="Exercises and points.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("exercises", help="write exercises/ from solutions/")
    make.add_argument("--check", action="store_true", help="write nothing; exit 1 if they differ")
    commands.add_parser("status", help="run nbval over exercises/ and print the points")
    grade.add_arguments(commands.add_parser("grade", help="grade submitted notebooks, for the record"))
    options = parser.parse_args(arguments)

    if options.command == "exercises":
        changed = exercises.write(check=options.check)
        verb = "differs from what its solution makes" if options.check else "written"
        for name in changed:
            print(f"exercises/{name}: {verb}")
        return int(options.check and bool(changed))
    if options.command == "grade":
        return grade.run(options)

    from . import status  # needs pytest, which `exercises` does not

    status.print_table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
