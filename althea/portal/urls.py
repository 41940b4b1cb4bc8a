"""The addresses of her pages. None names a medicine, and none names her: her own record is the only one there is."""

from althea.care.access import HERSELF, PUBLIC, SIGNED_IN, route
from althea.portal.pages import again, home, soon

urlpatterns = [
    route("welcome/<str:token>", soon.page, PUBLIC, name="welcome"),
    route("home", home.page, HERSELF, name="home"),
    route("help", soon.page, PUBLIC, name="help"),
    route("intake", soon.page, HERSELF, name="intake"),
    route("options", soon.page, HERSELF, name="options"),
    route("medicine", soon.page, HERSELF, name="medicine"),
    route("progress", soon.page, HERSELF, name="progress"),
    route("messages", soon.page, HERSELF, name="messages"),
    route("who-looked", soon.page, HERSELF, name="who-looked"),
    route("check-in/<uuid:check_in>", soon.page, HERSELF, name="check-in"),
    route("again", again.page, SIGNED_IN, name="again"),
]
