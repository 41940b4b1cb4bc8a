"""`althea score SCALE ANSWERS.json`: one set of answers in, the score as JSON out.

Needs neither Django nor a database, and once the scales are cached no validation library either.
"""

import argparse
import json
from pathlib import Path

from althea.cli.errors import BadInput
from althea.engine.scoring import NotAnAnswer, score
from althea.fhir.parse import NotReadable, parse
from althea.knowledge.load import NotKnowledge
from althea.knowledge.scales import load_scales, named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scale", metavar="SCALE", help="a name such as PHQ-9; case and punctuation do not matter")
    parser.add_argument(
        "answers",
        metavar="ANSWERS.json",
        type=Path,
        help='a list of item scores, {"option_index_top_to_bottom": [...]}, or answers by name; null: not answered',
    )


def run(args: argparse.Namespace) -> int:
    try:
        scales = load_scales()
    except NotKnowledge as wrong:
        raise BadInput("althea/knowledge", "", str(wrong)) from None
    scale = named(scales, args.scale)
    if scale is None:
        names = ", ".join(sorted((each.name for each in scales.values()), key=str.lower))
        raise BadInput(args.scale, "", f"not a scale that Althea knows. Use one of: {names}.")
    try:
        scored = score(scale, parse(args.answers.read_bytes()))
    except OSError as wrong:
        raise BadInput(args.answers, "", f"cannot be read ({wrong.strerror}). Give the path of a file.") from None
    except NotReadable as wrong:
        raise BadInput(args.answers, wrong.place, f"{wrong.why}. {wrong.mend}") from None
    except NotAnAnswer as wrong:
        raise BadInput(args.answers, wrong.item, f"{wrong.why}. {wrong.mend}") from None
    print(
        json.dumps(
            {
                "scale": scored.scale,
                "total": scored.total,
                "band": scored.band,
                "flags": dict(scored.flags),
                "domains": list(scored.domains),
                "complete": scored.complete,
                "source": scored.source,
            },
            indent=2,
        )
    )
    return 0
