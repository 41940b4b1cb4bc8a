"""`althea knowledge check | show ID | diff A B`: is the knowledge sound, what does it say, what would change?"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from althea.cli.errors import BadInput
from althea.knowledge import Knowledge, NotKnowledge
from althea.knowledge.load import ROOT, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    check = verbs.add_parser("check", help="hold every record against its shape and its cross-references")
    check.add_argument("--folder", default=str(ROOT), help="a folder of records; ours unless said")
    show = verbs.add_parser("show", help="one rule or medicine: what it says, its source, its mark")
    show.add_argument("id")
    diff = verbs.add_parser("diff", help="which findings change on the sample of women between two folders of records")
    diff.add_argument("a", metavar="A", help="a folder of records, or a git revision of this project")
    diff.add_argument("b", metavar="B", nargs="?", default=str(ROOT), help="the same; ours unless said")
    diff.add_argument("--people", help="a FHIR bulk export to ask about; the shipped sample unless said")
    diff.add_argument("--as-of", type=date.fromisoformat, help="the day to ask about")


def run(args: argparse.Namespace) -> int:
    """0 when all is well; 2 with the problems on standard error."""
    if args.verb == "check":
        return _check(Path(args.folder))
    if args.verb == "show":
        return _show(args.id, _loaded(ROOT))
    from althea.cli.knowledge_diff import diff

    return diff(args.a, args.b, args.people, args.as_of)


def _loaded(folder: Path) -> Knowledge:
    try:
        return load(folder)
    except NotKnowledge as error:
        raise BadInput("knowledge", "", str(error)) from None
    except OSError as error:
        raise BadInput(folder, "", f"cannot be read ({error.strerror}). Give a folder of records.") from None


def _check(folder: Path) -> int:
    from althea.knowledge.check import problems

    knowledge = _loaded(folder)
    found = problems(knowledge, date.today(), folder)
    for problem in found:
        print(f"{'soon: ' if problem.soon else ''}{problem}", file=sys.stderr)
    wrong = sum(not problem.soon for problem in found)
    marks = [rule.mark.value for rule in knowledge.rules.values()]
    read = ", ".join(f"{marks.count(mark)} {mark}" for mark in ("read-twice", "read", "unverified"))
    print(
        f"knowledge {knowledge.stamp}: {len(knowledge.medicines)} medicines ({len(knowledge.monographs)} whole), "
        f"{len(knowledge.rules)} rules ({read}), {len(knowledge.scales)} scales, {len(knowledge.sources)} sources; "
        f"{wrong} problem{'' if wrong == 1 else 's'}"
    )
    return 2 if wrong else 0


def _show(key: str, knowledge: Knowledge) -> int:
    if key in knowledge.rules:
        rule = knowledge.rules[key]
        print(f"{key}  ({rule.level.word}, {rule.mark.value}; {knowledge.places[f'rule:{key}']})")
        print(f"  {rule.title}\n  {rule.why}")
        print("".join(f"  - {line}\n" for line in rule.do), end="")
        print("".join(f"  source: {source}\n" for source in rule.sources), end="")
        return 0
    if key in knowledge.medicines:
        print(f"{key}: {knowledge.medicines[key].name}  ({knowledge.places[f'medicine:{key}']})")
        for rule in knowledge.rules.values():
            if key in knowledge.members(rule.of):
                print(f"  {rule.level.word:8} {rule.id}")
        return 0
    raise BadInput("knowledge", repr(key), "is neither a rule nor a medicine. Look in althea/knowledge/.")
