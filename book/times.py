"""Honest times: how long a chapter takes whoever reads it, runs it and answers its questions.

``python -m book.times`` computes each chapter's minutes and writes them where they are told: at the
head of the chapter and on its card on the front page.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS_A_MINUTE = 200
CODE_LINES_A_MINUTE = 12
MINUTES_AN_EXPLORER = 2
MINUTES_A_QUESTION = 1
QUESTION = re.compile(r"^:::\{admonition\} (?:Think first|Predict|Looking back)$", re.M)
EXPLORER = re.compile(r"^explore\(", re.M)
TOLD = re.compile(r"about \d+ minutes")


def minutes(chapter):
    """Words/200 + code lines/12 + 2 an explorer + 1 a question, over all cells but Colab's."""
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    total = 0
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            total += len(source.split()) / WORDS_A_MINUTE
            total += len(QUESTION.findall(source)) * MINUTES_A_QUESTION
        elif cell["id"] != "colab":
            total += (
                len([line for line in source.splitlines() if line.strip()]) / CODE_LINES_A_MINUTE
            )
            total += len(EXPLORER.findall(source)) * MINUTES_AN_EXPLORER
    return total


def phrase(chapter):
    """``about 45 minutes``: the honest minutes, to the nearest five."""
    return f"about {5 * round(minutes(chapter) / 5)} minutes"


def card(front_page, chapter):
    """The part of the front page that shows this chapter."""
    return front_page.split(f":link: chapters/{chapter.stem}\n")[1].split("\n:::")[0]


def main():
    front_page = (ROOT / "index.md").read_text(encoding="utf-8")
    for chapter in sorted(ROOT.glob("chapters/*.ipynb")):
        told = phrase(chapter)
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(TOLD.sub(told, text, count=1), encoding="utf-8")
        shown = card(front_page, chapter)
        front_page = front_page.replace(shown, TOLD.sub(told, shown))
        print(f"{chapter.name}: {minutes(chapter):.1f}, {told}")
    (ROOT / "index.md").write_text(front_page, encoding="utf-8")


if __name__ == "__main__":
    main()
