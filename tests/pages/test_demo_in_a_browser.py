"""The demo's people at work in a real Chromium: without script, with a passkey, and what axe says after a step."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import pressed
from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
HERS = ["/home", "/medicine", "/progress", "/messages", "/who-looked", "/account/mine", "/help"]


def test_the_walk_of_the_demo_signs_in_and_goes_there_without_script(as_, demo):
    page = as_("", java_script_enabled=False)
    page.goto(f"{demo}/demo")
    pressed(page.get_by_role("button", name="Go as Maya Okafor-Lind at step 1"))
    assert "/check-in/" in page.url
    page.goto(f"{demo}/demo")
    pressed(page.get_by_role("button", name="Be her (شیرین کریمی)"))
    assert page.url.endswith("/home")


def test_her_week_from_home_to_the_record_without_script(as_, demo):
    page = as_("maya", java_script_enabled=False)
    pressed(page.get_by_role("link", name="Start check-in"))
    for _ in range(8):
        page.get_by_label("Several days").check()
        pressed(page.get_by_role("button", name="Next"))
    page.get_by_label("Several days").check()
    pressed(page.get_by_role("button", name="Next"))
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    pressed(page.get_by_role("link", name="Go on with my check-in"))
    page.get_by_label("No dose was missed").check()
    pressed(page.get_by_role("button", name="Next"))
    pressed(page.get_by_role("button", name="Next"))
    page.get_by_label("Nights of 7", exact=True).fill("5 of 7 nights")
    pressed(page.get_by_role("button", name="Next"))
    page.get_by_label("Anything you want us to know?").fill("Evenings are still dark.")
    pressed(page.get_by_role("button", name="Next"))
    expect(page.get_by_role("heading", name="Look it over")).to_be_visible()
    pressed(page.get_by_role("button", name="Send to my care team"))
    assert "Sent. Thank you for telling us." in page.content()
    doctor = as_("marchetti", width=1440, java_script_enabled=False)
    assert "Self-harm question: “several days”. She saw the help page." in doctor.content()
    expect(doctor.get_by_role("link", name="Call Maya")).to_be_visible()


def test_every_answer_of_a_check_in_has_no_violation(as_, demo):
    page = as_("joanna")
    page.goto(f"{demo}/check-in")
    page.goto(f"{demo}/help")
    page.keyboard.press("Escape")
    assert violations(page) == []


def test_no_page_of_hers_names_a_medicine_in_its_title_or_address(as_, demo):
    page = as_("maya")
    for path in HERS:
        page.goto(demo + path)
        assert page.title() == "Notes"
        assert "sertraline" not in page.url


def test_a_trial_is_reviewed_with_her_and_she_reads_what_was_agreed_without_script(as_, demo):
    doctor = as_("marchetti", width=1440, java_script_enabled=False)
    doctor.goto(f"{demo}/patients?q=beatriz")
    pressed(doctor.get_by_role("link", name="Beatriz Santos"))
    pressed(doctor.get_by_role("link", name="Start trial review"))
    expect(doctor.get_by_text("She is well, by her scores")).to_be_visible()
    pressed(doctor.get_by_role("link", name="Choose continue"))
    pressed(doctor.get_by_role("button", name="Record decision"))
    expect(doctor.get_by_text("Not saved. One thing needs a look")).to_be_visible()
    doctor.get_by_text("Hers", exact=True).click()
    doctor.get_by_label("Early signs, in her words").fill("I stop singing.")
    pressed(doctor.get_by_role("button", name="Record decision"))
    assert "Recorded. Next review" in doctor.content()
    expect(doctor.get_by_text("Plan to stay well.")).to_be_visible()
    beatriz = as_("beatriz", java_script_enabled=False)
    expect(beatriz.get_by_role("heading", name="What you agreed")).to_be_visible()
    beatriz.goto(f"{demo}/progress")
    expect(beatriz.get_by_text("I stop singing.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_review_and_on_a_therapists_page(as_, demo, scheme):
    page = as_("marchetti", width=1440, color_scheme=scheme)
    page.goto(f"{demo}/patients?q=maya")
    pressed(page.get_by_role("link", name="Maya Okafor-Lind"))
    pressed(page.get_by_role("link", name="Start trial review"))
    pressed(page.get_by_role("link", name="Choose increase"))
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    therapist = as_("whitlock", width=1440, color_scheme=scheme)
    pressed(therapist.get_by_role("link", name="Maya Okafor-Lind"))
    assert therapist.url.endswith("/progress")
    assert violations(therapist) == []


def test_a_passkey_is_added_and_opens_the_account_by_itself(as_, demo):
    page = as_("maya")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True}},
    )  # fmt: skip
    page.goto(f"{demo}/account/2fa/webauthn/add/")
    page.get_by_label("What do you call it").fill("My phone")
    page.get_by_label("Let it open my account without a password").check()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto(f"{demo}/account/2fa/webauthn/")
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    page.goto(f"{demo}/account/logout/")
    pressed(page.get_by_role("button", name="Sign out"))
    page.goto(f"{demo}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home")
    page.goto(f"{demo}/account/2fa/webauthn/")
    pressed(page.get_by_role("link", name="Take it away"))
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert violations(page) == []
    pressed(page.get_by_role("link", name="Use my passkey"))
    pressed(page.get_by_role("button", name="Use my passkey"))
    pressed(page.get_by_role("button", name="Take it away"))
    page.get_by_text("You have none yet.").wait_for()
