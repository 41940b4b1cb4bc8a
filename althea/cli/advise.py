"""`althea advise TRIAL.json`: how is the trial going, and what comes next?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from althea.cli.errors import BadInput
from althea.engine.advise import advise
from althea.engine.told import NotATrial, read
from althea.fhir.parse import NotReadable, parse
from althea.knowledge import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("trial", metavar="TRIAL.json", help="one trial: patient, score_series, dose_history, other")


def run(args: argparse.Namespace) -> int:
    """Prints the advice as one JSON object."""
    path = Path(args.trial)
    try:
        told = read(parse(path.read_bytes()))
    except OSError as error:
        raise BadInput(str(path), "the file", f"cannot be read ({error.strerror}). Give a file that exists.") from None
    except NotReadable as error:
        raise BadInput(str(path), error.place, f"{error.why}. {error.mend}") from None
    except NotATrial as error:
        raise BadInput(str(path), error.place, error.mend) from None
    print(json.dumps(advise(told, load()).as_json(), ensure_ascii=False, indent=2))
    return 0
