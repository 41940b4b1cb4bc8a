"""The two shells: what a page gets without asking, and what it may leave out."""

import re

from django.template import engines
from django.test import RequestFactory

from tests.look.given import CLINIC_NAV, PHONE_NAV

CLINIC = '{% extends "look/clinic.html" %}{% block main %}<p>Words</p>{% endblock %}'
PHONE = '{% extends "look/phone.html" %}{% block main %}<p>Words</p>{% endblock %}'


def shell(words, **context):
    return engines["django"].from_string(words).render(context, RequestFactory().get("/"))


def test_both_have_a_skip_link_one_live_region_a_language_and_say_nothing_of_where_one_came_from():
    for words in (CLINIC, PHONE):
        shown = shell(words)
        assert '<a class="skip" href="#main">' in shown
        assert shown.count("aria-live") == 1
        assert '<html lang="en">' in shown
        assert '<meta name="referrer" content="same-origin">' in shown
        assert "style=" not in shown
        assert '<main class="' in shown
        assert 'id="main" tabindex="-1"' in shown


def test_her_page_is_called_notes_and_shows_no_mark_in_the_browser():
    shown = shell(PHONE, nav=PHONE_NAV)
    assert "<title>Notes</title>" in shown
    assert 'rel="icon" type="image/svg+xml" href="data:,"' in shown


def test_the_place_where_one_is_is_current_and_the_others_are_not():
    shown = shell(CLINIC, nav=CLINIC_NAV, who={"name": "Dr Marchetti", "url": "#me"})
    assert re.search(r'<a href="/today/" aria-current="page">.*Today</a>', shown)
    assert shown.count("aria-current") == 1
    assert re.search(r'<a class="push" href="#me">.*Dr Marchetti</a>', shown)
    within = shell(CLINIC, nav=[("Patients", "/p/", "users", "true")])
    assert 'href="/p/" aria-current="true"' in within


def test_the_five_tabs_stand_in_their_order():
    shown = shell(PHONE, nav=PHONE_NAV)
    tabs = shown[shown.index('class="tabbar"') :]
    assert re.findall(r"</svg>([\w ]+)</a>", tabs) == ["Home", "Medicine", "Options", "Progress", "Help now"]


def test_there_are_no_tabs_where_they_are_emptied_or_nobody_is_signed_in():
    emptied = '{% extends "look/phone.html" %}{% block tabs %}{% endblock %}'
    assert "tabbar" not in shell(emptied, nav=PHONE_NAV)
    assert "tabbar" not in shell(PHONE)


def test_leave_quickly_is_a_plain_link_on_every_screen_of_hers():
    shown = shell(PHONE)
    assert re.search(
        r'<a class="exit" href="https://www.weather.gov/" rel="noreferrer" data-leave>.*Leave quickly</a>', shown
    )
    assert 'href="https://example.org/weather"' in shell(PHONE, leave_url="https://example.org/weather")
    assert "data-leave" not in shell(CLINIC)


def test_a_demo_says_so_on_both_and_nothing_else_does():
    for words in (CLINIC, PHONE):
        assert "made up" in shell(words, demo=True)
        assert "made up" not in shell(words)


def test_what_was_just_done_is_in_the_live_region():
    shown = shell(CLINIC, toast={"words": "Dose changed to 100 mg."})
    region = shown[shown.index('id="said"') :]
    assert "Dose changed to 100 mg." in region


def test_on_her_phone_it_stands_in_its_place_and_does_not_go_under_her_finger():
    shown = shell(PHONE, toast={"words": "Saved."})
    before, _, after = shown.partition('<div class="toasts" id="said" role="status" aria-live="polite" data-stays>')
    assert before.endswith("</header>\n")
    assert after.index("Saved.") < after.index("<main")
    assert "data-stays" not in shell(CLINIC, toast={"words": "Saved."})


def test_the_desk_shows_the_mark_in_the_browser():
    assert 'rel="icon" type="image/svg+xml" href="/static/look/mark.svg"' in shell(CLINIC)


def test_the_mark_leads_home():
    assert '<a class="brand" href="/me/" aria-label="Althea, go to Home">' in shell(PHONE, home="/me/")
    assert '<a class="brand" href="/" aria-label="Althea, front page">' in shell(CLINIC)


def test_script_is_only_our_own_files():
    for words in (CLINIC, PHONE):
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", shell(words))
        assert scripts
        assert not any(scripts), "no script is written into a page"
    assert "htmx" not in shell(PHONE), "her phone loads only what it needs"
