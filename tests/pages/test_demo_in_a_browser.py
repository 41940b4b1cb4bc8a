"""The demo's people at work in a real Chromium: without script, with a passkey, and what axe says after a step."""

import pytest

from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
HERS = ["/home", "/medicine", "/progress", "/messages", "/who-looked", "/account/mine", "/help"]


def test_the_walk_of_the_demo_signs_in_and_goes_there_without_script(as_, demo):
    page = as_("", java_script_enabled=False)
    page.goto(f"{demo}/demo")
    page.get_by_role("button", name="Go as Maya Okafor-Lind at step 1").click()
    assert "/check-in/" in page.url
    page.goto(f"{demo}/demo")
    page.get_by_role("button", name="Be her (شیرین کریمی)").click()
    assert page.url.endswith("/home")


def test_her_week_from_home_to_the_record_without_script(as_, demo):
    page = as_("maya", java_script_enabled=False)
    page.get_by_role("link", name="Start check-in").click()
    for _ in range(8):
        page.get_by_label("Several days").check()
        page.get_by_role("button", name="Next").click()
    page.get_by_label("Several days").check()
    page.get_by_role("button", name="Next").click()
    assert page.get_by_role("heading", name="Thank you for telling us").is_visible()
    page.get_by_role("link", name="Go on with my check-in").click()
    page.get_by_label("No dose was missed").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Anything you want us to know?").fill("Evenings are still dark.")
    page.get_by_role("button", name="Next").click()
    assert page.get_by_role("heading", name="Look it over").is_visible()
    page.get_by_role("button", name="Send to my care team").click()
    assert "Sent. Thank you for telling us." in page.content()
    doctor = as_("marchetti", width=1440, java_script_enabled=False)
    assert "Self-harm question: “several days”. She saw the help page." in doctor.content()
    assert doctor.get_by_role("link", name="Call Maya").is_visible()


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
    doctor.get_by_role("link", name="Beatriz Santos").click()
    doctor.get_by_role("link", name="Start trial review").click()
    assert doctor.get_by_text("She is well, by her scores").is_visible()
    doctor.get_by_role("link", name="Choose continue").click()
    doctor.get_by_role("button", name="Record decision").click()
    assert doctor.get_by_text("Not saved. One thing needs a look").is_visible()
    doctor.get_by_text("Hers", exact=True).click()
    doctor.get_by_label("Early signs, in her words").fill("I stop singing.")
    doctor.get_by_role("button", name="Record decision").click()
    assert "Recorded. Next review" in doctor.content()
    assert doctor.get_by_text("Plan to stay well.").is_visible()
    beatriz = as_("beatriz", java_script_enabled=False)
    assert beatriz.get_by_role("heading", name="What you agreed").is_visible()
    beatriz.goto(f"{demo}/progress")
    assert beatriz.get_by_text("I stop singing.").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_review_and_on_a_therapists_page(as_, demo, scheme):
    page = as_("marchetti", width=1440, color_scheme=scheme)
    page.goto(f"{demo}/patients?q=maya")
    page.get_by_role("link", name="Maya Okafor-Lind").click()
    page.get_by_role("link", name="Start trial review").click()
    page.get_by_role("link", name="Choose increase").click()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    therapist = as_("whitlock", width=1440, color_scheme=scheme)
    therapist.get_by_role("link", name="Maya Okafor-Lind").click()
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
    assert page.get_by_role("heading", name="My phone").is_visible()
    page.goto(f"{demo}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{demo}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home")
    page.goto(f"{demo}/account/2fa/webauthn/")
    page.get_by_role("link", name="Take it away").click()
    assert page.get_by_role("heading", name="Is it you?").is_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Use my passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Take it away").click()
    page.get_by_text("You have none yet.").wait_for()
