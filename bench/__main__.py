"""`python -m bench`: every figure beside its limit, baselines in the same run. It reports; it never fails a build."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import commands, one_woman, post, sweep

LIMITS = {
    "Bundle to cards": 4.0,
    "review, quiet woman": 0.7,
    "review, busy woman": 3.5,
    "500 rules against 50": 1.5,
    "POST with rules against without": 1.3,
    "POST, p99 against the median": 4.0,
    "against DuckDB alone": 3.0,
    "megabytes": 1200.0,
    "memory of the most against the fewest": 1.15,
    "althea score, seconds": 0.3,
    "althea review, seconds": 0.6,
    "against a bare page of its rows": 2.0,
    "queries": 12.0,
    "queries more with 4,000": 0.0,
    "milliseconds": 50.0,
}
"""By the end of a figure's name."""
WIDE = 58


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 30_000], help="sizes of the sweeps")
    parser.add_argument("--kept", type=Path, default=Path(".bench"), help="where made-up exports are kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=("woman", "post", "sweep", "commands", "pages"), help="one part")
    parser.add_argument("--pages", action="store_true", help="the pages alone, as --only pages")
    args = parser.parse_args()
    only = "pages" if args.pages else args.only
    parts: dict[str, Callable[[], dict[str, float]]] = {
        "woman": one_woman.measure,
        "post": post.measure,
        "commands": commands.measure,
        "sweep": lambda: sweep.measure(tuple(args.people), args.kept, jobs=args.jobs),
    }
    print(f"{'figure':{WIDE}} {'measured':>10} {'limit':>8}", flush=True)
    for name, measure in parts.items():
        if only not in (None, name):
            continue
        try:
            for figure, value in measure().items():
                print(line(figure, value), flush=True)
        except Exception as error:  # one part that cannot run here is said, and the others are still measured
            print(f"{name}: not measured ({type(error).__name__}: {error})", flush=True)
    if only in (None, "pages"):  # in a process of its own, for it has settings of its own
        subprocess.run([sys.executable, "-m", "bench.pages"], check=False)
    return 0


def line(figure: str, value: float) -> str:
    """One row of the table: the figure, its limit and whether it is met."""
    limit = next((most for end, most in LIMITS.items() if figure.endswith(end)), None)
    row = f"{figure:{WIDE}} {value:10.2f}"
    return row if limit is None else f"{row} {limit:8.2f}  {'met' if value <= limit else 'NOT MET'}"


if __name__ == "__main__":
    raise SystemExit(main())
