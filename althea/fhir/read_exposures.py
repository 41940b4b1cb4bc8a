"""Does she smoke, what do her genes say, what does she report today, and what is she allergic to?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from althea.engine.facts import Allergy, Gene, Known, Symptom, Tobacco
from althea.fhir import codes
from althea.fhir.elements import Json, a_number, an_object, codings, first_code, first_known, objects, quoted, words_of
from althea.fhir.read_observations import Seen, value_words
from althea.fhir.readings import Readings
from althea.fhir.record import Row, place
from althea.fhir.words import heard, plain_words

Status = str


def read_tobacco(
    statuses: list[Seen], cigarettes: list[Seen], unread: list[str]
) -> tuple[Tobacco | None, Tobacco | None]:
    """(now, before). `on` is the day the present status was first seen: when it changed."""
    said = [(status, one) for one in statuses if (status := _smoking(one.body)) is not None]
    if statuses and not said:
        unread.append(f"tobacco status not read: “{quoted(value_words(statuses[0].body))}”")
    counts = [(number, one.on) for one in cigarettes if (number := _number(one.body)) is not None]
    if not said:
        if counts and counts[0][0] > 0:
            number, on = counts[0]
            return Tobacco(status="current", on=on, cigarettes_a_day=number, ref=cigarettes[0].ref), None
        return None, None
    status = said[0][0]
    since = said[0][1]
    before: tuple[Status, Seen] | None = None
    for other, one in said[1:]:
        if other != status:
            before = (other, one)
            break
        since = one
    smoked = next((number for number, on in counts if on >= since.on), None) if status == "current" else None
    now = Tobacco(status=status, on=since.on, cigarettes_a_day=smoked, ref=since.ref)  # type: ignore[arg-type]
    earlier = next(((number, on) for number, on in counts if on < since.on), None)
    if before is not None:
        much = earlier[0] if earlier is not None and before[0] == "current" else None
        return now, Tobacco(status=before[0], on=before[1].on, cigarettes_a_day=much, ref=before[1].ref)  # type: ignore[arg-type]
    if earlier is not None and earlier[0] > 0 and status != "current":
        return now, Tobacco(status="current", on=earlier[1], cigarettes_a_day=earlier[0])
    return now, None


def read_genes(seen: list[Seen], readings: Readings, unread: list[str]) -> dict[str, Gene]:
    """The newest phenotype of each gene, in CPIC's words."""
    found: dict[str, Gene] = {}
    for one in seen:
        if one.which in found:
            continue
        words = value_words(one.body)
        meant = _phenotype(words, one.which, readings)
        if meant is None:
            unread.append(f"{one.which} result of {one.on} not read: “{quoted(words)}”")
        else:
            found[one.which] = Gene(gene=one.which, phenotype=meant, on=one.on, ref=one.ref)
    return found


def read_symptoms(seen: list[Seen], today: date, readings: Readings, unread: list[str]) -> tuple[Symptom, ...]:
    """What she reports now, line by line, and what of it she denies."""
    found: list[Symptom] = []
    for one in seen:
        text = value_words(one.body)
        if not text or text.lower() in ("none", "nil", "no symptoms", "no", "well"):
            continue
        if (today - one.on).days > codes.SYMPTOM_DAYS:
            unread.append(f"reported on {one.on}, not today, and not used: “{quoted(text)}”")
            continue
        line = heard(text, readings.symptoms)
        if not line.says and not line.denies:
            unread.append(f"not read: “{quoted(text)}”")
            continue
        found.append(Symptom(groups=line.says, text=quoted(text), on=one.on, denied=line.denies, ref=one.ref))
    return tuple(found)


def read_allergies(
    rows: list[Row], known: Known, readings: Readings, unread: list[str]
) -> tuple[tuple[Allergy, ...], Known]:
    """(what she is allergic to, how far that was looked through). "No known allergies" is none."""
    found: list[Allergy] = []
    for resource, where in rows:
        try:
            if first_code(resource.get("verificationStatus")) in codes.NEVER_TRUE:
                continue
            if first_code(resource.get("clinicalStatus")) in ("inactive", "resolved"):
                continue
            allergy = _allergy(resource, readings)
            if allergy is not None:
                found.append(allergy)
        except Exception as error:  # one broken record is named, and the others are still read
            unread.append(f"{place(where)} could not be read ({type(error).__name__}).")
    if not found and known is Known.KNOWN:
        return (), Known.NONE
    return tuple(found), known


def _allergy(resource: Json, readings: Readings) -> Allergy | None:
    concept = resource.get("code")
    text = words_of(concept)
    medicines: dict[str, None] = {}
    for system, code, _ in codings(concept):
        if code in codes.NO_KNOWN_ALLERGY:
            return None
        product = readings.codes.by_code.get(code) if system.lower().rstrip("/") in codes.RXNORM else None
        if product is not None:
            medicines.update(dict.fromkeys(product.medicines))
    named = [text, *(display for _, _, display in codings(concept) if display != text)]
    substances = [
        words_of(reaction.get("substance"))
        for reaction in objects(resource.get("reaction"))
        if reaction.get("substance")
    ]
    for words in (*named, *substances):
        if not words:
            continue
        if " ".join(plain_words(words)) in codes.NO_ALLERGY_WORDS:
            return None
        if not medicines:
            product = readings.codes.text(words)
            if product is not None:
                medicines.update(dict.fromkeys(product.medicines))
            for group in heard(words, readings.allergens).says:
                medicines.update(dict.fromkeys(sorted(readings.knowledge.classes.get(group, ()))))
    if not text and not medicines:
        return None
    return Allergy(
        medicines=tuple(medicines),
        text=quoted(text),
        reaction=_reaction(resource),
        ref=f"AllergyIntolerance/{resource.get('id', '')}",
    )


def _reaction(resource: Json) -> str:
    said: dict[str, None] = {}
    for reaction in objects(resource.get("reaction")):
        for manifestation in objects(reaction.get("manifestation")):
            said[words_of(manifestation) or words_of(manifestation.get("concept"))] = None
        if not reaction.get("manifestation"):
            said[words_of(reaction.get("description"))] = None
    return quoted(", ".join(one for one in said if one))


def _smoking(body: Json) -> Status | None:
    said = first_known(body.get("valueCodeableConcept"), codes.TOBACCO_SAID)
    if said is not None:
        return said
    words = " ".join(plain_words(value_words(body)))
    return (
        next((status for phrase, status in codes.TOBACCO_WORDS if phrase in words), None)
        if "unknown" not in words
        else None
    )


def _number(body: Json) -> Decimal | None:
    number = a_number(an_object(body.get("valueQuantity")).get("value"))
    if number is None:
        number = a_number(body.get("valueInteger"))
    return number if number is not None and 0 <= number <= 200 else None


def _phenotype(words: str, gene: str, readings: Readings) -> str | None:
    """CPIC's word for this result; the gene's own name before it does not matter."""
    meant = readings.phenotypes.get(gene, {})
    said = plain_words(words)
    own = plain_words(gene)
    for one in (said, said[len(own) :] if said[: len(own)] == own else said, said[1:] if said[:1] == own[:1] else said):
        found = meant.get(" ".join(one)) or meant.get(" ".join(one).replace("metaboliser", "metabolizer"))
        if found is not None:
            return found
    return None
