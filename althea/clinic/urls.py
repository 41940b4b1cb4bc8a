"""The addresses of the pages. A card links to /rules/<id>, without a slash at its end: that answers too."""

from django.urls import path

from althea.clinic.pages import front, medicines, rules, written

urlpatterns = [
    path("", front.page, name="front"),
    path("try/<slug:slug>/", written.page, name="written"),
    path("rules/", rules.all_rules, name="rules"),
    path("rules/<str:rule_id>/", rules.one_rule, name="rule"),
    path("rules/<str:rule_id>", rules.one_rule),
    path("medicines/", medicines.all_medicines, name="medicines"),
    path("medicines/<str:medicine_id>/", medicines.one_medicine, name="medicine"),
]
