"""Every page of the demo, found by following its links as each of its people: axe, light and dark, narrow, enlarged,
and nothing that has the focus lies hidden under a bar.

A page that no link leads to is named here, with where it is opened instead; a new one fails until it is.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from althea.care.checks import routes
from althea.care.gate import policy_of
from tests.care.full_records import both
from tests.care.walking import addresses, rows_of
from tests.pages.browser import signed_in_as
from tests.pages.test_in_a_browser import violations
from tests.people import signed_in

__all__ = ["both"]  # a fixture
pytestmark = pytest.mark.browser
NO_PAGES = re.compile(
    r"paper|health|livez|readyz|^cds-|service-worker|manifest|safety-file|safety-progress|rule-of-a-card|download_recovery_codes"
)
"""Answers that are not a page: a PDF, a file, words for a machine; and a page by its second address."""
BY_A_FORM = {
    "add-results", "ask-her", "call-me", "demo-as", "decide-review", "discard-order", "dose", "draft-order",
    "end-proxy", "enter-score", "gone-through", "labs-through", "look-after", "medicines-through", "offer-close",
    "offer-consent", "offer-decide", "offer-prepare", "offer-share", "order-agreed", "order-findings", "order-ready",
    "plan-withdraw", "safety-run", "safety-stop", "settle-section", "still-there", "undo-override", "withdraw-score",
    "withdraw-stage",
}  # fmt: skip
"""They answer a form, and lead to a page."""
AFTER_A_STEP = {
    "account_change_password", "account_confirm_email", "account_email_verification_sent", "account_inactive",
    "account_reauthenticate", "account_reset_password_done", "account_reset_password_from_key_done", "account_signup",
    "again", "ask-about", "change", "changes-told", "check-in", "item-done", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "override", "settle", "sign-order",
}  # fmt: skip
"""They open only for who has just done what leads there: tests/pages/test_pages_after_a_step.py looks at them."""
BY_A_LINK_IN_A_MAIL = {"welcome", "let-in", "beside", "account_reset_password_from_key"}
"""And at these."""
NO_PAGE_OPENS = {
    "account_confirm_login_code": "/account/login/code/confirm/",
    "mfa_login_webauthn": "/account/2fa/webauthn/login/",
}
"""They lead to signing in: codes by mail are switched off, and the other answers the script of a passkey."""
LEADS_ON = {"start", "check-in-now"}
"""They lead to the page that is hers."""
WOMEN = ("Maya", "Priya", "Ruth", "Rosa", "Yuki")
"""All pages of these are looked through for links."""
PEOPLE = {  # whose links are followed, from where, and how wide her screen is
    "": (["/", "/demo", "/demo/outbox", "/help", "/account/login/", "/account/password/reset/"], 1280),
    "marchetti": (["/today", "/safety", "/safety/export", "/patients/new"], 1440),
    "whitlock": (["/patients"], 1440),
    "maya": (["/home", "/help", "/my-safety-plan", "/people", "/changes", "/options", "/account/mine", "/check-in",
              "/account/2fa/", "/account/sessions/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/",
              "/account/2fa/webauthn/add/", "/account/password/set/", "/account/email/", "/account/logout/"], 390),
    "yuki": (["/options"], 390),
    "ruth": (["/intake"], 390),
}  # fmt: skip
COVERED = """() => {
  const hidden = [];
  for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
    if (!one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    const box = (one.labels && one.labels[0] && one.getBoundingClientRect().width < 2 ? one.labels[0] : one)
      .getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const inset = Math.min(2, box.height / 3);
    const points = [[box.left + inset, box.top + inset], [box.right - inset, box.top + inset],
      [box.left + inset, box.bottom - inset], [box.right - inset, box.bottom - inset],
      [box.left + box.width / 2, box.top + box.height / 2]];
    const seen = points.some(([x, y]) => {
      const at = document.elementFromPoint(x, y);
      return at && (at === one || one.contains(at) || at.contains(one) || (at.labels || []).length
        || (one.labels && [...one.labels].some(label => label.contains(at))));
    });
    if (!seen) hidden.push(one.tagName + ' ' + (one.textContent.trim() || one.name || '').slice(0, 40));
  }
  return hidden;
}"""


def name_of(path):
    """The route, with what its text arguments say of the kind of page; empty: not ours."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    said = ":".join(str(value) for key, value in found.kwargs.items() if key in ("what",))
    return f"{found.url_name or found.route} {said}".strip()


