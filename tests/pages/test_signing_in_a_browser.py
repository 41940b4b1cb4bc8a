"""Prescribing in a real Chromium, at the demo: findings as she types, a passkey for one text, a code without script."""

import json

import pytest
from playwright.sync_api import expect

from tests.pages.browser import pressed
from tests.pages.test_in_a_browser import violations

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def desk(as_):
    """Dr Marchetti's page: `desk(**how the browser is set)`."""
    return lambda **settings: as_("marchetti", **{"width": 1440, **settings})


def of(page, demo, name):
    """The address of her chart."""
    page.goto(f"{demo}/patients?q={name.split()[0]}")
    pressed(page.get_by_role("link", name=name).first)
    return page.url.split("?")[0].rstrip("/")


def drafted(page, hers, dose="15 mg", medicine="mirtazapine"):
    """A draft of a medicine by name, on to its sign page, without script or with it."""
    page.goto(f"{hers}/orders/new")
    page.get_by_label("Another medicine, by name or brand").fill(medicine)
    page.get_by_role("button", name="Use this").click()
    page.get_by_text(f"{medicine.capitalize()}, oral tablet").wait_for()
    page.get_by_label("Dose, step 1").fill(dose)
    page.locator("#f-why").fill("Sleep")
    pressed(page.get_by_role("button", name="Sign order"))
    page.wait_for_url("**/sign")
    return page.url


def code(page):
    return page.locator("[data-demo-code]").inner_text()


def test_findings_come_beside_the_form_as_she_types_and_focus_stays(desk, demo):
    page = desk()
    hers = of(page, demo, "Priya Raman")
    page.goto(f"{hers}/orders/new")
    page.get_by_text("Lamotrigine", exact=True).click()
    dose = page.get_by_label("Dose, step 1")
    page.get_by_label("Made as").select_option("oral tablet")
    page.get_by_text("Lamotrigine, oral tablet").wait_for()
    dose.fill("50 mg")
    page.get_by_label("How often, step 1").focus()
    page.get_by_text("is more or sooner than its titration allows").first.wait_for()
    expect(page.get_by_text("To sign, act on 1 critical finding or give a reason.")).to_be_visible()
    expect(page.locator("#step-1-error")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "f-often-0"
    page.get_by_role("button", name="Use 25, 50, 100, 200 mg").click()
    page.get_by_label("Dose, step 4").wait_for()
    expect(page.get_by_label("Dose, step 1")).to_have_value("25 mg")
    expect(page.get_by_text("critical finding")).not_to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_off_a_narrow_screen(desk, demo, scheme):
    page = desk(color_scheme=scheme)
    hers = of(page, demo, "Leila Farouk")
    sign = drafted(page, hers)
    draft = sign.removesuffix("/sign")
    for address in (f"{hers}/orders/new", sign, draft):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        assert violations(page) == [], address
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    page.goto(sign)
    page.get_by_label("Code from your authenticator").fill(code(page))
    pressed(page.get_by_role("button", name="Sign this order"))
    page.wait_for_url(draft)
    for address in (draft, f"{draft}/stop", f"{draft}/end"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        assert violations(page) == [], address
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_without_script_a_code_signs(desk, demo):
    page = desk(java_script_enabled=False)
    drafted(page, of(page, demo, "Leila Farouk"))
    page.get_by_label("Code from your authenticator").fill(code(page))
    pressed(page.get_by_role("button", name="Sign this order"))
    assert "Signed by Dr Marchetti" in page.content()
    page.go_back()
    assert "Signed by Dr Marchetti" in page.reload().text()


def test_a_passkey_signs_the_text_it_was_asked_for_once_and_no_other(desk, demo):
    page = desk()
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    hers = of(page, demo, "Beatriz Santos")
    first = drafted(page, hers)
    now = code(page)
    page.goto(f"{demo}/account/2fa/webauthn/add/")
    page.locator("input[name=code]").fill(now)
    pressed(page.locator("form button").first)
    page.locator("input[name=name]").fill("A key for a test")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    second = drafted(page, hers, "10 mg", "aripiprazole")
    sent = []
    page.on("request", lambda one: sent.append(one.post_data) if one.method == "POST" else None)
    page.goto(first)
    page.get_by_role("button", name="Sign with passkey").click()
    page.wait_for_url(first.removesuffix("/sign"))
    assert "with a passkey" in page.content()
    answer = next(part for part in sent[0].split("&") if part.startswith("passkey="))
    page.goto(second)
    page.evaluate(
        "value => { document.querySelector('[name=passkey]').value = decodeURIComponent(value.replaceAll('+', ' '));"
        " document.getElementById('sign-form').submit(); }",
        answer.removeprefix("passkey="),
    )
    page.get_by_text("The passkey did not answer for this text. Read it again, then sign.").wait_for()
    assert json.loads(page.locator("[data-passkey]").get_attribute("data-passkey"))["publicKey"]["challenge"]
    page.get_by_role("button", name="Sign with passkey").click()
    page.wait_for_url(second.removesuffix("/sign"))
    assert "with a passkey" in page.content()
