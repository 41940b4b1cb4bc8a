"""What was answered to each finding and check, as a form sends it, and as the draft kept it before?

The composer and the page that is signed send the same fields. An answer is kept under the key of its finding, and stays
with the draft until it is given otherwise: what a form did not ask for, it does not take away.
"""

from __future__ import annotations

from typing import Any

from althea.care.models import Order
from althea.care.ready import DONE, LONGEST_WORDS, NOT_NOW, kept

MOST_TICKED = 20


def answers_of(post: Any) -> dict[str, dict[str, str]]:
    """What was answered to each finding, by its key: how-… "override:will-monitor" or a check's answer, do-…, the
    sentences of its rule that were ticked, and words-…. A reason given counts before them, and keeps them; that a check
    is not done now does not count before its tick that it is. Words alone are kept, and answer nothing."""
    found: dict[str, dict[str, str]] = {}
    for name in post:
        prefix, _, key = name.partition("-")
        if prefix not in ("how", "do", "words"):
            continue
        how, _, code = post.get(f"how-{key}", "").partition(":")
        ticked = [line for line in dict.fromkeys(post.getlist(f"do-{key}")) if line][:MOST_TICKED]
        checked = next((one for one in DONE if one in ticked), "")
        does = "\n".join(line[:LONGEST_WORDS] for line in ticked if line not in DONE)
        words = post.get(f"words-{key}", "").strip()[:LONGEST_WORDS]
        if how and not (how == NOT_NOW and checked):
            found[key[:12]] = {"how": how[:10], "code": code[:40], "words": words, **({"do": does} if does else {})}
        elif checked:
            found[key[:12]] = {"how": checked, "code": "", "words": words, **({"do": does} if does else {})}
        elif does:
            found[key[:12]] = {"how": "done", "code": does, "words": words}
        elif words:
            found[key[:12]] = {"how": "", "code": "", "words": words}
    return found


def kept_unless_asked(draft: Order | None, post: Any) -> dict[str, dict[str, str]]:
    """What the draft holds already, but for what this form asks anew; of none, nothing."""
    before: dict[str, dict[str, str]] = kept(draft).get("answers", {}) if draft is not None else {}
    return {key: one for key, one in before.items() if f"how-{key}" not in post}
