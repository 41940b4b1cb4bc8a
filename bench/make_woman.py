"""Writes bench/woman.json: one quiet woman on lithium in ten resources of about a kilobyte each."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tools.make_people import NOT_PREGNANT, Woman


def main() -> None:
    woman = Woman(1, random.Random("bench"), padding=520)
    woman.resources[0]["birthDate"] = "1982-05-04"
    woman.has("F31.9", "Bipolar disorder, unspecified")
    woman.takes("lithium", 900, since=300, times=3)
    for name, value in (("lithium", 0.7), ("tsh", 2.1), ("creatinine", 0.8), ("calcium", 9.4)):
        woman.result(name, value, ago=40)
    woman.pregnancy(*NOT_PREGNANT, method="levonorgestrel iud")
    woman.result("weight", 70, ago=40)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in woman.resources]}
    Path(__file__).with_name("woman.json").write_text(json.dumps(bundle, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
