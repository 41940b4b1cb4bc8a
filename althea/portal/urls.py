"""The addresses of her pages. None names a medicine, and none names her: her own record is the only one there is."""

from althea.care.access import HERSELF, PUBLIC, SIGNED_IN, route
from althea.portal.pages import account, again, home, messages, soon, start, welcome, who_looked

urlpatterns = [
    route("welcome/<str:token>", welcome.page, PUBLIC, name="welcome"),
    route("home", home.page, HERSELF, name="home"),
    route("help", soon.page, PUBLIC, name="help"),
    route("intake", soon.page, HERSELF, name="intake"),
    route("options", soon.page, HERSELF, name="options"),
    route("medicine", soon.page, HERSELF, name="medicine"),
    route("progress", soon.page, HERSELF, name="progress"),
    route("messages", messages.page, HERSELF, name="messages"),
    route("who-looked", who_looked.page, HERSELF, name="who-looked"),
    route("check-in/<uuid:check_in>", soon.page, HERSELF, name="check-in"),
    route("account/mine", account.page, HERSELF, name="account"),
    route("start", start.page, SIGNED_IN, name="start"),
    route("again", again.page, SIGNED_IN, name="again"),
]
