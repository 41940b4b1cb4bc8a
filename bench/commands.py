"""How long does a person wait for `althea score` and `althea review`?  Whole processes, the best of some."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.one_woman import WOMAN

ANSWERS = {"phq-9": [1, 1, 0, 0, 2, 1, 0, 0, 0]}


def measure(best_of: int = 7) -> dict[str, float]:
    """Seconds by command."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        answers.write_text(json.dumps(ANSWERS["phq-9"]), encoding="utf-8")
        return {
            "althea score, seconds": _best(["score", "phq-9", str(answers)], best_of),
            "althea review, seconds": _best(["review", str(WOMAN), "--as-of", "2026-11-22"], best_of),
        }


def _best(words: list[str], best_of: int) -> float:
    took = []
    for _ in range(best_of + 1):  # one more, which may have to fill the cache of knowledge
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "althea.cli.main", *words], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return min(took[1:])


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:36} {value:8.2f}")
