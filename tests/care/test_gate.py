"""One place decides who may pass, whether a form counts, and whether it left a trail."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import path

from althea.care import audit
from althea.care.access import chart, route
from althea.care.checks import every_route_has_a_policy
from althea.care.gate import NoTrail
from althea.care.models import AuditRow, Deed, Entry
from tests.people import NOW, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.care.routes")]


def hers(people):
    return signed_in(people.maya.user)


def goals(people):
    return [row.body["words"] for row in Entry.objects.filter(patient=people.maya, kind="goal")]


def test_a_form_sent_twice_counts_once_and_gets_the_same_answer(people):
    client, key = hers(people), str(uuid4())
    first = client.post("/goal", {"key": key, "words": "Sleep"})
    second = client.post("/goal", {"key": key, "words": "Sleep"})
    assert (first.status_code, second.status_code, second["Location"]) == (303, 303, "/done")
    assert goals(people) == ["Sleep"]


def test_who_sent_twice_and_lost_the_first_answer_is_told_that_it_was_kept(people):
    client, key = hers(people), str(uuid4())
    client.post("/goal", {"key": key, "words": "Sleep"})
    del client.cookies["messages"]  # a second click ends the first answer before the browser has read it
    client.post("/goal", {"key": key, "words": "Sleep"})
    assert client.get("/said").content.decode() == "Kept."
    client.post("/goal", {"key": key, "words": "Sleep"})  # or the page that said it never came
    assert client.get("/said").content.decode() == "Kept."


def test_who_got_both_answers_is_told_once(people):
    client, key = hers(people), str(uuid4())
    for _ in range(2):
        client.post("/goal", {"key": key, "words": "Sleep"})
    assert client.get("/said").content.decode() == "Kept."
    assert client.get("/said").content.decode() == ""


def test_what_another_page_said_before_is_not_said_again_of_this_one(people):
    client, first, second = hers(people), str(uuid4()), str(uuid4())
    client.post("/goal", {"key": first, "words": "Sleep"})
    client.post("/goal", {"key": second, "words": "Walk"})
    assert [row.said for row in Deed.objects.order_by("at")] == [[[25, "Kept."]]] * 2
    assert client.get("/said").content.decode() == "Kept. Kept."


def test_the_same_key_with_other_words_is_refused(people):
    client, key = hers(people), str(uuid4())
    client.post("/goal", {"key": key, "words": "Sleep"})
    other = client.post("/goal", {"key": key, "words": "Walk"})
    assert other.status_code == 422
    assert "already sent, with something else in it" in other.content.decode()
    assert goals(people) == ["Sleep"]


@pytest.mark.parametrize("key", ["", "1", "not-a-key"])
def test_a_form_without_a_key_is_refused_and_her_words_are_shown(people, key):
    answer = hers(people).post("/goal", {"key": key, "words": "Sleep when she sleeps"})
    assert answer.status_code == 400
    assert "Sleep when she sleeps" in answer.content.decode()
    assert goals(people) == []


def test_what_fails_half_way_leaves_nothing_and_may_be_sent_again(people):
    client, key = hers(people), str(uuid4())
    with pytest.raises(RuntimeError):
        client.post("/goal", {"key": key, "words": "Sleep", "then": "fail"})
    assert goals(people) == []
    assert not AuditRow.objects.filter(verb="recorded goal").exists()
    assert client.post("/goal", {"key": key, "words": "Sleep"}).status_code == 303


def test_a_form_shown_again_saves_nothing(people):
    assert send(hers(people), "/goal", words="Sleep", then="show again").status_code == 200
    assert goals(people) == []


def test_a_change_without_a_trail_is_rolled_back(people):
    with pytest.raises(NoTrail):
        send(hers(people), "/no-trail")
    people.maya.refresh_from_db()
    assert people.maya.called == ""


def test_a_look_at_a_chart_is_one_row(people):
    client = signed_in(people.marchetti.user)
    assert client.get(f"/patients/{people.maya.pk}/goal").status_code == 200
    row = AuditRow.objects.get()
    assert (row.verb, row.patient, row.role) == ("looked at chart-goal", people.maya, "prescriber")


@pytest.mark.parametrize("who", ["Dr Hale, not her team", "Dr Ibarra, another clinic", "front desk", "Sam, her partner",
                                 "practice admin", "Noor, another patient", "therapist"])  # fmt: skip
def test_her_chart_does_not_exist_for_others(people, who):
    client = signed_in(people.everybody()[who])
    there = client.get(f"/patients/{people.maya.pk}/goal")
    nowhere = client.get(f"/patients/{uuid4()}/goal")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content
    assert not AuditRow.objects.exists()


def test_a_password_alone_opens_no_chart(people):
    answer = signed_in(people.marchetti.user, second_factor=False).get(f"/patients/{people.maya.pk}/goal")
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")


def test_after_a_quarter_of_an_hour_of_nothing_the_clinic_signs_in_again(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = signed_in(people.marchetti.user)
    chart = f"/patients/{people.maya.pk}/goal"
    for _ in range(3):
        time_machine.shift(timedelta(minutes=14))
        assert client.get(chart).status_code == 200
    time_machine.shift(timedelta(minutes=16))
    assert client.get(chart)["Location"] == f"/account/login/?next={chart}"
    assert client.get(chart).status_code == 302


def test_throwing_away_the_cookie_of_the_last_deed_gains_nothing(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = signed_in(people.marchetti.user)
    time_machine.shift(timedelta(minutes=16))
    client.cookies.pop("seen", None)
    assert client.get(f"/patients/{people.maya.pk}/goal").status_code == 302


def test_a_woman_is_not_signed_out_in_the_middle_of_a_check_in(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = hers(people)
    time_machine.shift(timedelta(hours=3))
    assert client.get("/goal").status_code == 200


def test_who_left_the_clinic_sees_nothing(people):
    people.marchetti.left_on = "2026-01-01"
    people.marchetti.save()
    assert signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/goal").status_code == 404


def signed_out_while_typing(people):
    """(her browser, the key of the form she sent when her session had ended)"""
    client, key = hers(people), str(uuid4())
    client.get("/goal")
    del client.cookies["sessionid"]
    away = client.post("/goal", {"key": key, "words": "Sleep when she sleeps"})
    assert away["Location"] == "/account/login/?next=/again"
    return client, key


def signs_in(client, user):
    kept = client.session["kept_form"]
    client.force_login(user, backend="althea.care.sign_in.Backend")
    session = client.session
    session["kept_form"] = kept
    session.save()
    return client.get("/again")


def test_a_form_that_arrives_signed_out_waits_and_is_saved_after_signing_in(people):
    client, key = signed_out_while_typing(people)
    page = signs_in(client, people.maya.user).content.decode()
    assert "Nothing is lost" in page
    assert "Sleep when she sleeps" in page
    assert client.post("/goal", {"key": key, "words": "Sleep when she sleeps"}).status_code == 303
    assert goals(people) == ["Sleep when she sleeps"]


def test_somebody_else_who_signs_in_there_does_not_see_it(people):
    client, _ = signed_out_while_typing(people)
    answer = signs_in(client, people.noors)
    assert (answer.status_code, answer["Location"]) == (302, "/start")
    assert "kept_form" not in client.session


def test_a_route_without_a_policy_refuses_to_start(settings):
    class Routes:
        urlpatterns = [path("open-door", lambda request: None, name="open-door")]

    settings.ROOT_URLCONF = Routes
    (problem, *_) = every_route_has_a_policy(None)
    assert problem.msg == "The route /open-door has no policy."


def test_a_chart_that_names_no_patient_refuses_to_start(settings):
    class Routes:
        urlpatterns = [route("chart", lambda request: None, chart(), name="chart")]

    settings.ROOT_URLCONF = Routes
    assert "The route /chart names no patient." in [one.msg for one in every_route_has_a_policy(None)]


# --- the trail ------------------------------------------------------------------------------------


def some_rows(people):
    for words in ("one", "two", "three"):
        send(hers(people), "/goal", words=words)


def test_an_honest_trail_verifies(people):
    some_rows(people)
    assert audit.verify(people.clinic) is None


def unguarded(sql, *values):
    """What somebody with the database's own password could do."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("care_auditrow_no_update", "care_auditrow_no_delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE care_auditrow DISABLE TRIGGER USER")
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        ("UPDATE care_auditrow SET verb = 'looked away' WHERE seq = 2", "row 2 was changed, or the one before it"),
        ("DELETE FROM care_auditrow WHERE seq = 2", "row 2 is missing"),
        ("DELETE FROM care_auditrow WHERE seq = 3", "the trail ends at row 2, and its head says 3"),
    ],
)
def test_a_trail_tampered_with_is_found(people, deed, found):
    some_rows(people)
    unguarded(deed)
    assert audit.verify(people.clinic) == found


