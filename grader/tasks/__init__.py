"""The tasks."""

import importlib
import pkgutil


def _found():
    """Import every task; return {chapter: [Task, …]} in the order of their places."""
    chapters = {}
    for folder in sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg):
        package = importlib.import_module(f"{__name__}.{folder}")
        names = [found.name for found in pkgutil.iter_modules(package.__path__)]
        found = [importlib.import_module(f"{package.__name__}.{name}").TASK for name in names]
        chapters[folder.removeprefix("ch")] = sorted(found, key=lambda task: task.place)
    return chapters


CHAPTERS = _found()
TASKS = {task.name: task for group in CHAPTERS.values() for task in group}
