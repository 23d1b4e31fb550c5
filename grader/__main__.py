"""``python -m grader``: ``exercises``, ``status``, ``selftest``, ``grade``, ``report`` and ``export``."""

import argparse
import os
import sys

from . import exercises


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m grader", description="Exercises and points.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("exercises", help="write exercises/ from solutions/")
    make.add_argument("--check", action="store_true", help="write nothing; exit 1 if they differ")
    commands.add_parser("status", help="run nbval over exercises/ and print the points")
    test = commands.add_parser("selftest", help="attack this machine's sandbox and print a table")
    test.add_argument("-j", type=int, default=os.cpu_count() or 1, help="processes")
    grade = commands.add_parser("grade", help="grade submitted notebooks, for the record")
    from .grading import command

    command.add_arguments(grade)
    options = parser.parse_args(arguments)

    if options.command == "grade":
        return command.execute(options)
    if options.command == "selftest":
        from .grading import selftest

        return selftest.execute(options.j)
    if options.command == "exercises":
        changed = exercises.write(check=options.check)
        verb = "differs from what its solution makes" if options.check else "written"
        for name in changed:
            print(f"exercises/{name}: {verb}")
        return int(options.check and bool(changed))

    from . import status

    status.print_table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
