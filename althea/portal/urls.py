"""The addresses of her pages. None names a medicine, and none names her: her own record is the only one there is."""

from althea.care.access import HERSELF, SIGNED_IN, route
from althea.portal.pages import again, home

urlpatterns = [
    route("home", home.page, HERSELF, name="home"),
    route("again", again.page, SIGNED_IN, name="again"),
]
