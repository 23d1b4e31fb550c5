"""What the checklist asks, for the scripts that bring it back."""

import re
from pathlib import Path

from docutils.utils.smartquotes import smartyPants

PAGE = Path(__file__).parents[1] / "chapters" / "checklist.md"
HEADING = re.compile(r"## Chapter (\d+)")
ITEM = re.compile(r"- \[ \] (.+)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def items():
    """Return {item, in the words that the page shows: number of its chapter}.

    What stands below the last chapter is asked once that one is begun.
    """
    found, chapter = {}, None
    for line in PAGE.read_text("utf-8").splitlines():
        if heading := HEADING.match(line):
            chapter = heading[1]
        elif item := ITEM.match(line):
            words = LINK.sub(r"\1", item[1]).replace("`", "")
            found[smartyPants(words, "qDe")] = chapter  # as Sphinx sets quotes and apostrophes
    return found
