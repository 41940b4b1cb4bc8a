"""The addresses of her pages. None names a medicine, and none names her: her own record is the only one there is."""

from althea.care.access import HERSELF, PUBLIC, SIGNED_IN, route
from althea.portal.pages import (
    account,
    again,
    check_in,
    demo,
    help,
    home,
    intake,
    medicine,
    messages,
    progress,
    soon,
    start,
    welcome,
    who_looked,
)

urlpatterns = [
    route("welcome/<str:token>", welcome.page, PUBLIC, name="welcome"),
    route("home", home.page, HERSELF, name="home"),
    route("home/dose", home.dose, HERSELF, name="dose"),
    route("help", help.page, PUBLIC, name="help"),
    route("help/call", help.call, HERSELF, name="call-me"),
    route("sw.js", help.worker, PUBLIC, name="service-worker"),
    route("manifest.webmanifest", help.manifest, PUBLIC, name="manifest"),
    route("intake", intake.page, HERSELF, name="intake"),
    route("intake/<str:question>", intake.question, HERSELF, name="intake-question"),
    route("medicine", medicine.page, HERSELF, name="medicine"),
    route("progress", progress.page, HERSELF, name="progress"),
    # --- her options and her plan
    route("options", soon.page, HERSELF, name="options"),
    route("plan", soon.page, HERSELF, name="my-plan"),
    # --- her life and her people
    route("changes", soon.page, HERSELF, name="my-changes"),
    route("people", soon.page, HERSELF, name="my-people"),
    route("messages", messages.page, HERSELF, name="messages"),
    route("who-looked", who_looked.page, HERSELF, name="who-looked"),
    route("check-in", check_in.now, HERSELF, name="check-in-now"),
    route("check-in/<uuid:check_in>", check_in.page, HERSELF, name="check-in"),
    route("check-in/<uuid:check_in>/<str:question>", check_in.question, HERSELF, name="check-in-question"),
    route("account/mine", account.page, HERSELF, name="account"),
    route("demo", demo.page, PUBLIC, name="demo"),
    route("demo/as/<slug:who>", demo.be, PUBLIC, name="demo-as"),
    route("demo/outbox", demo.outbox, PUBLIC, name="demo-outbox"),
    route("start", start.page, SIGNED_IN, name="start"),
    route("again", again.page, SIGNED_IN, name="again"),
]