def test_an_older_copy_put_back_is_found_by_its_anchor(people, settings, tmp_path):
    settings.ALTHEA_AUDIT_ANCHOR = str(tmp_path / "anchor.txt")
    some_rows(people)
    audit.anchor(people.clinic, NOW)
    unguarded("DELETE FROM care_auditrow WHERE seq = 3")
    unguarded("UPDATE care_audithead SET seq = 2, digest = (SELECT digest FROM care_auditrow WHERE seq = 2)")
    assert audit.verify(people.clinic) == "history gap: the anchor knows row 3, and this database does not hold it"


def test_the_database_itself_refuses_to_change_the_record(people):
    from django.db import DatabaseError, connection, transaction

    some_rows(people)
    for statement in ("UPDATE care_entry SET kind = 'x'", "DELETE FROM care_entry", "DELETE FROM care_auditrow"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


OTHERWISE = {
    "seq": "seq + 100", "at": "'2020-01-01 00:00:00'", "role": "role || 'x'", "verb": "verb || 'x'",
    "about": "about || 'x'", "actor_id": "NULL", "patient_id": "NULL", "digest": "'0' || substr(digest, 2)",
}  # fmt: skip
"""Every column of the trail that says something, and something else in it."""


@pytest.mark.parametrize("column", OTHERWISE)
@pytest.mark.parametrize("row", [1, 2, 3])
def test_any_word_of_any_row_changed_is_found(people, column, row):
    some_rows(people)
    before = AuditRow.objects.get(seq=row).digest
    unguarded(f"UPDATE care_auditrow SET {column} = {OTHERWISE[column]} WHERE seq = {row}")
    if column == "digest" and before.startswith("0"):
        unguarded(f"UPDATE care_auditrow SET digest = '1' || substr(digest, 2) WHERE seq = {row}")
    assert audit.verify(people.clinic) is not None


def test_rows_put_in_another_order_or_written_by_somebody_without_the_key_are_found(people, settings):
    some_rows(people)
    unguarded("UPDATE care_auditrow SET seq = 99 WHERE seq = 2")
    unguarded("UPDATE care_auditrow SET seq = 2 WHERE seq = 3")
    unguarded("UPDATE care_auditrow SET seq = 3 WHERE seq = 99")
    assert audit.verify(people.clinic) is not None


def test_a_row_added_with_another_key_is_found(people, settings):
    some_rows(people)
    settings.ALTHEA_AUDIT_KEY = "somebody else's key"
    audit.write(clinic=people.clinic, by=people.maya.user, verb="looked", at=NOW)
    settings.ALTHEA_AUDIT_KEY = "for tests only"
    assert audit.verify(people.clinic) == "row 4 was changed, or the one before it"


# --- from the command line ------------------------------------------------------------------------------------------


def told(*words):
    """(what `manage.py audit` says, line by line; with which number it ends)"""
    out, ended = StringIO(), 0
    try:
        call_command("audit", *words, stdout=out)
    except SystemExit as left:
        ended = left.code
    return out.getvalue().splitlines(), ended


def test_the_command_says_of_every_clinic_whether_its_trail_is_whole(people):
    some_rows(people)
    assert told("verify") == (["Hillside Practice: whole", "Riverside Women's Clinic: whole"], 0)
    unguarded("DELETE FROM care_auditrow WHERE seq = 2")
    assert told("verify") == (["Hillside Practice: whole", "Riverside Women's Clinic: row 2 is missing"], 1)


def test_the_command_writes_where_each_trail_ends_and_finds_one_cut_short_by_it(people, settings, tmp_path):
    settings.ALTHEA_AUDIT_ANCHOR = str(tmp_path / "outside" / "anchor.txt")
    some_rows(people)
    lines, ended = told("anchor")
    assert (lines, ended) == ((tmp_path / "outside" / "anchor.txt").read_text("utf-8").splitlines(), 0)
    assert [line.split(" ")[1:3] for line in lines] == [[str(people.elsewhere.pk), "0"], [str(people.clinic.pk), "3"]]
    assert told("verify") == (["Hillside Practice: whole", "Riverside Women's Clinic: whole"], 0)
    unguarded("DELETE FROM care_auditrow WHERE seq = 3")
    unguarded("UPDATE care_audithead SET seq = 2, digest = (SELECT digest FROM care_auditrow WHERE seq = 2)")
    gap = "history gap: the anchor knows row 3, and this database does not hold it"
    assert told("verify") == (["Hillside Practice: whole", f"Riverside Women's Clinic: {gap}"], 1)


def test_the_command_does_nothing_else(people):
    with pytest.raises(CommandError, match="invalid choice: 'repair'"):
        call_command("audit", "repair")
