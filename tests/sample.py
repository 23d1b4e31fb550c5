"""Some of many: what would take an hour over everything is tried on a sample of it, day by day.

``EVERYTHING=1``, which ``make test-all`` sets, lets every such test try all.  A test that does less
without it is marked ``sampled``; the end of a test run says how many there were.
"""

import os

EVERYTHING = bool(os.environ.get("EVERYTHING"))


def sample(items, n):
    """Return n of the items, the first, the last, and evenly spread between; or all of them.

    Parameters
    ----------
    items : iterable
        What could be tried, in an order that is the same in every run.
    n : int
        How many to try, at least 2.

    Returns
    -------
    list
        The items in their order.
    """
    items = list(items)
    if EVERYTHING or len(items) <= n:
        return items
    return [items[i * (len(items) - 1) // (n - 1)] for i in range(n)]
