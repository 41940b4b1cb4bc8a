"""Which words may a template of ours use?  Icons, dates, doses, charts, and parts with something put into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localdate

from althea.look import levels, words
from althea.look.chart.drawing import Drawing, Key, Table

register = template.Library()
A_FONT = re.compile(r"url\((fonts/[\w.-]+)\)")
SAID_BESIDE = re.compile(r"/\*.*?\*/\n?|^ +", re.DOTALL | re.MULTILINE)
"""Comments and what stands before a line: for those who write the sheet."""
SPRITE = Path(__file__).resolve().parents[1] / "static" / "look" / "icons.svg"


@cache
def icons() -> frozenset[str]:
    """Which icons are there?  The names of the sprite's symbols, without "i-"."""
    return frozenset(re.findall(r'<symbol id="i-([\w-]+)"', SPRITE.read_text("utf-8")))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "pill" %}`: hidden from screen readers. `{% icon "info" label="For information" %}`: read aloud."""
    return _icon(name, label, css)


@lru_cache(1024, typed=True)
def _icon(name: str, label: str, css: str) -> SafeString:
    """A page has dozens, and nearly all again on the next page. Where the sprite lies is settled at the start."""
    if name not in icons():
        raise ValueError(f"There is no icon {name!r} in {SPRITE.name}")
    drawn = format_html('<use href="{}#i-{}"/>', static("look/icons.svg"), name)
    css = f"i {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', css, label, drawn)
    return format_html('<svg class="{}" aria-hidden="true">{}</svg>', css, drawn)


@register.simple_tag(takes_context=True)
def worn(context: Context, sheet: str) -> SafeString:
    """`{% worn "look/all.css" %}`: a style sheet in the page itself, by the page's nonce; without one, a link to it."""
    nonce = str(context.get("CSP_NONCE", ""))  # it is made when it is first written out
    if not nonce:
        return format_html('<link rel="stylesheet" href="{}">', static(sheet))
    if settings.DEBUG or not _found(sheet).exists():  # whoever writes it sees it change
        _found.cache_clear()
    path = _found(sheet)
    return format_html('<style nonce="{}">{}</style>', nonce, _sheet(path, path.stat().st_mtime_ns, static("look/")))


@cache
def _found(sheet: str) -> Path:
    """Where it lies; the joined one is put together anew each time it is looked for."""
    return Path(str(finders.find(sheet)))


@lru_cache(16)
def _sheet(path: Path, changed: int, base: str) -> SafeString:
    """Its words, with the addresses of its fonts as the page has to ask for them."""
    words = SAID_BESIDE.sub("", path.read_text("utf-8"))
    return mark_safe(A_FONT.sub(lambda found: f"url({static('look/' + found[1])})", words))


@register.simple_tag
def kind_icon(kind: str = "", name: str = "", label: str = "") -> SafeString:
    """The icon `name`, or the one that stands for a `kind` of note or chip: ok, warn, crit, info."""
    return icon(name or levels.NOTES[kind or ""], label=label)


@register.simple_tag
@lru_cache(1024, typed=True)
def chip(label: str, kind: str = "", icon: str = "") -> SafeString:
    """`{% chip "Part response" "warn" %}`: a short state, never a button.  kind: ok, warn, crit, info, line or nothing;
    icon: another than its kind's. What was called safe and what was not are kept apart, though they read alike."""
    drawn = kind_icon(kind or "", icon or "") if icon or (kind and kind != "line") else ""
    return format_html('<span class="chip{}{}">{}{}</span>', " " if kind else "", kind or "", drawn, label)


@register.filter
def level(name: str) -> levels.Level:
    """The word, icon and class of "critical", "warning", "info" or "overridden"."""
    return levels.OVERRIDDEN if name == "overridden" else levels.LEVELS[name]


@register.simple_block_tag(takes_context=True)
def part(context: Context, content: str, of_look: str, **given: Any) -> str:
    """`{% part "panel" title="Her goals" %}...{% endpart %}`: a part with something put where it says `slot`.

    The part sees what it is given and nothing else of the page; what is put in sees the page and nothing of the part.
    """
    assert context.template  # a tag is always within one
    found = context.template.engine.get_template(f"look/_{of_look}.html")
    inside = context.new({**given, "slot": content.strip() and content})
    for passed_on in ("csrf_token", "request"):
        if passed_on in context:
            inside[passed_on] = context[passed_on]
    return found.render(inside)


@register.simple_tag
def chart(drawing: Drawing) -> SafeString:
    """The SVG of a drawing.  Only a `Drawing` is trusted: its makers escape every word that came from outside."""
    if not isinstance(drawing, Drawing):
        raise TypeError("chart takes a Drawing, not text")
    return mark_safe(drawing.svg)


@register.simple_tag
def as_table(table: Table) -> SafeString:
    """`{% as_table drawing.table %}`: the facts of a chart, row by row."""
    number = [' class="num"' if at in table.numbers else "" for at in range(len(table.head))]
    head = "".join(f'<th scope="col"{of}>{escape(words)}</th>' for words, of in zip(table.head, number, strict=True))
    rows = "".join(_row(row, number) for row in table.rows)
    caption = escape(table.caption)
    return mark_safe(
        f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}"><table><caption class="vh">{caption}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>"
    )


def _row(row: Sequence[str], number: Sequence[str]) -> str:
    """Its first cell names it."""
    cells = "".join(f"<td{of}>{escape(words)}</td>" for words, of in zip(row[1:], number[1:], strict=True))
    return f'<tr><th scope="row" class="nowrap">{escape(row[0])}</th>{cells}</tr>\n'


@register.simple_tag
def choices(pairs: Sequence[tuple[str, str]], chosen: str = "") -> SafeString:
    """`{% choices one.reasons one.given %}`: the options of a select, the chosen one marked."""
    marks = {chosen: " selected"}
    shown = [f'<option value="{escape(one)}"{marks.get(one, "")}>{escape(label)}</option>' for one, label in pairs]
    return mark_safe("".join(shown))


@register.filter
def day(when: date | datetime | None, today: date | None = None) -> str:
    """`{{ one.on|day:today }}`: "28 May", or "28 May 2025" in another year.  Without `today` the year is said."""
    return words.day(_date(when), today and _date(today)) if when else ""


@register.filter
def day_long(when: date | datetime | None) -> str:
    """`{{ today|day_long }}`: "Tuesday 9 June"."""
    return words.day_long(_date(when)) if when else ""


@register.filter
def dated(sentence: str) -> str:
    """`{{ finding.title|dated }}`: days within a sentence as people say them, with their year."""
    return words.dated(sentence)


@register.filter
def weeks_ago(when: date | datetime | None, today: date) -> str:
    """`{{ one.on|weeks_ago:today }}`: "yesterday", "9 days ago", "3 weeks ago", "in 2 weeks"."""
    return words.weeks_ago(_date(when), _date(today)) if when else ""


@register.filter
def dose(amount: words.Number | None, unit: str = "") -> str:
    """`{{ step.amount|dose:"mg" }}`: "75 mg", "0.5 mg", "1,000 mg"."""
    return "" if amount is None else words.dose(amount, unit)


@register.filter
def of_100(people: words.Number) -> str:
    """`{{ option.better|of_100 }}`: "55 of 100"."""
    return words.of_100(people)


@register.filter
def steps_to(now: int, last: int) -> list[str]:
    """The marks of "week 5 of 8": "on" for what is done, "cur" for now, "" for what is to come."""
    return ["on" if step < now else "cur" if step == now else "" for step in range(1, last + 1)]


@register.simple_tag
def cell(content: Any, columns: Sequence[str], step: int, at: int, wrong: str = "") -> str:
    """What stands in a cell of a schedule: words, or a form's field, named by its column and step."""
    if not isinstance(content, BoundField):
        return str(content)
    attrs: dict[str, str | bool] = {"aria-label": f"{columns[at]}, step {step}"}
    if wrong:
        attrs |= {"aria-describedby": f"step-{step}-error"}
    return content.as_widget(attrs=attrs)


@register.simple_tag
def key_mark(key: Key) -> SafeString:
    """The drawn mark of a line of a legend."""
    if not isinstance(key, Key):
        raise TypeError("key_mark takes a Key, not text")
    return mark_safe(key.svg)


def _date(when: date | datetime) -> date:
    """The day it is here: a moment with a time zone is a day only somewhere."""
    if isinstance(when, datetime):
        return localdate(when) if is_aware(when) else when.date()
    return when
