"""Timing that can be compared: every contestant in turn, again and again, and medians."""

import statistics
import time


def medians(contestants, rounds):
    """Return {name: median seconds} of {name: function}, after one warm-up of each.

    Interleaved, so that a machine that slows down slows all of them down.
    """
    seconds = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            if turn > 0:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
