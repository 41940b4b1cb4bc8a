"""The pages that no link leads to: who has just done what leads there, or has the mail. Looked at as all others are.

The server is a process of its own with its file beside it, so that somebody can be given a password.
"""

import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core import signing

from tests.pages.browser import pressed, signed_in_as
from tests.pages.story import by_hand, choose, press, the_code_of
from tests.pages.test_every_page import AFTER_A_STEP, BY_A_LINK_IN_A_MAIL, NO_PAGE_OPENS, name_of, wrong_with
from tests.pages.test_faults_in_a_browser import Site, site_of_its_own
from tests.pages.test_signing_in_a_browser import KEY

__all__ = ["site_of_its_own"]  # fixtures
pytestmark = pytest.mark.browser
PASSWORD = "three words in a row"
CLOSED = "This link does not open"


class Walk:
    """Who walks, and what was looked at on the way: (route, heading, what is wrong with it)."""

    def __init__(self, browser, site: Site):
        self.browser, self.site, self.looked_at, self.contexts = browser, site, [], []

    def be(self, who="", width=390):
        """A phone of this person's own; nobody has signed in on it without a name."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", base_url=self.site.at
        )
        self.contexts.append(context)
        page = context.new_page()
        if who:
            signed_in_as(page, self.site.at, who)
        return page

    def look(self, page, name, heading):
        """It is this page, and this is what is wrong with it."""
        page.get_by_role("heading", level=1, name=heading).wait_for()
        assert name_of(urlsplit(page.url).path).split(" ")[0] == name, page.url
        self.looked_at.append((name, heading, wrong_with(page)))

    def mailed(self, page, what):
        """The newest link of this kind among what would have been mailed."""
        page.goto("/demo/outbox")
        links = page.eval_on_selector_all("main li a", "all => all.map(one => one.getAttribute('href'))")
        return next(link for link in links if re.match(what, link))

    def close(self):
        for context in self.contexts:
            context.close()


def an_invitation(walk):
    """Amara follows the link her clinic sent."""
    page = walk.be()
    link = walk.mailed(page, "/welcome/")
    page.goto(link)
    walk.look(page, "welcome", "Hello, ")
    page.get_by_role("textbox").fill("short")
    press(page, "Begin")
    page.get_by_role("alert").first.wait_for()
    walk.look(page, "welcome", "Hello, ")
    page.goto(f"{link}x")
    walk.look(page, "welcome", CLOSED)


def somebody_she_trusts(walk):
    """Maya lets Sam in: he follows the link and makes an account, and looks."""
    maya, sam = walk.be("maya"), walk.be()
    maya.goto("/people")
    maya.locator("main details:has(#id_called) > summary").click()
    maya.get_by_label("What do you call this person?").fill("Sam")
    maya.get_by_label("Their email").fill("sam@example.org")
    for box in maya.get_by_role("checkbox").all():
        box.check()
    pressed(maya.locator("main form", has=maya.get_by_label("Their email")).get_by_role("button"))
    maya.get_by_text("The link is on its way.").wait_for()
    link = walk.mailed(sam, "/let-in/")
    maya.goto(link)
    walk.look(maya, "let-in", "Sign in first")
    sam.goto(link)
    walk.look(sam, "let-in", "Maya trusts you")
    sam.locator("main input[type=password]").fill(PASSWORD)
    press(sam, "I'd like to help")
    sam.wait_for_url("**/with/*")
    walk.look(sam, "beside", "For Maya")
    sam.goto(link)
    walk.look(sam, "let-in", CLOSED)


def a_forgotten_password(walk):
    page = walk.be()
    page.goto("/account/password/reset/")
    page.get_by_label("Email").fill("ruth@demo.example")
    press(page, "Send me a link")
    walk.look(page, "account_reset_password_done", "Look into your mail")
    link = walk.mailed(page, "/account/password/reset/key/")
    page.goto(link)
    walk.look(page, "account_reset_password_from_key", "Choose a new password")
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    press(page, "Save it")
    walk.look(page, "account_reset_password_from_key_done", "Your new password is saved")
    page.goto(link)
    walk.look(page, "account_reset_password_from_key", CLOSED)


def two_second_steps(walk):
    """Maya has an app with codes and a passkey, signs in with them, and is asked again whether it is she."""
    walk.site.gives_a_password("maya@demo.example")
    page = walk.be("maya")
    page.goto("/account/password/change/")
    walk.look(page, "account_change_password", "Change my password")
    page.goto("/account/2fa/totp/activate/")
    walk.look(page, "account_reauthenticate", "Is it you?")
    page.get_by_label("Your password").fill("a long enough password")
    press(page, "Go on")
    secret = page.get_by_label("The key, to type by hand").input_value()
    page.get_by_label("The six digits").fill(the_code_of(secret))
    press(page, "Switch it on")
    walk.look(page, "mfa_view_recovery_codes", "My spare codes")
    page.goto("/account/2fa/recovery-codes/generate/")
    walk.look(page, "mfa_generate_recovery_codes", "Make spare codes")
    page.goto("/account/2fa/totp/deactivate/")
    walk.look(page, "mfa_deactivate_totp", "Switch off the app with codes?")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("What do you call it").fill("My phone")
    press(page, "Add it")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/account/2fa/webauthn/")
    walk.look(page, "mfa_list_webauthn", "My passkeys")
    there = page.url
    press(page, "Change its name")
    walk.look(page, "mfa_edit_webauthn", "What do you call this passkey?")
    page.goto(there)
    press(page, "Take it away")
    walk.look(page, "mfa_remove_webauthn", "Take this passkey away?")
    page.goto("/account/2fa/")
    walk.look(page, "mfa_index", "Signing in safely")
    signed_out_while_she_writes(walk, page, secret)
    page.goto("/account/2fa/totp/deactivate/")
    press(page, "Use a code")
    walk.look(page, "mfa_reauthenticate", "Is it you?")
    press(page, "Use my passkey")
    walk.look(page, "mfa_reauthenticate_webauthn", "Is it you?")


def signed_out_while_she_writes(walk, page, secret):
    """Her session ends before her message is sent; she signs in, with her password and a code, and it is still there."""
    page.goto("/messages")
    page.get_by_label("Your message").fill("I slept.")
    left = [one for one in page.context.cookies() if one["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(left)
    press(page, "Send")
    page.wait_for_url("**/account/login/**")
    by_hand(page, "maya@demo.example")
    walk.look(page, "mfa_authenticate", "One more step")
    page.get_by_label("Code", exact=True).fill("000000")
    pressed(page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_role("alert").first.wait_for()
    walk.look(page, "mfa_authenticate", "One more step")
    page.get_by_label("Code", exact=True).fill(the_code_of(secret))
    pressed(page.get_by_role("button", name="Sign in", exact=True))
    walk.look(page, "again", "Nothing is lost")


def something_changed(walk):
    """Rosa tells of a change: she looks it over, sends it, and is thanked."""
    page = walk.be("rosa")
    page.goto("/changes/feeding?anew=1")
    choose(page, "No")
    press(page, "Next")
    page.wait_for_url("**/changes/feeding")
    walk.look(page, "change", "Is this right?")
    press(page, "Tell my care team")
    walk.look(page, "changes-told", "Thank you for telling us")


def before_it_is_sent(walk):
    """Maya looks her check-in over before she sends it."""
    page = walk.be("maya")
    page.goto("/check-in")
    page.goto(f"{page.url.rpartition('/')[0]}?look-over=1")
    walk.look(page, "check-in", "Look it over")


def at_the_clinic(walk):
    """Dr Marchetti sends forms that ask for more: each asks on a page of its own."""
    page = walk.be("marchetti", width=1440)
    page.evaluate("document.querySelectorAll('main input[name=words]').forEach(one => one.required = false)")
    page.locator("main details:has(input[name=words]) > summary").first.click()
    pressed(page.locator("main form:has(input[name=words]) button").first)
    walk.look(page, "item-done", "what was done?")
    chart_of(page, "Hannah")
    pressed(page.locator("main form[action$='/override'] button").first)
    walk.look(page, "override", "Override with a reason")
    chart_of(page, "Ruth")
    page.goto(f"{page.url}assessment")
    page.locator("main details:has(textarea[name=words]) > summary").first.click()
    pressed(page.locator("main form[action$='/ask'] button").first)
    walk.look(page, "ask-about", "Ask her about an answer")
    chart_of(page, "Ruth")
    page.goto(f"{page.url}assessment")
    page.evaluate("document.querySelectorAll('main input[name=why]').forEach(one => one.value = 'x'.repeat(301))")
    page.locator("main details:has(input[name=why]) > summary").first.click()
    pressed(page.locator("main form:has(input[name=why]) button").first)
    walk.look(page, "settle", "Set aside: why?")
    (draft,) = walk.site.rows("SELECT patient_id, id FROM care_order WHERE signed_at IS NULL LIMIT 1")
    page.goto("/patients/{}/orders/{}/sign".format(*map(UUID, draft)))
    walk.look(page, "sign-order", "Priya Raman")


def chart_of(page, name):
    page.goto(f"/patients?q={name}")
    pressed(page.locator("main a[href^='/patients/']", has_text=name).first)
    page.wait_for_url(re.compile("/patients/[0-9a-f-]{36}/$"))


def by_an_address_alone(walk):
    """What opens for whoever has the address: no link of ours leads there."""
    page = walk.be()
    for path, name, heading in (
        ("/account/inactive/", "account_inactive", "This account is closed"),
        ("/account/signup/", "account_signup", "By invitation"),
        ("/account/confirm-email/", "account_email_verification_sent", "Look into your mail"),
        ("/account/confirm-email/x/", "account_confirm_email", CLOSED),
        (f"/account/confirm-email/{unconfirmed(walk.site)}/", "account_confirm_email", "Is this your email?"),
    ):
        page.goto(path)
        walk.look(page, name, heading)


def unconfirmed(site):
    """The key of a link that asks somebody whether this is their email, as the library that keeps accounts makes it."""
    from allauth.account import app_settings

    ((user, email),) = site.rows("SELECT id, email FROM care_user WHERE email = 'yuki@demo.example'")
    row = site.writes(
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary") VALUES (?, ?, 0, 0)', user, email
    )
    return signing.dumps(obj=row, salt=app_settings.SALT)


WAYS = (
    an_invitation, somebody_she_trusts, a_forgotten_password, two_second_steps, something_changed, before_it_is_sent,
    at_the_clinic, by_an_address_alone,
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(browser, site_of_its_own):
    walk = Walk(browser, site_of_its_own)
    for way in WAYS:
        way(walk)
    yield walk
    walk.close()


def test_nothing_is_wrong_with_any_page_of_a_step_or_a_mail(walked):
    said = [f"{name} ({heading}): {one}" for name, heading, all_ in walked.looked_at for one in all_]
    assert not said, "\n".join(said)


def test_every_page_of_a_step_or_a_mail_was_looked_at(walked):
    assert {name for name, *_ in walked.looked_at} >= AFTER_A_STEP | BY_A_LINK_IN_A_MAIL


@pytest.mark.parametrize("name", sorted(NO_PAGE_OPENS))
def test_what_is_said_to_open_no_page_opens_none(walked, name):
    page = walked.be()
    page.goto(NO_PAGE_OPENS[name])
    assert name_of(urlsplit(page.url).path) == "account_login"
