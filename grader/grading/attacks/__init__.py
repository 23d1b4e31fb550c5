"""What a stranger might try in ``relu``'s cell: it earns nothing and costs no other answer.

`selftest` runs them on the machine that will grade, the tests on every change.
"""

import textwrap

from .bombs import BOMBS
from .frames import FRAMES
from .leaving import EXITS
from .lies import LIES
from .seeing import SEEING

GROUPS = {
    "lying": LIES,
    "leaving": EXITS,
    "exhausting": BOMBS,
    "looking around": SEEING,
    "forging": FRAMES,
}
ATTACKS = {
    (group, name): textwrap.dedent(source)
    for group, some in GROUPS.items()
    for name, source in some.items()
}
