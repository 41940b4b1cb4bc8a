"""The addresses of the pages. A card links to /rules/<id>, without a slash at its end: that answers too."""

from althea.care.access import CLINICAL, PUBLIC, asking, chart, quiet, reaching, route, staff
from althea.care.models import Role
from althea.clinic.pages import (
    assessment,
    front,
    labs,
    life_stage,
    medicines,
    medicines_of,
    messages,
    patients,
    reach,
    rules,
    safety,
    safety_plan,
    today,
    who_sees,
    write_to_all,
    written,
)
from althea.clinic.pages import chart as charts
from althea.clinic.pages import offer as offers
from althea.clinic.pages import plan as plans
from althea.clinic.pages import progress_of as progress
from althea.clinic.pages import review as reviews
from althea.clinic.pages.order import composer, papers, sign, signed, stop

PRESCRIBES = chart(Role.PRESCRIBER)
EVERYBODY_WHO_TREATS = (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)

urlpatterns = [
    route("", front.page, PUBLIC, name="front"),
    route("try/<slug:slug>/", written.page, PUBLIC, name="written"),
    route("rules/", rules.all_rules, PUBLIC, name="rules"),
    route("rules/<str:rule_id>/", rules.one_rule, PUBLIC, name="rule"),
    route("rules/<str:rule_id>", rules.one_rule, PUBLIC, name="rule-of-a-card"),
    route("medicines/", medicines.all_medicines, PUBLIC, name="medicines"),
    route("medicines/<str:medicine_id>/", medicines.one_medicine, PUBLIC, name="medicine"),
    route("today", today.page, staff(Role.PRESCRIBER, Role.NURSE), name="today"),
    route("today/look-after/<uuid:her>", today.look_after, staff(Role.PRESCRIBER), name="look-after"),
    route("patients", patients.page, staff(), name="patients"),
    route("patients/new", patients.new, staff(Role.PRESCRIBER, Role.NURSE, Role.FRONT_DESK), name="new-patient"),
    route("patients/<uuid:patient>/", charts.page, chart(), name="chart"),
    route("patients/<uuid:patient>/override", charts.override, chart(Role.PRESCRIBER), name="override"),
    route("patients/<uuid:patient>/override/undo", charts.undo, chart(Role.PRESCRIBER), name="undo-override"),
    route("patients/<uuid:patient>/worklist/<uuid:item>", charts.done, chart(), name="item-done"),
    route("patients/<uuid:patient>/assessment", assessment.page, chart(), name="assessment"),
    route("patients/<uuid:patient>/assessment/settle", assessment.settle, chart(), name="settle"),
    route("patients/<uuid:patient>/assessment/section", assessment.settle_section, chart(), name="settle-section"),
    route("patients/<uuid:patient>/assessment/ask", assessment.ask, chart(), name="ask-about"),
    route("patients/<uuid:patient>/assessment/<uuid:answer>/edit", assessment.edit, chart(), name="settle-edited"),
    route("patients/<uuid:patient>/assessment/through", assessment.gone_through, chart(), name="gone-through"),
    # --- the plan and the decision
    route("patients/<uuid:patient>/plan", plans.page, chart(), name="plan"),
    route("patients/<uuid:patient>/plan/paper", plans.paper, chart(), name="plan-paper"),
    route("patients/<uuid:patient>/plan/withdraw", plans.withdraw, chart(Role.PRESCRIBER), name="plan-withdraw"),
    route("patients/<uuid:patient>/plan/<slug:what>", plans.change, chart(Role.PRESCRIBER), name="plan-change"),
    route("patients/<uuid:patient>/options", offers.page, chart(Role.PRESCRIBER), name="offer"),
    route("patients/<uuid:patient>/options/prepare", offers.prepare, chart(Role.PRESCRIBER), name="offer-prepare"),
    route("patients/<uuid:patient>/options/share", offers.share, chart(Role.PRESCRIBER), name="offer-share"),
    route("patients/<uuid:patient>/options/close", offers.close, chart(Role.PRESCRIBER), name="offer-close"),
    route("patients/<uuid:patient>/options/decide", offers.decide, chart(Role.PRESCRIBER), name="offer-decide"),
    route("patients/<uuid:patient>/options/consent", offers.consent, chart(Role.PRESCRIBER), name="offer-consent"),
    # --- orders
    route("patients/<uuid:patient>/orders/new", composer.new, chart(Role.PRESCRIBER), name="new-order"),
    route("patients/<uuid:patient>/orders/findings", composer.findings, asking(PRESCRIBES), name="order-findings"),
    route("patients/<uuid:patient>/orders/<uuid:order>", signed.page, chart(), name="order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/draft", composer.save, PRESCRIBES, name="draft-order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/discard", composer.discard, PRESCRIBES, name="discard-order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/ready", sign.ready, PRESCRIBES, name="order-ready"),
    route("patients/<uuid:patient>/orders/<uuid:order>/agreed", sign.agreed, PRESCRIBES, name="order-agreed"),
    route("patients/<uuid:patient>/orders/<uuid:order>/sign", sign.page, PRESCRIBES, name="sign-order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/end", signed.end, PRESCRIBES, name="end-order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/stop", stop.page, PRESCRIBES, name="stop-order"),
    route("patients/<uuid:patient>/orders/<uuid:order>/paper", papers.order, chart(), name="order-paper"),
    # --- the trial
    route("patients/<uuid:patient>/trials/<uuid:trial>/review", reviews.page, chart(), name="review"),
    route(
        "patients/<uuid:patient>/trials/<uuid:trial>/review/decide",
        reviews.decide,
        chart(Role.PRESCRIBER),
        name="decide-review",
    ),
    route("patients/<uuid:patient>/trials/<uuid:trial>/review/ask", reviews.ask, chart(), name="ask-her"),
    route("patients/<uuid:patient>/trials/<uuid:trial>/review/score", reviews.score, chart(), name="enter-score"),
    route("patients/<uuid:patient>/progress", progress.page, chart(*EVERYBODY_WHO_TREATS), name="progress-of"),
    route(
        "patients/<uuid:patient>/progress/<uuid:entry>/withdraw", progress.withdraw, PRESCRIBES, name="withdraw-score"
    ),
    # --- the record
    route("patients/<uuid:patient>/medicines", medicines_of.page, chart(), name="medicines-of"),
    route("patients/<uuid:patient>/medicines/add", medicines_of.add, chart(), name="add-medicine"),
    route("patients/<uuid:patient>/medicines/through", medicines_of.through, chart(), name="medicines-through"),
    route("patients/<uuid:patient>/medicines/<uuid:entry>", medicines_of.correct, chart(), name="correct-medicine"),
    route(
        "patients/<uuid:patient>/medicines/<uuid:taken>/stopped", medicines_of.stopped, chart(), name="stopped-medicine"
    ),
    route("patients/<uuid:patient>/labs", labs.page, chart(), name="labs"),
    route("patients/<uuid:patient>/labs/add", labs.add, chart(), name="add-results"),
    route("patients/<uuid:patient>/labs/through", labs.through, chart(), name="labs-through"),
    route("patients/<uuid:patient>/labs/<uuid:entry>", labs.correct, chart(), name="correct-result"),
    route("patients/<uuid:patient>/safety-plan", safety_plan.page, chart(), name="safety-plan"),
    route("patients/<uuid:patient>/life-stage", life_stage.page, chart(), name="life-stage"),
    route("patients/<uuid:patient>/life-stage/<uuid:entry>", life_stage.withdraw, chart(), name="withdraw-stage"),
    # --- everyone
    route("safety", safety.page, staff(*CLINICAL), name="safety"),
    route("safety/progress", safety.poll, quiet(asking(staff(*CLINICAL))), name="safety-progress"),
    route("safety/run", safety.run, staff(*CLINICAL), name="safety-run"),
    route("safety/stop", safety.stop, staff(*CLINICAL), name="safety-stop"),
    route("safety/export", safety.export, staff(*CLINICAL), name="safety-export"),
    route("safety/export/file", safety.file, asking(staff(*CLINICAL)), name="safety-file"),
    route("safety/write", write_to_all.page, staff(*CLINICAL), name="safety-write"),
    route("safety/list", safety.paper, staff(*CLINICAL), name="safety-list"),
    # --- words between us
    route("patients/<uuid:patient>/messages", messages.hers, chart(), name="messages-of"),
    route("patients/<uuid:patient>/who", who_sees.page, chart(), name="who-sees"),
    route("patients/<uuid:patient>/reach", reach.page, reaching(), name="reach"),
    route("messages-to-us", messages.everybody, staff(Role.PRESCRIBER, Role.NURSE), name="clinic-messages"),
]
