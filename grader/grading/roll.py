"""A class called over: whose each entry of its folder or archive is, and who left no notebook."""

from . import systems
from .owner import added

# A browser may take a notebook for a text and add its own ending.
ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".zip")


class Roll:
    """The students of a folder or archive; submitters is {folder: student} if a system tells."""

    def __init__(self, assignments, submitters):
        self.assignments, self.submitters = assignments, submitters
        self.filled, self.empty, self.own = set(), {}, False

    def student(self, name, *, folder):
        """Return whose an outermost entry is: "" the class's own, None nobody's."""
        if folder:
            return self.submitters.get(name, name)
        if name.lower().endswith(ENDINGS):
            return added(name, self.assignments)
        return systems.student_of(name.rsplit(".", 1)[0])  # a PDF, say

    def note(self, student, path, found):
        """Remember whether something was found of a student's at this path."""
        self.own |= student == ""
        if found:
            self.filled.add(systems.person(student))
        elif student:
            self.empty.setdefault(student, path)

    def without_notebook(self):
        """Yield (student, path) of those of whom nothing was found."""
        if self.own and len(self.filled) == 1:
            return  # it is one student's own folder, and these lie beside the notebook
        for student, path in self.empty.items():
            if systems.person(student) not in self.filled:
                yield student, path