def charts(page, demo):
    """Where the records of the women begin."""
    found = []
    for name in WOMEN:
        page.goto(f"{demo}/patients?q={name}")
        link = page.locator("main a[href^='/patients/']", has_text=name).first
        found.append(link.get_attribute("href"))
    return found


def wrong_with(page):
    """What is wrong with the page that is open, in three sizes. It is left as it was."""
    found, size = [], page.viewport_size
    page.evaluate("document.querySelectorAll('main details').forEach((one, at) => one.open = at < 2)")
    for scheme, wide in (("light", size["width"]), ("dark", 320), ("light", 640)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": wide, "height": size["height"]})
        if page.evaluate("document.documentElement.scrollWidth") > wide:
            found.append(f"runs off {wide} px")
        found += [(scheme, wide, *one) for one in violations(page)]
        if hidden := page.evaluate(COVERED):
            found.append((f"focus is hidden at {wide} px", hidden[:4]))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    return found


@pytest.fixture(scope="module")
def walked(browser, demo):
    """(what is wrong, by person and page; the pages that were opened)."""
    wrong, opened = {}, set()
    for who, (paths, width) in PEOPLE.items():
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        if who:
            signed_in_as(page, demo, who)
            paths = [urlsplit(page.url).path, *paths]
        starts = charts(page, demo) if who == "marchetti" else []
        waiting, looked_at = [*starts, *paths], set()
        while waiting:
            path = waiting.pop(0)
            name = name_of(path.partition("?")[0])
            of_her = next((start for start in starts if path.startswith(start)), "")
            known = (name, of_her) in looked_at if of_her else name in opened
            if not name or known or NO_PAGES.search(name):
                continue
            looked_at.add((name, of_her))
            answer = page.goto(demo + path)
            if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
                wrong[who, path] = [answer.status]
                continue
            links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
            if name == "demo":  # its links lead where others go
                links = []
            waiting += [urlsplit(one)._replace(scheme="", netloc="", fragment="").geturl() for one in links
                        if one.startswith(demo)]  # fmt: skip
            name = name_of(urlsplit(page.url).path)
            if name not in opened and (bad := wrong_with(page)):
                wrong[who, path] = bad
            opened.add(name)
        context.close()
    return wrong, opened


def test_nothing_is_wrong_with_any_page(walked):
    wrong, _ = walked
    said = [f"{who or 'anybody'} {path}: {one}" for (who, path), all_ in wrong.items() for one in all_]
    assert not said, "\n".join(said)


def test_every_page_was_opened(walked):
    _, opened = walked
    names = {name for _, name, view in routes() if name and not NO_PAGES.search(name)}
    names -= BY_A_FORM | AFTER_A_STEP | BY_A_LINK_IN_A_MAIL | LEADS_ON | NO_PAGE_OPENS.keys()
    missing = sorted(names - {name.split(" ")[0] for name in opened})
    assert not missing, " ".join(missing)


@pytest.mark.django_db
def test_what_answers_a_form_opens_no_page_by_its_address(people, both):
    """Else it would have to be looked at."""
    client, rows, opens = signed_in(people.marchetti.user), rows_of(people.maya), set()
    hers = signed_in(people.maya.user)
    for address, name, view in routes():
        asking = hers if policy_of(view, name).audience == "herself" else client
        if name in BY_A_FORM | LEADS_ON:
            opens |= {name for there in addresses(address, name, rows) if asking.get(there).status_code == 200}
    assert opens == set()
