"""The `althea` command.  Which subcommand, and how did it end?

Only the module of the subcommand that was named is imported, so `althea score` starts fast and works where
Django is not installed.  Such a module has `add_arguments(parser)` and `run(args) -> int`.

Ends with 0, or with what `run` gives; 2 and one line on standard error when the input is bad.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from althea import __version__
from althea.cli.errors import BadInput

SUBCOMMANDS = {
    "review": "check one woman's medicines and draft orders (a CDS Hooks request or a FHIR Bundle)",
    "score": "score a rating scale",
    "advise": "say a trial's next step, and why",
    "sweep": "check everyone in a FHIR bulk export",
    "knowledge": "check the knowledge files, or show what is in them",
}


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in given if not word.startswith("-")), None)
    try:
        module = _module(name) if name in SUBCOMMANDS else None
        args = _parser(name, module).parse_args(given)
        return module.run(args) if module else 2
    except BadInput as bad:
        print(f"althea: {' '.join(str(bad).splitlines())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("althea: stopped", file=sys.stderr)
        return 130


def _parser(name: str | None, module: ModuleType | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="althea",
        description="Safety checks and careful trials for women's psychiatric medicines. "
        "For clinicians. Not yet reviewed by a clinician.",
    )
    parser.add_argument("--version", action="version", version=f"althea {__version__}")
    subparsers = parser.add_subparsers(metavar="SUBCOMMAND", required=True)
    for each, what in SUBCOMMANDS.items():
        subparser = subparsers.add_parser(each, help=what, description=what[0].upper() + what[1:] + ".")
        if module and each == name:
            module.add_arguments(subparser)
    return parser


def _module(name: str) -> ModuleType:
    path = f"althea.cli.{name}"
    if find_spec(path) is None:
        raise BadInput(name, "", "this subcommand is not part of this installation.")
    return import_module(path)


if __name__ == "__main__":
    sys.exit(main())
