"""
An application is sent: in time by the moment of its receipt, whole, once; and taken back.

Little is held, and late: the protocol number is taken last, so that five hundred families at once wait for each other only
as long as it takes to write their rows.
"""

from collections.abc import Collection
from datetime import date, datetime

from campanella.domains.applying import operations, queries, rules
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.domains.applying.queries import Application
from campanella.domains.enrolment.isee import IseeKnown
from campanella.domains.people import queries as people
from campanella.domains.ranking import offering
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases import isee
from campanella.usecases.applying import weeks, writing
from campanella.usecases.applying.contents import content_of

CHILD_ASKED = {
    "given_name": "Nome del bambino",
    "family_name": "Cognome del bambino",
    "tax_code": "Codice fiscale del bambino",
    "birth_date": "Data di nascita del bambino",
}


class Incomplete(Refusal):
    """Something that must be answered, attached or ticked is missing."""

    def __init__(self, labels: Collection[str]) -> None:
        self.labels = tuple(labels)
        super().__init__(f"Manca ancora: {'; '.join(labels)}.")


class NoMoreYours(Refusal):
    """Who applies does not answer for the child any more."""

    message = "Non risulti più tra gli adulti di questo bambino: per la domanda chiedi all’ufficio."


@use_case
def send(
    *,
    by: Actor,
    application_id: int,
    version: int,
    ticked: Collection[int],
    is_by_office: bool,
    received_at: datetime,
    now: datetime,
) -> Application:
    """
    Send an application; one that was sent before is sent anew under its number, as its next version.

    :param version: that the page was to become: sent twice, it is sent once
    :param ticked: the notices, declarations and consents that were ticked
    :param received_at: what the deadline goes by
    :raises NotFound: the town has no such application
    :raises NoMoreYours: the child is no more that adult's
    :raises NotOpen: the call is not open, and the office has asked for nothing
    :raises DecidedMeanwhile: the office has decided, or it was changed in another window
    :raises Incomplete: something is missing
    :raises AppliedAlready: somebody has applied for the child
    :raises WeekGone, NotForThisChild, AskedAlready: a week of a camp may not be asked for
    """
    row = queries.application(application_id=application_id)
    if 0 < version <= row.version:
        return row
    if version != row.version + 1:
        raise DecidedMeanwhile
    if not is_by_office and not is_own(row):
        raise NoMoreYours
    if not is_by_office and row.state != "asked":
        writing.check_open(call=row.call, received_at=received_at)
    parts, files = queries.parts(call_id=row.call_id), queries.files(application_id=row.pk)
    labels = {one.pk: one.label for one in parts}
    asked = queries.asked(parts)
    found = rules.missing(parts=asked, answers=row.data.get("answers", {}), files={one.part_id for one in files})
    missing = [labels[pk] for pk in (*found, *rules.unticked(parts=asked, ticked=ticked))]
    if writing.asks_isee(call=row.call) and not row.data.get("isee"):
        missing.insert(0, "ISEE")
    if weeks.asks_weeks(row) and not row.data.get("weeks"):
        missing.insert(0, "Settimane")
    missing = [*_missing_of_child(row), *missing]
    if missing:
        raise Incomplete(missing)
    weeks.check_open(row=row, now=now)
    weeks.hold(row)
    declare(by, row, is_by_office=is_by_office, received_on=clock.day_of(received_at), now=now)
    held = operations.hold(application_id=application_id)
    if version <= held.version:
        return held
    is_as_read = held.data == row.data and queries.files(application_id=row.pk) == files
    if not is_as_read or not rules.leads(state=held.state, to="sent"):
        raise DecidedMeanwhile
    if row.child is None:
        _check_once(row)
    weeks.put_in_line(by=by, row=held, received_at=received_at, now=now)
    content = content_of(row=held, parts=parts, files=files, ticked=ticked)
    return operations.send(by=by, row=held, content=content, received_at=received_at, is_by_office=is_by_office, now=now)


@use_case
def withdraw(*, by: Actor, application_id: int, is_by_office: bool, now: datetime) -> None:
    """
    Take back what was sent and is not decided; it may be sent anew, as another one, while the call is open.

    :raises NotFound: the town has no such application
    :raises NoMoreYours: the child is no more that adult's
    :raises DecidedMeanwhile: the office has decided
    """
    weeks.hold(queries.application(application_id=application_id))
    row = operations.hold(application_id=application_id)
    if not is_by_office and not is_own(row):
        raise NoMoreYours
    weeks.take_back(by=by, row=row, words="", now=now)
    operations.move(by=by, row=row, to="withdrawn", words="", is_by_office=is_by_office, now=now)
    offering.end(by=by, application=row, now=now)


def _missing_of_child(row: Application) -> list[str]:
    """Name what every form asks of a child, whatever the call's own parts are; what is saved by halves may lack it."""
    said = {} if row.child_id else {name: row.data.get("child", {}).get(name) for name in CHILD_ASKED}
    return [CHILD_ASKED[name] for name, value in said.items() if not value] + ([] if row.data.get("school") else ["Scuola"])


def _check_once(row: Application) -> None:
    """
    :raises AppliedAlready: the same adult has applied for the same child; what others have applied for is nobody's to know
    """
    sql.take_turns(operations.turn_of(row.guardian, row.user), active_town_id())
    every = queries.of_person(guardian_id=row.guardian_id, user_id=row.user_id)
    mine = (one for one in every if one.call_id == row.call_id and one.pk != row.pk)
    codes = {one.child.tax_code if one.child else _said_code(one) for one in mine if one.state in rules.LIVE}
    if _said_code(row) in codes:
        raise operations.AppliedAlready


def _said_code(row: Application) -> str:
    return str(row.data.get("child", {}).get("tax_code", ""))


def is_own(row: Application) -> bool:
    """Tell whether who applies still answers for the child; nobody does yet for one that is not on record."""
    return row.child_id is None or bool(
        row.guardian_id and people.is_tied(child_id=row.child_id, guardian_id=row.guardian_id)
    )


def declare(by: Actor, row: Application, *, is_by_office: bool, received_on: date, now: datetime) -> None:
    """
    Declare the ISEE that was given, by the same use case as its own page; who has declared the same before need not.

    Of who is nobody's adult yet it waits for the acceptance.
    """
    given = row.data.get("isee", {})
    if row.guardian_id is None or not writing.asks_isee(call=row.call) or given.get("how") != "given":
        return
    said = isee.Said(
        amount=Euro(int(given["cents"])),
        kind=given["kind"],
        issued_on=date.fromisoformat(given["issued_on"]),
        received_on=received_on,
        household=given.get("household"),
        has_omissions=bool(given.get("has_omissions")),
    )
    key = f"application-{row.pk}-{row.version + 1}"
    try:
        if is_by_office:
            isee.enter(by=by, payer_id=row.guardian_id, said=said, key=key, told=None, now=now)
        else:
            isee.declare(by=by, payer_id=row.guardian_id, said=said, key=key, now=now)
    except IseeKnown:
        return
