"""Choosing together in a real Chromium: her options at home, the decision at the visit, her plan; axe, 320 px, no script."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.pages.browser import in_time, pressed
from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => one.open = true)"


def of_yuki(page, base, part):
    page.goto(f"{base}/patients?q=yuki")
    page.goto(page.get_by_role("link", name="Yuki Tanaka").evaluate("(one) => one.href") + part)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(as_, demo, scheme):
    hers = as_("yuki", color_scheme=scheme)
    for path in ("/options", "/plan"):
        hers.goto(demo + path)
        hers.evaluate(OPEN_ALL)
        assert violations(hers) == [], path
    clinic = as_("marchetti", width=1440, color_scheme=scheme)
    for part in ("plan", "plan/diagnosis", "plan/agreed", "plan/talk", "options", "options?anew=1"):
        of_yuki(clinic, demo, part)
        clinic.evaluate(OPEN_ALL)
        assert violations(clinic) == [], part


def test_nothing_runs_off_a_narrow_screen(as_, demo):
    hers, clinic = as_("yuki", width=320), as_("marchetti", width=320)
    for path in ("/options", "/plan"):
        hers.goto(demo + path)
        hers.evaluate(OPEN_ALL)
        assert hers.evaluate("document.documentElement.scrollWidth") <= 320, path
    for part in ("plan", "plan/diagnosis", "options", "options?anew=1"):
        of_yuki(clinic, demo, part)
        clinic.evaluate(OPEN_ALL)
        assert clinic.evaluate("document.documentElement.scrollWidth") <= 320, part


def test_a_code_is_found_while_typing(as_, demo):
    page = as_("marchetti", width=1440)
    of_yuki(page, demo, "plan/diagnosis")
    page.get_by_role("textbox", name="Diagnosis").fill("Low mood since the birth")
    page.get_by_label("Search by words or number").press_sequentially("postpartum dep")
    page.get_by_label("F53.0 Postpartum depression").check()
    assert page.get_by_role("textbox", name="Diagnosis").input_value() == "Low mood since the birth"


def test_from_her_options_to_her_plan_without_script(as_, demo):
    hers = as_("yuki", java_script_enabled=False)
    pressed(hers.get_by_role("link", name="See my options"))
    hers.get_by_label("My questions for the visit").fill("What if I want to stop?")
    expect(hers.get_by_text("In the order of what matters to you: breastfeeding, then sleep.")).to_be_visible()
    pressed(hers.get_by_role("button", name="Weight"))
    pressed(hers.get_by_role("button", name="Breastfeeding"))
    expect(hers.get_by_label("My questions for the visit")).to_have_value("What if I want to stop?")
    expect(hers.get_by_text("In the order of what matters to you: sleep, then weight.")).to_be_visible()
    heading = hers.get_by_role("heading", name="What matters to you?")
    assert in_time(hers, lambda: 0 <= heading.bounding_box()["y"] < 200), "she is where she tapped"
    hers.get_by_label("I'm not sure yet").check()
    pressed(hers.get_by_role("button", name="Save for my visit"))
    expect(hers.get_by_text("Saved for your visit.")).to_be_visible()

    clinic = as_("marchetti", width=1440, java_script_enabled=False)
    of_yuki(clinic, demo, "options")
    assert clinic.get_by_text("“What if I want to stop?”").is_visible()
    clinic.get_by_label("No medicine now", exact=True).check()
    clinic.get_by_label("Hers", exact=True).check(force=True)
    clinic.get_by_label("Her reason, in her words").fill("I want to sleep first.")
    pressed(clinic.get_by_role("button", name="Record her decision"))
    expect(clinic.get_by_text("say on which day you look again together").first).to_be_visible()
    clinic.get_by_label("Look again together on").fill((date.today() + timedelta(days=14)).isoformat())
    pressed(clinic.get_by_role("button", name="Record her decision"))
    expect(clinic.get_by_text("Recorded: No medicine now.")).to_be_visible()

    hers.goto(f"{demo}/plan")
    assert hers.get_by_role("heading", name="No medicine now").is_visible()
    assert hers.get_by_text("“I want to sleep first.”").is_visible()
    assert hers.get_by_text("no medicine now, we watch how it goes").is_visible()
    assert hers.get_by_text("in 2 weeks").is_visible()
