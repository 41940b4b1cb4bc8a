"""The addresses of the pages. A card links to /rules/<id>, without a slash at its end: that answers too."""

from althea.care.access import PUBLIC, route, staff
from althea.care.models import Role
from althea.clinic.pages import front, medicines, rules, today, written

urlpatterns = [
    route("", front.page, PUBLIC, name="front"),
    route("try/<slug:slug>/", written.page, PUBLIC, name="written"),
    route("rules/", rules.all_rules, PUBLIC, name="rules"),
    route("rules/<str:rule_id>/", rules.one_rule, PUBLIC, name="rule"),
    route("rules/<str:rule_id>", rules.one_rule, PUBLIC, name="rule-of-a-card"),
    route("medicines/", medicines.all_medicines, PUBLIC, name="medicines"),
    route("medicines/<str:medicine_id>/", medicines.one_medicine, PUBLIC, name="medicine"),
    route("today", today.page, staff(Role.PRESCRIBER, Role.NURSE), name="today"),
]
