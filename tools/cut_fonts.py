"""Cut the fonts to what the pages use: `python -m tools.cut_fonts FOLDER`, a folder with the whole ones.

A phone on a slow line waits for every byte of them. Each is cut to the weights in use, and to the letters of plain
English; what else a name may need ("é", "ß") is a second file, fetched when it is met. Their licence (OFL 1.1) allows
it, and neither family reserves its name. Needs `fonttools[woff]`, which nothing else here needs.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1] / "althea" / "look" / "static" / "look" / "fonts"
WEIGHTS: dict[str, Any] = {
    "atkinson-next-latin": (400, 400, 700),
    "ysabeau-office-latin": 640,  # titles
    "ysabeau-office-latin-italic": 500,  # her words
}
"""One weight, or from, usual, to: what `tokens.css` declares."""
WHOLE = {"atkinson-next-latin-ext": (400, 400, 700)}
PLAIN = {*range(0x20, 0x7F), 0xA0, 0xAD, 0xB0, 0xB1, 0xB5, 0xB7, 0xD7, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
         0x2022, 0x2026, 0x2192, 0x2212, 0x2264, 0x2265}  # fmt: skip
"""The first file's letters; the same stand in `tokens.css` as its range."""


def main() -> None:
    from fontTools.ttLib import TTFont

    folder = Path(sys.argv[1])
    for name, weights in (WEIGHTS | WHOLE).items():
        letters = set(TTFont(folder / f"{name}.woff2").getBestCmap())
        parts = {"": letters} if name in WHOLE else {"": letters & PLAIN, "-more": letters - PLAIN}
        for suffix, kept in parts.items():
            out = HERE / f"{name}{suffix}.woff2"
            _cut(folder / f"{name}.woff2", kept, weights).save(out)
            print(f"{out.name:40}{out.stat().st_size / 1000:6.1f} kB")


def _cut(path: Path, letters: set[int], weights: Any) -> Any:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(path)
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor, between = None, BytesIO()
    font.save(between)  # what was left out is gone only once it was written and read again
    font = instantiateVariableFont(TTFont(between), {"wght": weights})
    font.flavor = "woff2"
    return font


if __name__ == "__main__":
    main()
