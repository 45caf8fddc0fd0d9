"""
What decides of each application's place: what was sent last, with what the office has corrected, and nothing else of it.

Only answers that the rules look at are taken, so that a list on record holds no more of a family than it was made of.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import Application, ApplicationVersion, EnrolmentCall, FormPart
from campanella.domains.applying.rules import OPEN
from campanella.domains.enrolment import declared
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.rules import isee_valid_until
from campanella.domains.ranking import queries
from campanella.domains.ranking.rules.order import Applicant, gained
from campanella.domains.ranking.rules.scheme import Scheme, as_data
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro

ANSWERS = {"yes": "sì", "no": "no", "": "senza risposta"}
# How an application says that an ISEE is to be looked at.
GIVEN = ("given", "known")


@dataclass(frozen=True, slots=True)
class Known:
    """
    An application as the rules look at it.

    :ivar corrected: the questions for which another answer counts than was sent
    :ivar tax_code: of the child, as on record or as it was written
    """

    application: Application
    applicant: Applicant
    corrected: frozenset[int]
    tax_code: str


def applicants(*, call: EnrolmentCall, scheme: Scheme) -> list[Known]:
    """Gather the applications of a call that stand and are not decided, the oldest first: seven queries."""
    return gathered(rows=list(applying.sent(call_id=call.pk, states=OPEN)), call=call, scheme=scheme)


def gathered(*, rows: Sequence[Application], call: EnrolmentCall, scheme: Scheme) -> list[Known]:
    """Gather these applications of a call: six queries."""
    ids = [one.pk for one in rows]
    versions, instead = applying.versions_sent(application_ids=ids), queries.counted_instead(application_ids=ids)
    sent = {pk: one.content for pk, one in versions.items()}
    named = {one.name: one.pk for one in schools.schools()}
    isee = _isee(rows, versions, clock.day_of(call.closes_at))
    asked = {one.part_id for one in scheme.criteria} | set(scheme.preferences) | {scheme.residence}
    found = []
    for one in rows:
        data, other = sent[one.pk]["data"], instead.get(one.pk, {})
        answers = {pk: text for pk, text in data.get("answers", {}).items() if int(pk) in asked}
        answers |= {str(pk): text for pk, text in other.items() if pk in asked}
        applicant = Applicant(
            number=one.number,
            born=_born(one, data),
            sent_at=one.sent_at or one.written_at,
            isee_cents=isee.get(one.pk),
            answers=dict(sorted(answers.items())),
            schools=_wanted(data, answers, scheme, named),
        )
        code = one.child.tax_code if one.child else str(data.get("child", {}).get("tax_code", ""))
        found.append(Known(one, applicant, frozenset(pk for pk in other if pk in asked), code.upper()))
    return found


def inputs_of(*, scheme: Scheme, known: Sequence[Known]) -> dict[str, Any]:
    """Write what a list is made of, as it is kept: the same applications and rules give the same text."""
    return {
        "scheme": as_data(scheme),
        "applicants": [
            {
                "number": one.number,
                "born": one.born.isoformat() if one.born else None,
                "sent_at": one.sent_at.isoformat(),
                "isee_cents": one.isee_cents,
                "answers": dict(one.answers),
                "schools": list(one.schools),
            }
            for one in sorted((each.applicant for each in known), key=lambda one: one.number)
        ],
    }


def digest_of(inputs: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a list is made of."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def facts_of(*, one: Known, scheme: Scheme, parts: Mapping[int, FormPart], names: Mapping[int, str]) -> dict[str, Any]:
    """
    Return what is read of an application's place: question, answer, points, whether it comes first, whether corrected.

    :param parts: by id, and ``names`` of structures
    """
    applicant = one.applicant
    worth = {each.part_id: each for each in gained(criteria=scheme.criteria, answers=applicant.answers)}
    asked = dict.fromkeys(each.part_id for each in scheme.criteria)
    lines = []
    for part_id in asked:
        answer, got = applicant.answers.get(str(part_id), ""), worth.get(part_id)
        label = parts[part_id].label if part_id in parts else ""
        said = ANSWERS.get(answer, answer)
        lines.append([label, said, got.points if got else 0, bool(got and got.comes_first), part_id in one.corrected])
    return {
        "worth": lines,
        "isee": "" if applicant.isee_cents is None else Euro(applicant.isee_cents).italian(),
        "born": day_figures(applicant.born) if applicant.born else "",
        "schools": [names.get(pk, "") for pk in applicant.schools],
        "wanted": list(applicant.schools),
    }


def _born(one: Application, data: Mapping[str, Any]) -> date | None:
    if one.child:
        return one.child.birth_date
    said = data.get("child", {}).get("birth_date")
    return date.fromisoformat(said) if said else None


def _wanted(
    data: Mapping[str, Any], answers: Mapping[str, str], scheme: Scheme, named: Mapping[str, int]
) -> tuple[int, ...]:
    """Return the structures asked for: that of the form, then those of the questions, each once."""
    others = [named.get(answers.get(str(part_id), "")) for part_id in scheme.preferences]
    asked = [data.get("school"), *others]
    return tuple(dict.fromkeys(pk for pk in asked if pk))


def _isee(rows: Sequence[Application], versions: Mapping[int, ApplicationVersion], day: date) -> dict[int, int]:
    """
    Return by application the ISEE that counts: the newest presented in time that holds when the call closes.

    In time is what came until then, or with what was sent last; of who is nobody's adult yet it stands in the application.

    :param day: on which the call closes
    """
    said = {one.pk: versions[one.pk].content["data"].get("isee", {}) for one in rows}
    until = {one.pk: max(day, clock.day_of(versions[one.pk].received_at)) for one in rows}
    every: dict[int, list[Declaration]] = {}
    for one in declared.of_payers(payer_ids=sorted({row.guardian_id for row in rows if row.guardian_id})):
        if one.state != "refused" and one.valid_until >= day:
            every.setdefault(one.payer_id, []).append(one)
    found: dict[int, int] = {}
    for row in rows:
        given = said[row.pk]
        if given.get("how") in GIVEN and row.guardian_id:
            in_time = [one for one in every.get(row.guardian_id, ()) if one.received_on <= until[row.pk]]
            if in_time:
                found[row.pk] = in_time[0].amount.cents
        elif given.get("how") == "given" and _holds(given, day):
            found[row.pk] = int(given["cents"])
    return found


def _holds(given: Mapping[str, Any], day: date) -> bool:
    return isee_valid_until(kind=given["kind"], issued_on=date.fromisoformat(given["issued_on"])) >= day
