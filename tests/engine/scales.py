"""Every scale, and how the tests of scores ask one."""

from __future__ import annotations

from typing import Any

import pytest

from althea.engine.scoring import Scored, score
from althea.knowledge.scales import load_scales
from althea.knowledge.schema.scale import Scale

SCALES = load_scales()
EVERY = pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))


def ask(name: str, answers: Any) -> Scored:
    return score(SCALES[name], answers)


def highest(scale: Scale) -> list[int]:
    return [item.high for item in scale.items]


def lowest(scale: Scale) -> list[int]:
    return [item.low for item in scale.items]
