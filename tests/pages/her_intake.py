"""What Ada answers before her first visit, over two evenings on her phone."""

from tests.pages.story import by_hand, press, says

PASSWORD = "three warm grey stones"
FIRST_EVENING = {
    "What would you like help with?": "I cry in the evenings and cannot sleep when she sleeps.",
    "What has helped you to cope so far?": "Walks with the pram.",
}
SECOND_EVENING = {
    "Have you ever tried to end your life?": "No",
    "Do you have, or did you have, any of these?": ("None of these",),
    "Has anybody given what you feel a name before?": ("Depression",),
    "Has a medicine ever given you a rash": {"Which medicine": "sulfa antibiotics", "What happened": "rash"},
    "What do you take now?": ("I take nothing",),
    "Which medicines for your mood, sleep, worry or attention did you try before?": {
        "Name": "escitalopram",
        "The most you took in a day": "20 mg",
        "For how many weeks": "10",
        "Did it help?": "did not help",
        "Why did you stop?": "Nothing changed",
        "When did you stop": "2024-03-31",
    },
    "Did you have a baby in the last year? When?": "2026-04-07",
    "Do you breastfeed, or give your milk?": "Yes",
    "Could you be pregnant?": "No",
    "What do you use so as not to become pregnant?": ("Copper IUD",),
    "Would you like to become pregnant in the next year?": "No",
    "Do you smoke tobacco?": "Never did",
    "What would you like to be able to do again?": {"In your words": "Enjoy Mina, and sleep when she sleeps"},
    "What matters most when you choose?": {"Breastfeeding": "1", "Sleep": "2"},
}
LEFT_OUT = "Anything else about your health that we should know?"


def over_two_evenings(told, phone):
    """What she said on the first is there on the second; what she leaves to a talk stays open and says so."""
    told.on("2026-05-04 20:30")
    press(phone, "Begin")
    press(phone, "Begin")
    for words in FIRST_EVENING.values():
        phone.get_by_role("textbox").fill(words)
        go_on(phone)
    go_on(phone, "Save and finish later")
    told.on("2026-05-05 21:00")
    phone.goto("/home")  # a day later the phone asks who she is
    by_hand(phone, "ada@example.org", PASSWORD)
    press(phone, "Go on where I was")
    says(phone, "2 of ")
    press(phone, "Go on where I was")
    for _ in range(90):
        if phone.url.endswith("/intake"):
            break
        _one_screen(phone)
    says(phone, "Send to my care team")
    press(phone, "Send to my care team")
    says(phone, "Sent. Thank you for telling us.")


def _one_screen(phone):
    """Answer the question that is asked, as Ada would."""
    asked = phone.locator("h1").first.inner_text()
    if asked == LEFT_OUT:
        go_on(phone, "Leave this one out")
        return
    given = next((value for question, value in SECOND_EVENING.items() if asked.startswith(question)), None)
    if isinstance(given, dict):
        for label, value in given.items():
            field = phone.get_by_label(label).first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
    elif isinstance(given, tuple):
        for label in given:
            phone.get_by_label(label, exact=True).check()
    elif given is not None and phone.locator("input[type=date]").count():
        phone.locator("input[type=date]").fill(given)
    elif given is not None:
        phone.get_by_label(given, exact=True).check()
    elif phone.get_by_label("More than half the days").count():
        hurts = "better off dead" in asked
        phone.get_by_label("Not at all" if hurts else "More than half the days").check()
    elif phone.get_by_label("I'd rather talk about it").count():
        phone.get_by_label("I'd rather talk about it").check()
    elif phone.get_by_label("I don't know").count():
        phone.get_by_label("I don't know").check()
    elif phone.get_by_role("textbox").count():
        phone.get_by_role("textbox").first.fill("We talk about it.")
    go_on(phone)


def go_on(phone, by="Next"):
    """To the next screen; the answer is sent by script where there is one, so the click alone does not wait for it."""
    here = phone.url
    press(phone, by)
    phone.wait_for_url(lambda url: url != here)
