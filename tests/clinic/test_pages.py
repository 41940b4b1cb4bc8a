"""Each page shows what it is for, asks no database, and answers an unknown address in our look."""

import re
import time

import pytest

from althea.care.known import knowledge
from althea.clinic.pages.rules import NOT_A_RULE
from althea.clinic.written_women import _files

EVERY_KIND = [
    "/",
    "/try/valproate-and-condoms/",
    "/try/a-quiet-record/",
    "/try/nobody-asked/",
    "/rules/",
    "/rules/?level=critical",
    "/rules/lithium-nsaid",
    "/rules/not-checked",
    "/medicines/",
    "/medicines/lithium/",
]


def words(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_page_is_one_page(client, path):
    page = words(client, path)
    assert page.count("<h1") == 1
    assert "Not yet reviewed by a clinician." in page
    assert "Written patients only: nothing about you can be entered here." in page
    to_find = re.search(r'<form [^>]*method="get" action="/(rules|medicines)/" role="search">.*?</form>', page)
    assert bool(to_find) == (path.partition("?")[0] in ("/rules/", "/medicines/")), "a word to look for, no more"
    rest = page.replace(to_find[0], "") if to_find else page
    assert not any(field in rest for field in ("<input", "<textarea", "<select", "<form", "<script", " style="))
    assert page.count("<style nonce=") == page.count("<style") == 1, "what it wears, and nothing else"
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", EVERY_KIND)
def test_no_page_makes_a_query(client, path, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_a_warm_page_is_quick(client, path):
    client.get(path)
    best = min(_seconds(client, path) for _ in range(5))
    assert best < 0.05


def _seconds(client, path):
    begun = time.perf_counter()
    client.get(path)
    return time.perf_counter() - begun


# --- the front page and the written women ---------------------------------------------------------------------------


def test_the_front_page_lists_every_written_woman(client):
    page = words(client, "/")
    for slug, written in _files().items():
        assert f'href="/try/{slug}/"' in page
        assert written["name"] in page


@pytest.mark.parametrize("slug", list(_files()))
def test_every_written_woman_has_a_page(client, slug):
    page = words(client, f"/try/{slug}/")
    written = _files()[slug]
    for part in (written["name"], "From her record", "Draft order", "Safety findings", "Her story"):
        assert part in page
    assert "could not be read" not in page


def test_valproate_and_condoms_is_critical_with_its_reasons(client):
    page = words(client, "/try/valproate-and-condoms/")
    assert 'class="finding crit"' in page
    assert page.index("Critical") < page.index("Warning")
    for part in (
        "From her record",
        "What to do",
        "read in the primary document on",
        "Knowledge 20",
        "#i-octagon-alert",
    ):
        assert part in page


def test_a_quiet_record_has_nothing_to_say(client):
    page = words(client, "/try/a-quiet-record/")
    assert "Nothing to say" in page
    assert 'class="finding' not in page


def test_nine_weeks_after_birth_raises_no_alarm(client):
    page = words(client, "/try/nine-weeks-after-birth/")
    assert "9 weeks after birth, breastfeeding" in page
    assert 'class="finding crit"' not in page
    assert 'class="finding warn"' not in page


def test_what_nobody_asked_is_named_and_no_alarm(client):
    page = words(client, "/try/nobody-asked/")
    assert "Could not be checked" in page
    assert "hether she is pregnant" in page
    assert "not everything could be checked" in page
    assert 'class="finding crit"' not in page


@pytest.mark.parametrize(
    ("slug", "css"),
    [
        ("lithium-and-naproxen", "warn"),
        ("lamotrigine-too-fast", "crit"),
        ("phenelzine-after-sertraline", "crit"),
        ("clozapine-and-neutrophils", "crit"),
        ("oxcarbazepine-and-the-mini-pill", "warn"),
    ],
)
def test_the_stories_end_as_told(client, slug, css):
    assert f'class="finding {css}"' in words(client, f"/try/{slug}/")


def test_an_unknown_woman_is_not_found(client):
    page = words(client, "/try/nobody/", 404)
    assert "There is no written patient of that name" in page


# --- rules ------------------------------------------------------------------------------------------------------------


def test_every_rule_has_a_page_with_and_without_the_slash(client):
    for rule in knowledge().rules:
        assert client.get(f"/rules/{rule}").status_code == 200
    assert client.get("/rules/lithium-nsaid/").status_code == 200


def test_every_card_that_gathers_has_a_page(client):
    for code, (title, _) in NOT_A_RULE.items():
        assert title.replace("'", "&#x27;") in words(client, f"/rules/{code}")


def test_a_rule_says_all_it_must(client):
    page = words(client, "/rules/lithium-nsaid")
    rule = knowledge().rules["lithium-nsaid"]
    source = knowledge().sources[rule.sources[0].partition("#")[0]]
    for part in (rule.why, rule.for_her, *rule.do, source.title):
        assert part.replace("'", "&#x27;") in page
    for part in (
        "Two medicines together",
        "Taken together with",
        "Of whom",
        "ead in the primary document",
        "lithium-nsaid",
    ):
        assert part in page
    assert str(knowledge().stamp) in page


def test_the_filter_shows_one_level(client):
    known = knowledge()
    critical = sum(rule.level.word == "critical" for rule in known.rules.values())
    page = words(client, "/rules/?level=critical")
    assert f"{critical} of {len(known.rules)} rules shown" in page
    assert '?level=critical" aria-current="true"' in page
    assert f"{len(known.rules)} of {len(known.rules)} rules shown" in words(client, "/rules/?level=loud")


def groups(page):
    return re.findall(r'<details class="panel group" id="of-[^"]+"( open)?><summary><h2>([^<]+)</h2>', page)


def test_a_medicine_is_found_by_a_part_of_its_name(client):
    found = groups(words(client, "/rules/?q=LITHI"))
    assert found[0][1] == "Lithium", "it stands before others whose words hold it"
    assert len(found) < len(groups(words(client, "/rules/")))
    assert 'value="LITHI"' in words(client, "/rules/?q=LITHI")


def test_a_word_leaves_the_rules_that_hold_it_at_the_level_that_was_chosen(client):
    page = words(client, "/rules/?q=pregnan&level=critical")
    shown = re.findall(r'<svg class="i (\w+)"[^>]*>(?:<use[^>]*>)</svg><a href="/rules/[\w-]+/">([^<]*)</a>', page)
    assert shown
    assert {css for css, _ in shown} == {"crit"}
    assert '<input type="hidden" name="level" value="critical">' in page
    assert 'href="/rules/?level=warning&amp;q=pregnan"' in page
    assert 'href="/rules/?q=pregnan"' in page


def test_nothing_found_is_said_and_what_was_typed_is_only_words(client):
    page = words(client, "/rules/?q=%3Cb%3Ezzzz")
    assert "Nothing found for “&lt;b&gt;zzzz”" in page
    assert groups(page) == []
    assert "0 of" in page
    assert groups(words(client, "/rules/?q=%20%20")) == groups(words(client, "/rules/")), "an empty word is none"


def test_which_copy_was_read_is_behind_a_fold(client):
    page = words(client, "/rules/lithium-nsaid")
    fold = re.search(r"<details[^>]*>(?:(?!</details>).)*?Read as: .*?</details>", page, re.DOTALL)
    assert fold
    assert "Read as: " not in page.replace(fold[0], "")


def test_an_unknown_rule_is_not_found(client):
    assert "There is no rule of that name" in words(client, "/rules/no-such-rule/", 404)
    assert "There is no rule of that name" in words(client, "/rules/no-such-rule", 404)


# --- medicines --------------------------------------------------------------------------------------------------------


def test_every_medicine_known_whole_has_a_page(client):
    listed = words(client, "/medicines/")
    for key, book in knowledge().monographs.items():
        assert f'href="/medicines/{key}/"' in listed
        page = words(client, f"/medicines/{key}/")
        for part in ("Doses", "A fair trial", "Stopping", "Facts", "Rules"):
            assert f">{part}</h2>" in page
        for claim in (*book.dosing, *book.facts, *book.taper, *book.adequate_trial):
            document = claim.sources[0].partition("#")[0]
            assert knowledge().sources[document].title.replace("'", "&#x27;").replace("&amp;", "&") in page.replace(
                "&amp;", "&"
            )


def test_a_medicine_is_found_by_its_brand_and_one_that_only_meets_ours_by_its_name(client):
    assert re.findall(r'href="/medicines/([\w-]+)/"', words(client, "/medicines/?q=zoloft")) == ["sertraline"]
    page = words(client, "/medicines/?q=ibuprof")
    assert "Known as far as they meet one of these" in page
    assert '<a href="/rules/?q=ibuprofen">Ibuprofen</a>' in page
    assert "Nothing found for “&lt;b&gt;zz”" in words(client, "/medicines/?q=%3Cb%3Ezz")


@pytest.mark.parametrize("path", ["/rules/", "/medicines/"])
def test_each_letter_of_the_index_leads_somewhere(client, path):
    page = words(client, path)
    index = re.search(r'<nav class="letters".*?</nav>', page, re.DOTALL)[0]
    letters = re.findall(r'href="#([^"]+)"', index)
    assert len(letters) > 10
    assert all(page.count(f' id="{one}"') == 1 for one in letters)
    assert 'class="letters"' not in words(client, f"{path}?q=lithium")


def test_what_is_critical_of_a_medicine_is_open_and_the_rest_is_folded(client):
    page = words(client, "/medicines/lithium/")
    folds = re.findall(r'<details class="more"( open)?><summary><svg class="i (\w+)"', page)
    assert folds == [(" open", "crit"), ("", "warn"), ("", "info")]


def test_how_a_claim_was_read_is_folded_but_not_that_it_is_unverified(client):
    page = words(client, "/medicines/sertraline/")
    folded = "".join(re.findall(r"<details><summary>How it was read</summary>.*?</details>", page, re.DOTALL))
    assert "Read in the primary document" in folded
    assert "Unverified" not in folded
    assert "Unverified: the primary document was not opened." in page


def test_an_unknown_medicine_is_not_found(client):
    assert "There is no page of that medicine" in words(client, "/medicines/water/", 404)


def test_the_written_women_stand_the_loudest_first_and_the_quiet_record_last(client):
    page = words(client, "/")
    shapes = re.findall(r'role="img" aria-label="([^"]+)"', page[: page.index("What it does")])
    order = ["Critical", "Warning", "For information", "Could not be checked", "Nothing to say"]
    assert shapes == sorted(shapes, key=order.index)
    assert {"Critical", "Nothing to say"} <= set(shapes)


def test_the_source_of_what_only_informs_folds_and_of_what_warns_stands_in_sight(client):
    page = words(client, "/try/valproate-and-condoms/")
    warning, informing = (
        next(part for part in page.split("<article")[1:] if f'class="finding {css}"' in part).split("</article>")[0]
        for css in ("warn", "info")
    )
    assert "<details" not in warning
    assert informing.index("<details") < informing.index('<ul class="src">') < informing.index("</details>")
