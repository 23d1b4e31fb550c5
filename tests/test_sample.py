"""The sample of a long test: always the same, from end to end, and everything when asked."""

import sample
from sample import sample as take


def test_a_sample_holds_both_ends_and_is_spread_evenly(monkeypatch):
    monkeypatch.setattr(sample, "EVERYTHING", False)
    assert take(range(101), 5) == [0, 25, 50, 75, 100]
    assert take("abcdefgh", 2) == ["a", "h"]


def test_of_few_each_is_taken_once(monkeypatch):
    monkeypatch.setattr(sample, "EVERYTHING", False)
    for size in range(6):
        assert take(range(size), 5) == [*range(size)]
    for n in range(2, 30):
        assert len(set(take(range(30), n))) == n


def test_everything_is_tried_when_asked(monkeypatch):
    monkeypatch.setattr(sample, "EVERYTHING", True)
    assert take(range(101), 2) == [*range(101)]
